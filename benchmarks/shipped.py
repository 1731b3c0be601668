"""The data that ships: from the file to the catalog."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import clock
from benchmarks.figures import Figure
from milestonebot.catalog import Catalog
from milestonebot.facts import facts_from_json
from milestonebot.sources.openstack import OpenStackSource

if TYPE_CHECKING:
    from collections.abc import Callable


def figures() -> list[Figure]:
    """Measure each step of loading it."""
    source = OpenStackSource()
    text = Path(source.path).read_bytes()
    data = json.loads(text)
    facts = facts_from_json(data)
    steps: dict[str, Callable[[], object]] = {
        f"JSON read, {len(text) / 1e3:.0f} kB": lambda: json.loads(text),
        "facts made of it": lambda: facts_from_json(data),
        "snapshot made of them": lambda: Catalog.of(facts),
        "all of it, from the file": lambda: Catalog.of(source.read()),
    }
    return [Figure(what, clock.seconds(step, 20) * 1e3, "ms") for what, step in steps.items()]
