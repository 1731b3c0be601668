"""Look-ups in a catalog of 100,000 blueprints in 1,000 milestones, from loaded facts."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import TYPE_CHECKING

from benchmarks import clock, made
from benchmarks.figures import Figure
from milestonebot import missing
from milestonebot.catalog import Catalog
from milestonebot.lookup import Lookup
from milestonebot.search import SearchIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.model import Facts

EXACT, NEAR, SEARCH, SNAPSHOT = 20.0, 25.0, 50.0, 3.0
"""The goals: µs, ms, ms, s."""
_MICRO, _MILLI = 1e6, 1e3
_SAMPLE = 5_000


def figures(facts: Facts) -> list[Figure]:
    """Measure the snapshot of `facts` and the look-ups in it."""
    catalog = Catalog.of(facts)
    return [
        Figure("snapshot built", clock.seconds(partial(Catalog.of, facts), 3), "s", SNAPSHOT),
        *_exact(catalog),
        *_near(catalog),
        *_search(catalog),
    ]


def _exact(catalog: Catalog) -> list[Figure]:
    lookup, random = Lookup(catalog, made.TODAY), Random(1)
    blueprints = [each.name for each in random.sample(catalog.facts.blueprints, _SAMPLE)]
    names = [made.milestone_name(number) for number in range(made.MILESTONES)]
    # Each spelling once: no key is remembered from the one before.
    milestones = [spelled for name in names for spelled in _spellings(name)]
    series = [each.version or "" for each in random.choices(catalog.facts.series, k=_SAMPLE)]
    random.shuffle(milestones)
    assert all(lookup.blueprints(name) for name in blueprints)
    assert all(lookup.milestone(name) for name in milestones)
    assert len(set(milestones)) == _SAMPLE
    taken = {
        "blueprint by its name": clock.each(lookup.blueprints, blueprints),
        "milestone as people type it: essex-2, Essex 2 …": clock.each(lookup.milestone, milestones),
        "series by its version": clock.each(lookup.series, series),
    }
    return [Figure(what, value * _MICRO, "µs", EXACT) for what, value in taken.items()]


def _spellings(name: str) -> tuple[str, ...]:
    return name, name.upper(), name.replace("-", " "), name.title().replace("-", "_"), name.replace("-", "")


def _near(catalog: Catalog) -> list[Figure]:
    lookup = Lookup(catalog, made.TODAY)
    names = [each.name for each in Random(2).sample(catalog.facts.blueprints, 20)]
    errors = {
        "near miss of a blueprint, a letter wrong": (missing.blueprint, [_slip(name) for name in names]),
        "near miss of a blueprint, far from all": (missing.blueprint, ["x", "no-such-thing", "a-thing-" * 6]),
        "near miss of a blueprint, 200 characters": (missing.blueprint, ["z" * 200, "move-cache-" * 20]),
        "near miss of a milestone": (missing.milestone, ["aegntax-2", "indexx 7", "no-such-thing"]),
        "near miss of a date, as in !when": (missing.dated, ["aegntax-2", "feature freze"]),
    }
    suggested = [missing.blueprint(lookup, _slip(name)).suggestions for name in names]
    assert all(name in each for name, each in zip(names, suggested, strict=True))
    return [
        Figure(what, clock.worst(partial(tell, lookup), asked) * _MILLI, "ms", NEAR)
        for what, (tell, asked) in errors.items()
    ]


def _search(catalog: Catalog) -> list[Figure]:
    index = SearchIndex(catalog)
    asked = {
        "a rare word": made.RARE,
        "two words": f"{made.MEDIUM} cache",
        "a word that a third of the titles say": made.COMMON,
        "eight words, all common": "support for cache agent move limit server zone",
        "eight letters, each the start of many words": "a c e l m p s t",
        "a word with a slip": f"{made.RARE[:3]}{made.RARE[4:]}",
    }
    made_once = clock.seconds(partial(SearchIndex, catalog), 3)
    taken = {what: clock.seconds(partial(_found, index, words)) for what, words in asked.items()}
    return [
        Figure("search index made, at a snapshot's first search", made_once, "s"),
        *(Figure(f"search: {what}", value * _MILLI, "ms", SEARCH) for what, value in taken.items()),
    ]


def _found(index: SearchIndex, words: str) -> Sequence[object]:
    found = index.search(words, 10)
    assert found
    return found


def _slip(name: str) -> str:
    """Return `name` with two letters swapped, as a hurried person types it."""
    at = next(at for at in range(2, len(name)) if name[at].isalpha() and name[at + 1] not in ("-", name[at]))
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
