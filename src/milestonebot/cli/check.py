"""`milestonebot check`: every mistake in a config and its data, each with its line."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from milestonebot import phrases
from milestonebot.app import build, plan
from milestonebot.catalog import Catalog
from milestonebot.errors import ConfigError, MilestonebotError

if TYPE_CHECKING:
    from argparse import Namespace

    from milestonebot.config import Config
    from milestonebot.errors import Problem

FINE, WRONG = 0, 1
_USUAL = "config.yaml"


def run(parsed: Namespace) -> int:
    """Print what is wrong, or what the files hold; return 1 where anything is wrong."""
    if parsed.data and parsed.config:
        raise MilestonebotError(
            "name a config or milestones files, not both: a config names its files itself"
        )
    if not parsed.data and not parsed.config:
        parsed.config = _USUAL
    parsed.room = None
    try:
        planned = plan(parsed)
        bot = asyncio.run(build(planned))
    except ConfigError as error:
        print(error)
        wrong = sum(problem.severity == "error" for problem in error.problems)
        print(f"{phrases.count(wrong, 'mistake')} to mend.")
        return WRONG
    except MilestonebotError as error:
        print(error)
        return WRONG
    catalog = bot.catalog or Catalog()
    for warning in _warnings(planned.config, catalog):
        print(warning)
    print(f"{', '.join(parsed.data or [parsed.config])}: fine. {_held(catalog)}")
    return FINE


def _warnings(config: Config | None, catalog: Catalog) -> list[Problem]:
    """Return what works in the config but should be mended."""
    if config is None:
        return []
    from milestonebot.config import unknown_names  # noqa: PLC0415 - pydantic is for configs

    return [*config.warnings, *unknown_names(config, catalog.facts)]


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
