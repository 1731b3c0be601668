"""What every fact of a milestones file has: an origin, dates with their claims, names.

What only the whole file can tell is checked here: a time without a zone, a window that does
not hold its date, a name that stands twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from milestonebot.errors import Problem
from milestonebot.model import Claim, Origin, Tag
from milestonebot.names import key
from milestonebot.sources.fields import moment
from milestonebot.when import When

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from milestonebot.sources import schema
    from milestonebot.yamlfile import Located

    Loc = tuple[str | int, ...]


class _Cited(Protocol):
    """The parts of an entry that say where it comes from."""

    @property
    def source(self) -> str | None: ...
    @property
    def confidence(self) -> str | None: ...
    @property
    def read(self) -> date | None: ...
    @property
    def model_fields_set(self) -> set[str]: ...


class _Dated(Protocol):
    """The parts of an entry that say when it is, or was."""

    @property
    def date(self) -> When | datetime | None: ...
    @property
    def zone(self) -> str | None: ...
    @property
    def model_fields_set(self) -> set[str]: ...


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that a file declares, or refers to."""

    kind: str
    """`project`, `series` or `milestone`."""
    name: str
    file: str
    line: int
    column: int


@dataclass(slots=True)
class Reading:
    """One file on its way to facts, and what was noticed on it."""

    located: Located
    file: schema.MilestonesFile
    source_of: Callable[[str, int], str]
    """Gives Origin.source for the file's name and a line."""
    lacking: frozenset[tuple[int, int, str | int]] = frozenset()
    """What was wrong and was left out: the place of an entry, and the key."""
    declared: list[Mention] = field(default_factory=list)
    mentioned: list[Mention] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    first: dict[tuple[str, ...], Loc] = field(default_factory=dict)
    """Where each thing was first named, by what makes it one thing to the bot."""

    def problem(self, loc: Loc, message: str) -> None:
        """Note a mistake at `loc`."""
        self.problems.append(Problem(self.located.file, *self.located.place(loc), message))

    def lacks(self, loc: Loc, *keys: str) -> bool:
        """Tell whether one of `keys` is wrong in the entry at `loc`: that it says nothing is no mistake."""
        place = self.located.place(loc) if self.lacking else ()
        return any((*place, each) in self.lacking for each in keys)

    def declare(self, kind: str, name: str, loc: Loc, *among: str) -> None:
        """Note that `name` is declared; told where it is another spelling of one that is."""
        line, column = self.located.key_place(loc)
        self.declared.append(Mention(kind, name, self.located.file, line, column))
        if self.lacks(loc, "project"):
            return
        first = self.first.setdefault((kind, *map(key, among), key(name)), loc)
        if first != loc:
            there, _ = self.located.key_place(first)
            message = (
                f"{name} is on line {there} already (case, hyphens and underscores do not tell names apart)"
            )
            self.problems.append(Problem(self.located.file, line, column, message))

    def mention(self, kind: str, name: str | None, loc: Loc) -> None:
        """Note that `name` is referred to."""
        if name is not None:
            self.mentioned.append(Mention(kind, name, self.located.file, *self.located.place(loc)))

    def origin(self, entry: _Cited, loc: Loc, reference: str | None = None) -> Origin:
        """Return where the fact at `loc` comes from; the file's word where it has none of its own."""
        line, _ = self.located.key_place(loc)
        return Origin(
            source=self.source_of(self.located.file, line),
            reference=reference or entry.source or self.file.source,
            read=entry.read if "read" in entry.model_fields_set else self.file.read,
            confidence=entry.confidence or self.file.confidence,
        )

    def when(self, value: When | datetime | None, zone: str | None, loc: Loc) -> When | None:
        """Return `value`; a time becomes the moment that it is in `zone`, or in the file's."""
        if isinstance(value, datetime):
            stated, zone = value, zone or self.file.zone
        elif value is None or value.at is None or zone is None:
            return value
        else:
            stated = value.at
        if zone is None:
            if self.lacks((), "zone") or self.lacks(loc[:-1], "zone"):
                return None
            self.problem(loc, "a time needs its zone: add zone: Europe/Paris, or its offset, as +02:00")
            return None
        try:
            return moment(stated, zone)
        except ValueError as error:
            self.problem(loc, str(error))
            return None

    def claims(self, entry: _Dated, loc: Loc, origin: Origin, released: object = None) -> tuple[Claim, ...]:
        """Return what is said of the date, the believed first: the actual day, then the planned one."""
        stated = []
        if isinstance(released, (When, datetime)):
            stated.append(Claim(self.when(released, entry.zone, (*loc, "released")), origin))
        if "date" in entry.model_fields_set:
            note = "as planned" if stated else None
            stated.append(Claim(self.when(entry.date, entry.zone, (*loc, "date")), origin, note))
        return tuple(stated)

    def others(
        self, entries: Iterable[tuple[int, schema.Disagreement]], loc: Loc, *, beside: object
    ) -> tuple[Claim, ...]:
        """Return the claims under `disagree:` that are not believed; `beside` is what is."""
        found = []
        for i, each in entries:
            here: Loc = (*loc, "disagree", i)
            if not beside and not self.lacks(loc, "date", "released", "starts"):
                self.problem(here, "there is no date that this disagrees with: say which one is believed")
            when = self.when(each.date, each.zone, (*here, "date"))
            found.append(Claim(when, self.origin(each, here), each.note))
        return tuple(found)

    def tags(self, entries: Mapping[str, schema.Tag], loc: Loc) -> tuple[Tag, ...]:
        """Return the tags, in the order of the file."""
        for project in entries:
            self.mention_key("project", project, (*loc, "tags", project))
        return tuple(Tag(project, each.tag, each.date, each.kind) for project, each in entries.items())

    def mention_key(self, kind: str, name: str, loc: Loc) -> None:
        """Note that the key at `loc` refers to `name`."""
        self.mentioned.append(Mention(kind, name, self.located.file, *self.located.key_place(loc)))
