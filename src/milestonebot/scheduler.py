"""When to wake up next: the only file that knows APScheduler, which keeps nothing on disk.

APScheduler only rings: what is to be done runs in tasks of its own here. It would drop a wake-up that
comes while the job of the one before still runs, and log a traceback for a job that is cancelled.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from milestonebot.ports import Clock

_log = logging.getLogger(__name__)

_FARTHEST = timedelta(days=1)
"""No wake-up is set farther ahead; whoever is woken early asks again."""
_WATCH = 15.0
"""Seconds between looks whether somebody set the clock."""
_STEP = 2.0
"""Seconds by which the clock has to be off for that."""

_SETTINGS = {
    # By default, a wake-up that is a second late never comes.
    "misfire_grace_time": None,
    # After a sleep of the machine, one wake-up stands for all that were missed.
    "coalesce": True,
    "max_instances": 1,
}


class Scheduler:
    """Wakes its jobs, each never twice at once; one that is due while it runs runs once more after."""

    def __init__(self, clock: Clock) -> None:
        """Take `clock` to notice that the machine's was set."""
        self._clock = clock
        # Named here, the zone of the machine is not looked for: where it is misconfigured, that fails.
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=_SETTINGS)
        self._jobs: dict[str, Callable[[], Awaitable[None]]] = {}
        self._intervals: dict[str, float] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to wake; in a running event loop."""
        self._scheduler.start()
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    def at(self, moment: datetime, name: str, job: Callable[[], Awaitable[None]]) -> None:
        """Run `job` at `moment`, in place of when `name` was to run before; at once where it is past."""
        self._jobs[name] = job
        moment = min(moment, self._clock.now() + _FARTHEST)
        self._set(name, DateTrigger(moment.astimezone(UTC), UTC))

    def every(self, seconds: float, name: str, job: Callable[[], Awaitable[None]]) -> None:
        """Run `job` every so many seconds, the first time after as many."""
        self._jobs[name] = job
        self._intervals[name] = seconds
        self._set(name, self._interval(seconds))

    def forget(self, name: str) -> None:
        """Wake the jobs no more whose names begin with `name`; what runs is let run."""
        for each in [each for each in self._jobs if each.startswith(name)]:
            del self._jobs[each]
            self._intervals.pop(each, None)
            if self._scheduler.get_job(each) is not None:
                self._scheduler.remove_job(each)

    async def stop(self) -> None:
        """Wake nothing any more, and end what runs."""
        if self._watching is not None:
            self._watching.cancel()
            self._scheduler.shutdown(wait=False)
        self._again.clear()
        tasks = [each for each in (*self._running.values(), self._watching) if each is not None]
        for each in self._running.values():
            each.cancel()
        self._jobs.clear()
        # It shuts down in a callback of the loop: this lets it.
        await asyncio.gather(*tasks, asyncio.sleep(0), return_exceptions=True)

    def _set(self, name: str, trigger: DateTrigger | IntervalTrigger) -> None:
        self._scheduler.add_job(self._ring, trigger, args=(name,), id=name, replace_existing=True)

    @staticmethod
    def _interval(seconds: float) -> IntervalTrigger:
        return IntervalTrigger(seconds=seconds, timezone=UTC)

    async def _ring(self, name: str) -> None:
        """Begin the job's task, or let it run once more. A coroutine: functions would be run in threads."""
        if name in self._running:
            self._again.add(name)
        elif name in self._jobs:
            task = asyncio.get_running_loop().create_task(self._run(name))
            self._running[name] = task

    async def _run(self, name: str) -> None:
        try:
            while name in self._jobs:
                self._again.discard(name)
                try:
                    await self._jobs[name]()
                except Exception:  # noqa: BLE001 - a job is done again when its time comes; it is logged
                    _log.exception("%s went wrong; it is done again when its time comes", name)
                if name not in self._again:
                    return
        finally:
            del self._running[name]

    async def _watch(self) -> None:
        """Notice a clock that was set, and a machine that slept.

        APScheduler waits by a clock that nobody can set: what the machine's clock says now is due would
        wait as long as before. Set back, an interval would pause for as long as the clock was set back.
        """
        loop = asyncio.get_running_loop()
        offset = self._clock.now().timestamp() - loop.time()
        while True:
            await asyncio.sleep(_WATCH)
            now = self._clock.now().timestamp() - loop.time()
            if abs(now - offset) > _STEP:
                _log.warning("the machine's clock went off by %+.0f s", now - offset)
                for name, seconds in self._intervals.items():
                    self._set(name, self._interval(seconds))
                self._scheduler.wakeup()
                for name in self._intervals:
                    await self._ring(name)
            offset = now
