import os
import pwd
from pathlib import Path

import pytest

from scripts import setup_servers
from tests.servers.missing import missing_abilities, missing_environment, missing_programs, need


def test_what_is_there_is_not_missing() -> None:
    assert missing_programs("sh", "cat") is None


def test_what_is_missing_is_told_with_how_to_get_it() -> None:
    assert missing_programs("sh", "no-such-ircd", "nor-this") == (
        "no-such-ircd, nor-this not installed; on Debian, as root: apt-get install no-such-ircd nor-this"
    )


def test_daemons_are_found_where_a_users_path_does_not_lead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "some-ircd"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert setup_servers.find("some-ircd") is None
    monkeypatch.setattr(setup_servers, "DAEMON_FOLDERS", (str(tmp_path),))
    assert setup_servers.find("some-ircd") == program


def test_an_environment_counts_when_all_is_installed(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    told = "is not there or not whole; `make servers` makes it"
    assert told in str(missing_environment(python, "synapse.installed"))
    python.touch()
    assert told in str(missing_environment(python, "synapse.installed"))
    (tmp_path / "synapse.installed").touch()
    assert missing_environment(python, "synapse.installed") is None


def test_root_needs_a_user_for_servers_that_refuse_root(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(name: str) -> None:
        raise KeyError(name)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", nobody)
    assert "need a user 'irc'" in str(missing_abilities())
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert missing_abilities() is None


def test_other_systems_than_linux_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    assert "Linux" in str(missing_abilities())


def test_without_a_server_tests_are_skipped_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-ircd not installed"):
        need(missing_programs("no-such-ircd"))


def test_in_ci_a_missing_server_fails_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    # A skip that came instead would otherwise be taken for this test's own.
    with pytest.raises((pytest.fail.Exception, pytest.skip.Exception), match=r"installed.*CI=true") as told:
        need(missing_programs("no-such-ircd"))
    assert told.type is pytest.fail.Exception


def test_nothing_happens_where_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    need(None)
