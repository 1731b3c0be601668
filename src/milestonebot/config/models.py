"""The config as maintainers write it: pydantic reads this and nothing further in.

The descriptions are what editors show, by way of the JSON Schema.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema
from pydantic_core import PydanticKnownError

from milestonebot.config.elsewhere import Given
from milestonebot.config.values import (
    BotName,
    CommandName,
    Duration,
    ModuleName,
    NetworkName,
    OtherName,
    Prefix,
    RoomName,
)
from milestonebot.sources.fields import Name, Url, Zone

T = TypeVar("T")
THIRD_PARTY = "package.module"
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


class ConsoleNetwork(RoomOptions):
    """The terminal as a chat network, to try out settings."""

    name: Annotated[NetworkName, Field(description="The network's name, as `network/room` begins with.")]
    kind: Annotated[Literal["console"], Field(description="A terminal.")]
    rooms: Annotated[
        list[RoomName | RoomEntry],
        Field(min_length=1, description="The rooms: names, or names with what is set for them."),
    ]


class YamlEntry(Entry):
    """Milestones files of your own."""

    kind: Annotated[Literal["yaml"], Field(description="Milestones files.")]
    path: Annotated[
        Given | Annotated[list[Given], Field(min_length=1)],
        Field(description="A file or a glob, or a list of them; relative paths begin at this file's folder."),
    ]


class OpenStackEntry(Entry):
    """OpenStack's history, which ships with the bot."""

    kind: Annotated[Literal["openstack"], Field(description="The data that ships with the bot.")]


class ThirdPartyEntry(BaseModel):
    """A source from another package; its other keys are that package's own."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    kind: Annotated[ModuleName, Field(description="The module that exports `Settings` and `Source`.")]


def _kind(entry: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    """Choose the model that checks `entry`; what has no fitting kind gets one that says so."""
    if not isinstance(entry, dict):
        return str(getattr(entry, "kind", "yaml"))
    kind = entry.get("kind")
    return kind if isinstance(kind, str) and "." not in kind else THIRD_PARTY


def _known(*kinds: str) -> BeforeValidator:
    """Tell of a missing or unknown kind alone: its other keys would all be unknown too."""

    def check(entry: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
        if isinstance(entry, dict) and "kind" not in entry:
            raise PydanticKnownError("union_tag_not_found", {"discriminator": "'kind'"})
        kind = _kind(entry) if isinstance(entry, dict) and isinstance(entry["kind"], str) else kinds[0]
        if kind not in kinds:
            known = ", ".join(f"'{each}'" for each in kinds)
            details = {"discriminator": "'kind'", "tag": entry["kind"], "expected_tags": known}
            raise PydanticKnownError("union_tag_invalid", details)
        return entry

    return BeforeValidator(check)


AnyCatalogEntry = Annotated[
    Annotated[YamlEntry, Tag("yaml")]
    | Annotated[OpenStackEntry, Tag("openstack")]
    | Annotated[ThirdPartyEntry, Tag(THIRD_PARTY)],
    Discriminator(_kind),
    _known("yaml", "openstack", THIRD_PARTY),
]
AnyNetwork = Annotated[ConsoleNetwork, _known("console")]


class ConfigFile(Entry):
    """The config of milestonebot."""

    name: Annotated[BotName, Field(description="The name that the bot answers to.")] = "milestonebot"
    timezone: Annotated[
        Zone,
        Field(
            description="The zone of the day: an IANA name such as Europe/Paris, or AoE (anywhere on Earth)."
        ),
    ] = "UTC"
    source_code: Annotated[
        Url, Field(description="Where the code of this bot can be read; `!about` tells it.")
    ] = Field(default_factory=str)
    prefix: Annotated[Prefix, Field(description='What a command begins with in every room, such as "!".')] = (
        "!"
    )
    limits: Annotated[
        Limits, Field(description="How much one person may ask in every room; `off` for no limit.")
    ] = LimitsEntry()
    catalog: Annotated[
        Emptied[AnyCatalogEntry],
        Field(description="Where the facts come from, the most believed first. Default: openstack."),
    ] = []
    commands: Annotated[
        Emptied[ModuleName], Field(description="Modules of other packages, each with a `router` of commands.")
    ] = []
    networks: Annotated[
        Emptied[AnyNetwork], Field(description="The chat networks that the bot is on, with its rooms.")
    ] = []
    bridged: Annotated[
        Emptied[Annotated[list[str], Field(min_length=2)]],
        Field(description="Sets of rooms, each written network/room, that count as one."),
    ] = []
