import gc
import os

from hypothesis import settings

# Time limits for single examples fail on a busy machine; pytest-timeout stops what hangs.
settings.register_profile("house", deadline=None)
# `make test-fast` is for the minutes between two commits; `make test` looks for the rare cases too.
settings.register_profile("fast", parent=settings.get_profile("house"), max_examples=10)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

pytest_plugins = ["tests.servers.fixtures"]

# Thousands of tests live until the end: to look through them for garbage again and again took a sixth of all.
gc.set_threshold(100_000, 50, 50)


def pytest_collection_finish() -> None:
    """Let the collector pass over all that collecting the tests made."""
    gc.freeze()
