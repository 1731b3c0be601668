"""The config as maintainers write it: pydantic reads this and nothing further in.

The descriptions are what editors show, by way of the JSON Schema.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

from milestonebot.config.announcements import AnyAnnouncement
from milestonebot.config.elsewhere import DatabaseSecret, Given
from milestonebot.config.networks import AnyNetwork
from milestonebot.config.options import Emptied, Entry, Limits, LimitsEntry, Off, known_kinds
from milestonebot.config.values import BotName, Duration, ModuleName, Prefix, database_url
from milestonebot.sources.fields import Url, Zone

THIRD_PARTY = "package.module"


class YamlEntry(Entry):
    """Milestones files of your own."""

    kind: Annotated[Literal["yaml"], Field(description="Milestones files.")]
    path: Annotated[
        Given | Annotated[list[Given], Field(min_length=1)],
        Field(description="A file or a glob, or a list of them; relative paths begin at this file's folder."),
    ]
    refresh: Annotated[
        Duration | Off, Field(description="How often the files are read again; `off` for never.")
    ] = 300.0


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


AnyCatalogEntry = Annotated[
    Annotated[YamlEntry, Tag("yaml")]
    | Annotated[OpenStackEntry, Tag("openstack")]
    | Annotated[ThirdPartyEntry, Tag(THIRD_PARTY)],
    Discriminator(_kind),
    known_kinds(_kind, "yaml", "openstack", THIRD_PARTY),
]


class ConfigFile(Entry):
    """The config of milestonebot."""

    state: Annotated[
        str,
        Field(
            min_length=1, description="The folder for what must outlive the bot: sessions and keys (0700)."
        ),
    ] = "state"
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
    admins: Annotated[
        Emptied[str],
        Field(description="Who may operate the bot from a room and is told what failed: network/account."),
    ] = Field(default_factory=list)
    database: Annotated[
        DatabaseSecret | None,
        AfterValidator(database_url),
        Field(
            description="The URL of a PostgreSQL database for the announcements; a file in `state` without."
        ),
    ] = None
    catalog: Annotated[
        Emptied[AnyCatalogEntry],
        Field(description="Where the facts come from, the most believed first. Default: openstack."),
    ] = Field(default_factory=list)
    commands: Annotated[
        Emptied[ModuleName], Field(description="Modules of other packages, each with a `router` of commands.")
    ] = Field(default_factory=list)
    networks: Annotated[
        Emptied[AnyNetwork], Field(description="The chat networks that the bot is on, with its rooms.")
    ] = Field(default_factory=list)
    announcements: Annotated[
        Emptied[AnyAnnouncement], Field(description="What the bot says by itself: where, when, and what.")
    ] = Field(default_factory=list)
    bridged: Annotated[
        Emptied[Annotated[list[str], Field(min_length=2)]],
        Field(description="Sets of rooms, each written network/room, that count as one."),
    ] = Field(default_factory=list)
