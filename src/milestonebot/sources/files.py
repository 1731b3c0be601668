"""Several milestones files become one body of facts, and every problem of all of them is told."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from milestonebot.errors import ConfigError, Problem
from milestonebot.model import Facts
from milestonebot.names import key, near
from milestonebot.sources.doubts import doubts
from milestonebot.yamlfile import TOLD, read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from milestonebot.model import ProjectGroup
    from milestonebot.sources.doubts import Doubt
    from milestonebot.sources.reading import Mention

_TELLING = 4
"""Letters from which on a name that is all but another is a slip of the pen: b1 is none for a1."""


def read_files(files: Iterable[tuple[Path, str]], source_of: Callable[[str, int], str]) -> Facts:
    """Return the facts of `files`, pairs of a path and the name that problems give it.

    `source_of` gives Origin.source for that name and a line. ConfigError tells all problems.
    """
    return check_files(files, source_of)[0]


def check_files(
    files: Iterable[tuple[Path, str]], source_of: Callable[[str, int], str]
) -> tuple[Facts, list[Doubt]]:
    """Do the same, and return beside the facts what may be doubted in them."""
    from milestonebot.sources.milestones_file import (  # noqa: PLC0415 - its models are 60 ms of the start
        read_milestones,
    )

    parts: list[Facts] = []
    doubted: list[Doubt] = []
    problems: list[Problem] = []
    declared: list[Mention] = []
    mentioned: list[Mention] = []
    unread = False
    for path, shown in files:
        try:
            facts, reading = read_milestones(read_file(path, shown, go_on=True), source_of)
        except ConfigError as error:
            problems += error.problems
            unread = True
            continue
        parts.append(facts)
        doubted += doubts(reading, facts)
        problems += reading.problems
        declared += reading.declared
        mentioned += reading.mentioned
    if not unread:  # what it declares is not known
        problems += _misspelt(mentioned, declared)
    if problems:
        raise ConfigError(tuple(_first(problems)))
    return _together(parts), doubted


def _first(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems file by file, in order; of each file at most `TOLD`, and how many more there are."""
    ordered = sorted(problems, key=lambda each: (each.file, each.line, each.column))
    for file, found in groupby(ordered, key=attrgetter("file")):
        every = list(found)
        yield from every[:TOLD]
        if left := every[TOLD:]:
            message = f"and at least {len(left):,} more problems from here on"
            yield Problem(file, left[0].line, left[0].column, message)


def _together(parts: list[Facts]) -> Facts:
    groups: dict[str, ProjectGroup] = {}
    for part in parts:
        for group in part.groups:
            known = groups.get(group.name)
            if known is None or (known.title is None and group.title is not None):
                groups[group.name] = group
    return Facts(
        groups=tuple(groups.values()),
        projects=tuple(each for part in parts for each in part.projects),
        series=tuple(each for part in parts for each in part.series),
        milestones=tuple(each for part in parts for each in part.milestones),
        releases=tuple(each for part in parts for each in part.releases),
        blueprints=tuple(each for part in parts for each in part.blueprints),
        posts=tuple(each for part in parts for each in part.posts),
    )


def _misspelt(mentioned: Iterable[Mention], declared: Iterable[Mention]) -> Iterator[Problem]:
    """Tell of names that nothing declares and that are all but one that something does."""
    names: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for each in declared:
        names[each.kind].setdefault(key(each.name), each.name)
    for each in mentioned:
        known = names[each.kind]
        asked = key(each.name)
        if asked in known or sum(map(str.isalpha, asked)) < _TELLING:
            continue
        keys = list(known)
        meant = [known[keys[i]] for i in near(asked, keys) if _digits(keys[i]) == _digits(asked)]
        if meant:
            message = f"no {each.kind} is called {each.name}; did you mean {meant[0]}? If not, declare it too"
            yield Problem(each.file, each.line, each.column, message)


def _digits(name: str) -> list[str]:
    """Return the numbers in a name: essex-2 is no slip of the pen for essex-1."""
    return re.findall(r"\d+", name)
