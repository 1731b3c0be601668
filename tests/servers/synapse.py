"""Synapse: a Matrix homeserver, on SQLite and without federation."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from tests.clients.matrix import MatrixClient, register
from tests.servers import templates
from tests.servers.daemon import Daemon, Program, started_on_free_ports
from tests.servers.missing import missing_environment
from tests.servers.ports import HOST, free_ports
from tests.servers.warden import Warden

SERVER = "matrix.test"
SECRET = "shared-secret"  # noqa: S105 - of a server on loopback that lives for one test run
# Beside the environment that the tests run in: `make` makes both, wherever VENV says.
PYTHON = Path(f"{sys.prefix}-synapse", "bin", "python")


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs from test to test."""

    limits: Literal["raised", "default"] = "raised"
    """Synapse's own limits let a user say ten things at once, then one in five seconds."""
    session_lifetime: str | None = None
    """How long a token is good for ("8s"); after that the server asks for a soft logout."""
    encrypted: Literal["off", "all"] = "off"
    """Whether rooms are encrypted unless their maker says otherwise."""


class Synapse:
    """One homeserver, running."""

    def __init__(self, warden: Warden, settings: Settings) -> None:
        self._folder = warden.folder()
        (self.port,) = free_ports(1)
        self.server_name = SERVER
        templates.write("log.yaml", self._folder)
        config = self._write_config(settings)
        self.daemon = Daemon(
            Program(
                "synapse",
                [PYTHON, "-m", "synapse.app.homeserver", "--config-path", config],
                self._folder,
                ready="Synapse now listening on TCP port",
            )
        )
        try:
            self.daemon.start()
        except BaseException:
            self.close()
            raise

    @classmethod
    def started(cls, warden: Warden, settings: Settings | None = None) -> Self:
        """Start one."""
        return started_on_free_ports(lambda: cls(warden, settings or Settings()))

    @staticmethod
    def missing() -> str | None:
        """Return what this machine lacks for it."""
        return missing_environment(PYTHON, "synapse.installed")

    def _write_config(self, settings: Settings) -> Path:
        config = templates.write(
            "homeserver.yaml",
            self._folder,
            server=SERVER,
            port=self.port,
            secret=SECRET,
            encrypted=settings.encrypted,
        )
        with config.open("a") as file:
            if settings.limits == "raised":
                file.write(templates.filled("homeserver-raised-limits.yaml"))
            if settings.session_lifetime:
                file.write(f"session_lifetime: {settings.session_lifetime}\n")
        return config

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Return what a client's configuration calls the homeserver."""
        return f"http://{HOST}:{self.port}"

    async def register(self, name: str, password: str, *, admin: bool = False) -> MatrixClient:
        """Register a user, who is logged in then."""
        return await register(self.port, SECRET, name, password, admin=admin)

    def close(self) -> None:
        """Stop it for good."""
        self.daemon.kill()
        shutil.rmtree(self._folder)
