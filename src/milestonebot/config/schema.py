"""The config as JSON Schema, for editors."""

from __future__ import annotations

from typing import Any

from milestonebot.config.models import ConfigFile


def config_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a config."""
    schema = ConfigFile.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "milestonebot's config.yaml",
    }
