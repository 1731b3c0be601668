"""PostgreSQL, of the version that this machine has, with a cluster of its own in a folder of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from urllib.parse import quote

from scripts.setup_servers import find
from tests.servers.daemon import Daemon, DidNotStart, Program, started_on_free_ports
from tests.servers.missing import missing_programs
from tests.servers.ports import HOST, free_ports
from tests.servers.process import Process
from tests.servers.warden import MARK, Warden, hand_over, unprivileged

USER = "bot"
PASSWORD = "test:p@ss/word"  # noqa: S105 - of a server on loopback that lives for one test run


class Postgres:
    """One PostgreSQL, running; its databases are made by tests."""

    def __init__(self, warden: Warden, *, durable: bool = False) -> None:
        self._durable = durable
        self._folder = warden.folder()
        (self.port,) = free_ports(1)
        self._databases = 0
        self._server = Daemon(
            Program(
                "postgres",
                [_program("postgres"), "-D", self._made(), *self._options()],
                self._folder,
                ready="database system is ready to accept connections",
                user=unprivileged(),
            )
        )
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    @classmethod
    def started(cls, warden: Warden, *, durable: bool = False) -> Self:
        """Start one; tests end processes, never the machine, so it need not be `durable`."""
        return started_on_free_ports(lambda: cls(warden, durable=durable))

    @staticmethod
    def missing() -> str | None:
        """Return what this machine lacks for it."""
        return missing_programs("postgres", "initdb", "psql")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start it with what it has kept."""
        self._server.start()

    def stop(self) -> None:
        """End it as an operator would: its clients are cut off."""
        # TERM would wait for them to leave (postgres(1)).
        os.kill(self._server.pid, signal.SIGINT)
        self._server.stop()

    def kill(self) -> None:
        """End all its processes as a crash would."""
        with contextlib.ExitStack() as held:
            processes = [held.enter_context(Process(pid)) for pid in self._processes()]
            self._server.kill()
            for process in processes:
                process.end(at_once=True)

    @contextlib.contextmanager
    def silent(self) -> Iterator[None]:
        """Let all its processes stand still meanwhile: what is sent to them is neither taken nor refused."""
        with contextlib.ExitStack() as still:
            for process in map(Process, self._processes()):
                still.enter_context(process)
                still.enter_context(process.silent())
            yield

    def close(self) -> None:
        """Stop it for good."""
        self.kill()
        shutil.rmtree(self._folder)

    def url(self, database: str, password: str = PASSWORD) -> str:
        """Return the URL of a database of it."""
        return f"postgresql://{USER}:{quote(password, safe='')}@{HOST}:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database, and return its URL."""
        self._databases += 1
        name = f"test{self._databases}"
        self.sql("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    def sql(self, database: str, statement: str) -> str:
        """Carry out a statement, and return what psql prints of it."""
        url = self.url(database) if "://" not in database else database
        options = ["--no-psqlrc", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1"]
        run = subprocess.run(
            [_program("psql"), *options, f"--command={statement}", url],
            check=True,
            capture_output=True,
            text=True,
            timeout=30,
        )
        return run.stdout.strip()

    def _processes(self) -> list[int]:
        """Return the ids of its processes; those that it started hide their environment, hence their mark."""
        if not self._server.started:
            return []
        first = self._server.pid
        return [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]

    def _made(self) -> Path:
        """Make the cluster and return its folder."""
        data, password = self._folder / "data", self._folder / "password"
        password.write_text(PASSWORD)
        hand_over(password)
        options = ["--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256"]
        run = subprocess.run(
            [_program("initdb"), "-D", data, f"--username={USER}", f"--pwfile={password}", *options],
            cwd=self._folder,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", MARK: str(self._folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            user=unprivileged(),
            group=unprivileged(),
            extra_groups=[] if unprivileged() else None,
            check=False,
        )
        if run.returncode != 0:
            raise DidNotStart(f"initdb failed:\n{run.stderr}")
        return data

    def _options(self) -> list[str]:
        set_to = {
            "listen_addresses": HOST,
            "port": self.port,
            "unix_socket_directories": self._folder,
            "fsync": "on" if self._durable else "off",
        }
        return [f"--{name}={value}" for name, value in set_to.items()]


def _program(name: str) -> Path:
    program = find(name)
    assert program is not None
    return program
