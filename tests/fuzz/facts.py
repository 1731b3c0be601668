"""Facts that no source should give, from a seed: hostile texts in every field.

The names still hang together (a blueprint has a milestone, a milestone a series), or no command
would ever tell them.
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, TypeVar

from milestonebot.model import (
    Blueprint,
    Claim,
    Facts,
    Figure,
    Kind,
    Milestone,
    Origin,
    Post,
    Project,
    ProjectGroup,
    Release,
    Series,
    Tag,
)
from milestonebot.statuses import DEFINITION, IMPLEMENTATION, PRIORITY
from milestonebot.when import Precision, When
from tests.fuzz.texts import any_text, long_text, mutated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

T = TypeVar("T")

_NAMES = (
    *("essex", "essex-2", "epoxy", "nova", "neutron", "quantum", "openstack", "2012.1", "v1.1", "m2", "next"),
    *("feature-freeze", "vm-state", "lasterror", "release", "in", "out", "all", "the", "of", "-", "1", "2"),
)
_HOSTS = ("https://example.org/", "http://example.org/", "HTTPS://EXAMPLE.ORG/", "https://bücher.example/")
_TRAPS = (
    "javascript:",
    "data:text/html,",
    "//example.org/",
    "ftp://example.org/",
    "https://matrix.to/#/@a:b.c",
    "https:",
)
_MANY = {
    "groups": 3,
    "projects": 8,
    "series": 8,
    "milestones": 60,
    "releases": 20,
    "blueprints": 200,
    "posts": 6,
}


def hostile_facts(random: Random) -> Facts:
    """Return one source's facts."""
    made = _Maker(random)
    return Facts(
        groups=made.many("groups", made.group),
        projects=made.many("projects", made.project),
        series=made.many("series", made.series),
        milestones=made.many("milestones", made.milestone),
        releases=made.many("releases", made.release),
        blueprints=made.many("blueprints", made.blueprint),
        posts=made.many("posts", made.post),
    )


