"""The places that facts come from: one file each, named here by its `kind:` in the config.

Nothing is imported before it is used: the shipped data must load without what the others need.
"""

from collections.abc import Mapping
from typing import Final

SOURCES: Final[Mapping[str, str]] = {
    "openstack": "milestonebot.sources.openstack:OpenStackSource",
    "yaml": "milestonebot.sources.yaml:YamlSource",
}
"""Kinds of sources and the classes behind them."""
