"""What an address leads to: a blueprint, a bug, a milestone, or something else.

Launchpad's addresses: https://help.launchpad.net (blueprints at PROJECT/+spec/NAME, bugs at
bugs/N and PROJECT/+bug/N, milestones at PROJECT/+milestone/NAME and, with what they released,
at PROJECT/SERIES/MILESTONE).
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from milestonebot.sources.post.findings import Kind, Target

LONGEST: Final = 2000
"""Characters of an address that is read; a longer one leads to something else."""

_HOST = re.compile(r"(?:(?:www|blueprints|bugs|code|answers|translations)\.)?(?:edge\.)?launchpad\.net\Z")
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d+[a-z_]*/(?=https?:)", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9][a-z0-9+.-]{0,199}\Z")
"""Launchpad's `valid_name`: of projects, series and blueprints."""
_MILESTONE = re.compile(r"[a-z0-9][a-z0-9+.~_-]{0,199}\Z")
_RELEASED = re.compile(r"(?=.*\d)[a-z0-9][a-z0-9+.~_-]*\Z")
"""The last part of PROJECT/SERIES/MILESTONE; without a digit it is a page of the series."""


def target(href: str) -> Target | None:
    """Return what `href` leads to; None where it leads nowhere else (a part of the same page)."""
    href = href.strip()
    if not href or href.startswith(("#", "mailto:", "javascript:", "data:")):
        return None
    href = _ARCHIVED.sub("", href, count=1)
    if href.startswith("//"):
        href = f"https:{href}"
    other = Target(Kind.OTHER, href[:LONGEST])
    if len(href) > LONGEST:
        return other
    try:
        parts = urlsplit(href)
        host = (parts.hostname or "").removesuffix(".")
    except ValueError:
        return other
    if parts.scheme.lower() not in ("http", "https") or not _HOST.match(host):
        return other
    path = [unquote(part).strip().lower() for part in parts.path.split("/")]
    return _launchpad([part for part in path if part]) or other


def address(text: str | None) -> str | None:
    """Return `text` where it is a whole http(s) address."""
    try:
        parts = urlsplit(text or "")
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return (
        text if text and sound and len(text) <= LONGEST and text.isprintable() and " " not in text else None
    )


def _launchpad(path: list[str]) -> Target | None:
    match path:
        case [project, "+spec", name, *_] | [project, _, "+spec", name, *_]:
            return _blueprint(project, name)
        case ["bugs", number, *_] | [_, "+bug", number, *_] | [_, _, "+bug", number, *_]:
            return _bug(number)
        case [project, "+milestone", name, *_]:
            return _milestone(project, name)
        case [project, series, name] if _RELEASED.match(name):
            return _milestone(project, name, series)
        case [project, series, name, "+download"]:
            return _milestone(project, name, series)
    return None


def _blueprint(project: str, name: str) -> Target | None:
    if not (_NAME.match(project) and _NAME.match(name)):
        return None
    url = f"https://blueprints.launchpad.net/{project}/+spec/{name}"
    return Target(Kind.BLUEPRINT, url, name, project)


def _bug(number: str) -> Target | None:
    """Return the bug itself: each project that it touches has an address of its own for it."""
    if not (number.isascii() and number.isdigit() and len(number) <= 12):  # noqa: PLR2004 - none has more digits
        return None
    number = str(int(number))
    return Target(Kind.BUG, f"https://bugs.launchpad.net/bugs/{number}", number)


def _milestone(project: str, name: str, series: str | None = None) -> Target | None:
    sound = _NAME.match(project) and _MILESTONE.match(name) and (series is None or _NAME.match(series))
    if not sound:
        return None
    return Target(Kind.MILESTONE, f"https://launchpad.net/{project}/+milestone/{name}", name, project, series)
