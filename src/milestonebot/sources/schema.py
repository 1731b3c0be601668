"""The milestones file, as maintainers write it. `docs/milestones-file.md` is its reference."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

from milestonebot.model import Kind
from milestonebot.sources.fields import (
    Confidence,
    Day,
    DayOrNone,
    Definition,
    KindWord,
    MilestoneName,
    Name,
    Priority,
    Prose,
    Released,
    SeriesField,
    Stated,
    Status,
    TagKind,
    Title,
    Url,
    Word,
    Zone,
)

T = TypeVar("T")
MANY = 20_000
"""Entries that one list or mapping of a file may have."""
FEW = 200
"""The same for what belongs to a single fact."""

Bare = Annotated[T, BeforeValidator(lambda body: {} if body is None else body)]
"""A name with nothing behind its colon is declared, and no more is known of it."""


class Entry(BaseModel):
    """A mapping of the file: no key but those named here."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Sourced(Entry):
    """A fact and where it comes from; what is not said is the file's default."""

    source: Prose | None = None
    confidence: Confidence | None = None
    read: DayOrNone = None


class Group(Sourced):
    """The project group that the whole file is about."""

    name: Name
    title: Title | None = None
    note: Prose | None = None


class Project(Sourced):
    """One project of the group."""

    title: Title | None = None
    aliases: Annotated[list[Name], Field(max_length=FEW)] = []
    url: Url | None = None


class Disagreement(Entry):
    """What another source says of a date that the file does not believe."""

    date: Stated
    source: Prose
    zone: Zone | None = None
    confidence: Confidence | None = None
    read: DayOrNone = None
    note: Prose | None = None


class SeriesDisagreement(Disagreement):
    """The same of a series, which has two dates that may be doubted."""

    of: Literal["release", "starts"] = "release"


class Dated(Sourced):
    """A fact with a date."""

    date: Stated = None
    zone: Zone | None = None
    note: Prose | None = None
    disagree: Annotated[list[Disagreement], Field(max_length=FEW)] = []


class Tag(Entry):
    """A version-control tag of one project."""

    tag: Word
    date: Day
    kind: TagKind


Tags = Annotated[dict[Name, Tag], Field(max_length=FEW)]


class Series(Sourced):
    """A development cycle."""

    title: Title | None = None
    version: Word | None = None
    version_note: Title | None = None
    status: Word | None = None
    next_status: Word | None = None
    next_status_from: DayOrNone = None
    starts: Stated = None
    date: Stated = None
    released: Released = None
    eol: Stated = None
    zone: Zone | None = None
    long_term: StrictBool = False
    note: Prose | None = None
    sources: dict[SeriesField, Prose] = {}
    disagree: Annotated[list[SeriesDisagreement], Field(max_length=FEW)] = []


class Blueprint(Sourced):
    """A feature of one project, targeted to the milestone that it stands under."""

    name: Name
    title: Title | None = None
    url: Url | None = None
    status: Status | None = None
    priority: Priority | None = None
    definition: Definition | None = None
    assignee: Word | None = None
    theme: Title | None = None
    summary: Prose | None = None
    note: Prose | None = None


class Milestone(Dated):
    """A dated target; also freezes, deadlines and weeks, told apart by `kind`."""

    series: Name | None = None
    project: Name | None = None
    kind: KindWord = Kind.MILESTONE
    title: Title | None = None
    label: Word | None = None
    window: Stated = None
    released: Released = None
    tags: Tags = {}
    blueprints: Annotated[
        dict[Name, Annotated[list[Blueprint], Field(max_length=MANY)]], Field(max_length=MANY)
    ] = {}


class Release(Dated):
    """Something published, of one project or, without `project`, of the whole group."""

    version: Word
    project: Name | None = None
    series: Name | None = None
    url: Url | None = None
    tags: Tags = {}


class Figure(Entry):
    """A number that a post states."""

    what: Title
    value: Annotated[StrictInt, Field(ge=-(10**15), le=10**15)]
    approximate: StrictBool = False


class Underway(Entry):
    """Larger work that a post calls begun, not done."""

    project: Name
    what: Title


class Post(Sourced):
    """A published overview of a milestone."""

    title: Title
    milestone: Name
    author: Title | None = None
    published: Stated = None
    zone: Zone | None = None
    url: Url | None = None
    figures: Annotated[list[Figure], Field(max_length=FEW)] = []
    underway: Annotated[list[Underway], Field(max_length=FEW)] = []


def _group(value: object) -> object:
    """Take a name alone for a group of which no more is said."""
    match value:
        case str(name):
            return {"name": name}
        case dict():
            return value
    raise ValueError("expected the group's name, or {name: …, title: …}")


class MilestonesFile(Sourced):
    """A whole file. `source`, `confidence`, `read` and `zone` hold for what says none of its own."""

    group: Annotated[Group, BeforeValidator(_group)]
    zone: Zone | None = None
    projects: Annotated[dict[Name, Bare[Project]], Field(max_length=MANY)] = {}
    series: Annotated[dict[Name, Bare[Series]], Field(max_length=MANY)] = {}
    milestones: Annotated[dict[MilestoneName, Bare[Milestone]], Field(max_length=MANY)] = {}
    releases: Annotated[list[Release], Field(max_length=MANY)] = []
    posts: Annotated[list[Post], Field(max_length=MANY)] = []
