"""What posts say becomes the entries of a milestones file, with what a reviewer has to decide."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from milestonebot.importing import told
from milestonebot.importing.written import Entry, Remark
from milestonebot.names import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from milestonebot.sources.post import Count, Findings, Mention
    from milestonebot.when import When

UNKNOWN: Final = "unknown-milestone"
"""Stands for a name that a post does not tell; a maintainer replaces it."""
NO_GROUP: Final = "unknown-group"
MARK: Final = "REVIEW: "
"""Begins every comment that asks for a decision."""

_MOST_WORK = 200
"""Works that a milestones file has under one post."""
_NUMBERED = re.compile(r"(.*?)(\d{1,6})\Z")


@dataclass(slots=True)
class Review:
    """The file in the making: every name once, as the file's schema asks."""

    posts: Sequence[Findings]
    names: list[str] = field(default_factory=list)
    """The milestone of each post."""
    projects: dict[str, str] = field(default_factory=dict)
    """By what makes them one name to the bot; likewise the others."""
    series: dict[str, str] = field(default_factory=dict)
    milestones: dict[str, str] = field(default_factory=dict)
    blueprints: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        for post in self.posts:
            self.names.append(self._named(post))
            if post.milestone.series is not None:
                self.series.setdefault(key(post.milestone.series), post.milestone.series)
            for each in post.blueprints:
                project = each.target.project or ""
                self.projects.setdefault(key(project), project)

    def _named(self, post: Findings) -> str:
        name = post.milestone.name
        if name is None:
            unknown = sum(each.startswith(UNKNOWN) for each in self.names)
            name = f"{UNKNOWN}-{unknown + 1}" if unknown else UNKNOWN
        return self.milestones.setdefault(key(name), name)

    def entries(self, group: Entry) -> Iterator[Entry | Remark]:
        """Yield the file, key by key."""
        yield group
        if self.projects:
            yield Entry("projects", tuple(Entry(each, None) for each in self.projects.values()))
        if self.series:
            yield Entry("series", tuple(Entry(each, None) for each in self.series.values()))
        yield Entry("milestones", tuple(self._milestones()))
        yield Entry(
            "posts", tuple(_post(post, name) for post, name in zip(self.posts, self.names, strict=True))
        )

    def _milestones(self) -> Iterator[Entry | Remark]:
        for name in dict.fromkeys(self.names):
            posts = [post for post, its in zip(self.posts, self.names, strict=True) if its == name]
            yield Entry(name, tuple(self._milestone(posts)), _reviews([told.name(posts[0], name)]))
        for post, name in zip(self.posts, self.names, strict=True):
            yield from self._planned(post, proposed(name))

    def _milestone(self, posts: Sequence[Findings]) -> Iterator[Entry | Remark]:
        series = next((each.milestone.series for each in posts if each.milestone.series), None)
        if series is not None:
            yield Entry("series", self.series[key(series)])
        yield from _dated(posts)
        url = next((each.head.url for each in posts if each.head.url), None)
        yield Entry("source", url or cited(posts[0]), () if url else _reviews([told.where(posts[0])]))
        landed = [each for post in posts for each in post.blueprints if each.doubt is None]
        kept, left = self._once(landed)
        yield from self._doubted(each for post in posts for each in post.blueprints if each.doubt is not None)
        for each in left:
            text = f"{MARK}{_full(each)} is in this file already, under this or a like name"
            yield Remark(text, (_blueprint(each),))
        if kept:
            yield Entry("blueprints", tuple(Entry(project, tuple(items)) for project, items in kept.items()))

    def _once(self, landed: Iterable[Mention]) -> tuple[dict[str, list[Entry]], list[Mention]]:
        """Return what the file takes in, by project, and what it has already, by this name or a like one."""
        kept: dict[str, list[Entry]] = {}
        left = []
        for each in landed:
            project = each.target.project or ""
            one = (key(project), key(each.target.name))
            if one in self.blueprints or self.projects[one[0]] != project:
                left.append(each)
                continue
            self.blueprints.add(one)
            kept.setdefault(project, []).append(_blueprint(each))
        return kept, left

    def _doubted(self, mentions: Iterable[Mention]) -> Iterator[Remark]:
        found = list({(each.target.project, each.target.name): each for each in mentions}.values())
        if not found:
            return
        yield Remark(f"{MARK}linked, but the post does not say that these are done; take in what is:")
        for each in found:
            line = f", line {each.line}" if each.line else ""
            yield Remark(
                f'{each.target.project}: the post says "{each.doubt}"{line}', (_blueprint(each, bare=True),)
            )

    def _planned(self, post: Findings, next_one: str | None) -> Iterator[Entry | Remark]:
        for each in post.planned:
            day = Entry("date", _stated(each.dating.when))
            series = (
                [Entry("series", self.series[key(post.milestone.series)])] if post.milestone.series else []
            )
            text = f"{MARK}{told.plan(each, next_one)}"
            if each.name is None:
                known = key(next_one or "") in self.milestones
                yield Remark(text, () if known else (Entry(next_one or UNKNOWN, (*series, day)),))
            elif key(each.name) not in self.milestones:
                self.milestones[key(each.name)] = each.name
                source = Entry("source", post.head.url or cited(post))
                yield Entry(each.name, (*series, day, source), (text,))


