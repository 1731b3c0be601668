"""Where our memory goes: interpreter, imports, catalog, store, IRC, each beside what stood before it.

`python -m benchmarks.irc.parts PART PORT DATABASE` becomes what the bot is, up to PART, in a process of its
own, and prints the MiB that are resident then. The database has its tables, as at every start but the first.
"""

from __future__ import annotations

import asyncio
import importlib
import subprocess
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from milestonebot.transports.irc.transport import IrcTransport

INTERPRETER, IMPORTS, CATALOG, STORE, IRC = "interpreter", "imports", "catalog", "store", "IRC"
_ROOMS = [f"#room{number}" for number in range(50)]
_BARE = (
    "import re, sys; print(int(re.search(r'VmRSS:\\s*(\\d+)', open('/proc/self/status').read())[1]) / 1024)"
)
_IMPORTED = ("cli.run", "app", "config", "gathering", "scheduler", "transports.irc.transport")
_PATIENCE = 30.0


def parts(port: int) -> dict[str, float]:
    """Return the MiB that each part adds to those before it."""
    told: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        _asked(STORE, port, f"{folder}/deliveries.db")
        for part in (INTERPRETER, IMPORTS, CATALOG, STORE, IRC):
            told[part] = _asked(part, port, f"{folder}/deliveries.db") - sum(told.values())
    return told


def _asked(part: str, port: int, database: str) -> float:
    of_bot = ["-m", "benchmarks.irc.parts", part, str(port), database]
    command = [sys.executable, *(["-c", _BARE] if part == INTERPRETER else of_bot)]
    return float(subprocess.check_output(command))  # noqa: S603 - our own module


async def resident(part: str, port: int, database: str) -> float:
    """Be what the bot is, up to `part`; return the MiB that are resident."""
    for name in _IMPORTED:
        importlib.import_module(f"milestonebot.{name}")
    kept: list[object] = []
    async with AsyncExitStack() as stack:
        if part != IMPORTS:
            kept.append(_catalog())
        if part in (STORE, IRC):
            await _store(stack, database)
        if part == IRC:
            kept.append(await _on_irc(port))
        return _now()


def _now() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def _store(stack: AsyncExitStack, database: str) -> None:
    from milestonebot.store import open_outbox  # noqa: PLC0415 - that is what is measured

    outbox = await open_outbox(Path(database))
    stack.push_async_callback(outbox.close)


def _catalog() -> object:
    from milestonebot.catalog import Catalog  # noqa: PLC0415 - that is what is measured
    from milestonebot.sources.openstack import OpenStackSource  # noqa: PLC0415 - likewise

    return Catalog.of(OpenStackSource().read())


async def _on_irc(port: int) -> tuple[IrcTransport, object]:
    from milestonebot.clock import SystemClock  # noqa: PLC0415 - that is what is measured
    from milestonebot.settings import Settings  # noqa: PLC0415 - likewise
    from milestonebot.transports.irc.settings import IrcSettings, Server  # noqa: PLC0415 - likewise
    from milestonebot.transports.irc.transport import IrcTransport  # noqa: PLC0415 - likewise

    server = Server("127.0.0.1", port, tls=False)
    settings = IrcSettings("net", "relbot", (server,), rooms=tuple(_ROOMS), pace=None)
    transport = IrcTransport(settings, Settings(), SystemClock())
    running = asyncio.create_task(transport.run())
    async with asyncio.timeout(_PATIENCE):
        while len(transport.rooms) < len(_ROOMS):  # noqa: ASYNC110 - no transport tells
            await asyncio.sleep(0.05)
    return transport, running


if __name__ == "__main__":
    print(asyncio.run(resident(sys.argv[1], int(sys.argv[2]), sys.argv[3])))
