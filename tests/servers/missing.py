"""What to do about servers that are not on this machine."""

import os
import pwd
from pathlib import Path

import pytest

from scripts.setup_servers import find, how_to_install
from tests.servers.warden import unprivileged


def missing_programs(*programs: str) -> str | None:
    """Return what is missing of these programs, and how to get it, for a reader; None if all are here."""
    absent = [program for program in programs if find(program) is None]
    if absent:
        return f"{', '.join(absent)} not installed; {how_to_install(absent)}"
    return missing_abilities()


def missing_abilities() -> str | None:
    """Return what this machine lacks for starting any server."""
    if not hasattr(os, "pidfd_open"):
        return "the test servers are held by pidfd_open, which is Linux's"
    if user := unprivileged():
        try:
            pwd.getpwnam(user)
        except KeyError:
            return f"servers that refuse to be root need a user {user!r}: adduser --system --group {user}"
    return None


def missing_environment(python: Path, stamp: str) -> str | None:
    """Return how to get an environment that make did not make, or not to its end."""
    if not python.exists() or not (python.parent.parent / stamp).exists():
        return f"{python.parent.parent} is not there or not whole; `make servers` makes it, or says why not"
    return missing_abilities()


def need(missing: str | None) -> None:
    """Skip the test where something is missing, with the reason; with CI=true in the environment, fail."""
    if missing is None:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{missing} (CI=true: nothing may be missing)", pytrace=False)
    pytest.skip(missing)
