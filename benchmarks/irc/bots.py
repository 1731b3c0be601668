"""The bots that are measured beside each other, and how each is started.

Flood limits are off on all sides, and each asks the server for the same capabilities. Of those who can be
configured, nothing else is taken away: they run as their set-up leaves them.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.irc import words

if TYPE_CHECKING:
    from collections.abc import Sequence

BARE, PACKAGE, LIMNORIA, SOPEL = "bare socket", "irc package", "Limnoria", "Sopel"
OURS, LIMITED = "milestonebot", "with limits"
NAMES = (BARE, PACKAGE, LIMNORIA, SOPEL, OURS, LIMITED)
PEERS = (LIMNORIA, SOPEL)
_HERE = Path(__file__).parent
# Beside the environment that the benchmark runs in, as `make peers` makes them.
_HOMES = {LIMNORIA: Path(f"{sys.prefix}-limnoria"), SOPEL: Path(f"{sys.prefix}-sopel")}

# Sopel does not run as root, which somebody who measures in a container is.
_AS_ANYBODY = "import os; os.getuid = os.geteuid = lambda: 1; from sopel.cli.run import main; main()"

_LIMNORIA = ("Admin", "Channel", "Config", "Milestone", "Misc", "Owner", "User")
"""The plugins that it comes with and loads by itself, and ours for it."""

LIMITS = {"commands": 10_000, "per": 30, "silence": 60}
"""What counting costs, and for as long as by default: but so many that nobody is silenced."""


@dataclass(frozen=True, slots=True)
class Bot:
    """What starts a bot."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]


def missing(name: str) -> str | None:
    """Return why the bot `name` cannot be measured here; None where it can be."""
    home = _HOMES.get(name)
    if home is not None and not (home / f"{home.name.rpartition('-')[2]}.installed").exists():
        return f"{home} is not there or not whole; `make peers` makes it"
    return None


def bot(name: str, port: int, rooms: Sequence[str], folder: Path, answer: str) -> Bot:
    """Return what starts the bot `name`, which knows `answer`, in `rooms`; its files go into the `folder`."""
    environment = {
        # Where Python may write no bytecode, each start would compile what was edited since the installation.
        **{key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"},
        "ANSWER": answer,
        "CAPABILITIES": words.CAPABILITIES,
        "NEWS": words.NEWS,
        "NEWSROOM": words.NEWSROOM,
        "PORT": str(port),
        "ROOMS": ",".join(rooms),
    }
    home = folder / f"{name.replace(' ', '-')}-{port}-{len(rooms)}"
    home.mkdir(parents=True, exist_ok=True)
    return Bot(name, _command(name, port, rooms, home), environment)


def _command(name: str, port: int, rooms: Sequence[str], home: Path) -> list[str]:
    if name in (BARE, PACKAGE):
        return [sys.executable, str(_HERE / ("bare.py" if name == BARE else "package.py"))]
    if name == LIMNORIA:
        path = home / "limnoria.conf"
        path.write_text(_limnoria(port, rooms, home), encoding="utf-8")
        return [str(_HOMES[name] / "bin/limnoria"), "--allow-root", str(path)]
    if name == SOPEL:
        path = home / "default.cfg"
        path.write_text(_sopel(port, rooms, home), encoding="utf-8")
        return [str(_HOMES[name] / "bin/python"), "-c", _AS_ANYBODY, "start", "--config", str(path)]
    path = home / "config.json"
    path.write_text(json.dumps(_ours(port, rooms, limits=name == LIMITED)), encoding="utf-8")
    return [str(Path(sys.executable).with_name("milestonebot")), "run", "--config", str(path)]


def _ours(port: int, rooms: Sequence[str], *, limits: bool) -> object:
    network = {
        "name": "net",
        "kind": "irc",
        "nick": "relbot",
        "pace": False,
        "servers": [{"host": "127.0.0.1", "port": port, "tls": False}],
        "rooms": list(rooms),
    }
    # One that is far away, so that the store is there.
    note = {
        "name": "far",
        "kind": "note",
        "rooms": [f"net/{rooms[0]}"],
        "text": "At last.",
        "dates": ["2099-01-01"],
    }
    return {
        # Of all that are started under this name: the tables are made at the first start of all.
        "state": "../state-limited" if limits else "../state",
        "limits": LIMITS if limits else False,
        "networks": [network],
        "announcements": [note],
    }


def _limnoria(port: int, rooms: Sequence[str], home: Path) -> str:
    folders = ("backup", "conf", "data", "log", "data.tmp", "data.web")
    settings = {
        "nick": "relbot",
        "ident": "relbot",
        "user": "relbot",
        "networks": "net",
        "networks.net.servers": f"127.0.0.1:{port}",
        "networks.net.ssl": False,
        "networks.net.channels": " ".join(rooms),
        "reply.whenAddressedBy.chars": "!",
        "reply.withNotice": True,
        "reply.withNickPrefix": False,
        "protocols.irc.throttleTime": 0.0,
        "abuse.flood.command": False,
        "abuse.flood.command.invalid": False,
        "log.stdout": False,
        "plugins": " ".join(_LIMNORIA),
        **{f"plugins.{each}": True for each in _LIMNORIA},
        "directories.plugins": str(_HERE / "limnoria_plugins"),
        **{f"directories.{each}": str(home / each) for each in folders},
    }
    return "".join(f"supybot.{key}: {value}\n" for key, value in settings.items())


def _sopel(port: int, rooms: Sequence[str], home: Path) -> str:
    settings = {
        "nick": "relbot",
        "owner": "nobody",
        "host": "127.0.0.1",
        "port": port,
        "use_ssl": "false",
        "prefix": "!",
        "help_prefix": "!",
        "channels": "".join(f'\n    "{room}"' for room in rooms),
        "extra": str(_HERE / "sopel_plugins"),
        "enable": "\n    milestone",
        "homedir": str(home),
        "flood_burst_lines": 1_000_000,
        "flood_refill_rate": 1_000_000,
        "flood_empty_wait": 0,
        "flood_max_wait": 0,
        "antiloop_threshold": 0,
    }
    return "[core]\n" + "".join(f"{key} = {value}\n" for key, value in settings.items())
