"""What stands above a post: Pelican's `Title:` lines, or front matter between `---` or `+++`.

https://docs.getpelican.com/en/latest/content.html#file-metadata,
https://jekyllrb.com/docs/front-matter/, https://gohugo.io/content-management/front-matter/
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Final, NamedTuple

import yaml

from milestonebot.sources.post.findings import Head
from milestonebot.sources.post.targets import address
from milestonebot.sources.post.text import clean, cut

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST: Final = 16 * 1024
"""Characters of a header that are read."""
LINE: Final = 300
"""Characters of one value."""

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_LINE = re.compile(r"([A-Za-z][A-Za-z_-]{0,30})[ \t]*:(.*)")
_KNOWN = frozenset(
    (
        "author",
        "authors",
        "category",
        "date",
        "lang",
        "modified",
        "slug",
        "status",
        "summary",
        "tags",
        "title",
    )
)


class Split(NamedTuple):
    """A post's text, taken apart."""

    head: Head
    body: str
    remarks: tuple[str, ...] = ()


def split(text: str) -> Split:
    """Return the header of a Markdown post, and the text below it."""
    fence = text[:LONGEST].split("\n", 1)[0].rstrip()
    if fence in _FENCES:
        return _front_matter(text, fence)
    return _pelican(text)


def _pelican(text: str) -> Split:
    values: dict[str, object] = {}
    at, last = 0, ""
    while at < min(len(text), LONGEST):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        found = _LINE.fullmatch(line)
        if found is not None and (values or found[1].lower() in _KNOWN):
            last = found[1].lower()
            values[last] = found[2]
        elif last and line[:1] in (" ", "\t") and line.strip():
            values[last] = f"{values[last]} {line.strip()}"
        else:
            break
        at = end + 1
    return Split(_head(values), text[at:])


def _front_matter(text: str, fence: str) -> Split:
    lines = text[:LONGEST].split("\n")
    ends = (i for i, line in enumerate(lines[1:], start=1) if line.rstrip() in _FENCES[fence])
    end = next(ends, None)
    if end is None:
        return Split(Head(), text)
    body = text[sum(len(line) + 1 for line in lines[: end + 1]) :]
    written = "\n".join(lines[1:end])
    try:
        read = tomllib.loads(written) if fence == "+++" else yaml.load(written, yaml.BaseLoader)  # noqa: S506 - makes texts only
    except (yaml.YAMLError, ValueError, RecursionError):
        return Split(Head(), body, (f"the front matter between {fence} cannot be read",))
    values = {str(key).lower(): value for key, value in read.items()} if isinstance(read, dict) else {}
    return Split(_head(values), body)


def _head(values: Mapping[str, object]) -> Head:
    return Head(
        title=_said(values.get("title")),
        author=_said(values.get("author")) or _said(values.get("authors")),
        tags=tuple(_each(values.get("tags"))),
        slug=_said(values.get("slug")),
        url=address(_said(values.get("canonical_url")) or _said(values.get("canonicalurl"))),
        published=_said(values.get("date")),
    )


def _said(value: object) -> str | None:
    if isinstance(value, list):
        value = ", ".join(str(each) for each in value[:20] if not isinstance(each, (list, dict)))
    if value is None or isinstance(value, dict):
        return None
    return cut(clean(str(value)), LINE) or None


def _each(value: object) -> list[str]:
    listed = value if isinstance(value, list) else str(value or "").strip("[]").split(",")
    return [tag for each in listed[:100] if (tag := _said(each))]
