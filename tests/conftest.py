from hypothesis import settings

# Time limits for single examples fail on a busy machine; pytest-timeout stops what hangs.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

pytest_plugins = ["tests.servers.fixtures"]
