"""The announcements as maintainers write them: each kind has the keys that fit it, and no others."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from milestonebot import announcement as core, model
from milestonebot.announcement import Occasion
from milestonebot.config.cron import cron
from milestonebot.config.options import Entry, known_kinds
from milestonebot.config.timing import At, Before, NoteDate, noon
from milestonebot.config.values import (
    AnnouncementName,
    Duration,
    Kinds,
    KindsOut,
    NoteText,
    RoomWritten,
    saying,
)
from milestonebot.sources.fields import Name, Zone

Cron = Annotated[str, AfterValidator(cron)]
_CRON = Field(description='When: minute, hour, day, month, weekday, such as "0 14 * * mon".')
_KINDS = Field(description="For which kinds of dated things: [milestone, release] where nothing is set.")
_TIME_OF_DAY = Field(description='The time of day, in quotes: "14:00".')


class ScopeEntry(Entry):
    """What an announcement is for, where a group's name does not tell it."""

    group: Annotated[Name | None, Field(description="A project group.")] = None
    projects: Annotated[
        list[Name], Field(min_length=1, description="Projects: their releases, and their own milestones.")
    ] = Field(default_factory=list)
    series: Annotated[Name | None, Field(description="A series, such as essex.")] = None


class AnnouncementEntry(Entry):
    """What every announcement has."""

    name: Annotated[
        AnnouncementName,
        Field(description="Its name, which stays: under another one it starts anew, from then on."),
    ]
    rooms: Annotated[
        list[RoomWritten],
        Field(
            min_length=1, description="Where it is said: rooms that stand under networks, as network/room."
        ),
    ]
    timezone: Annotated[
        Zone | None, Field(description="The zone of its times and days; the config's where none is set.")
    ] = None
    grace: Annotated[
        Duration, Field(description="How late it may still be said, where it could not be said in time.")
    ] = core.GRACE


class ScopedEntry(AnnouncementEntry):
    """What an announcement has that is for something of the catalog."""

    for_: Annotated[
        Name | ScopeEntry | None,
        Field(
            alias="for",
            description="What it is for: a project group, or {group:, projects:, series:}; or all.",
        ),
    ] = None


def _usual() -> list[model.Kind]:
    return list(core.KINDS)


class CountdownEntry(ScopedEntry):
    """Some days before each milestone and release, and on the day."""

    kind: Annotated[Literal["countdown"], Field(description="Days before each milestone.")]
    kinds: Annotated[Kinds, _KINDS] = Field(default_factory=_usual)
    before: Annotated[
        Before, Field(description="How many days before the date: [14d, 7d, 1d, 0d]; 0d is the day itself.")
    ] = Field(default_factory=lambda: [7, 1, 0])
    at: Annotated[At, _TIME_OF_DAY] = Field(default_factory=noon)
    say: Annotated[
        str | None, saying(Occasion.COUNTDOWN), Field(description="Its wording, with {fields}.")
    ] = None


class ReleasedEntry(ScopedEntry):
    """A milestone or version is released: what landed in it."""

    kind: Annotated[Literal["released"], Field(description="What was released.")]
    kinds: Annotated[KindsOut, _KINDS] = Field(default_factory=_usual)
    at: Annotated[At | None, _TIME_OF_DAY] = None
    say: Annotated[
        str | None, saying(Occasion.RELEASED), Field(description="Its first line, with {fields}.")
    ] = None


class ChangedEntry(ScopedEntry):
    """A date slipped, was set or withdrawn."""

    kind: Annotated[Literal["changed"], Field(description="Dates that change.")]
    kinds: Annotated[Kinds, _KINDS] = Field(default_factory=_usual)
    say: Annotated[
        str | None, saying(Occasion.CHANGED), Field(description="The wording of each change, with {fields}.")
    ] = None


class DigestEntry(ScopedEntry):
    """By cron: what comes next, and how far each project is."""

    kind: Annotated[Literal["digest"], Field(description="What comes next, regularly.")]
    cron: Annotated[Cron, _CRON]
    say: Annotated[
        str | None, saying(Occasion.DIGEST), Field(description="Its first line, with {fields}.")
    ] = None


class NoteEntry(AnnouncementEntry):
    """A text of your own."""

    kind: Annotated[Literal["note"], Field(description="A text of your own.")]
    text: Annotated[NoteText, Field(description="What is said.")]
    dates: Annotated[
        list[NoteDate],
        Field(min_length=1, description="When it is said: days, or moments such as 2026-12-01T14:00."),
    ] = Field(default_factory=list)
    at: Annotated[At, _TIME_OF_DAY] = Field(default_factory=noon)
    cron: Annotated[Cron | None, _CRON] = None

    @model_validator(mode="after")
    def _has_one_time(self) -> Self:
        if bool(self.dates) == (self.cron is not None):
            raise ValueError(
                'a note is said at dates: [2026-12-01] or by cron: "0 14 * * mon"; write one of them'
            )
        return self


AnyScoped = CountdownEntry | ReleasedEntry | ChangedEntry | DigestEntry
AnyOfKinds = CountdownEntry | ReleasedEntry | ChangedEntry
KINDS = ("countdown", "released", "changed", "digest", "note")


def _kind(entry: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    kind = entry.get("kind") if isinstance(entry, dict) else getattr(entry, "kind", None)
    return kind if isinstance(kind, str) else KINDS[0]


AnyAnnouncement = Annotated[
    Annotated[CountdownEntry, Tag("countdown")]
    | Annotated[ReleasedEntry, Tag("released")]
    | Annotated[ChangedEntry, Tag("changed")]
    | Annotated[DigestEntry, Tag("digest")]
    | Annotated[NoteEntry, Tag("note")],
    Discriminator(_kind),
    known_kinds(_kind, *KINDS),
]
