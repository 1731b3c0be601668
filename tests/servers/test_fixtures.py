from collections.abc import Callable

import pytest

from tests.servers.warden import ROOT

pytest_plugins = ["pytester"]

TESTS = """
def test_plain(): pass
def test_by_name(homeserver): pass
def test_by_way_of_another(new_homeserver): pass
def test_at_run_time(request): request.getfixturevalue("homeserver")
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., pytest.RunResult]:
    """Run TESTS, in which no server can be started: a test that needs one is skipped."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(TESTS)
    pytester.makeini("[pytest]\nmarkers = server\nasyncio_default_fixture_loop_scope = function")
    pytester.makeconftest(
        """
        pytest_plugins = ["tests.servers.fixtures"]

        def pytest_configure():
            from tests.servers.synapse import Synapse

            Synapse.missing = staticmethod(lambda: "no server here")
        """
    )
    return lambda *arguments: pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)


@pytest.mark.slow
def test_who_uses_a_server_is_marked(run: Callable[..., pytest.RunResult]) -> None:
    run("-m", "server").assert_outcomes(skipped=2, deselected=2)


@pytest.mark.slow
def test_without_servers_none_is_started_for_who_lacks_the_mark(
    run: Callable[..., pytest.RunResult],
) -> None:
    result = run("-m", "not server")
    result.assert_outcomes(passed=1, failed=1, deselected=2)
    result.stdout.fnmatch_lines(["*a test that needs homeserver lacks the marker `server`*"])
