import contextlib
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.process import Process
from tests.servers.warden import ROOT, Warden, unprivileged

# What a test session does, up to the point where it is killed; the server's child is known to nobody.
SESSION = """
import sys
from tests.servers.daemon import Daemon, Program
from tests.servers.warden import Warden

FORKS = "import os, signal; child = os.fork(); child and print(os.getpid(), child, 'ready'); signal.pause()"
warden = Warden()
folder = warden.folder()
server = Daemon(Program("server", [sys.executable, "-u", "-c", FORKS], folder, ready="ready"))
server.start()
print(folder, warden.pid, *server.said().split()[:2], flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_of_tests_that_were_killed(number: signal.Signals) -> None:
    command = [sys.executable, "-c", SESSION]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as session:
        assert session.stdout is not None
        told, *pids = session.stdout.readline().split()
        folder = Path(told)
        assert folder.is_dir()
        with contextlib.ExitStack() as holding:
            warden, *servers = [holding.enter_context(Process(int(pid))) for pid in pids]
            assert len(servers) == 2
            session.send_signal(number)
            assert warden.ended(within=10)
            assert all(server.ended() for server in servers)
    assert not folder.exists()


def test_folders_are_removed_when_the_tests_are_done() -> None:
    with Warden() as warden:
        folder = warden.folder()
        (folder / "log").write_text("said")
        assert folder.stat().st_mode & 0o077 == 0
        if user := unprivileged():
            assert folder.owner() == user
    assert not folder.exists()