def _dated(posts: Sequence[Findings]) -> Iterator[Entry | Remark]:
    """Yield what is known of the day: the fewest days that a post leaves."""
    dated = [each for each in posts if each.dating is not None and each.dating.when is not None]
    best = min(dated, key=_days, default=posts[0])
    comments = _reviews([told.day(best)])
    others = [each for each in dated if each is not best and told.day(each) != told.day(best)]
    comments += tuple(f'{named_file(each)} says "{each.dating.words}"' for each in others if each.dating)
    when = best.dating.when if best.dating is not None else None
    if when is not None:
        yield Entry("date", _stated(when), comments)
    else:
        yield from (Remark(each) for each in comments)
    if any(each.released for each in posts):
        yield Entry("released", value=True)
    else:
        yield from (Remark(each) for each in _reviews([told.out(posts[0])]))


def _days(post: Findings) -> int:
    when = post.dating.when if post.dating is not None else None
    return (when.last - when.first).days if when is not None else 0


def _stated(when: When | None) -> date | str | None:
    """Return a day as a date, which YAML writes without quotes, and all else as it is written."""
    if when is None:
        return None
    return when.first if when.first == when.last and when.at is None else when.iso()


def _blueprint(mention: Mention, *, bare: bool = False) -> Entry:
    fields = [Entry("name", mention.target.name), Entry("url", mention.target.url)]
    if mention.title is not None:
        fields.insert(1, Entry("title", mention.title))
    comments = () if bare or mention.title is not None else (told.untitled(mention),)
    return Entry(None, tuple(fields), comments)


def _post(post: Findings, name: str) -> Entry:
    fields: list[Entry | Remark] = [
        Entry(
            "title",
            post.head.title or named_file(post),
            () if post.head.title else (f"{MARK}the post has no title",),
        ),
        Entry("milestone", name),
    ]
    if post.head.author:
        fields.append(Entry("author", post.head.author))
    if post.published:
        fields.append(Entry("published", post.published))
    if post.head.url:
        fields.append(Entry("url", post.head.url))
    if post.counts:
        comments = _reviews([told.counted(post)])
        fields.append(Entry("figures", tuple(_figure(each) for each in post.counts), comments))
    fields += _underway(post)
    beside = told.beside(post)
    return Entry(None, tuple(fields), (beside,) if beside else ())


def _underway(post: Findings) -> Iterator[Entry | Remark]:
    """Yield the work that the post calls begun, or what a reviewer has to decide of it."""
    comments = _reviews(told.begun(post))
    work = tuple(
        Entry(None, (Entry("project", each.target.project or ""), Entry("what", told.titled(each))))
        for each in post.blueprints
        if each.begun
    )
    if work:
        yield Entry("underway", work[:_MOST_WORK], comments)
    else:
        yield from (Remark(each) for each in comments)


def _figure(count: Count) -> Entry:
    fields = [Entry("what", count.what), Entry("value", count.value)]
    return Entry(None, (*fields, Entry("approximate", value=True)) if count.approximate else tuple(fields))


def cited(post: Findings) -> str:
    """Return what names the post where it has no address: its author, title and day."""
    day = post.published.isoformat() if post.published else None
    author = f"{post.head.author}: " if post.head.author else ""
    return f"{author}{post.head.title or named_file(post)}{f', {day}' if day else ''}"


def named_file(post: Findings) -> str:
    """Return the file's name alone: where it lies on this machine is nobody else's business."""
    return PurePath(post.file).name


def proposed(name: str) -> str | None:
    """Return the name that the next milestone may have: essex-3 behind essex-2."""
    found = _NUMBERED.match(name)
    return f"{found[1]}{int(found[2]) + 1}" if found is not None and not name.startswith(UNKNOWN) else None


def _full(mention: Mention) -> str:
    return f"{mention.target.project}/{mention.target.name}"


def _reviews(remarks: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(f"{MARK}{each}" for each in remarks if each is not None)
