"""The bot's own parts, wrapped: each tells the points that it passes. In the bot's process alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from milestonebot import store
from milestonebot.outbox import Outbox, Planned, Stage
from milestonebot.store.postgres_connection import PostgresConnection
from milestonebot.store.sqlite_connection import SqliteConnection
from milestonebot.transports.irc.transport import IrcTransport
from milestonebot.transports.irc.wire.connection import Wire
from milestonebot.transports.matrix.transport import MatrixTransport
from milestonebot.transports.matrix.wire.wire import Wire as MatrixWire
from tests.chaos.notes import WORD
from tests.chaos.points import Passed, Points, Step
from tests.clients.line import parse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence
    from datetime import datetime
    from pathlib import Path

    from milestonebot.ports import Room, Trace

_MOST = 600
"""Characters of a text that are told: one write of them all is never mixed with another (PIPE_BUF)."""


def network_of(key: str) -> str:
    """Return the network of a delivery's key: NAME/NETWORK/ROOM/…"""
    return key.split("/")[1]


class WatchedOutbox:
    """An outbox that tells what it was asked for, and when that is durable."""

    def __init__(self, outbox: Outbox, points: Points) -> None:
        self._outbox = outbox
        self._points = points
        self._under_way: Counter[tuple[Step, str]] = Counter()
        self._known: set[str] = set()
        for each in (SqliteConnection, PostgresConnection):
            self._watch_commits(each)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else an outbox has
        return getattr(self._outbox, name)

    def _watch_commits(self, of: Any) -> None:  # noqa: ANN401 - a class of either
        plain = of.commit

        async def commit(connection: Any) -> None:  # noqa: ANN401 - either
            for step, key in list(self._under_way):
                self._points.passed(Passed(step, network_of(key), key))
            await plain(connection)

        of.commit = commit

    async def _during(self, step: Step, keys: Sequence[str], what: Awaitable[Any]) -> Any:  # noqa: ANN401 - the outbox's answer
        marks = [(step, key) for key in keys]
        self._under_way.update(marks)
        try:
            return await what
        finally:
            self._under_way.subtract(marks)
            self._under_way = +self._under_way

    async def add(self, planned: Planned) -> Sequence[str]:
        keys = [each.key for each in planned.deliveries if not await self._knows(each.key)]
        new: Sequence[str] = await self._during(Step.PLANNING, keys, self._outbox.add(planned))
        for key in new:
            self._points.passed(Passed(Step.PLANNED, network_of(key), key))
        return new

    async def _knows(self, key: str) -> bool:
        """Tell whether it is kept already: what is due is planned again at every look."""
        if key not in self._known and await self._outbox.find(key) is not None:
            self._known.add(key)
        return key in self._known

    async def claim(self, key: str, parts: Sequence[str], now: datetime) -> bool:
        claimed: bool = await self._during(Step.CLAIMING, [key], self._outbox.claim(key, parts, now))
        if claimed:
            self._points.passed(Passed(Step.CLAIMED, network_of(key), key))
        return claimed

    async def part_said(self, key: str, said: int, event: str | None, now: datetime) -> None:
        await self._during(Step.RECORDING, [key], self._outbox.part_said(key, said, event, now))
        self._points.passed(Passed(Step.PART_RECORDED, network_of(key), f"{key}#{said - 1}"))

    async def finish(
        self, key: str, stage: Stage, now: datetime, *, event: str | None = None, problem: str = ""
    ) -> None:
        finishing = self._outbox.finish(key, stage, now, event=event, problem=problem)
        await self._during(Step.RECORDING, [key], finishing)
        step = Step.RECORDED if stage is Stage.SENT else Step.CLOSED
        self._points.passed(Passed(step, network_of(key), key, "" if stage is Stage.SENT else problem))


def watch_outbox(points: Points) -> None:
    """Watch whatever outbox the bot opens."""
    plain = store.open_outbox

    async def open_outbox(where: Path | str, **more: Any) -> Any:  # noqa: ANN401 - it is an Outbox in all that is used
        return WatchedOutbox(await plain(where, **more), points)

    store.open_outbox = open_outbox


def watch_irc(points: Points) -> None:
    """Tell what goes out to IRC line by line, before and after."""
    plain = Wire.send

    def send(self: Wire, lines: Sequence[bytes]) -> None:
        for data in lines:
            line = parse(data.rstrip(b"\r\n"))
            ours = line.command == "PRIVMSG" and WORD.search(line.text)
            if ours:
                points.passed(Passed(Step.WRITING, "irc", line.parameters[0], line.text))
            plain(self, [data])
            if ours:
                points.passed(Passed(Step.WRITTEN, "irc", line.parameters[0], line.text))

    Wire.send = send  # type: ignore[method-assign] # a wrapper around it is what this is


def watch_matrix(points: Points) -> None:
    """Tell which requests that say something were answered, before the bot hears of it."""
    plain = MatrixWire.ask

    async def ask(self: MatrixWire, method: str, path: tuple[str, ...], *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - as it has them
        body = rest[0] if rest else None
        says = method == "PUT" and path[2:3] == ("send",) and WORD.search(str(body))
        if not says:
            return await plain(self, method, path, *rest, **more)
        points.passed(Passed(Step.WRITING, "matrix", path[1], str(body)[:_MOST]))
        answer = await plain(self, method, path, *rest, **more)
        points.passed(Passed(Step.WRITTEN, "matrix", path[1], str(body)[:_MOST]))
        return answer

    MatrixWire.ask = ask  # type: ignore[method-assign] # likewise


def watch_transport(of: type[IrcTransport | MatrixTransport], points: Points) -> None:
    """Tell what is confirmed, and what became of what was in doubt."""
    announce, trace = of.announce, of.trace

    async def watched_announce(self: Any, room: Room, part: str, key: str) -> str | None:  # noqa: ANN401 - either
        event: str | None = await announce(self, room, part, key)
        points.passed(Passed(Step.CONFIRMED, room.network, key))
        return event

    async def watched_trace(self: Any, room: Room, part: str, key: str, since: datetime) -> Trace:  # noqa: ANN401 - either
        points.passed(Passed(Step.TRACING, room.network, key))
        found: Trace = await trace(self, room, part, key, since)
        points.passed(Passed(Step.TRACED, room.network, key, said=found.said, sure=found.sure))
        return found

    of.announce, of.trace = watched_announce, watched_trace  # type: ignore[method-assign] # likewise


def watch(points: Points) -> None:
    """Wrap everything; to be called before the bot is built."""
    watch_outbox(points)
    watch_irc(points)
    watch_matrix(points)
    for each in (IrcTransport, MatrixTransport):
        watch_transport(each, points)
