"""What there is to know: groups, projects, series, milestones, releases, blueprints.

The words are Launchpad's. Everything here is immutable, knows no I/O and no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from milestonebot.when import When


class Kind(StrEnum):
    """What a dated thing of a series is."""

    MILESTONE = "milestone"
    RELEASE = "release"
    FREEZE = "freeze"
    DEADLINE = "deadline"
    WEEK = "week"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact comes from."""

    source: str
    """The source that gave it: a kind such as `openstack`, or a file's `path:line`."""
    reference: str | None = None
    """What that source itself cites: a link, or the name of a document."""
    read: date | None = None
    """The day on which the source was read."""
    confidence: str | None = None
    """`high`, `medium` or `low`, where the source says so."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says about one date; `when` None is "no date set"."""

    when: When | None
    origin: Origin
    note: str | None = None
    """Why it is believed, or what it rests on."""


@dataclass(frozen=True, slots=True)
class ProjectGroup:
    """Projects that release together, such as openstack."""

    name: str
    origin: Origin
    title: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """One project of a group, such as nova."""

    name: str
    group: str
    origin: Origin
    title: str | None = None
    aliases: tuple[str, ...] = ()
    """Former and other names: neutron was quantum."""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A development cycle, such as essex, with its version and dates."""

    name: str
    group: str
    origin: Origin
    title: str | None = None
    version: str | None = None
    version_note: str | None = None
    """What is said in place of a version: "no coordinated version"."""
    status: str | None = None
    next_status: str | None = None
    """The status that it has from `next_status_from` on."""
    next_status_from: date | None = None
    starts: When | None = None
    release: tuple[Claim, ...] = ()
    """What the sources say of its release day; the first is believed."""
    released: bool | None = None
    """Whether a source says that it is out; None where none says."""
    eol: When | None = None
    long_term: bool = False
    """A release that one may upgrade to from the last but one (OpenStack's SLURP)."""
    note: str | None = None
    starts_otherwise: tuple[Claim, ...] = ()
    """What other sources say of the start, which `starts` does not believe."""
    origins: tuple[tuple[str, Origin], ...] = ()
    """The origins of single fields, such as `version` or `starts`, where they are not `origin`."""

    @property
    def when(self) -> When | None:
        """The believed release day."""
        return self.release[0].when if self.release else None


@dataclass(frozen=True, slots=True)
class Tag:
    """A version-control tag that marks a milestone in one project."""

    project: str
    name: str
    day: date
    kind: str
    """`tagger`: the day it was made; `commit`: the day of what it points at, a lower bound."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated target of a series; also freezes, deadlines and weeks, told apart by `kind`."""

    name: str
    group: str
    origin: Origin
    series: str | None = None
    project: str | None = None
    """Set where the milestone is a project's own, and not its group's."""
    kind: Kind = Kind.MILESTONE
    title: str | None = None
    label: str | None = None
    """Its name in the schedule, such as `R-14`."""
    claims: tuple[Claim, ...] = ()
    """What the sources say of its date; the first is believed."""
    released: bool | None = None
    """Whether a source says that it is out; None where none says."""
    note: str | None = None
    tags: tuple[Tag, ...] = ()
    window: When | None = None
    """The longer stretch, around the believed day, that the schedule gives it: its week."""

    @property
    def when(self) -> When | None:
        """The believed date; None is "no date set"."""
        return self.claims[0].when if self.claims else None


@dataclass(frozen=True, slots=True)
class Release:
    """Something published: a version of a project, or of the whole group (`project` None)."""

    version: str
    group: str
    origin: Origin
    project: str | None = None
    series: str | None = None
    claims: tuple[Claim, ...] = ()
    url: str | None = None
    note: str | None = None
    tags: tuple[Tag, ...] = ()

    @property
    def when(self) -> When | None:
        """The believed day of publication."""
        return self.claims[0].when if self.claims else None


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A feature, unique by name within its project. What no source says is None."""

    name: str
    project: str
    group: str
    origin: Origin
    title: str | None = None
    url: str | None = None
    milestone: str | None = None
    series: str | None = None
    priority: str | None = None
    definition: str | None = None
    status: str | None = None
    """How far its implementation is, in Launchpad's words: `Implemented`, `Started` …"""
    assignee: str | None = None
    theme: str | None = None
    summary: str | None = None
    note: str | None = None
    """What a source's word rests on: "told as done by the post alone"."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a post states."""

    what: str
    value: int
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """A published overview of a milestone."""

    title: str
    group: str
    milestone: str
    origin: Origin
    author: str | None = None
    published: When | None = None
    url: str | None = None
    figures: tuple[Figure, ...] = ()
    underway: tuple[tuple[str, str], ...] = ()
    """Pairs of project and larger work that the post says is begun, not done."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one source says, in the order in which it says it."""

    groups: tuple[ProjectGroup, ...] = ()
    projects: tuple[Project, ...] = ()
    series: tuple[Series, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    releases: tuple[Release, ...] = ()
    blueprints: tuple[Blueprint, ...] = ()
    posts: tuple[Post, ...] = ()
