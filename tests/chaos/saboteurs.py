"""Faults put into the bot, each of which loses or doubles something: the kill test has to notice."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from nio.client.async_client import AsyncClient

from milestonebot import store
from milestonebot.outbox import Outbox, Stage
from milestonebot.ports import Room, Trace
from milestonebot.transports.irc.transport import IrcTransport
from milestonebot.transports.matrix.transport import MatrixTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path


class _Hasty:
    """Notes a delivery as sent before it is written: what peers do."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else an outbox has
        return getattr(self._outbox, name)

    async def claim(self, key: str, parts: Sequence[str], now: datetime) -> bool:
        claimed = await self._outbox.claim(key, parts, now)
        await self._outbox.finish(key, Stage.SENT, now)
        return claimed


def hasty() -> None:
    """Lose what was noted and not written."""
    plain = store.open_outbox

    async def open_outbox(where: Path | str, **more: Any) -> Any:  # noqa: ANN401 - it is an Outbox in all that is used
        return _Hasty(await plain(where, **more))

    store.open_outbox = open_outbox


async def _never_said(_self: object, _room: Room, _part: str, _key: str, _since: datetime) -> Trace:
    return Trace(said=False)


def credulous() -> None:
    """Say again whatever is in doubt, under an id that the homeserver never saw."""
    plain = AsyncClient.send

    async def send(self: AsyncClient, method: str, path: str, *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - as nio has it
        if method == "PUT" and "/send/" in path:
            path = f"{path.rpartition('/')[0]}/{uuid.uuid4()}"
        return await plain(self, method, path, *rest, **more)

    AsyncClient.send = send  # type: ignore[method-assign] # a wrapper around it is what this is
    for each in (IrcTransport, MatrixTransport):
        setattr(each, "trace", _never_said)  # noqa: B010 - mypy would not have it


ALL: dict[str, Callable[[], None]] = {"hasty": hasty, "credulous": credulous}