class _Maker:
    """Makes things whose names come from a few, so that they refer to each other."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.groups = [self.name() for _ in range(2)]
        self.projects = [self.name() for _ in range(6)]
        self.names = [self.name() for _ in range(6)]
        self.of_series = [self.dated_name() for _ in range(25)]

    def many(self, what: str, one: Callable[[], T]) -> tuple[T, ...]:
        return tuple(one() for _ in range(self.random.randint(0, _MANY[what])))

    def text(self) -> str:
        """Return any text; a few in a hundred are as long as a message may be."""
        random = self.random
        chance = random.random()
        if chance < 0.02:
            return long_text(random)
        return any_text(random, 400 if chance < 0.05 else 40)

    def maybe(self) -> str | None:
        return self.text() if self.random.random() < 0.6 else None

    def name(self) -> str:
        random = self.random
        return mutated(random, random.choice(_NAMES)) if random.random() < 0.7 else self.text()

    def dated_name(self) -> str:
        """Return the name of a milestone: mostly that of a series, with something behind it."""
        series = self.random.choice(self.names)
        rest = self.random.choice(("-1", "-2", " 3", "-feature-freeze", "-rc1", self.name()))
        return self.random.choice((series + rest, series + rest, self.name()))

    def url(self) -> str | None:
        start = self.random.choice((*_HOSTS, *_HOSTS, *_TRAPS, ""))
        return (
            None if self.random.random() < 0.2 else start + self.random.choice(("", "x", "a b", self.text()))
        )

    def day(self) -> date:
        if self.random.random() < 0.9:
            return date(2005, 1, 1) + timedelta(days=self.random.randint(0, 9000))
        return date(
            self.random.choice((MINYEAR, 1582, 1970, MAXYEAR)),
            self.random.choice((1, 12)),
            self.random.choice((1, 31)),
        )

    def when(self) -> When | None:
        first, last = sorted((self.day(), self.day()))
        near = min(date.max - first, timedelta(days=self.random.randint(0, 7)))
        zone = timezone(timedelta(minutes=self.random.randint(-1439, 1439)))
        moment = datetime(
            first.year,
            first.month,
            first.day,
            self.random.randint(0, 23),
            tzinfo=self.random.choice((UTC, zone)),
        )
        return self.random.choice(
            (
                *(
                    None,
                    When.day(first),
                    When.day(last),
                    When.days(first, first + near),
                    When.days(first, last),
                ),
                *(When.month(first.year, first.month), When.moment(moment), When.moment(moment, self.text())),
                *(When(first, last, Precision.MONTH), When(first, first, Precision.WEEK, moment, None)),
            )
        )

    def origin(self) -> Origin:
        read = self.day() if self.random.random() < 0.5 else None
        return Origin(self.text(), self.random.choice((self.url(), self.maybe())), read, self.maybe())

    def claims(self) -> tuple[Claim, ...]:
        return tuple(
            Claim(self.when(), self.origin(), self.maybe())
            for _ in range(self.random.choice((0, 1, 1, 2, 5)))
        )

    def flag(self) -> bool | None:
        return self.random.choice((None, True, False))

    def tags(self) -> tuple[Tag, ...]:
        return tuple(
            Tag(
                self.of(self.projects),
                self.of(self.of_series),
                self.day(),
                self.random.choice(("tagger", "commit", self.text())),
            )
            for _ in range(self.random.choice((0, 0, 1, 4)))
        )

    def of(self, names: Sequence[str]) -> str:
        """Return one of `names`, sometimes as another writes it, sometimes another."""
        random = self.random
        chance = random.random()
        if chance < 0.9:
            return random.choice(names)
        return mutated(random, random.choice(names)) if chance < 0.97 else self.name()

    def maybe_of(self, names: Sequence[str]) -> str | None:
        return self.of(names) if self.random.random() < 0.8 else None

    def group(self) -> ProjectGroup:
        return ProjectGroup(self.of(self.groups), self.origin(), self.maybe(), self.maybe())

    def project(self) -> Project:
        aliases = tuple(self.name() for _ in range(self.random.randint(0, 3)))
        return Project(
            self.of(self.projects), self.of(self.groups), self.origin(), self.maybe(), aliases, self.url()
        )

    def series(self) -> Series:
        fields = tuple(Series.__dataclass_fields__)
        origins = tuple((self.random.choice(fields), self.origin()) for _ in range(self.random.randint(0, 2)))
        return Series(
            self.of(self.names), self.of(self.groups), self.origin(),
            title=self.maybe(), version=self.random.choice((None, "2012.1", "2023.1", self.name())),
            version_note=self.maybe(), status=self.maybe(), next_status=self.maybe(),
            next_status_from=self.random.choice((None, self.day())), starts=self.when(),
            release=self.claims(), released=self.flag(), eol=self.when(), note=self.maybe(),
            long_term=self.random.random() < 0.5, starts_otherwise=self.claims(), origins=origins,
        )  # fmt: skip

    def milestone(self) -> Milestone:
        return Milestone(
            self.of(self.of_series), self.of(self.groups), self.origin(),
            series=self.maybe_of(self.names),
            project=self.random.choice((None, None, self.of(self.projects))),
            kind=self.random.choice(list(Kind)), title=self.maybe(), label=self.maybe(), claims=self.claims(),
            released=self.flag(), note=self.maybe(), tags=self.tags(), window=self.when(),
        )  # fmt: skip

    def release(self) -> Release:
        return Release(
            self.random.choice(("2012.1", "v1.1", "1.0.0rc1", self.name())),
            self.of(self.groups), self.origin(),
            project=self.maybe_of(self.projects), series=self.maybe_of(self.names), claims=self.claims(),
            url=self.url(), note=self.maybe(), tags=self.tags(),
        )  # fmt: skip

    def blueprint(self) -> Blueprint:
        choose = self.random.choice
        return Blueprint(
            self.name(), self.of(self.projects), self.of(self.groups), self.origin(),
            title=self.maybe(), url=self.url(), milestone=self.maybe_of(self.of_series),
            series=self.maybe_of(self.names), priority=choose((*PRIORITY, self.maybe())),
            definition=choose((*DEFINITION, self.maybe())), status=choose((*IMPLEMENTATION, self.maybe())),
            assignee=self.maybe(), theme=self.maybe(), summary=self.maybe(), note=self.maybe(),
        )  # fmt: skip

    def post(self) -> Post:
        number = self.random.choice((0, 19, -1, 10**30))
        figures = tuple(
            Figure(self.text(), number, self.random.random() < 0.5) for _ in range(self.random.randint(0, 3))
        )
        underway = tuple((self.of(self.projects), self.text()) for _ in range(self.random.randint(0, 2)))
        return Post(
            self.text(), self.of(self.groups), self.of(self.of_series), self.origin(),
            author=self.maybe(), published=self.when(), url=self.url(), figures=figures, underway=underway,
        )  # fmt: skip
