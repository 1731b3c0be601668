"""`milestonebot schema`: the config's JSON Schema, for editors."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

from milestonebot.config import config_schema

if TYPE_CHECKING:
    from argparse import Namespace


def run(parsed: Namespace) -> int:
    """Print the schema."""
    del parsed
    print(dumps(config_schema(), indent=2, ensure_ascii=False))
    return 0
