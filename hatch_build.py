"""Compile the data that ships with the bot, whenever hatchling builds a wheel or an editable install.

Maintainers write YAML, which is slow to read and must be checked; the bot reads the JSON made of it.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileShippedData(BuildHookInterface[Any]):
    """Turns data/openstack/*.yaml into data/openstack.json with the bot's own code."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's
        """Compile, before hatchling looks for the files to pack."""
        source = Path(self.root, "src")
        data = source / "milestonebot" / "data" / "openstack"
        sys.path.insert(0, str(source))
        from milestonebot.sources.compiled import compile_data  # noqa: PLC0415 - found through the line above

        compile_data(data, data.with_suffix(".json"))
