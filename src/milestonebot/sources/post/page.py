"""What an HTML page says about the post that it holds, and where the post itself is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from milestonebot.sources.post.events import End, Start
from milestonebot.sources.post.findings import Head
from milestonebot.sources.post.header import LINE
from milestonebot.sources.post.targets import address
from milestonebot.sources.post.text import clean, cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from milestonebot.sources.post.events import Event

_TITLES: Final = ("og:title", "twitter:title", "dc.title")
_DATES: Final = ("article:published_time", "date", "dc.date", "dcterms.date", "pubdate")
_AUTHORS: Final = ("author", "article:author", "dc.creator")


def is_page(text: str) -> bool:
    """Tell whether `text` is a whole HTML page."""
    start = text[:1000].lstrip().lower()
    return start.startswith(("<!doctype html", "<html", "<?xml")) or "<html" in start


def post_of(events: Sequence[Event]) -> Sequence[Event]:
    """Return the part that holds the post: the first article, the main part, or the body.

    Articles in an article are left out: they are its comments (HTML standard, 4.3.2).
    """
    for name in ("article", "main"):
        first = next(
            (i for i, each in enumerate(events) if isinstance(each, Start) and each.name == name), None
        )
        if first is not None:
            return list(_inner(events[first:], name))
    body = next((i for i, each in enumerate(events) if isinstance(each, Start) and each.name == "body"), 0)
    return events[body:]


def _inner(events: Sequence[Event], name: str) -> Iterator[Event]:
    depth = 0
    for event in events:
        if isinstance(event, Start) and event.name == name:
            depth += 1
        elif isinstance(event, End) and event.name == name:
            depth -= 1
            if not depth:
                return
        elif depth == 1:
            yield event


def head_of(events: Sequence[Event], post: Sequence[Event]) -> Head:
    """Return what the page says of `post`, which is a part of it."""
    meta = _meta(events)
    times = [*_attributes(post, "time", "datetime"), *_attributes(events, "time", "datetime")]
    links = [each.attributes for each in events if isinstance(each, Start) and each.name == "link"]
    canonical = [each.get("href", "") for each in links if each.get("rel", "").lower() == "canonical"]
    tags = (*meta.get("article:tag", ()), *",".join(meta.get("keywords", ())).split(","))
    titles = (_text(post, "h1"), _text(events, "h1"), *_first(meta, _TITLES), _text(events, "title"))
    return Head(
        title=next((each for each in titles if each), None),
        author=next(_first(meta, _AUTHORS), None),
        tags=tuple(dict.fromkeys(tag for each in tags if (tag := _line(each)))),
        url=next((each for each in (*canonical, *meta.get("og:url", ())) if address(each)), None),
        published=next((each for each in (*_first(meta, _DATES), *times) if each), None),
    )


def _meta(events: Sequence[Event]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for event in events:
        if isinstance(event, Start) and event.name == "meta":
            name = event.attributes.get("property") or event.attributes.get("name") or ""
            found.setdefault(name.lower(), []).append(event.attributes.get("content", ""))
    return found


def _first(meta: dict[str, list[str]], names: Sequence[str]) -> Iterator[str]:
    return (said for name in names for each in meta.get(name, ()) if (said := _line(each)))


def _attributes(events: Sequence[Event], name: str, attribute: str) -> Iterator[str]:
    starts = (each for each in events if isinstance(each, Start) and each.name == name)
    return (said for each in starts if (said := _line(each.attributes.get(attribute, ""))))


def _text(events: Sequence[Event], name: str) -> str:
    """Return the text of the first element called `name`."""
    inside, words = False, []
    for event in events:
        if isinstance(event, str):
            if inside:
                words.append(event)
        elif event.name == name:
            if inside:
                break
            inside = isinstance(event, Start)
    return _line(" ".join(words))


def _line(text: str) -> str:
    return cut(clean(text), LINE)
