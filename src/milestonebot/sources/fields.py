"""What a single value in a milestones file may be, and what is said where it is not.

Every check raises ValueError with a sentence for the maintainer; pydantic brings it to
`yamlfile.validate`, which adds the place.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timezone
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, PlainValidator, StringConstraints

from milestonebot.model import Kind
from milestonebot.names import key, near
from milestonebot.sources.slips import QUOTES, is_open, meant
from milestonebot.statuses import DEFINITION, IMPLEMENTATION, PRIORITY
from milestonebot.when import When
from milestonebot.zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

YEARS: Final = range(1970, 2200)
"""Years that a date may have; any other is a slip of the pen."""

_NAME = re.compile(r"[^\W_][\w.+~:-]*")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d", re.ASCII)
_UNSAYABLE = ("Cc", "Cs", "Cn")
"""Unicode's categories of what is no text: controls, surrogates, unassigned."""


def _one_line(text: str) -> str:
    text = " ".join(text.split())
    for character in text:
        if unicodedata.category(character) in _UNSAYABLE:
            raise ValueError(f"the character U+{ord(character):04X} is no text; take it out")
    return text


def _said(text: str) -> str:
    text = _one_line(text)
    if not text:
        raise ValueError("this is empty; leave the key out where nothing is known")
    return text


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        if text[:1] in QUOTES:
            raise ValueError(f"{text[:40]!r} is no name; write straight quotes, or none")
        raise ValueError(
            f"{text[:40]!r} is no name: it has letters, digits and . _ + - ~ : and begins with "
            "a letter or a digit (a title may be any text)"
        )
    return text


def _milestone_name(text: str) -> str:
    project, slash, name = text.rpartition("/")
    _name(name)
    if slash:
        _name(project)
    return text


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or not text.isprintable() or " " in text:
        raise ValueError(f"{text[:60]!r} is no link; it begins with https:// or http:// and has no spaces")
    return text


def one_of(words: Iterable[str]) -> Callable[[object], str]:
    """Return what finds the word that is meant, whatever its case; another one is told the near ones."""
    known = {key(word): word for word in words}

    def check(value: object) -> str:
        found = known.get(key(value)) if isinstance(value, str) else None
        if found is None:
            meant = [list(known.values())[i] for i in near(key(str(value)), list(known), 1)]
            hint = f"; did you mean {meant[0]}?" if meant else "."
            raise ValueError(
                f"{str(value)[:40]!r} is not known here{hint} It is one of: {', '.join(known.values())}"
            )
        return found

    return check


_ABBREVIATED = {
    **dict.fromkeys(("PST", "PDT", "PT"), "America/Los_Angeles"),
    **dict.fromkeys(("MDT", "MT"), "America/Denver"),
    **dict.fromkeys(("CST", "CDT", "CT"), "America/Chicago"),
    **dict.fromkeys(("EDT", "ET"), "America/New_York"),
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
    **dict.fromkeys(("NZST", "NZDT"), "Pacific/Auckland"),
    "BST": "Europe/London",
    "CEST": "Europe/Paris",
    "EEST": "Europe/Helsinki",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "MSK": "Europe/Moscow",
    "SGT": "Asia/Singapore",
}
"""Abbreviations that are no zones of IANA's: they are of half a year, or of several places."""


def _zone(name: str) -> str:
    try:
        zone(name)
    except ValueError as error:
        known = sorted(available_timezones())
        if (place := _ABBREVIATED.get(name.upper())) is not None:
            raise ValueError(f"{error}; write the zone of a place, as {place}") from None
        meant = [known[i] for i in near(name, known, 1)]
        hint = f"; did you mean {meant[0]}?" if meant else "; write Europe/Paris, UTC, AoE or the like"
        raise ValueError(f"{error}{hint}") from None
    return name


def moment(stated: datetime, name: str) -> When:
    """Return the moment when clocks in the zone `name` show `stated`.

    ValueError tells where it is none or two, or has an offset that is not the zone's.
    """
    local = stated.replace(tzinfo=None)
    aware = local.replace(tzinfo=zone(name))
    offsets = {each.utcoffset() for each in (aware, aware.replace(fold=1))}
    told = local.isoformat(sep=" ", timespec="minutes")
    if stated.tzinfo is None and len(offsets) > 1:
        if aware.astimezone(UTC).astimezone(aware.tzinfo).replace(tzinfo=None) != local:
            raise ValueError(f"there is no {told} in {name}: clocks are set forward over it; write another")
        raise ValueError(f"{told} comes twice in {name}; write the time with its offset, as +02:00")
    offset = stated.utcoffset() or aware.utcoffset()
    if offset is None or offset not in offsets:
        raise ValueError(f"the offset is not that of {name} at {told}; leave one of them out")
    return When.moment(local.replace(tzinfo=timezone(offset)), name)


