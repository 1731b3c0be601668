"""One attempt at one delivery: from what the outbox knows of it to what it is to know."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from milestonebot.announcer.standing import Standing
from milestonebot.errors import InDoubt, NetworkError, Refused, StoreError
from milestonebot.outbox import PENDING, Stage
from milestonebot.patience import Patience
from milestonebot.ports import State
from milestonebot.wording.wordings import Wordings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
    from datetime import datetime

    from milestonebot.announcement import Announcement
    from milestonebot.announcer.reports import Reports
    from milestonebot.announcer.waiting import Waiting
    from milestonebot.catalog import Catalog
    from milestonebot.outbox import Delivery, Outbox
    from milestonebot.ports import Clock, Trace, Transport
    from milestonebot.settings import Settings

T = TypeVar("T")

_log = logging.getLogger(__name__)

_PATIENCE = 600.0
"""Seconds after which a network that says nothing of a part leaves it in doubt."""
_SOME_TIME = timedelta(days=2)
"""How far back something is looked for that may have been said nobody knows when."""
_DENIED = "its asker was told that it could not be kept: the database failed just then"


class Delivering:
    """Makes attempts. What it raises, NetworkError or StoreError, has to be waited for."""

    def __init__(  # noqa: PLR0913 - it stands between all of them
        self,
        outbox: Outbox,
        *,
        clock: Clock,
        settings: Settings,
        announcements: Sequence[Announcement],
        transports: Mapping[str, Transport],
        catalog: Callable[[], Catalog],
        reports: Reports,
    ) -> None:
        """Take `catalog` as what gives the snapshot of the moment."""
        self.stopping = False
        self.standing = Standing(clock, announcements, catalog)
        self._settings = settings
        self._outbox = outbox
        self._clock = clock
        self._transports = transports
        self._catalog = catalog
        self._reports = reports
        self._wordings = Wordings()
        self._patience: Patience[asyncio.Task[Any]] = Patience(_PATIENCE, lambda task: task.cancel())

    def heed(self, settings: Settings, announcements: Sequence[Announcement]) -> None:
        """Go by another config from now on."""
        self._settings = settings
        self.standing.heed(announcements)

    async def attempt(self, waiting: Waiting) -> None:
        """Bring the first delivery of a room to its end, or raise what it has to wait for."""
        if waiting.owed is not None:
            await self.pay(waiting)
        delivery = waiting.first
        if delivery is None:
            return
        if delivery.key in waiting.stale:
            found = await self._outbox.find(delivery.key)
            if found is None or found.stage not in PENDING:
                return
            delivery = found
        try:
            await self._deliver(waiting, delivery)
        except Refused as error:
            await self._end(waiting, delivery, Stage.FAILED, str(error))
        except (NetworkError, StoreError):
            raise
        except Exception as error:
            if self._clock.now() < self.standing.patient_until(delivery):
                raise
            _log.exception("%s: %s went wrong to the end", waiting.room, delivery.key)
            await self._end(waiting, delivery, Stage.EXPIRED, f"{type(error).__name__}, see the log")

    async def deny(self, delivery: Delivery) -> None:
        """Withdraw what was kept although its asker was told that it could not be."""
        await self._outbox.finish(delivery.key, Stage.WITHDRAWN, self._clock.now(), problem=_DENIED)

    async def pay(self, waiting: Waiting) -> None:
        """Record what has happened in the room and could not be recorded when it did."""
        if waiting.owed is not None:
            await waiting.owed()
            waiting.owed = None
            waiting.stale |= waiting.deliveries.keys()

    async def _deliver(self, waiting: Waiting, delivery: Delivery) -> None:
        begun = delivery.stage is Stage.SENDING and delivery.parts is not None
        if begun:
            settled = await self._settled(waiting, delivery)
            if settled is None:
                return
            delivery = settled
        now = self._clock.now()
        ended = self.standing.ended(waiting, delivery, now)
        if ended is not None:
            await self._end(waiting, delivery, *ended)
            return
        transport = self._up(delivery)
        parts = delivery.parts if delivery.parts is not None and (begun or delivery.said) else None
        if parts is None:
            parts = await self._composed(delivery, transport, now)
        if await self._claimed(waiting, delivery, parts, now):
            await self._say(waiting, delivery, parts, transport)

    async def _settled(self, waiting: Waiting, delivery: Delivery) -> Delivery | None:
        """Find out whether the part in doubt was said; return None where that was the last one."""
        parts, now = delivery.parts or (), self._clock.now()
        try:
            trace = await self._trace(delivery, parts)
        except Refused:
            raise
        except NetworkError as error:
            if now >= self.standing.patient_until(delivery):
                problem = f"whether it was said could not be found out: {error}"
                await self._end(waiting, delivery, Stage.EXPIRED, problem)
                return None
            raise
        if not trace.sure:
            taken = "taken as said" if trace.said else "said again"
            told = "%s: nothing tells whether %s arrived; as in_doubt has it, it is %s"
            _log.warning(told, waiting.room, delivery.key, taken)
        if not trace.said:
            return delivery
        said = delivery.said + 1
        await self._arrived(waiting, delivery, said, len(parts), trace.id)
        return replace(delivery, said=said) if said < len(parts) else None

    async def _trace(self, delivery: Delivery, parts: Sequence[str]) -> Trace:
        transport, name = self._up(delivery), f"{delivery.key}#{delivery.said}"
        since, now = delivery.since or delivery.due, self._clock.now()
        if since > now:
            # The clock was ahead then, nobody knows how far: what was said is older than that.
            since = now - _SOME_TIME
        return await self._patiently(transport.trace(delivery.room, parts[delivery.said], name, since))

    def _up(self, delivery: Delivery) -> Transport:
        network = delivery.room.network
        transport = self._transports.get(network)
        if transport is None:
            raise Refused(f"the config has no network {network} that a service can be on")
        if transport.connection.state is not State.UP:
            raise NetworkError(f"{network} is not connected")
        return transport

    async def _composed(self, delivery: Delivery, transport: Transport, now: datetime) -> tuple[str, ...]:
        """Return what is said of it `now`: "today" must be true when it is read."""
        settings, announcement = self._settings.of(delivery.room), self.standing.rule(delivery)
        # Hundreds of rooms are told the same: a transport that knows the very document lays it out once.
        document = self._wordings.of(delivery, announcement, self._catalog(), now, settings)
        try:
            parts = transport.compose(delivery.room, document)
        except Refused:
            raise
        except NetworkError as error:
            if str(error) != delivery.problem:
                await self._outbox.postpone(delivery.key, str(error), now)
            raise
        if not parts:
            raise Refused("nothing of it can be said there")
        return parts

    async def _claimed(
        self, waiting: Waiting, delivery: Delivery, parts: tuple[str, ...], now: datetime
    ) -> bool:
        """Note durably that the next part is about to be written; False where that may not be."""
        try:
            return await self._outbox.claim(delivery.key, parts, now)
        except StoreError as error:
            # It may be kept all the same; but nothing was written, and that is known as long as we live.
            if delivery.stage is Stage.PLANNED:
                waiting.owed = self._postponed(delivery, f"not recorded: {error}")
            raise

    async def _say(
        self, waiting: Waiting, delivery: Delivery, parts: Sequence[str], transport: Transport
    ) -> None:
        """Say what is left of the parts, each recorded before the next."""
        for number in range(delivery.said, len(parts)):
            if self.stopping and number > delivery.said:
                await self._record(waiting, self._postponed(delivery, "stopped between two parts"))
                raise NetworkError("stopped between two parts")
            try:
                said = transport.announce(delivery.room, parts[number], f"{delivery.key}#{number}")
                event = await self._patiently(said)
            except InDoubt:
                raise
            except NetworkError as error:
                # A refusal is an answer, too: what it answers was not said.
                await self._record(waiting, self._postponed(delivery, str(error)))
                raise
            await self._arrived(waiting, delivery, number + 1, len(parts), event)
        _log.info("%s: announced %s", waiting.room, delivery.key)

    async def _arrived(
        self, waiting: Waiting, delivery: Delivery, said: int, of: int, event: str | None
    ) -> None:
        """Record that `said` parts `of` so many have arrived."""
        now, name = self._clock.now(), delivery.key
        if said >= of:
            await self._record(waiting, lambda: self._outbox.finish(name, Stage.SENT, now, event=event))
            return
        try:
            await self._record(waiting, lambda: self._outbox.part_said(name, said, event, now))
        except StoreError as error:
            postpone = self._postponed(delivery, str(error))

            async def said_and_postponed() -> None:
                # The next one was not written either.
                await self._outbox.part_said(name, said, event, now)
                await postpone()

            waiting.owed = said_and_postponed
            raise

    async def _end(self, waiting: Waiting, delivery: Delivery, stage: Stage, problem: str) -> None:
        now = self._clock.now()

        async def record() -> None:
            await self._outbox.finish(delivery.key, stage, now, problem=problem)
            self._reports.note(replace(delivery, stage=stage, problem=problem), now)

        await self._record(waiting, record)

    def _postponed(self, delivery: Delivery, problem: str) -> Callable[[], Awaitable[None]]:
        now = self._clock.now()
        return lambda: self._outbox.postpone(delivery.key, problem, now)

    async def _record(self, waiting: Waiting, record: Callable[[], Awaitable[None]]) -> None:
        """Record what has happened; where that cannot be now, it is owed, before anything else here."""
        waiting.owed = record
        await record()
        waiting.owed = None

    async def _patiently(self, asked: Coroutine[Any, Any, T]) -> T:
        """Return what a network answers; where it does not, whether it heard is in doubt."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        self._patience.begin(task)
        try:
            return await asked
        except asyncio.CancelledError:
            # As asyncio.timeout does it, which takes a timer for each delivery.
            if self._patience.end(task) or task.uncancel():
                raise
            raise InDoubt(f"no answer within {_PATIENCE:.0f} s") from None
        finally:
            self._patience.end(task)
