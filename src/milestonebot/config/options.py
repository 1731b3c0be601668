"""What several parts of the config have: mappings without unknown keys, and what is set for rooms.

The descriptions are what editors show, by way of the JSON Schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticKnownError

from milestonebot.config.values import CommandName, Duration, OtherName, Prefix, RoomName
from milestonebot.sources.fields import Name

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
Emptied = Annotated[
    list[T],
    BeforeValidator(lambda value: [] if value is None else value),
    Field(json_schema_extra={"type": ["array", "null"]}),
]
"""A list whose every line may be commented out."""


class Entry(BaseModel):
    """A mapping of the file: no key but those named here."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class LimitsEntry(Entry):
    """How much one person may ask."""

    commands: Annotated[
        int, Field(ge=1, le=10_000, description="Commands that are answered within `per`.")
    ] = 8
    per: Annotated[Duration, Field(description="How long a command counts.")] = 30.0
    silence: Annotated[
        Duration, Field(description="How long nothing is answered after one notice that it was too much.")
    ] = 60.0


class Reconnect(Entry):
    """How long is waited before a lost network is tried again: it doubles, with chance in it."""

    initial: Annotated[Duration, Field(description="The first wait.")] = 2.0
    max: Annotated[Duration, Field(description="The longest wait.")] = 300.0


InDoubt = Literal["repeat", "skip"]
IN_DOUBT = "What is done where nothing tells whether an announcement arrived: it is said again, or left out."
Off = Annotated[Literal[False], WithJsonSchema({"enum": [False, "off"]})]
"""`off`, which is false in YAML 1.1; in YAML 1.2, which most editors go by, it is text."""
Limits = LimitsEntry | Off
"""`off` sets no limit."""


class RoomOptions(Entry):
    """What can be set for a network, and for a room, whose word counts. Defaults stand outside."""

    prefix: Annotated[Prefix, Field(description='What a command begins with, such as "!".')] = Field(
        default_factory=str
    )
    group: Annotated[
        Name, Field(description="The project group that is meant where the catalog has several.")
    ] = Field(default_factory=str)
    projects: Annotated[
        list[Name],
        Field(description="The projects that the room is about; all of the group where none is named."),
    ] = Field(default_factory=list)
    commands: Annotated[
        dict[CommandName, OtherName],
        Field(description="Commands by their own names: `off`, or the name that one has here."),
    ] = Field(default_factory=dict)
    limits: Annotated[Limits, Field(description="How much one person may ask here; `off` for no limit.")] = (
        Field(default_factory=LimitsEntry)
    )


class RoomEntry(RoomOptions):
    """A room and what is set for it."""

    name: Annotated[RoomName, Field(description="The room's name; one that begins with # must be quoted.")]


def known_kinds(choose: Callable[[Any], str], *kinds: str) -> BeforeValidator:
    """Tell of a missing or unknown kind alone: the entry's other keys would all be unknown too."""

    def check(entry: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
        if isinstance(entry, dict) and "kind" not in entry:
            raise PydanticKnownError("union_tag_not_found", {"discriminator": "'kind'"})
        kind = choose(entry) if isinstance(entry, dict) and isinstance(entry["kind"], str) else kinds[0]
        if kind not in kinds:
            known = ", ".join(f"'{each}'" for each in kinds)
            details = {"discriminator": "'kind'", "tag": entry["kind"], "expected_tags": known}
            raise PydanticKnownError("union_tag_invalid", details)
        return entry

    return BeforeValidator(check)
