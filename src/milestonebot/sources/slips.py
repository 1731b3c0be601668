"""What a date that is written otherwise than a milestones file has it was meant to be."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

from milestonebot.zones import zone

_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})", re.ASCII)
_RUN_ON = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_QUARTER = re.compile(r"(?:Q([1-4])[ /-]?(\d{4})|(\d{4})[ /-]?Q([1-4]))", re.ASCII | re.IGNORECASE)
_ZONED = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d) ?([A-Za-z][\w/+-]*)", re.ASCII)
_OPEN = frozenset(
    ("?", "-", "later", "n/a", "never", "null", "open", "soon", "tba", "tbc", "tbd", "undecided")
)
QUOTES: Final = frozenset("\u2018\u2019\u201c\u201d\u201e\u00ab")
"""What word processors make of quotes; to YAML they are letters like others."""
_MONTHS_OF_A_QUARTER = 3
_LONGEST = 60
"""Characters of a text that may be a date in words."""


def is_open(text: str) -> bool:
    """Tell whether `text` says that there is no date yet."""
    return text.strip().lower() in _OPEN


def meant(text: str) -> str | None:
    """Return what to write in place of `text`, as in "write 2011-12-15"; None where that cannot be told."""
    if text[:1] in QUOTES:
        return "write straight quotes, or none"
    if is_open(text):
        return "where no date is set, write none"
    if (found := _ZONED.fullmatch(text)) and _is_zone(found[2]):
        return f"write {found[1]}, and beside it zone: {found[2]}"
    forms = _days(text) or _stretch(text)
    if not forms and len(text) <= _LONGEST:
        forms = _in_words(text)
    return f"write {' or '.join(dict.fromkeys(forms))}" if forms else None


def _is_zone(name: str) -> bool:
    try:
        zone(name)
    except ValueError:
        return False
    return True


def _days(text: str) -> list[str]:
    """Return the day in figures; two, where it may be the day or the month that stands first."""
    if found := _YEAR_FIRST.fullmatch(text) or _RUN_ON.fullmatch(text):
        return _real((found[1], found[2], found[3]))
    if found := _YEAR_LAST.fullmatch(text):
        day_first = _real((found[4], found[3], found[1]))
        # With dots, nobody writes the month first.
        return day_first if found[2] == "." else day_first + _real((found[4], found[1], found[3]))
    return []


def _real(parts: tuple[str, str, str]) -> list[str]:
    year, month, day = map(int, parts)
    try:
        return [date(year, month, day).isoformat()]
    except ValueError:
        return []


def _stretch(text: str) -> list[str]:
    if _YEAR.fullmatch(text) and int(text):
        return [f"{text}-01-01..{text}-12-31"]
    if (found := _QUARTER.fullmatch(text)) is None or (year := int(found[2] or found[3])) == 0:
        return []
    last = _MONTHS_OF_A_QUARTER * int(found[1] or found[4])
    end = date(year, last, monthrange(year, last)[1])
    return [f"{end.replace(month=last - _MONTHS_OF_A_QUARTER + 1, day=1).isoformat()}..{end.isoformat()}"]


def _in_words(text: str) -> list[str]:
    from milestonebot.sources.post.dates import phrases  # noqa: PLC0415 - reads Markdown, for slips alone

    found = [each.dating for each in phrases(text, None)]
    return [each.when.iso() for each in found if each.when is not None and each.words == text]
