"""config.yaml → `Config`; every mistake is told at once, each with its line and column.

`docs/config.md` is the reference for maintainers. Pydantic reads the file; what comes out are
plain frozen dataclasses.
"""

from milestonebot.config.elsewhere import ALL, Secret, Surroundings
from milestonebot.config.loaded import CatalogEntry, Config, Network
from milestonebot.config.loading import load_config
from milestonebot.config.meant import all_past
from milestonebot.config.mentions import unknown_names
from milestonebot.config.schema import config_schema

__all__ = [
    "ALL",
    "CatalogEntry",
    "Config",
    "Network",
    "Secret",
    "Surroundings",
    "all_past",
    "config_schema",
    "load_config",
    "unknown_names",
]
