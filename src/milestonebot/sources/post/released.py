"""Whether a post says that its milestone is out, and what it says of the day."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from milestonebot.sources.post.dates import MONTH, phrases
from milestonebot.sources.post.findings import Dating

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from milestonebot.sources.post.speaking import Subject

_OUT = re.compile(
    r"\b(?:released|published|delivered|tagged|shipped|just out|now out"
    r"|(?:is|are|came|went) (?:\w+ly )?out|(?:now|is) available"
    r"|(?:saw|sees?|marks?|marked|is|was|announces?|announcing) (?:\w+ )?the (?:\w+ )?"
    r"(?:release|delivery|publication|arrival|availability) of)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:(?:will|shall|would|should|going to|about to|hopes? to|plans? to|due)|\w+'ll)"
    r"(?: \w+){0,3}? (?:releas\w+|publish\w*|deliver\w*|tag|ship|out|available)\b"
    r"|\b(?:scheduled|planned|expected|targeted|due|set) (?:to|for|on|in)\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:until|till|before|once|when|if|by the time|not|hasn't|isn't|wasn't|won't|to be|yet)\b",
    re.IGNORECASE,
)
_ACTIVE = re.compile(
    r"\b(?:we|they|i|who|which|that|team) (?:\w+ )?(?:released|published|delivered|tagged|shipped)\b",
    re.IGNORECASE,
)
"""Someone gave out something; what it was stands in the clause, and is no milestone where none does."""
_SHORT: Final = 6
"""Words of a clause that tells when, as "Last week," does."""
_CLAUSE = re.compile(rf"[,;:\u2013\u2014] (?!(?:the )?(?:\d|{MONTH}))| (?=(?:and|but|while) )")
"""Where a sentence may turn to something else; not within a date: Thursday, December 15th, 2011."""


def released(
    said: Sequence[str], subject: Subject, published: date | None
) -> tuple[bool | None, Dating | None]:
    """Return True where a sentence of `said` says that it is out, False where one says that it will be.

    And what is said of the day; None where nothing is.
    """
    about = list(_about(said, subject))
    out = [found for each in about if (found := _out(_CLAUSE.split(each), subject)) is not None]
    if out:
        return True, _exactest([_day(texts, published) for texts in out])
    for each in about:
        if _AHEAD.search(each):
            return False, next((found.dating for found in phrases(each, published, ahead=True)), None)
    return None, None


def _about(said: Sequence[str], subject: Subject) -> Iterator[str]:
    after = False
    for sentence in said:
        after = subject.is_of(sentence, after=after)
        if after:
            yield sentence


def _out(clauses: list[str], subject: Subject) -> tuple[str, ...] | None:
    """Return the clause that says that the milestone is out, and those beside it that may tell when."""
    said = [i for i, each in enumerate(clauses) if _OUT.search(each) and not _is_ahead(each)]
    named = [i for i in said if subject.names(clauses[i]) or "milestone" in clauses[i].lower()]
    others = [i for i in said if not subject.others(clauses[i]) and not _ACTIVE.search(clauses[i])]
    chosen = next(iter(named or others), None)
    if chosen is None:
        return None
    beside = (clauses[i] for i in (chosen - 1, chosen + 1) if 0 <= i < len(clauses))
    when = (each for each in beside if not _is_ahead(each) and not subject.others(each))
    return (clauses[chosen], *(each for each in when if len(each.split()) <= _SHORT))


def _is_ahead(clause: str) -> bool:
    return _AHEAD.search(clause) is not None or _NOT_YET.search(clause) is not None


def _day(texts: tuple[str, ...], published: date | None) -> Dating | None:
    """Return what the first of `texts` that tells a date says of it."""
    for text in texts:
        found = [each.dating for each in phrases(text, published)]
        exact = [each for each in found if each.when is not None]
        if len({each.when for each in exact}) > 1:
            words = " and ".join(dict.fromkeys(each.words for each in exact[:5]))
            return Dating(words, None, "several dates stand beside it")
        if found:
            return next(iter(exact or found))
    return None


def _exactest(told: Sequence[Dating | None]) -> Dating | None:
    """Return the statement that leaves the fewest days; a remark tells of one that says otherwise."""
    found = [each for each in told if each is not None]
    dated = [(each.when.last - each.when.first, each) for each in found if each.when is not None]
    if not dated:
        return next(iter(found), None)
    best = min(dated, key=lambda pair: pair[0])[1]
    other = next(
        (each for _, each in dated if best.when and each.when and not each.when.covers(best.when.first)), None
    )
    if other is None:
        return best
    remark = f'the post also says "{other.words}"'
    return replace(best, remark=f"{best.remark}; {remark}" if best.remark else remark)
