"""Which milestone a post is about: from its title, its address, its links, its text, in this order."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from milestonebot.sources.post.findings import Kind, Named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from milestonebot.sources.post.findings import Head, Target

READ: Final = 100_000
"""Characters of the text that are searched for a name."""

_MOST: Final = 5
"""Other names that are told."""
_NUMBERED: Final = r"[A-Za-z]{3,30}-(?:rc|m)?\d{1,3}"
_VERSION: Final = r"v?\d{1,4}(?:\.\d{1,4}){1,3}(?:[-.]?(?:m|b|a|rc|alpha|beta|milestone)[-.]?\d{1,3})?"
_NAME: Final = rf"(?:{_NUMBERED}|{_VERSION})"
_NEAR = re.compile(
    rf"(?<![\w.-])(?:(?P<before>{_NAME})['\u2019s]{{0,2}} (?:development |feature )?milestone\b"
    rf"|milestone:? [\"\u201c'(*]?(?P<behind>{_NAME})(?![\w-]|\.\w))",
    re.IGNORECASE,
)
_TITLED: Final = rf"(?P<name>{_NAME}|(?-i:[A-Z])[a-z]{{2,30}} \d{{1,2}}(?![\w.-]))"
_OUT = re.compile(
    rf"(?<![\w.-]){_TITLED} (?:(?:is|are|has|have|was)(?: been)? )?(?:(?:now|finally|just) )*"
    r"(?:releas(?:ed|e)|out|available|published|delivered|shipped|tagged|landed|here)\b",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"\b(?:releas(?:e of|ed|ing)|announc(?:ing|es?|ement of)|introducing|delivering|out now):? (?:the )?"
    rf"(?:\w+ ){{0,2}}?{_TITLED}(?![\w-]|\.\w)",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<![\w.-])(?P<series>[A-Z][a-z]{2,30}) (?P<number>\d{1,2}) milestone\b")
_ANY = re.compile(rf"(?<![\w.-]){_NUMBERED}(?![\w-]|\.\w)", re.IGNORECASE)
_SLUG = re.compile(
    r"(?:^|-)(?P<name>[a-z]{3,30}-\d{1,3})-milestone|milestone-(?P<behind>[a-z]{3,30}-\d{1,3})"
)
_SERIES = re.compile(r"([a-z]{3,30})-(?:rc|m)?\d{1,3}\Z")
_NO_SERIES: Final = frozenset(("milestone", "part", "phase", "release", "step", "version", "week"))


def name(head: Head, text: str, targets: Sequence[Target]) -> Named:
    """Return the milestone that a post with this head, text and links is about."""
    text = text[:READ]
    linked = _most([each.name for each in targets if each.kind is Kind.MILESTONE])
    remarks: list[str] = []
    title = head.title or ""
    titled = _titled(title, text, linked)
    if titled is None and (titled := _out(title)) is not None and titled not in linked:
        remarks.append(f"its title says that {titled} is out, and not that it is a milestone")
    others = dict.fromkeys(each[0].lower() for each in _ANY.finditer(title))
    if titled in others and len(others) > 1:
        told = ", ".join(each for each in list(others)[:_MOST] if each != titled)
        remarks.append(f"its title names {told} as well; a post is about one milestone here")
    for basis, found in (
        ("title", titled),
        ("address", _slugged(head.slug or head.url or "")),
        ("links", linked[0] if len(linked) == 1 else None),
        ("text", next(iter(_most(_near(text))), None)),
    ):
        if found is not None:
            if linked and found not in linked:
                remarks.append(f"its {basis} says {found}, and it links the milestone {linked[0]}")
            return Named(found, _series(found, targets), basis, tuple(remarks))
    if linked:
        remarks.append(f"it links several milestones: {', '.join(linked[:_MOST])}")
    return Named(remarks=tuple(remarks))


def _most(names: Iterable[str]) -> list[str]:
    """Return the names, the most frequent first."""
    return [each for each, _ in Counter(names).most_common()]


def _near(text: str) -> list[str]:
    return [(found["before"] or found["behind"]).lower() for found in _NEAR.finditer(text)]


def _titled(title: str, text: str, linked: Sequence[str]) -> str | None:
    """Return the name in a title that has it beside the word milestone, or that the post repeats."""
    near = _near(title)
    if near:
        return near[0]
    if (spaced := _SPACED.search(title)) is not None:
        return f"{spaced['series']}-{spaced['number']}".lower()
    told = {found[0].lower() for found in _ANY.finditer(text)}
    names = (found[0].lower() for found in _ANY.finditer(title))
    return next(
        (each for each in names if each in linked or (each in told and "milestone" in text.lower())), None
    )


def _out(title: str) -> str | None:
    """Return the name in a title that tells that it is out, and does not call it a milestone."""
    found = _OUT.search(title) or _ANNOUNCED.search(title)
    if found is None:
        return None
    name = found["name"].replace(" ", "-").lower()
    return None if name.rpartition("-")[0] in _NO_SERIES else name


def _slugged(slug: str) -> str | None:
    found = _SLUG.search(slug.lower())
    return (found["name"] or found["behind"]) if found is not None else None


def _series(milestone: str, targets: Sequence[Target]) -> str | None:
    """Return the series that an address names, or else the one that the name begins with."""
    for each in targets:
        if each.kind is Kind.MILESTONE and each.name == milestone and each.series is not None:
            return each.series
    found = _SERIES.match(milestone)
    return found[1] if found is not None and found[1] not in _NO_SERIES else None
