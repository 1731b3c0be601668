"""HTML becomes tags and text, in time that grows with its length alone.

The standard library's parser takes quadratic time where a tag or a comment never ends: as soon
as it is told that nothing more will come, it looks for the end of each from the start of each
(64 KiB of `<a ` took 38 s). So it is never told. It is fed as much as it holds back, at least
a few KiB, so that what it reads again at most doubles the work; what never ended is left out,
as the HTML standard has it (13.2.5, "eof-in-tag").
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final, NamedTuple

FED: Final = 4096


class Start(NamedTuple):
    """A start tag; of attributes that are there twice, the first counts."""

    name: str
    attributes: dict[str, str]


class End(NamedTuple):
    """An end tag."""

    name: str


Event = Start | End | str


def events(html: str) -> list[Event]:
    """Return the tags and the text of `html`; comments, declarations and scripts' code are no text."""
    parser = _Parser()
    # The parser raises AssertionError for some of `<![…`; to the standard all are comments.
    # The tag at the end lets go of text that might have gone on.
    html = f"{html.replace('<![', '<!-[')}\n<p>"
    at = 0
    while at < len(html):
        size = max(FED, len(parser.rawdata))
        parser.feed(html[at : at + size])
        at += size
    return parser.found


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Event] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(Start(tag, {name: value or "" for name, value in reversed(attrs)}))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(End(tag))

    def handle_data(self, data: str) -> None:
        self.found.append(data)
