import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.servers import process
from tests.servers.process import Process

STUBBORN = """
import signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as child:
        yield child
        child.kill()


def test_a_process_that_is_told_to_end_has_ended(child: subprocess.Popen[bytes]) -> None:
    with Process(child.pid) as held:
        assert not held.ended()
        held.end()
        assert held.ended()
    assert child.wait() == -signal.SIGTERM


def test_a_process_can_be_ended_as_by_a_crash(child: subprocess.Popen[bytes]) -> None:
    with Process(child.pid) as held:
        held.end(at_once=True)
    assert child.wait() == -signal.SIGKILL


def test_one_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "PATIENCE", 0.1)
    command = [sys.executable, "-c", STUBBORN]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        with Process(child.pid) as held:
            held.end()
        assert child.wait() == -signal.SIGKILL


def test_one_that_has_ended_can_be_ended(child: subprocess.Popen[bytes]) -> None:
    with Process(child.pid) as held:
        child.kill()
        child.wait()
        held.end()
        assert held.ended()


def test_there_is_no_process_where_there_is_none(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    with pytest.raises(ProcessLookupError):
        Process(child.pid)
    assert child.pid != os.getpid()
