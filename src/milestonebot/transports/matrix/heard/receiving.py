"""From what a sync brings to messages: each once, in the order in which they were said.

What the homeserver left out of a sync (`limited`) is fetched first; what cannot be read for want of
its key waits a while for it. Until then the position that a restart goes on from does not move past.
Source: client-server API, "Syncing", "Room key requests".
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from milestonebot.backoff import Backoff
from milestonebot.errors import NetworkError, Refused
from milestonebot.transports.matrix.account.sealed import Sealed
from milestonebot.transports.matrix.wire.history import Unreadable

if TYPE_CHECKING:
    from datetime import datetime

    from milestonebot.ports import Message
    from milestonebot.transports.matrix.account.encryption import Encryption
    from milestonebot.transports.matrix.heard.answered import Answered
    from milestonebot.transports.matrix.heard.inbox import Inbox
    from milestonebot.transports.matrix.heard.progress import Progress
    from milestonebot.transports.matrix.heard.rooms import Rooms
    from milestonebot.transports.matrix.wire.history import History
    from milestonebot.transports.matrix.wire.news import News, RoomNews
    from milestonebot.transports.matrix.wire.stopping import Stopping

Json = dict[str, Any]

_log = logging.getLogger(__name__)

_SAID = {"types": ["m.room.message", "m.room.encrypted", "m.reaction"]}
_MOST_SEEN = 1000
_MOST_BEHIND = 20_000
"""Events that are fetched of one gap."""


@dataclass(slots=True)
class _Batch:
    """What one sync told of one room."""

    events: list[Json]
    gap: tuple[str, str] | None
    """The positions between which events were left out: the later, the earlier."""
    oldest: datetime
    token: str
    """What stands for the batch among what is not dealt with."""


class Receiving:
    """Hears for one account."""

    def __init__(  # noqa: PLR0913 - it joins what each of them does for itself
        self,
        *,
        rooms: Rooms,
        history: History,
        encryption: Encryption,
        progress: Progress,
        answered: Answered,
        inbox: Inbox,
        stopping: Stopping,
    ) -> None:
        """Put what was said into `inbox`."""
        self._rooms = rooms
        self._history = history
        self._encryption = encryption
        self._sealed = Sealed(encryption)
        self._progress = progress
        self._answered = answered
        self._inbox = inbox
        self._stopping = stopping
        self._seen: OrderedDict[str, None] = OrderedDict()
        """The ids of events that were told lately."""
        self._behind: dict[str, list[_Batch]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, news: News, since: str | None, oldest: datetime) -> bool:
        """Take in a sync that went on from `since`; return whether it brought anything that is new.

        What was said before `oldest` is passed over.
        """
        position, waiting = news.position, set[str]()
        found: list[Message] = []
        brought = False
        for room_id, each in news.joined.items():
            brought |= self._brings(each)
            batch = self._batch(room_id, each, since, oldest, f"{position} {room_id}")
            if batch.gap is None and room_id not in self._behind:
                fresh, sealed = self._messages(room_id, batch.events, oldest)
                found += fresh
                waiting |= {message.id for message in fresh} | sealed
            else:
                waiting.add(batch.token)
                self._queue(room_id, batch)
        self._progress.add(position, waiting)
        self._inbox.put(found)
        return brought or bool(waiting)

    @property
    def waits_for_keys(self) -> bool:
        """Tell whether there is anything to `look_again` at."""
        return bool(self._sealed)

    async def look_again(self, now: float) -> None:
        """Read what could not be read before, where its key has come; `now` is the loop's time."""
        for room_id, event, name in self._sealed.opened():
            messages = list(self._rooms.heard(room_id, [event], self._sealed.oldest(name)))
            self._sealed.forget(name)
            if not messages or name in self._answered:
                self._progress.done(name)
            else:
                self._inbox.put(messages)
        for name in self._sealed.given_up(now):
            self._progress.done(name)
        await self._sealed.ask()

    def close(self) -> None:
        """Fetch no more."""
        for task in self._tasks:
            task.cancel()

    def _batch(self, room_id: str, news: RoomNews, since: str | None, oldest: datetime, token: str) -> _Batch:
        self._rooms.take(room_id, news.state_events)
        gap = (news.before, since) if news.limited and news.before and since else None
        return _Batch(news.timeline, gap, oldest, token)

    def _messages(self, room_id: str, events: list[Json], oldest: datetime) -> tuple[list[Message], set[str]]:
        """Return what `events` say that is new, and the ids of those that cannot be read yet."""
        readable, sealed = [], set[str]()
        own = self._encryption.user
        for event in events:
            if event.get("sender") == own:
                continue
            opened = self._sealed.open(room_id, event)
            if opened is not None:
                readable.append(opened)
            elif (name := self._sealed.keep(room_id, event, oldest)) is not None and self._is_new(name):
                sealed.add(name)
        messages = list(self._rooms.heard(room_id, readable, oldest))
        return [message for message in messages if self._is_new(message.id)], sealed

    def _brings(self, news: RoomNews) -> bool:
        """Tell whether a room has events that were not told lately: an odd homeserver repeats itself."""
        brought = False
        for event in news.timeline:
            name = event.get("event_id")
            if isinstance(name, str) and name not in self._seen:
                brought = True
                self._seen[name] = None
        while len(self._seen) > _MOST_SEEN:
            self._seen.popitem(last=False)
        return brought

    def _is_new(self, event: str) -> bool:
        return event not in self._answered and event not in self._inbox

    def _queue(self, room_id: str, batch: _Batch) -> None:
        """Let `batch` wait until what was said before it is there."""
        if room_id in self._behind:
            self._behind[room_id].append(batch)
            return
        self._behind[room_id] = [batch]
        task = asyncio.create_task(self._catch_up(room_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _catch_up(self, room_id: str) -> None:
        """Deal with the batches of a room, one after another."""
        try:
            await self._catch_up_with(room_id, self._behind[room_id])
        except Exception:  # noqa: BLE001 - a homeserver may send what nobody thought of; it is logged
            _log.exception("%s: what was said there meanwhile could not be dealt with", room_id)
        finally:
            # Nothing is awaited between the last look and here: no batch can slip in between.
            del self._behind[room_id]

    async def _catch_up_with(self, room_id: str, batches: list[_Batch]) -> None:
        while batches:
            batch = batches[0]
            missing = [] if batch.gap is None else await self._missing(room_id, batch, *batch.gap)
            if self._stopping:
                return
            messages, sealed = self._messages(room_id, missing + batch.events, batch.oldest)
            self._progress.instead(batch.token, {message.id for message in messages} | sealed)
            self._inbox.put(messages)
            del batches[0]

    async def _missing(self, room_id: str, batch: _Batch, start: str, end: str) -> list[Json]:
        """Return what was left out, the oldest first; it is tried for as long as it takes."""
        backoff = Backoff(1.0, 60.0)
        while not self._stopping:
            try:
                return await self._fetched(room_id, batch, start, end)
            except (Refused, Unreadable) as error:
                _log.error("%s: what was said there meanwhile cannot be read: %s", room_id, error)
                return []
            except NetworkError as error:
                rest = max(error.after or 0.0, backoff.wait(random.random()))  # noqa: S311 - jitter
                _log.warning("%s: what was said there meanwhile: %s", room_id, error)
                await self._stopping.pause(rest)
        return []

    async def _fetched(self, room_id: str, batch: _Batch, start: str, end: str) -> list[Json]:
        found: list[Json] = []
        floor = batch.oldest.timestamp() * 1000
        async for event in self._history.back(room_id, _SAID, start, end):
            at = event.get("origin_server_ts")
            if isinstance(at, int) and at < floor:
                break
            found.append(event)
            if len(found) >= _MOST_BEHIND:
                _log.error("%s: more was said there meanwhile than can be read", room_id)
                break
        return found[::-1]
