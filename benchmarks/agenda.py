"""What is due: a year of `milestonebot plan`, and looks at many announcements in many rooms."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import clock, made, start
from benchmarks.figures import Figure
from milestonebot.agenda import coming, look, wake
from milestonebot.announcement import Announcement, Occasion, Scope
from milestonebot.catalog import Catalog
from milestonebot.outbox import Memory
from milestonebot.ports import Room

if TYPE_CHECKING:
    from milestonebot.outbox import Planned

PLAN_GOAL = 2.0
"""Seconds of CPU for the plan of a year, its words included."""
LOOK_GOAL = 50.0
"""ms in which the bot answers nobody, about once a minute."""
RULES = ROOMS = 100
_CONFIG = Path(__file__).parents[1] / "config.example.yaml"
_YEARS = ("2011-12-20", "2026-11-22")
_TODAY = datetime(made.TODAY.year, made.TODAY.month, made.TODAY.day, tzinfo=UTC)
_ZONES = ("UTC", "Europe/Paris", "America/New_York", "AoE")


def figures() -> list[Figure]:
    """Measure the plan as a person asks for it, and the agenda alone."""
    return [*_plans(), *_looks()]


def _plans() -> list[Figure]:
    own = min(start.cpu([sys.executable, "-c", "pass"]) for _ in range(15))
    plan = [start.milestonebot(), "plan", "--config", str(_CONFIG), "--days", "365"]
    spent = {day: min(start.cpu([*plan, "--at", day]) for _ in range(3)) for day in _YEARS}
    told = [Figure("python -c pass", own, "s")]
    return told + [
        Figure(f"plan of the year from {day}, shipped catalog", cpu, "s", PLAN_GOAL)
        for day, cpu in spent.items()
    ]


def _looks() -> list[Figure]:
    catalog, rules = Catalog.of(made.facts()), list(map(_rule, range(RULES)))
    first = look(catalog, rules, Memory(), _TODAY - timedelta(days=30), "UTC")
    memory = Memory(first.watermark, first.started, first.known)
    quiet = Memory(_TODAY, first.started, first.known)
    what = f"{RULES} rules, {ROOMS} rooms each, {made.MILESTONES:,} milestones"

    def again() -> Planned:
        return look(catalog, rules, quiet, _TODAY + timedelta(minutes=1), "UTC")

    late = look(catalog, rules, memory, _TODAY, "UTC")
    month = coming(catalog, rules, _TODAY, _TODAY + timedelta(days=30))
    assert late.deliveries
    assert month
    return [
        Figure(f"look a minute later: {what}", clock.seconds(again) * 1e3, "ms", LOOK_GOAL),
        Figure(
            f"look a month later: {len(late.deliveries):,} deliveries",
            clock.seconds(lambda: look(catalog, rules, memory, _TODAY, "UTC")) * 1e3,
            "ms",
        ),
        Figure(
            "when to look next",
            clock.seconds(lambda: wake(catalog, rules, memory, _TODAY)) * 1e3,
            "ms",
            LOOK_GOAL,
        ),
        Figure(
            f"the month ahead: {len(month):,} deliveries",
            clock.seconds(lambda: coming(catalog, rules, _TODAY, _TODAY + timedelta(days=30))) * 1e3,
            "ms",
        ),
    ]


def _rule(number: int) -> Announcement:
    occasion = list(Occasion)[number % len(Occasion)]
    by_cron = occasion in {Occasion.DIGEST, Occasion.NOTE}
    return Announcement(
        f"rule-{number}",
        occasion,
        tuple(Room("network", f"#room-{number}-{room}") for room in range(ROOMS)),
        Scope(
            "made", series=None if number % 2 else made.milestone_name(number % 100 * 10).rpartition("-")[0]
        ),
        zone=_ZONES[number % len(_ZONES)],
        at=None if by_cron else time(number % 24, 30),
        before=(14, 7, 1, 0) if occasion is Occasion.COUNTDOWN else (),
        cron=f"{number % 60} 14 * * mon" if by_cron else None,
        text="Thanks." if occasion is Occasion.NOTE else None,
    )
