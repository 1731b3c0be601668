"""The name of a dated thing in keys and in memory: the same for as long as it is the same thing."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from milestonebot.announcement import KINDS
from milestonebot.model import Kind
from milestonebot.names import words

if TYPE_CHECKING:
    from typing import Any

    from milestonebot.model import Milestone

_NONE = "-"
"""Stands for the series of what has none; no name is written so, since hyphens alone are no word."""
_SAFE = {"%": "%25", "/": "%2F"}
_AT = "%40"
_MARKS = {each.value for each in Kind if each not in KINDS}
_LONGEST = 240
"""Bytes of one part in UTF-8: PostgreSQL takes keys of 2,704, and they have a rule and a room besides."""


def subject(milestone: Milestone) -> str:
    """Return `group/series/name`, or `group/series/project/name` of what is a project's own.

    Behind the name of what is no milestone and no release stands its kind, `feature-freeze@freeze`: of
    what is gone, the subject alone still tells what it was.

    How a name is spelt does not matter here, as it does not in the catalog: `Essex 2` is `essex-2`.
    A slash or a percent sign within a name is written as in a URL (RFC 3986, 2.1). A part that is longer
    than any name should be is cut, and ends with a hash of all of it.
    """
    owner = () if milestone.project is None else (_slug(milestone.project),)
    mark = "" if milestone.kind in KINDS else f"@{milestone.kind}"
    return "/".join((_slug(milestone.group), _slug(milestone.series), *owner, _slug(milestone.name) + mark))


def told(subject: str) -> dict[str, Any]:
    """Return what a subject's name itself says: `group`, `series`, `project`, `milestone` and `kind`."""
    bare, _, mark = subject.rpartition("@")
    kind = Kind.MILESTONE
    if bare and mark in _MARKS:
        subject, kind = bare, Kind(mark)
    group, series, *owner, name = (_read(part) for part in subject.split("/"))
    project = owner[0] if owner else None
    return {"group": group, "series": series, "project": project, "milestone": name, "kind": kind}


def safe(part: str) -> str:
    """Return `part` so that it can stand between slashes."""
    for character, written in _SAFE.items():
        part = part.replace(character, written)
    return part


def _slug(name: str | None) -> str:
    part = safe("-".join(words(name or ""))).replace("@", _AT)
    written = part.encode(errors="replace")
    if len(written) > _LONGEST:
        mark = f"~{sha256(written).hexdigest()[:16]}"
        part = written[: _LONGEST - len(mark)].decode(errors="ignore") + mark
    return part or _NONE


def _read(part: str) -> str | None:
    if part == _NONE:
        return None
    part = part.replace(_AT, "@")
    for character, written in reversed(_SAFE.items()):
        part = part.replace(written, character)
    return part
