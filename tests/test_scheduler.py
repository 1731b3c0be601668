"""Waking up: at the moment, whatever the clock, the machine and the jobs do."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from milestonebot.scheduler import Scheduler
from tests.virtual import MachineClock, virtually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BEGIN = datetime(2012, 1, 26, 13, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOON = 20.0
"""Seconds within which a clock that was set is noticed."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MachineClock:
    clock = MachineClock(BEGIN)
    clock.install(monkeypatch, "apscheduler.schedulers.base", "apscheduler.triggers.interval")
    return clock


@pytest.fixture(autouse=True)
def _nothing_of_the_library_goes_wrong(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)


class Rung:
    """A job that notes when it was run."""

    def __init__(self, clock: MachineClock, takes: float = 0.0) -> None:
        self.clock, self.takes = clock, takes
        self.times: list[datetime] = []
        self.at_once = self.most = 0

    async def __call__(self) -> None:
        self.times.append(self.clock.now())
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await asyncio.sleep(self.takes)
        finally:
            self.at_once -= 1


@asynccontextmanager
async def running(clock: MachineClock) -> AsyncIterator[Scheduler]:
    scheduler = Scheduler(clock)
    scheduler.start()
    try:
        yield scheduler
    finally:
        await scheduler.stop()


def test_it_wakes_at_the_moment_once(clock: MachineClock) -> None:
    async def run() -> None:
        rung = Rung(clock)
        async with running(clock) as scheduler:
            scheduler.at(BEGIN + 5 * HOUR, "it", rung)
            await asyncio.sleep(24 * 3600)
        assert len(rung.times) == 1
        assert timedelta() <= rung.times[0] - (BEGIN + 5 * HOUR) < timedelta(seconds=1)

    virtually(run())


def test_a_later_word_replaces_the_moment(clock: MachineClock) -> None:
    async def run() -> None:
        early, late = Rung(clock), Rung(clock)
        async with running(clock) as scheduler:
            scheduler.at(BEGIN + HOUR, "it", early)
            scheduler.at(BEGIN + 2 * HOUR, "it", late)
            await asyncio.sleep(24 * 3600)
        assert (len(early.times), len(late.times)) == (0, 1)

    virtually(run())


@pytest.mark.parametrize("late", [timedelta(seconds=5), 300 * 24 * HOUR])
def test_what_is_past_is_run_at_once(late: timedelta, clock: MachineClock) -> None:
    async def run() -> None:
        rung = Rung(clock)
        async with running(clock) as scheduler:
            scheduler.at(BEGIN - late, "it", rung)
            await asyncio.sleep(1)
        assert len(rung.times) == 1

    virtually(run())


@pytest.mark.parametrize("far", [datetime.max.replace(tzinfo=UTC), BEGIN + 40 * 365 * 24 * HOUR])
def test_what_is_far_ahead_is_asked_for_again_within_a_day(far: datetime, clock: MachineClock) -> None:
    async def run() -> None:
        rung = Rung(clock)
        async with running(clock) as scheduler:
            scheduler.at(far, "it", rung)
            await asyncio.sleep(24 * 3600 + 1)
        assert len(rung.times) == 1

    virtually(run())


def test_a_clock_set_forward_does_not_make_it_late(
    clock: MachineClock, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        rung = Rung(clock)
        async with running(clock) as scheduler:
            scheduler.at(BEGIN + HOUR, "it", rung)
            await asyncio.sleep(60)
            clock.off = 2 * HOUR
            await asyncio.sleep(SOON)
            assert len(rung.times) == 1
        assert "the machine's clock went off by +7200 s" in caplog.text

    virtually(run())


def test_a_clock_set_back_does_not_stop_what_is_done_every_minute(clock: MachineClock) -> None:
    async def run() -> None:
        rung = Rung(clock)
        async with running(clock) as scheduler:
            scheduler.every(60, "it", rung)
            await asyncio.sleep(130)
            assert len(rung.times) == 2
            clock.off = -24 * HOUR
            await asyncio.sleep(600)
            assert 9 <= len(rung.times) - 2 <= 11

    virtually(run())


def test_a_machine_that_slept_does_once_what_it_missed(clock: MachineClock) -> None:
    async def run() -> None:
        rung = Rung(clock)
        async with running(clock) as scheduler:
            scheduler.every(60, "it", rung)
            await asyncio.sleep(90)
            clock.off = 8 * HOUR
            await asyncio.sleep(SOON)
            assert len(rung.times) == 2

    virtually(run())


def test_a_job_that_raises_is_logged_and_done_again(
    clock: MachineClock, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        rung = Rung(clock)

        async def raising() -> None:
            await rung()
            raise ZeroDivisionError

        async with running(clock) as scheduler:
            scheduler.every(60, "the sums", raising)
            await asyncio.sleep(150)
        assert len(rung.times) == 2
        assert "the sums went wrong" in caplog.text
        assert "ZeroDivisionError" in caplog.text

    virtually(run())


def test_a_job_is_never_run_twice_at_once_and_no_wake_up_is_lost(
    clock: MachineClock, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        rung = Rung(clock, takes=100)
        async with running(clock) as scheduler:
            scheduler.at(BEGIN + timedelta(seconds=10), "it", rung)
            await asyncio.sleep(50)
            for seconds in (55, 60, 65):
                scheduler.at(BEGIN + timedelta(seconds=seconds), "it", rung)
                await asyncio.sleep(5)
            await asyncio.sleep(1000)
        assert rung.most == 1
        assert [round((each - BEGIN).total_seconds()) for each in rung.times] == [10, 110]
        assert not caplog.records

    virtually(run())


def test_it_stops_while_a_job_runs(clock: MachineClock, caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        rung = Rung(clock, takes=1000)
        async with running(clock) as scheduler:
            scheduler.every(60, "it", rung)
            await asyncio.sleep(61)
            assert rung.at_once == 1
            stopped = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() == stopped
        assert rung.at_once == 0
        await asyncio.sleep(600)
        assert len(rung.times) == 1
        assert not caplog.records
        assert asyncio.all_tasks() == {asyncio.current_task()}

    virtually(run())


def test_what_is_forgotten_is_not_run(clock: MachineClock) -> None:
    async def run() -> None:
        first, second, other = Rung(clock), Rung(clock), Rung(clock)
        async with running(clock) as scheduler:
            scheduler.every(60, "source 0", first)
            scheduler.every(60, "source 1", second)
            scheduler.every(60, "looking", other)
            scheduler.forget("source")
            await asyncio.sleep(61)
        assert [len(each.times) for each in (first, second, other)] == [0, 0, 1]

    virtually(run())


def test_what_was_never_started_can_be_stopped(clock: MachineClock) -> None:
    async def run() -> None:
        await Scheduler(clock).stop()

    virtually(run())


@pytest.mark.parametrize("zone", ["Nowhere/At_All", ":/no/such/file", "Pacific/Auckland"])
def test_the_zone_of_the_machine_does_not_matter(
    zone: str, clock: MachineClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    monkeypatch.setattr("tzlocal.unix._cache_tz", None)
    test_it_wakes_at_the_moment_once(clock)
    test_a_clock_set_back_does_not_stop_what_is_done_every_minute(clock)
