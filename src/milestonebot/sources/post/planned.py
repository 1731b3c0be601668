"""The days that a post gives for milestones still to come: "diablo-2 is set to release on June 30th"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from milestonebot.sources.post.dates import phrases
from milestonebot.sources.post.findings import Planned
from milestonebot.sources.post.speaking import NEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from milestonebot.sources.post.dates import Phrase
    from milestonebot.sources.post.speaking import Subject

MANY: Final = 20
"""Milestones that one post may give days for."""


def planned(said: Sequence[str], subject: Subject, published: date | None) -> tuple[Planned, ...]:
    """Return each milestone to come that `said` gives a day for, once, in order."""
    found: dict[str | None, Planned] = {}
    for sentence in said:
        for each in _planned(sentence, subject, published):
            found.setdefault(each.name, each)
    return tuple(found.values())[:MANY]


def _planned(sentence: str, subject: Subject, published: date | None) -> Iterator[Planned]:
    others = subject.others(sentence)
    if not others and not NEXT.search(sentence):
        return
    days = [each for each in phrases(sentence, published, ahead=True) if _is_to_come(each, published)]
    if not others:
        yield from (Planned(each.dating) for each in days[:1])
    elif len(others) == 1:
        behind = [each for each in days if each.start >= others[0][1]]
        yield from (Planned(each.dating, others[0][0]) for each in (behind or days)[:1])
    elif len(others) == len(days):
        for (name, _), each in zip(others, days, strict=True):
            yield Planned(each.dating, name)


def _is_to_come(phrase: Phrase, published: date | None) -> bool:
    """Tell whether a phrase names one day, and that behind the post's."""
    when = phrase.dating.when
    return when is not None and when.first == when.last and (published is None or when.first > published)
