"""Facts as plain JSON, and back: the form of the compiled data and of snapshots on disk.

Reading it is on the way to every answer, so it is quick: no validation library, origins are
listed once and referred to by their place in the list, what has its default value is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from milestonebot.errors import SourceError
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
from milestonebot.when import Precision, When

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = 1
"""The number of the form written here; another number is not read."""

Decode = Callable[[Any], Any]


def facts_to_json(facts: Facts) -> dict[str, object]:
    """Return `facts` as what `json.dumps` takes; equal facts give equal JSON."""
    origins: dict[Origin, int] = {}
    sections = {each.name: _plain(getattr(facts, each.name), origins) for each in fields(Facts)}
    return {"format": FORMAT, "origins": [_origin_row(origin) for origin in origins], **sections}


def facts_from_json(data: object) -> Facts:
    """Return the facts that `facts_to_json` wrote as `data`.

    Anything else raises SourceError; what it refuses, and where, is in the message.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = data.get("format") if isinstance(data, dict) else type(data).__name__
        raise SourceError(f"These are no facts of format {FORMAT} (found {str(found)[:40]!r}).")
    try:
        origins = dict(enumerate(map(_origin, data["origins"])))
        sections = _sections(origins.__getitem__)
        given = {name: part for name, part in data.items() if name not in ("format", "origins")}
        return Facts(**{name: sections[name](part) for name, part in given.items()})
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {str(error)[:200]}"
        raise SourceError(f"The facts of format {FORMAT} are damaged ({reason}).") from error


def _plain(value: Any, origins: dict[Origin, int]) -> Any:  # noqa: ANN401 - any part of Facts
    if isinstance(value, Origin):
        return origins.setdefault(value, len(origins))
    if isinstance(value, When):
        return _when_row(value)
    if isinstance(value, tuple):
        return [_plain(each, origins) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (str, int)):
        return value.value if isinstance(value, Kind) else value
    given = ((each, getattr(value, each.name)) for each in fields(value))
    return {
        each.name: _plain(part, origins)
        for each, part in given
        if each.default is MISSING or part != each.default
    }


def _origin_row(origin: Origin) -> list[str | None]:
    return [
        origin.source,
        origin.reference,
        origin.read.isoformat() if origin.read else None,
        origin.confidence,
    ]


def _when_row(when: When) -> str | list[str | None]:
    """Return the written form where it tells all, and else every part."""
    if when.at is None and when.zone is None and when == _as_stated(when):
        return when.iso()
    return [
        when.first.isoformat(),
        when.last.isoformat(),
        when.precision.value,
        when.at.isoformat() if when.at else None,
        when.zone,
    ]


def _as_stated(when: When) -> When | None:
    """Return what the written form of `when` says, which is all of it for any sound one."""
    if when.precision is Precision.MONTH:
        return When.month(when.first.year, when.first.month)
    return When.days(when.first, when.last) if when.first <= when.last else None


def _origin(row: list[str | None]) -> Origin:
    source, reference, read, confidence = row
    return Origin(_text(source), _words(reference), _maybe_day(read), _words(confidence))


def _when(row: Any) -> When | None:  # noqa: ANN401 - a text, a list or nothing
    if row is None:
        return None
    if isinstance(row, str):
        return When.day(date.fromisoformat(row)) if len(row) == len("2011-12-15") else When.parse(row)
    first, last, precision, at, zone = row
    return When(
        date.fromisoformat(first),
        date.fromisoformat(last),
        Precision(precision),
        datetime.fromisoformat(at) if at is not None else None,
        _words(zone),
    )


def _text(value: object) -> str:
    if type(value) is str:
        return value
    raise TypeError(f"{value!r:.60} in place of a text")


def _words(value: object) -> str | None:
    return None if value is None else _text(value)


def _flag(value: object) -> bool:
    if type(value) is bool:
        return value
    raise TypeError(f"{value!r:.60} in place of true or false")


def _maybe_flag(value: object) -> bool | None:
    return None if value is None else _flag(value)


def _number(value: object) -> int:
    if type(value) is int:
        return value
    raise TypeError(f"{value!r:.60} in place of a number")


def _maybe_day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _many(decode: Decode) -> Decode:
    def decode_all(rows: list[Any]) -> tuple[Any, ...]:
        if type(rows) is not list:
            raise TypeError(f"{rows!r:.60} in place of a list")
        return tuple([decode(row) for row in rows])  # a list is quicker than a generator here

    return decode_all


def _pair(second: Decode) -> Decode:
    def decode(row: list[Any]) -> tuple[str, Any]:
        name, value = row
        return _text(name), second(value)

    return decode


def _thing(cls: Callable[..., Any], special: Mapping[str, Decode]) -> Decode:
    """Return what reads an object of `cls`: its fields are texts but for those in `special`."""
    decoders = {each.name: special.get(each.name, _words) for each in fields(cls)}  # type: ignore[arg-type]  # all are dataclasses
    required = {each.name for each in fields(cls) if each.default is MISSING}  # type: ignore[arg-type]  # likewise
    decoders |= {name: _text for name in required if decoders[name] is _words}

    def decode(row: dict[str, Any]) -> Any:  # noqa: ANN401 - an object of `cls`
        return cls(**{name: decoders[name](value) for name, value in row.items()})

    return decode


def _sections(origin: Decode) -> dict[str, Decode]:
    """Return a decoder for each field of Facts."""
    claims = _many(_thing(Claim, {"when": _when, "origin": origin}))
    tags = _many(_thing(Tag, {"day": date.fromisoformat}))
    cited = {"origin": origin}
    dated = {**cited, "claims": claims, "tags": tags}
    series: dict[str, Decode] = {
        "next_status_from": _maybe_day,
        "starts": _when,
        "release": claims,
        "released": _maybe_flag,
        "eol": _when,
    }
    series |= {"long_term": _flag, "starts_otherwise": claims, "origins": _many(_pair(origin))}
    figures = _many(_thing(Figure, {"value": _number, "approximate": _flag}))
    post = {"published": _when, "figures": figures, "underway": _many(_pair(_text))}
    return {
        "groups": _many(_thing(ProjectGroup, cited)),
        "projects": _many(_thing(Project, {**cited, "aliases": _many(_text)})),
        "series": _many(_thing(Series, {**cited, **series})),
        "milestones": _many(
            _thing(Milestone, {**dated, "kind": Kind, "released": _maybe_flag, "window": _when})
        ),
        "releases": _many(_thing(Release, dated)),
        "blueprints": _many(_thing(Blueprint, cited)),
        "posts": _many(_thing(Post, {**cited, **post})),
    }
