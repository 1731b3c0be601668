"""Essex, from just after its second milestone to its release, as config.example.yaml announces it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from milestonebot.announcement import Occasion
from milestonebot.config import load_config
from milestonebot.store import open_outbox
from tests.announcer.playing import SetClock, World
from tests.asking import shipped
from tests.transports.scripted import ScriptedTransport

if TYPE_CHECKING:
    from milestonebot.outbox import Outbox
    from milestonebot.ports import Room

BEGIN, END = datetime(2011, 12, 20, tzinfo=UTC), datetime(2012, 4, 6, tzinfo=UTC)
EXAMPLE = load_config(Path(__file__).parents[2] / "config.example.yaml", {})
ZONES = {"nova-countdown": ZoneInfo("Europe/Paris")}

# Local time of the rule, room, rule, what it says.
TABLE = """
2012-01-12 14:00 #general countdown      essex-3 is in 14 days: Thu 26 Jan 2012
2012-01-19 09:00 #nova    nova-countdown Nova, essex-3 is in 7 days: Thu 26 Jan 2012
2012-01-19 14:00 #general countdown      essex-3 is in 7 days: Thu 26 Jan 2012
2012-01-25 14:00 #general countdown      essex-3 is tomorrow: Thu 26 Jan 2012
2012-01-26 09:00 #nova    nova-countdown Nova, essex-3 is today: Thu 26 Jan 2012
2012-01-26 14:00 #general countdown      essex-3 is today: Thu 26 Jan 2012
2012-01-26 14:00 #general released       essex-3 is out: released Thu 26 Jan 2012, today
2012-01-26 14:00 #nova    released       essex-3 is out: released Thu 26 Jan 2012, today
2012-02-16 14:00 #general countdown      essex-4 is in 14 days: Thu 1 Mar 2012
2012-02-23 09:00 #nova    nova-countdown Nova, essex-4 is in 7 days: Thu 1 Mar 2012
2012-02-23 14:00 #general countdown      essex-4 is in 7 days: Thu 1 Mar 2012
2012-02-29 14:00 #general countdown      essex-4 is tomorrow: Thu 1 Mar 2012
2012-03-01 09:00 #nova    nova-countdown Nova, essex-4 is today: Thu 1 Mar 2012
2012-03-01 14:00 #general countdown      essex-4 is today: Thu 1 Mar 2012
2012-03-01 14:00 #general released       essex-4 is out: released Thu 1 Mar 2012, today
2012-03-01 14:00 #nova    released       essex-4 is out: released Thu 1 Mar 2012, today
2012-03-22 14:00 #general countdown      Essex 2012.1 release is in 14 days: Thu 5 Apr 2012
2012-03-29 09:00 #nova    nova-countdown Nova, Essex 2012.1 release is in 7 days: Thu 5 Apr 2012
2012-03-29 14:00 #general countdown      Essex 2012.1 release is in 7 days: Thu 5 Apr 2012
2012-04-04 14:00 #general countdown      Essex 2012.1 release is tomorrow: Thu 5 Apr 2012
2012-04-05 09:00 #nova    nova-countdown Nova, Essex 2012.1 release is today: Thu 5 Apr 2012
2012-04-05 14:00 #general countdown      Essex 2012.1 release is today: Thu 5 Apr 2012
2012-04-05 14:00 #general released       Essex 2012.1 release is out: released Thu 5 Apr 2012, today
2012-04-05 14:00 #nova    released       Essex 2012.1 release is out: released Thu 5 Apr 2012, today
""".strip().splitlines()
# By cron, told as how often: every Thursday and Monday of these weeks, and one day of the year.
OTHERS = {("meeting", "#nova"): 16, ("weekly", "#general"): 15, ("elections", "#general"): 1}


class Told(ScriptedTransport):
    """Notes what is announced with the time at which it is."""

    def __init__(self, clock: SetClock) -> None:
        super().__init__("terminal")
        self.clock = clock
        self.lines: list[str] = []
        self.others: dict[tuple[str, str], int] = {}
        self.connect()

    async def announce(self, room: Room, part: str, key: str) -> str | None:
        event = await super().announce(room, part, key)
        rule = key.partition("/")[0]
        if rule in {"countdown", "nova-countdown", "released"}:
            local = self.clock.at.astimezone(ZONES.get(rule, UTC))
            said = part.partition(" · ")[0]
            self.lines.append(f"{local:%Y-%m-%d %H:%M} {room.name:8} {rule:14} {said}")
        else:
            self.others[rule, room.name] = self.others.get((rule, room.name), 0) + 1
        return event


def world(told: Told, outbox: Outbox) -> World:
    return World(told.clock, EXAMPLE.announcements, [told], shipped(), EXAMPLE.settings, outbox)


def test_the_table_is_of_all_countdowns_and_releases_of_the_example() -> None:
    rules = {
        each.name
        for each in EXAMPLE.announcements
        if each.occasion in {Occasion.COUNTDOWN, Occasion.RELEASED}
    }
    assert rules == {line.split()[3] for line in TABLE}


@pytest.mark.slow
async def test_each_is_announced_in_its_rooms_at_its_local_time_once(tmp_path: Path) -> None:
    told = Told(SetClock(BEGIN))
    outbox = await open_outbox(tmp_path / "outbox.db", clock=told.clock)
    play = world(told, outbox)
    await play.look()
    await play.run(END)
    await play.announcer.stop(1)
    await outbox.close()
    assert sorted(told.lines) == sorted(TABLE)
    assert told.others == OTHERS


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_restarts_change_nothing(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - what happens needs a seed, not secrecy
    told = Told(SetClock(BEGIN))
    stops = sorted(BEGIN + (END - BEGIN) * chance.random() for _ in range(20))
    # And just around a moment at which something is due.
    stops = sorted(
        [*stops, *(datetime(2012, 1, 26, 14, tzinfo=UTC) + timedelta(seconds=n) for n in (-1, 0, 1))]
    )
    for until in [*stops, END]:
        outbox = await open_outbox(tmp_path / "outbox.db", clock=told.clock)
        play = world(told, outbox)
        await play.look()
        await play.run(until)
        await play.announcer.stop(1)
        await outbox.close()
    assert sorted(told.lines) == sorted(TABLE)
    assert told.others == OTHERS
