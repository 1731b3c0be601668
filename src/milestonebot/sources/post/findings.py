"""What a milestone post says, before anyone has reviewed it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from milestonebot.when import When


class Kind(StrEnum):
    """What a link leads to."""

    BLUEPRINT = "blueprint"
    BUG = "bug"
    MILESTONE = "milestone"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads; two links to the same thing have equal targets."""

    kind: Kind
    url: str
    """The address in its usual form: https, no query, no fragment."""
    name: str = ""
    """The blueprint's or milestone's name, the bug's number; empty for what is none of these."""
    project: str | None = None
    series: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing that the post links, however often it does."""

    target: Target
    words: str = ""
    """The text of its first link."""
    title: str | None = None
    """The first of its links' texts that makes a title."""
    doubt: str | None = None
    """The post's words that make it doubtful whether this landed; None where nothing does."""
    line: int = 0
    """Where the file has it first; 0 where that is not known."""
    begun: bool = False
    """Whether `doubt` says that work on it is begun."""


@dataclass(frozen=True, slots=True)
class Dating:
    """What the post says of a day, in its own words, and what follows from them."""

    words: str
    when: When | None = None
    """None where the words name no day, week or month that can be told."""
    remark: str | None = None
    """What a reviewer should know: what was inferred, or why nothing was."""


@dataclass(frozen=True, slots=True)
class Planned:
    """Another milestone that the post gives a date for."""

    dating: Dating
    name: str | None = None
    """None where the post does not name it ("the next milestone")."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of things that the post states: 129 bugs fixed."""

    what: str
    value: int
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """The milestone that the post is about, and how that is known."""

    name: str | None = None
    series: str | None = None
    basis: str = ""
    """Where the name was found: its title, its links …"""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a post, or in the head of its page."""

    title: str | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()
    slug: str | None = None
    url: str | None = None
    published: str | None = None
    """As it is written there."""


@dataclass(frozen=True, slots=True)
class Findings:
    """All that could be told of one post."""

    file: str
    head: Head
    published: date | None
    milestone: Named
    released: bool | None
    """True where the post says that it is out, False where it says that it is still to come."""
    dating: Dating | None
    """The day of the milestone; None where the post says nothing of it."""
    planned: tuple[Planned, ...] = ()
    blueprints: tuple[Mention, ...] = ()
    bugs: tuple[Mention, ...] = ()
    milestones: tuple[Mention, ...] = ()
    underway: tuple[str, ...] = ()
    """Sentences that tell of work begun, and link none of it."""
    others: int = 0
    """Links to anything else, each counted once."""
    counts: tuple[Count, ...] = ()
    remarks: tuple[str, ...] = ()
    """What a reviewer should know about the file itself."""
