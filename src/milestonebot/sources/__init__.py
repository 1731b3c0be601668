"""The places that facts come from: one file each, named here by its `kind:` in the config.

Nothing is imported before it is used: the shipped data must load without what the others need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from milestonebot.ports import Source

SOURCES: Final[Mapping[str, str]] = {
    "openstack": "milestonebot.sources.openstack:OpenStackSource",
    "yaml": "milestonebot.sources.yaml:YamlSource",
}
"""Kinds of sources and the classes behind them."""


def build_source(kind: str, arguments: Mapping[str, object]) -> Source:
    """Return the source of that kind; a third party's kind is a module that exports `Source`."""
    module, _, name = SOURCES.get(kind, f"{kind}:Source").partition(":")
    source: Source = getattr(import_module(module), name)(**arguments)
    return source
