"""What goes out on one network: its rooms in turn, so many at once, each backing off alone."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

from milestonebot.announcer.waiting import Waiting
from milestonebot.backoff import Backoff
from milestonebot.errors import NetworkError, StoreError
from milestonebot.ports import State

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from milestonebot.outbox import Delivery
    from milestonebot.ports import Clock, Room, Transport

_log = logging.getLogger(__name__)

_AT_ONCE, _MOST_AT_ONCE = 64, 512
"""Deliveries that are under way on one network at the same time: at first, and where each is soon confirmed.

What is under way when the bot is killed is in doubt: where a network takes its time, that should not be much.
"""
_SOON, _MORE = timedelta(seconds=2), 1
"""A delivery that is confirmed so soon lets so many more be under way."""
_PROMPT, _MANY_MORE = timedelta(milliseconds=250), 8
"""And one that is confirmed as promptly as this: such a network takes all at once."""
_FIRST_LOOK, _LONGEST_LOOK = 1.0, 15.0
"""Seconds between looks whether a network that is down is up again."""
_LONGEST_ABSENCE = 5.0
"""Seconds at most between looks whether the bot is back in a room that it was not in."""


class Outgoing:
    """Delivers what waits in the rooms of one network.

    `deliver` brings the first delivery of a room to its end, or raises what the room has to wait for.
    `alarm` is told when it is worth to `resume`; `emptied` is called when nothing is under way any more.
    """

    def __init__(
        self,
        transport: Transport | None,
        clock: Clock,
        deliver: Callable[[Waiting], Awaitable[None]],
        alarm: Callable[[datetime], None],
        emptied: Callable[[], None],
    ) -> None:
        """Take the network's `transport`; None where the config has no such network any more."""
        self.rooms: dict[Room, Waiting] = {}
        self._transport = transport
        self._clock = clock
        self._deliver = deliver
        self._alarm = alarm
        self._emptied = emptied
        self._touched: set[str] = set()
        self._turns: deque[Waiting] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._working = 0
        self._at_once = _AT_ONCE
        self._looks = Backoff(_FIRST_LOOK, _LONGEST_LOOK)
        self._returns = Backoff(_FIRST_LOOK, _LONGEST_ABSENCE)
        self._up = True
        self._absent: set[Room] = set()
        """Rooms that wait, and that the bot was not in when that was last looked at."""
        self._stopping = False

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._tasks)

    @property
    def _is_up(self) -> bool:
        return self._transport is not None and self._transport.connection.state is State.UP

    def asking(self) -> None:
        """Take note that the outbox is asked now: what changes from here on is known better here."""
        self._touched.clear()

    def take(self, pending: Mapping[Room, Sequence[Delivery]]) -> None:
        """Take over what the outbox has told of this network's rooms."""
        for room in pending.keys() | self.rooms.keys():
            waiting = self.rooms.setdefault(room, Waiting(room))
            waiting.take(pending.get(room, ()), self._touched)
            self._forget_if_done(waiting)

    def add(self, delivery: Delivery) -> None:
        """Take over one that is new in the outbox, after what its room waits for anyway."""
        waiting = self.rooms.setdefault(delivery.room, Waiting(delivery.room))
        waiting.deliveries[delivery.key] = delivery

    def resume(self) -> datetime | None:
        """Deliver in all rooms that may be tried now; return when the next one may be."""
        if self._stopping:
            return None
        now = self._clock.now()
        look = self._looked(now)
        queued = {id(each) for each in self._turns}
        ready = [each for each in self.rooms.values() if id(each) not in queued and each.ready(now)]
        self._turns.extend(sorted(ready, key=lambda each: each.first.due if each.first else now))
        self._begin()
        moments = [each.again for each in self.rooms.values() if each.again is not None and each.again > now]
        return min([*moments, *([look] if look else [])], default=None)

    async def stop(self, within: float) -> None:
        """Let what is being said be confirmed, for so many seconds; begin nothing new."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _looked(self, now: datetime) -> datetime | None:
        """Look whether the network is up; return when to look again. One that is back is tried at once."""
        if self._transport is None or not self.rooms:
            return None
        up = self._is_up
        if up and not self._up:
            for each in self.rooms.values():
                each.again = None
        self._up = up
        if not up:
            return now + timedelta(seconds=self._looks.wait(0.0))
        self._looks.reset()
        return self._looked_into_rooms(now, self._transport)

    def _looked_into_rooms(self, now: datetime, transport: Transport) -> datetime | None:
        """Look whether the bot is back in a room that waits for it, and try that at once."""
        before = self._absent
        waiting = {room for room, each in self.rooms.items() if each.again is not None}
        if not waiting:
            self._absent = set()
            return None
        self._absent = waiting - transport.rooms
        for room in (before & waiting) - self._absent:
            self.rooms[room].again = None
        if not self._absent:
            self._returns.reset()
            return None
        return now + timedelta(seconds=self._returns.wait(0.0))

    def _begin(self) -> None:
        """Let as many work as may be under way at once."""
        if self._stopping:
            return
        for _ in range(min(self._at_once - self._working, len(self._turns))):
            self._working += 1
            self._tasks.add(asyncio.create_task(self._work()))

    async def _work(self) -> None:
        """Serve rooms as their turns come, until no room is ready."""
        try:
            while self._turns and not self._stopping and self._working <= self._at_once:
                waiting, now = self._turns.popleft(), self._clock.now()
                # What the outbox told meanwhile may have left nothing to do here.
                if waiting.ready(now):
                    await self._serve(waiting, now)
        finally:
            self._working -= 1
            self._tasks.discard(asyncio.current_task())
            if not self._tasks:
                self._emptied()

    async def _serve(self, waiting: Waiting, now: datetime) -> None:
        """Attempt the first delivery of a room; where it waits for more, it has another turn."""
        first = waiting.first
        waiting.current = name = first.key if first is not None else ""
        try:
            await self._deliver(waiting)
        except StoreError as error:
            # Whoever delivers has told of it, once for all rooms.
            self._put_off(waiting, str(error), level=logging.DEBUG)
        except NetworkError as error:
            # A network tells itself that it is down, once for all its rooms.
            self._put_off(waiting, str(error), error.after, logging.INFO if self._is_up else logging.DEBUG)
        except Exception as error:  # noqa: BLE001 - a bug must not stop other rooms; grace ends it
            _log.exception("%s: %s went wrong", waiting.room, name)
            self._put_off(waiting, f"{type(error).__name__}, see the log")
        else:
            waiting.deliveries.pop(name, None)
            waiting.stale.discard(name)
            waiting.well()
            self._pace(self._clock.now() - now)
            if waiting.deliveries:
                self._turns.append(waiting)
        finally:
            self._touched.add(name)
            waiting.current = None
            self._forget_if_done(waiting)

    def _pace(self, taken: timedelta) -> None:
        """Let more be under way after a delivery that was soon confirmed; few after another."""
        more = _MANY_MORE if taken < _PROMPT else _MORE
        self._at_once = min(self._at_once + more, _MOST_AT_ONCE) if taken < _SOON else _AT_ONCE
        self._begin()

    def _put_off(
        self, waiting: Waiting, problem: str, after: float | None = None, level: int = logging.INFO
    ) -> None:
        again = waiting.put_off(self._clock.now(), random.random(), after)  # noqa: S311 - it spreads rooms, no secret
        if problem != waiting.problem:
            _log.log(level, "%s: %s is tried again: %s", waiting.room, waiting.current, problem)
        waiting.problem = problem
        if self._is_up and self._transport is not None and waiting.room not in self._transport.rooms:
            self._absent.add(waiting.room)
            self._returns.reset()
            again = min(again, self._clock.now() + timedelta(seconds=_FIRST_LOOK))
        self._alarm(again)

    def _forget_if_done(self, waiting: Waiting) -> None:
        if not waiting.deliveries and not waiting.busy and waiting.owed is None:
            self.rooms.pop(waiting.room, None)
