import contextlib
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers import daemon
from tests.servers.daemon import Daemon, DidNotStart, PortTaken, Program, started_on_free_ports
from tests.servers.ports import HOST, first_ephemeral, free_ports
from tests.servers.process import Process
from tests.servers.warden import USER, Warden

# Reads nothing, says what it is told to say, and goes on until it is ended.
SPEAKS = "import signal, sys; print(sys.argv[1], flush=True); signal.pause()"
FORKS = """
import os, signal, sys
if child := os.fork():
    print(child, file=open("server.pid", "w"))
else:
    print("ready", flush=True)
    signal.pause()
"""

Make = Callable[..., Daemon]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Make servers of Python code, which are gone after the test even if it failed."""
    with contextlib.ExitStack() as made:

        def program(code: str, *arguments: str, pid_file: Path | None = None) -> Daemon:
            command = [sys.executable, "-c", code, *arguments]
            server = Daemon(Program("server", command, tmp_path, ready="ready", pid_file=pid_file))
            made.callback(server.kill)
            return server

        yield program


def test_it_is_started_when_it_says_that_it_is_ready(make: Make) -> None:
    server = make(SPEAKS, "getting ready")
    server.start()
    assert server.started
    with Process(server.pid) as held:
        server.stop()
        assert held.ended()


def test_what_does_not_run_has_no_process_id(make: Make) -> None:
    server = make(SPEAKS, "ready")
    assert not server.started
    with pytest.raises(RuntimeError, match="server is not running"):
        _ = server.pid


def test_a_restart_is_a_new_process_with_the_same_log(make: Make) -> None:
    server = make(SPEAKS, "ready")
    server.start()
    first = server.pid
    server.restart()
    assert server.pid != first
    assert server.said() == "ready\n"
    assert server.log.read_text() == "ready\nready\n"


def test_one_that_ends_before_it_is_ready_is_told_with_its_last_words(make: Make) -> None:
    server = make("import sys; sys.exit('no such module')")
    with pytest.raises(DidNotStart, match="server ended before 'ready'; its log ends with:\nno such module"):
        server.start()
    assert not server.started


def test_one_that_never_gets_ready_is_ended(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "START", 0.1)
    server = make(SPEAKS, "thinking")
    with pytest.raises(DidNotStart, match="was silent"):
        server.start()
    assert not server.started


def test_one_that_goes_to_the_background_is_held_by_its_pid_file(make: Make, tmp_path: Path) -> None:
    server = make(FORKS, pid_file=tmp_path / "server.pid")
    server.start()
    with Process(server.pid) as held:
        server.stop()
        assert held.ended()


def test_it_carries_nothing_of_the_environment_of_the_tests(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    server = make("import os; print(sorted(os.environ), flush=True)", "")
    with pytest.raises(DidNotStart, match=r"\['HOME', 'LANG', 'MILESTONEBOT_TEST_FOLDER', 'PATH'\]"):
        server.start()


def test_other_ports_are_tried_where_one_is_taken(make: Make) -> None:
    said = iter(["[Errno 98] Address already in use", "Can't bind: Address already in use!", "ready"])

    def start() -> Daemon:
        server = make(SPEAKS, next(said))
        server.start()
        return server

    assert started_on_free_ports(start).said() == "ready\n"


def test_a_machine_without_free_ports_is_told(make: Make) -> None:
    server = make(SPEAKS, "address already in use")
    with pytest.raises(PortTaken):
        started_on_free_ports(server.start)


def test_free_ports_can_be_listened_on_and_are_not_given_to_outgoing_connections() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert max(ports) < first_ephemeral()
    with socket.socket() as listening:
        listening.bind((HOST, ports[0]))
        listening.listen()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run a server as somebody else")
def test_root_runs_a_server_as_the_user_it_names(warden: Warden) -> None:
    command = ["/bin/sh", "-c", "id -un; id -Gn; touch mine && echo written"]
    server = Daemon(Program("server", command, warden.folder(), ready="ready", user=USER))
    with pytest.raises(DidNotStart, match=f"{USER}\n{USER}\nwritten$"):
        server.start()
