"""What stands above a post: Pelican's `Title:` lines, or front matter between `---` or `+++`.

https://docs.getpelican.com/en/latest/content.html#file-metadata,
https://jekyllrb.com/docs/front-matter/, https://gohugo.io/content-management/front-matter/
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Final, NamedTuple

from yaml.error import YAMLError
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from milestonebot.sources.post.findings import Head
from milestonebot.sources.post.targets import address
from milestonebot.sources.post.text import clean, cut
from milestonebot.yamlfile.compose import compose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yaml.nodes import Node

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
        values = tomllib.loads(written) if fence == "+++" else _yaml(written)
    except (YAMLError, ValueError, RecursionError):
        return Split(Head(), body, (f"the front matter between {fence} cannot be read",))
    return Split(_head({key.lower(): value for key, value in values.items()}), body)


def _yaml(written: str) -> dict[str, object]:
    """Return the texts of a mapping, and its lists of texts; all else is a blog's own."""
    root = compose(written)
    if not isinstance(root, MappingNode):
        return {}
    return {str(key.value): _plain(value) for key, value in root.value}


def _plain(node: Node) -> object:
    if isinstance(node, SequenceNode):
        return [each.value for each in node.value if isinstance(each, ScalarNode)]
    return node.value if isinstance(node, ScalarNode) else None


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