def _stated(value: object) -> When | datetime | None:
    """Read a date; a time without its offset stays naive until its zone is known."""
    if value is None or (isinstance(value, str) and value.strip().lower() == "none"):
        return None
    if type(value) is date:
        stated: When | datetime = When.day(value)
    elif isinstance(value, str):
        stated = _written(value.strip())
    else:
        raise ValueError(f"{str(value)[:40]} is not a date; {meant(str(value)) or _FORMS}")
    first, last = (stated, stated) if isinstance(stated, datetime) else (stated.first, stated.last)
    for day in (first, last):
        if day.year not in YEARS:
            raise ValueError(f"the year {day.year} is none of {YEARS.start} to {YEARS.stop - 1}")
    return stated


def _written(text: str) -> When | datetime:
    try:
        return _time(text) if _TIME.match(text) else When.parse(text)
    except ValueError:
        if (hint := meant(text)) is not None:
            raise ValueError(f"{text[:40]!r} is not a date; {hint}") from None
        raise


def _time(text: str) -> When | datetime:
    try:
        stated = datetime.fromisoformat(text)
    except ValueError as error:
        reason = "" if "isoformat" in str(error) else f" ({error})"
        raise ValueError(f"{text[:40]!r} is not a time{reason}; {_FORMS}") from None
    return stated if stated.tzinfo is None else When.moment(stated)


_FORMS = "write 2011-12-15, 2011-W50, 2011-12-12..2011-12-16, 2011-12 or 2011-12-15T14:00"


def _day(value: object) -> date | None:
    stated = _stated(value)
    if stated is not None and (not isinstance(stated, When) or stated != When.day(stated.first)):
        raise ValueError(f"{str(value)[:40]} is not a day; write 2011-12-15")
    return stated.first if stated else None


def _sure_day(value: object) -> date:
    day = _day(value)
    if day is None:
        raise ValueError("is missing; write a day, as 2011-12-15")
    return day


def _released(value: object) -> bool | When | datetime:
    if isinstance(value, str) and is_open(value):
        raise ValueError(f"expected true, false or a day, not {value[:40]!r}")
    if isinstance(value, str) and value.lower() in ("true", "false", "yes", "no"):
        raise ValueError(f'"{value}" in quotes is text; take the quotes away')
    try:
        stated = value if isinstance(value, bool) else _stated(value)
    except ValueError as error:
        raise ValueError(f"expected true, false or a day; {error}") from None
    if stated is None:
        raise ValueError("this is empty; write true, false or the day, or leave the key out")
    return stated


Name = Annotated[str, StringConstraints(max_length=200), AfterValidator(_name)]
MilestoneName = Annotated[str, StringConstraints(max_length=400), AfterValidator(_milestone_name)]
"""A milestone's name; a project's own may be written `nova/essex-2`."""
Word = Annotated[str, StringConstraints(max_length=100), AfterValidator(_said)]
Title = Annotated[str, StringConstraints(max_length=500), AfterValidator(_said)]
Prose = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_said)]
Url = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_url)]
Zone = Annotated[str, StringConstraints(max_length=100), AfterValidator(_zone)]
Stated = Annotated[When | datetime | None, PlainValidator(_stated, json_schema_input_type=str | None)]
"""A date as precisely as it is known; None, written `none`, is "no date set"."""
Released = Annotated[
    bool | When | datetime | None, PlainValidator(_released, json_schema_input_type=bool | str)
]
Day = Annotated[date, PlainValidator(_sure_day, json_schema_input_type=str)]
DayOrNone = Annotated[date | None, PlainValidator(_day, json_schema_input_type=str | None)]
Status = Annotated[str, PlainValidator(one_of(IMPLEMENTATION), json_schema_input_type=str)]
Priority = Annotated[str, PlainValidator(one_of(PRIORITY), json_schema_input_type=str)]
Definition = Annotated[str, PlainValidator(one_of(DEFINITION), json_schema_input_type=str)]
KindWord = Annotated[Kind, BeforeValidator(lambda value: Kind(one_of(Kind)(value)))]
Confidence = Annotated[str, PlainValidator(one_of(("high", "medium", "low")), json_schema_input_type=str)]
SeriesField = Annotated[
    str,
    PlainValidator(
        one_of(("title", "version", "version_note", "status", "next_status", "starts", "eol", "long_term")),
        json_schema_input_type=str,
    ),
]
TagKind = Annotated[str, PlainValidator(one_of(("tagger", "commit")), json_schema_input_type=str)]
