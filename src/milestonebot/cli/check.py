"""`milestonebot check`: every mistake in a config and its data, each with its line."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from glob import has_magic
from pathlib import Path
from typing import TYPE_CHECKING

from milestonebot import phrases
from milestonebot.app import plan
from milestonebot.catalog import Catalog
from milestonebot.errors import ConfigError, MilestonebotError, Problem, SourceError
from milestonebot.sources.yaml import YamlSource
from milestonebot.yamlfile import read_file

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from milestonebot.app import Plan
    from milestonebot.config import Config
    from milestonebot.model import Facts
    from milestonebot.ports import Source
    from milestonebot.sources.doubts import Doubt

FINE, WRONG = 0, 1
_USUAL = "config.yaml"
_CONFIG = frozenset(("networks", "catalog", "state", "prefix"))
"""Keys that a config has, and no milestones file."""
_POSTS = frozenset((".htm", ".html", ".md", ".markdown"))
_DATA = frozenset(("group", "milestones", "series", "releases"))
"""Keys that a milestones file has, and no config."""


def run(parsed: Namespace) -> int:
    """Print what is wrong, or what the files hold; return 1 where anything is wrong."""
    if parsed.data and parsed.config:
        raise MilestonebotError(
            "name a config or milestones files, not both: a config names its files itself"
        )
    if not parsed.data and not parsed.config:
        parsed.config = _config_here()
    parsed.room = None
    try:
        planned = plan(parsed)
    except ConfigError as error:
        code = _wrong([*error.problems, *_of_data(parsed.config)])
        _hint([parsed.config], _DATA, "were a milestones file: milestonebot check")
        return code
    read = asyncio.run(_read(planned.sources))
    read.problems += _matching_nothing(parsed.data)
    warnings = planned.config.warnings if planned.config is not None else ()
    if read.problems or read.unread:
        code = _wrong([*warnings, *read.problems], read.unread)
        _hint(parsed.data, _CONFIG, "were a config: milestonebot check --config")
        return code
    catalog = Catalog.of(*read.facts)
    told = list(_warnings(planned, read, catalog))
    for warning in told:
        print(warning)
    doubtful = f", but for {phrases.count(len(told), 'warning')}" if told else ""
    print(f"{', '.join(parsed.data or [parsed.config])}: fine{doubtful}. {_held(catalog)}")
    return FINE


@dataclass(slots=True)
class _Sources:
    """What all sources said; one that is wrong does not keep the next from being read."""

    facts: list[Facts] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """What keeps a source from being read, where that is no mistake in a file."""
    doubts: list[Doubt] = field(default_factory=list)


async def _read(sources: Iterable[Source]) -> _Sources:
    read = _Sources()
    for source in sources:
        try:
            if isinstance(source, YamlSource):
                facts, doubts = source.check()
                read.doubts += doubts
            else:
                facts = await source.load()
        except ConfigError as error:
            read.problems += error.problems
        except SourceError as error:
            read.unread.append(str(error))
        else:
            read.facts.append(facts)
    return read


def _config_here() -> str:
    if not Path(_USUAL).exists():
        raise MilestonebotError(
            f"there is no {_USUAL} here; name the config (--config FILE), or milestones files (FILE …)"
        )
    return _USUAL


def _matching_nothing(paths: Iterable[str]) -> list[Problem]:
    """Return what is wrong with patterns that a shell has left as they are."""
    empty = (each for each in paths if has_magic(each) and not YamlSource([each], Path()).files())
    return [Problem(each, 0, 0, "matches no file") for each in empty]


def _hint(paths: Iterable[str], keys: frozenset[str], command: str) -> None:
    """Say how to check the files among `paths` that have one of `keys`: they are of the other kind."""
    for path in paths:
        if Path(path).suffix.lower() in _POSTS:
            print(f"{path} looks as if it were a post: milestonebot import {path}")
            continue
        try:
            located = read_file(Path(path), go_on=True)
        except ConfigError:
            continue
        if keys & located.data.keys():
            print(f"{path} looks as if it {command} {path}")


def _of_data(config: str | None) -> tuple[Problem, ...]:
    """Return what is wrong in the milestones files that a config names, which is wrong itself."""
    if config is None:
        return ()
    path = Path(config)
    try:
        located = read_file(path, go_on=True)
    except ConfigError:  # told already
        return ()
    try:
        YamlSource(_named(located.data.get("catalog"), path.parent), path.parent).check()
    except ConfigError as error:
        return error.problems
    return ()


def _named(catalog: object, folder: Path) -> Iterator[str]:
    """Yield the paths under `catalog:` that lead to files; of the others, the config's own check tells."""
    from milestonebot.config import Surroundings  # noqa: PLC0415 - pydantic is for configs

    around = Surroundings(os.environ, folder)
    for entry in catalog if isinstance(catalog, list) else [catalog]:
        if not isinstance(entry, dict) or entry.get("kind") != "yaml":
            continue
        paths = entry.get("path")
        for each in paths if isinstance(paths, list) else [paths]:
            try:
                path = around.value(each) if isinstance(each, dict) else str(each)
                if has_magic(path) or (folder / path).is_file():
                    yield path
            except (OSError, ValueError):
                continue


def _wrong(problems: Iterable[Problem], unread: Iterable[str] = ()) -> int:
    """Tell of everything, and how much of it must be mended."""
    mistakes, warnings = 0, 0
    for problem in problems:
        print(problem)
        mistakes += problem.severity == "error"
        warnings += problem.severity != "error"
    for each in unread:
        print(each)
        mistakes += 1
    besides = f", and {phrases.count(warnings, 'warning')}" if warnings else ""
    print(f"{phrases.count(mistakes, 'mistake')} to mend{besides}.")
    return WRONG


def _warnings(planned: Plan, read: _Sources, catalog: Catalog) -> Iterator[Problem]:
    """Yield what works but should be mended."""
    if planned.config is not None:
        yield from _of_config(planned.config, catalog, planned.clock.now())
    now = planned.clock.now()
    held = (each.problem for each in read.doubts if each.holds(catalog, now))
    yield from sorted(held, key=lambda each: (each.file, each.line, each.column))


def _of_config(config: Config, catalog: Catalog, now: datetime) -> Iterator[Problem]:
    from milestonebot.config import all_past, unknown_names  # noqa: PLC0415 - pydantic is for configs

    yield from (*config.warnings, *unknown_names(config, catalog.facts), *all_past(config, now))


def _held(catalog: Catalog) -> str:
    facts = catalog.facts
    counted = (
        (facts.projects, "project"),
        (facts.milestones, "date"),
        (facts.releases, "release"),
        (facts.blueprints, "blueprint"),
    )
    told = [f"{len(facts.series)} series", *(phrases.count(len(things), noun) for things, noun in counted)]
    return f"The catalog holds {phrases.listed(told)}."
