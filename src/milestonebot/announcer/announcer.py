"""Plans what is due and delivers what is pending; the outbox is the truth, memory follows it."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from milestonebot.announcer.delivering import Delivering
from milestonebot.announcer.looking import Looking
from milestonebot.announcer.outgoing import Outgoing
from milestonebot.announcer.planning import by_hand, remembered
from milestonebot.announcer.reports import Reports
from milestonebot.backoff import Backoff
from milestonebot.errors import StoreError
from milestonebot.outbox import Stage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from milestonebot.announcement import Announcement
    from milestonebot.announcer.waiting import Waiting
    from milestonebot.catalog import Catalog
    from milestonebot.document import Document
    from milestonebot.outbox import Delivery, Memory, Outbox, Planned
    from milestonebot.ports import Clock, Room, Transport
    from milestonebot.settings import Settings

_log = logging.getLogger(__name__)

_FIRST_WAIT, _LONGEST_WAIT = 2.0, 60.0
"""Seconds before a database that cannot be used is tried again."""
_PAYING = 0.5
"""Seconds at the end for what was said and is not recorded yet."""


class Announcer:
    """Announces on all networks at once.

    It never waits for a moment itself: `alarm` is told when, and what to do then.
    """

    def __init__(  # noqa: PLR0913 - it stands between all of them
        self,
        outbox: Outbox,
        *,
        clock: Clock,
        settings: Settings,
        announcements: Sequence[Announcement],
        transports: Sequence[Transport],
        catalog: Callable[[], Catalog],
        alarm: Callable[[datetime, Callable[[], Awaitable[None]]], None],
    ) -> None:
        """Take `catalog` as what gives the snapshot of the moment."""
        self._outbox = outbox
        self._clock = clock
        self._settings = settings
        self._announcements = announcements
        self._catalog = catalog
        self._alarm = alarm
        self._transports = {each.network: each for each in transports}
        self._reports = Reports(settings.admins, self._transports)
        self._delivering = Delivering(
            outbox,
            clock=clock,
            settings=settings,
            announcements=announcements,
            transports=self._transports,
            catalog=catalog,
            reports=self._reports,
        )
        self._networks: dict[str, Outgoing] = {}
        self._memory: Memory | None = None
        self._due: datetime | None = None
        self._next: datetime | None = None
        self._backoff = Backoff(_FIRST_WAIT, _LONGEST_WAIT)
        self._broken = False
        self._agenda = Looking()
        self._denied: set[str] = set()
        """The keys of what an admin was told that it could not be kept."""
        self._looking = asyncio.Lock()
        self._telling: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """Plan what has become due, see what an operator changed, and deliver what is pending."""
        async with self._looking:
            if self._delivering.stopping:
                return
            try:
                await self._plan()
                await self._ask()
            except StoreError as error:
                self._fails(error)
                self._due = self._clock.now() + timedelta(seconds=self._backoff.wait(0.0))
            else:
                self._works()
        self._report()
        self._tell()
        self._resume()

    async def woken(self) -> None:
        """Do what was to be done at the moment that `alarm` was told."""
        if self._due is not None and self._clock.now() >= self._due:
            await self.look()
        else:
            self._resume()

    async def announce(self, rooms: Sequence[Room], text: str, name: str, by: str) -> None:
        """Announce `text` in `rooms`, for the message `name` of the admin `by`; return when that is durable.

        Raises StoreError where it cannot be kept: then it is not announced.
        """
        async with self._looking:
            planned = by_hand(rooms, text, name, by, await self._remembering(), self._clock.now())
            keys = {each.key for each in planned.deliveries}
            self._denied -= keys
            try:
                new = await self._keep(planned)
            except StoreError:
                self._denied |= keys
                raise
            first, others = min(keys, default=""), len(keys) - 1
            _log.info("%s announces by hand: %s%s", by, first, f" and {others} more" if others > 0 else "")
            try:
                await self._take(planned, new)
            except StoreError as error:
                # It is kept, and so it is said: after the next look that succeeds.
                self._fails(error)
        self._resume()

    def heed(self, settings: Settings, announcements: Sequence[Announcement]) -> None:
        """Announce by another config from now on; `look` is next."""
        self._settings, self._announcements = settings, announcements
        self._delivering.heed(settings, announcements)
        self._reports.heed(settings.admins)

    def tell(self, document: Document) -> None:
        """Tell the admins, each as soon as he can be reached."""
        self._reports.put(document)
        self._tell()

    async def stop(self, within: float) -> None:
        """Begin nothing new; let what is being said be confirmed, for so many seconds."""
        self._delivering.stopping = True
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        await asyncio.gather(*(each.stop(within) for each in self._networks.values()))
        owing = [room for each in self._networks.values() for room in each.rooms.values() if room.owed]
        ending = [loop.create_task(self._delivering.pay(each)) for each in owing]
        if ending:
            await asyncio.wait(ending, timeout=max(_PAYING, end - loop.time()))
        ending += [self._telling] if self._telling is not None else []
        for each in ending:
            each.cancel()
        await asyncio.gather(*ending, return_exceptions=True)

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        telling = self._telling is not None and not self._telling.done()
        return telling or any(each.busy for each in self._networks.values())

    async def _plan(self) -> None:
        """Keep what has become due since the last look."""
        now, memory = self._clock.now(), await self._remembering()
        catalog = self._catalog()
        try:
            planned = self._agenda.look(catalog, self._announcements, memory, now, self._settings.zone)
            await self._keep(planned)
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - a bug in planning must not stop what is planned
            _log.exception("planning went wrong; what is planned already is announced all the same")
            self._due = None
            return
        self._agenda.kept()
        self._due = self._agenda.wake(catalog, self._announcements, await self._remembering(), now)

    async def _remembering(self) -> Memory:
        if self._memory is None:
            self._memory = await self._outbox.memory()
        return self._memory

    async def _keep(self, planned: Planned) -> set[str]:
        """Keep it; return the keys of what is new."""
        memory, self._memory = await self._remembering(), None
        new = set(await self._outbox.add(planned))
        # Only now: where that failed, nobody knows what is kept, and the outbox is asked anew.
        self._memory = remembered(memory, planned)
        for each in planned.deliveries:
            if each.key in new and each.stage is not Stage.PLANNED:
                self._reports.note(each, planned.watermark)
        if new:
            _log.info("%d announcement%s planned", len(new), "s" if len(new) > 1 else "")
        return new

    async def _take(self, planned: Planned, new: set[str]) -> None:
        """Take over what was just kept; how far it is that is not `new`, the outbox alone knows."""
        if any(each.key not in new for each in planned.deliveries):
            await self._ask()
            return
        for each in planned.deliveries:
            self._outgoing(each.room.network).add(each)

    async def _ask(self) -> None:
        """Take over what the outbox has pending, and what an operator dropped or planned again."""
        for each in self._networks.values():
            each.asking()
        networks: defaultdict[str, defaultdict[Room, list[Delivery]]] = defaultdict(lambda: defaultdict(list))
        for delivery in await self._outbox.pending():
            if delivery.key in self._denied:
                await self._delivering.deny(delivery)
                continue
            networks[delivery.room.network][delivery.room].append(delivery)
        for name in networks.keys() | self._networks.keys():
            self._outgoing(name).take(networks[name])

    def _outgoing(self, network: str) -> Outgoing:
        if network not in self._networks:
            self._networks[network] = Outgoing(
                self._transports.get(network),
                self._clock,
                self._attempt,
                self._sooner,
                self._report,
            )
        return self._networks[network]

    async def _attempt(self, waiting: Waiting) -> None:
        try:
            await self._delivering.attempt(waiting)
        except StoreError as error:
            self._fails(error)
            raise

    def _resume(self) -> None:
        if self._delivering.stopping:
            return
        moments = [each.resume() for each in self._networks.values()]
        self._next = None
        for moment in (self._due, *moments):
            if moment is not None:
                self._sooner(moment)

    def _sooner(self, moment: datetime) -> None:
        """Want to be woken at `moment`, unless that is before it anyway."""
        if self._next is None or moment < self._next:
            self._next = moment
            self._alarm(moment, self.woken)

    def _report(self) -> None:
        """Log what failed or expired, and tell the admins."""
        if self._reports.gather():
            self._tell()

    def _tell(self) -> None:
        """Tell the admins who can be reached now, beside all else."""
        idle = self._telling is None or self._telling.done()
        if idle and self._reports.waiting and not self._delivering.stopping:
            self._telling = asyncio.get_running_loop().create_task(self._reports.tell())

    def _fails(self, error: StoreError) -> None:
        if not self._broken:
            _log.error("nothing is announced until this is mended: %s", error)
        self._broken = True

    def _works(self) -> None:
        if self._broken:
            _log.warning("the outbox can be used again")
        self._broken = False
        self._backoff.reset()
