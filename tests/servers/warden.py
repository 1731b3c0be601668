"""A process that outlives the tests, to end their servers and remove their folders however the tests ended.

The tests tell it over a pipe which folders they made. The pipe closes when they are done, when they were
interrupted and when they were killed: then the warden ends all processes that carry one of those folders as a
mark in their environment, removes the folders, and ends.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from tests.servers.process import Process

ROOT = Path(__file__).resolve().parent.parent.parent
PROC = Path("/proc")
MARK = "MILESTONEBOT_TEST_FOLDER"
"""The variable in which a process carries the folder that it was started in."""
USER = "irc"
"""Whom servers run as that refuse to be root; Debian has this user from the start (package base-passwd)."""


def unprivileged() -> str | None:
    """Return the user that such servers run as, or None for the one who runs the tests."""
    return USER if os.geteuid() == 0 else None


def hand_over(path: Path) -> None:
    """Let such servers have a file or folder."""
    if name := unprivileged():
        owner = pwd.getpwnam(name)
        os.chown(path, owner.pw_uid, owner.pw_gid)


class Warden:
    """The tests' end of the pipe; safe to be used from several threads."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.servers.warden"]
        # A session of its own: Ctrl-C in the tests' terminal is not meant for it.
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True)
        assert self._process.stdin is not None
        self._pipe = self._process.stdin

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        self._process.wait()

    @property
    def pid(self) -> int:
        """Return the id of the process at the other end."""
        return self._process.pid

    def folder(self) -> Path:
        """Make a folder for one server."""
        path = Path(tempfile.mkdtemp(prefix="milestonebot-tests-"))
        # One write of a short line is not mixed with others (pipe(7), PIPE_BUF).
        os.write(self._pipe.fileno(), f"{path}\n".encode())
        hand_over(path)
        return path


def environment(process: Path) -> list[bytes]:
    """Return what a process of /proc began with; nothing if it has ended or is none of our business."""
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def marked(folder: Path) -> Iterator[Process]:
    """Yield the processes that were started in a folder."""
    mark = f"{MARK}={folder}".encode()
    for path in PROC.glob("[0-9]*"):
        if mark in environment(path):
            try:
                process = Process(int(path.name))
            except ProcessLookupError:
                continue
            with process:
                # By now the id could be another's: the one that is held has to carry the mark.
                if mark in environment(path):
                    yield process


def clean_up(folders: Iterable[Path]) -> None:
    """End what runs in the folders, also what is started meanwhile, and remove them."""
    for folder in folders:
        while list(map(Process.end, marked(folder))):
            pass
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Take notes until the pipe closes, then clean up."""
    clean_up([Path(line.rstrip("\n")) for line in sys.stdin])


if __name__ == "__main__":
    main()
