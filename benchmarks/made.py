"""A made catalog of a size that no project has: what is quick here is quick anywhere.

The names are built like real blueprints' names, from few words, so that many are near each other:
that is the worst for a near miss and for a search.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from milestonebot.model import (
    Blueprint,
    Claim,
    Facts,
    Milestone,
    Origin,
    Project,
    ProjectGroup,
    Release,
    Series,
)
from milestonebot.when import When

if TYPE_CHECKING:
    from collections.abc import Iterator

BLUEPRINTS, MILESTONES, SERIES, PROJECTS = 100_000, 1_000, 100, 200
TODAY = date(2020, 6, 15)
COMMON, MEDIUM, RARE = "support", "quota", "zephyr"
"""Words that a third, a fiftieth, and about ten of the titles say."""

_GROUP = "made"
_ORIGIN = Origin("made", "benchmarks/made.py", TODAY)
_FIRST = date(1996, 1, 4)
_CYCLE = timedelta(days=182)
_SEED = 20111215
_VERB_WORDS = (
    "add allow clean convert drop enable expose extend fix limit move report split store trace unify"
)
_THING_WORDS = """
agent api audit backup cache cell cert client cluster config console disk driver event filter flavor
guest host image index job kernel key label lease link lock log metric migration mirror model network
node notice object page path plugin policy pool port proxy queue quorum rate record region report role
router rule scheduler schema secret server session share snapshot state stats storage stream subnet
swift table task template tenant test thread token topic tunnel upload user vault vm volume watch worker
"""
_VERBS, _THINGS = _VERB_WORDS.split(), _THING_WORDS.split()
_STATUSES = ("Implemented", "Started", "Good progress", "Needs Code Review", "Blocked", None)


def facts() -> Facts:
    """Return the facts, the same in every run."""
    random = Random(_SEED)
    projects = tuple(Project(_project(number), _GROUP, _ORIGIN) for number in range(PROJECTS))
    series = tuple(_series(number) for number in range(SERIES))
    return Facts(
        groups=(ProjectGroup(_GROUP, _ORIGIN),),
        projects=projects,
        series=series,
        milestones=tuple(_milestones()),
        releases=tuple(
            Release(f"{each.version}.{number % 7}", _GROUP, _ORIGIN, project=project.name, series=each.name)
            for each in series
            for number, project in enumerate(projects[:50])
        ),
        blueprints=tuple(_blueprints(random)),
    )


def wide_facts() -> Facts:
    """Return facts that are all in one series: 1,000 dates, and 1,000 blueprints for one of them."""
    days = [_FIRST + timedelta(days=9 * number) for number in range(1000)]
    dated = [
        Milestone(f"wide-{number}", _GROUP, _ORIGIN, series="wide", claims=(Claim(When.day(day), _ORIGIN),))
        for number, day in enumerate(days)
    ]
    named = [
        Blueprint(f"blueprint-{number}", _project(number % PROJECTS), _GROUP, _ORIGIN, milestone="wide-7")
        for number in range(1000)
    ]
    series = Series("wide", _GROUP, _ORIGIN, release=(Claim(When.day(days[-1]), _ORIGIN),))
    return Facts(series=(series,), milestones=tuple(dated), blueprints=tuple(named))


def milestone_name(number: int) -> str:
    """Return the name of milestone `number`, from 0 to 999."""
    return f"{_name(number // 10)}-{number % 10 + 1}"


def _name(number: int) -> str:
    """Return one of 100 names of series: no two are less than two letters apart."""
    return f"{_THINGS[number % 50]}{'aeiou'[number // 50]}x"


def _project(number: int) -> str:
    return f"{_THINGS[number % len(_THINGS)]}{number // len(_THINGS) or ''}"


def _series(number: int) -> Series:
    start = _FIRST + number * _CYCLE
    claim = Claim(When.day(start + _CYCLE), _ORIGIN)
    version = f"{start.year}.{1 + number % 2}"
    return Series(
        _name(number),
        _GROUP,
        _ORIGIN,
        version=version,
        starts=When.day(start),
        release=(claim,),
        released=True,
    )


def _milestones() -> Iterator[Milestone]:
    for number in range(MILESTONES):
        day = _FIRST + number // 10 * _CYCLE + timedelta(days=14 * (number % 10 + 1))
        claims = (Claim(When.day(day), _ORIGIN), Claim(When.days(day, day + timedelta(days=4)), _ORIGIN))
        yield Milestone(
            milestone_name(number), _GROUP, _ORIGIN, series=_name(number // 10), claims=claims, released=True
        )


def _blueprints(random: Random) -> Iterator[Blueprint]:
    for number in range(BLUEPRINTS):
        project = _project(random.randrange(PROJECTS))
        words = [random.choice(_VERBS), *random.choices(_THINGS, k=random.choice((2, 2, 3)))]
        title = [*words, "for", *random.choices(_THINGS, k=2)]
        title += [COMMON] * (number % 3 == 0) + [MEDIUM] * (number % 50 == 0) + [RARE] * (number % 9973 == 0)
        name = f"{'-'.join(words)}-{number % 997}"
        yield Blueprint(
            name,
            project,
            _GROUP,
            _ORIGIN,
            title=" ".join(title).capitalize(),
            url=f"https://blueprints.example.org/{project}/+spec/{name}",
            milestone=milestone_name(number // (BLUEPRINTS // MILESTONES)),
            series=_name(number // (BLUEPRINTS // SERIES)),
            status=random.choice(_STATUSES),
            assignee=f"person-{random.randrange(5000)}",
        )
