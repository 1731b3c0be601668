"""What a run happens in: rooms on real servers, proxies before them, observers in them, a folder."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from tests.chaos.observers import IrcObserver, MatrixObserver
from tests.chaos.proxy import Proxy
from tests.servers.network import IrcNetwork

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.chaos.notes import Note
    from tests.servers.ngircd import Ngircd
    from tests.servers.synapse import Synapse

PASSWORD = "of-the-bot"  # noqa: S105 - on a server on loopback that lives for one test run
_numbers = itertools.count(1)


@dataclass(slots=True)
class IrcSide:
    """Channels on an IRC server."""

    proxy: Proxy
    observer: IrcObserver
    rooms: list[str]
    history: bool
    nick: str

    async def come_back(self, start: Callable[[], None]) -> None:
        """Start the server again, and let nobody in before the observer is there."""
        self.proxy.close()
        await self.observer.outlive()
        await self.observer.leave()
        await asyncio.to_thread(start)
        await self.observer.join(history=self.history)
        self.proxy.open()


@dataclass(slots=True)
class MatrixSide:
    """Rooms on a homeserver."""

    proxy: Proxy
    observer: MatrixObserver
    user: str


@dataclass(slots=True)
class Scene:
    """All of it."""

    folder: Path
    irc: IrcSide | None = None
    matrix: MatrixSide | None = None
    environ: dict[str, str] = field(default_factory=lambda: {"BOT_PASSWORD": PASSWORD})
    in_doubt: str = "repeat"
    state: str = "state"
    grace: str = "2h"

    @property
    def networks(self) -> list[str]:
        """Return the names that the config has."""
        return [name for name, side in (("irc", self.irc), ("matrix", self.matrix)) if side]

    @property
    def rooms(self) -> list[str]:
        """Return all rooms, as the config writes them."""
        channels = self.irc.rooms if self.irc else []
        rooms = self.matrix.observer.rooms if self.matrix else []
        return [*(f"irc/{name}" for name in channels), *(f"matrix/{name}" for name in rooms)]

    @property
    def config(self) -> Path:
        """Return the config file."""
        return self.folder / "config.yaml"

    async def heard(self) -> dict[str, list[str]]:
        """Return what each room has heard of the bot, which says nothing now."""
        found: dict[str, list[str]] = {}
        if self.irc:
            await self.irc.observer.caught_up()
            found |= {f"irc/{name}": texts for name, texts in self.irc.observer.heard.items()}
        if self.matrix:
            said = await self.matrix.observer.heard()
            found |= {f"matrix/{name}": texts for name, texts in said.items()}
        return found

    def write(self, notes: list[Note]) -> None:
        """Write the config."""
        (self.folder / "data.yaml").write_text("group: example\n")
        config: dict[str, Any] = {
            "state": self.state,
            "limits": False,
            "catalog": [{"kind": "yaml", "path": "data.yaml"}],
            "networks": [*self._irc(), *self._matrix()],
            "announcements": [self._note(note) for note in notes],
        }
        if "DATABASE_URL" in self.environ:
            config["database"] = {"env": "DATABASE_URL"}
        self.config.write_text(yaml.safe_dump(config, sort_keys=False))

    def _note(self, note: Note) -> dict[str, Any]:
        return {
            "name": note.name,
            "kind": "note",
            "rooms": list(note.rooms),
            "dates": [note.moment.isoformat(timespec="seconds")],
            "text": " ".join(note.words),
            "grace": self.grace,
        }

    def _irc(self) -> list[dict[str, Any]]:
        if self.irc is None:
            return []
        server = {"host": "127.0.0.1", "port": self.irc.proxy.port, "tls": False}
        return [
            {
                "name": "irc",
                "kind": "irc",
                "nick": self.irc.nick,
                "servers": [server],
                "rooms": self.irc.rooms,
                "in_doubt": self.in_doubt,
            }
        ]

    def _matrix(self) -> list[dict[str, Any]]:
        if self.matrix is None:
            return []
        return [
            {
                "name": "matrix",
                "kind": "matrix",
                "homeserver": f"http://127.0.0.1:{self.matrix.proxy.port}",
                "user": self.matrix.user,
                "password": {"env": "BOT_PASSWORD"},
                "rooms": self.matrix.observer.rooms,
                "reconnect": {"initial": 0.2, "max": 2},
            }
        ]


@contextlib.asynccontextmanager
async def irc_side(
    server: IrcNetwork | Ngircd, rooms: int, *, history: bool = True, pace: bool = False
) -> AsyncIterator[IrcSide]:
    """Enter channels of an InspIRCd or ngIRCd; with `pace`, under a public network's flood limits."""
    number = next(_numbers)
    modern = isinstance(server, IrcNetwork)
    watching = server.ports.fast if isinstance(server, IrcNetwork) else server.plain
    behind = server.ports.plain if isinstance(server, IrcNetwork) and pace else watching
    names = [f"#c{number}-{each}" for each in range(rooms)]
    observer = IrcObserver(watching, names, f"watcher{number}", modern)
    history = history and modern
    await observer.join(history=history)
    try:
        async with Proxy(behind) as proxy:
            yield IrcSide(proxy, observer, names, history, f"relbot{number}")
    finally:
        await observer.leave()


@contextlib.asynccontextmanager
async def matrix_side(server: Synapse, rooms: int) -> AsyncIterator[MatrixSide]:
    """Make rooms on a homeserver."""
    number = next(_numbers)
    user = f"@chaos{number}:{server.server_name}"
    await server.register(f"chaos{number}", PASSWORD)
    observer = MatrixObserver(await server.register(f"watcher{number}", "pw", admin=True), user)
    await observer.make_rooms(rooms)
    async with Proxy(server.port) as proxy:
        yield MatrixSide(proxy, observer, user)
