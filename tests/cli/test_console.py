"""The console: on a pipe, and as a person sees it on a terminal."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROMPT = "\x1b[?2004h"
"""Bracketed paste is switched on when a line can be typed."""
COMMAND = [sys.executable, "-m", "milestonebot"]


def piped(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], input=text, text=True, capture_output=True, check=False, timeout=50
    )


def test_without_a_command_it_is_the_console() -> None:
    done = piped("!next\n", "--at", "2011-12-20")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("essex-3: Thu 26 Jan 2012, in 37 days")


def test_each_line_of_a_pipe_is_answered_in_order_the_last_without_its_end_too() -> None:
    done = piped("essex-2\n\n  \nwhen is essex-3?", "console", "--at", "2011-12-20")
    first, second = done.stdout.splitlines()
    assert first.startswith("essex-2 ")
    assert second.startswith("essex-3: ")


@pytest.mark.slow
def test_nobody_is_limited_at_a_terminal() -> None:
    done = piped("!next\n" * 40, "--at", "2011-12-20")
    assert done.stdout.count("essex-3: ") == 40


def test_exit_leaves() -> None:
    assert piped("exit\n!next\n").stdout == ""


def test_nothing_on_the_pipe_is_no_error() -> None:
    assert piped("").returncode == 0


def test_as_irc_the_rest_is_behind_more() -> None:
    done = piped("!blueprints essex-2\n!more\nmore\n!more\n!more\n!more\n!more\n", "--format", "irc")
    for name in ("nova-rootwrap", "remove-virt-driver-callbacks", "custom-disk-buffer", "cert-download"):
        assert done.stdout.count(f"/+spec/{name}>") == 1
    assert done.stdout.splitlines()[-1] == "There is no more."


def test_in_a_room_of_the_config_its_rules_hold(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "networks: [{name: a, kind: console, rooms: [{name: b, prefix: '%', commands: {search: off}}]}]\n"
    )
    asked = "%next\n!next\nnext\n%search vm\nmilestonebot: next\n"
    done = piped(asked, "--config", str(config), "--room", "a/b", "--at", "2011-12-20")
    assert done.stdout.count("essex-3: ") == 2
    assert len(done.stdout.splitlines()) == 2


@pytest.mark.slow
def test_bytes_that_are_no_text_are_no_error() -> None:
    done = subprocess.run(
        COMMAND, input=b"\xff\xfe!next\n\x00\x01\x02\n!next\n", capture_output=True, check=False, timeout=50
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
def test_a_very_long_line_is_one_line() -> None:
    done = piped("!when " + "x" * 1_000_000 + "\n!next\n", "--at", "2011-12-20")
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("essex-3: ")


class Terminal:
    """A person's terminal: what is typed goes in, and what is shown can be waited for."""

    def __init__(self, home: Path) -> None:
        controller, terminal = pty.openpty()
        environ = {**os.environ, "HOME": str(home), "TERM": "xterm-256color", "XDG_STATE_HOME": ""}
        environ["PROMPT_TOOLKIT_NO_CPR"] = "1"
        self.process = subprocess.Popen(
            [*COMMAND, "--at", "2011-12-20"],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=environ,
            start_new_session=True,
        )
        os.close(terminal)
        self.controller = controller
        self.shown = ""

    def type(self, text: str) -> None:
        os.write(self.controller, text.encode())

    def wait_for(self, text: str, within: float = 40.0) -> None:
        """Wait until `text` is shown after what was waited for before."""
        deadline = time.monotonic() + within
        while text not in self.shown:
            ready, _, _ = select.select([self.controller], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{text!r} was never shown: {self.shown[-500:]!r}"
            self.shown += os.read(self.controller, 65_536).decode(errors="replace")
        self.shown = self.shown.partition(text)[2]

    def close(self) -> int:
        try:
            return self.process.wait(timeout=40)
        finally:
            self.process.kill()
            os.close(self.controller)


@pytest.mark.slow
def test_on_a_terminal_names_are_completed_and_lines_remembered(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.wait_for("Tab completes")
    terminal.wait_for(PROMPT)
    terminal.type("!milestone essex-2\r")
    terminal.wait_for("released Thu 15 Dec 2011, 5 days ago")
    terminal.wait_for(PROMPT)
    terminal.type("blueprint nova-root\t")
    terminal.wait_for("wrap")
    terminal.type("\r")
    terminal.wait_for("Safer wrapper")
    terminal.wait_for(PROMPT)
    terminal.type("\x04")
    assert terminal.close() == 0
    history = tmp_path / ".local" / "state" / "milestonebot" / "history"
    assert "+!milestone essex-2" in history.read_text().splitlines()
    assert history.stat().st_mode & 0o777 == 0o600
