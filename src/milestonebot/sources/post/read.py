"""A post as a file holds it becomes what the post says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

from milestonebot.errors import ConfigError, Problem
from milestonebot.sources.post import header, page
from milestonebot.sources.post.blocks import blocks
from milestonebot.sources.post.counts import counts
from milestonebot.sources.post.dates import day_of
from milestonebot.sources.post.doubt import heading_cue
from milestonebot.sources.post.events import events
from milestonebot.sources.post.findings import Findings, Head, Kind
from milestonebot.sources.post.header import LINE
from milestonebot.sources.post.mentions import mentions, of_kind, places, underway
from milestonebot.sources.post.naming import name
from milestonebot.sources.post.planned import planned
from milestonebot.sources.post.released import released
from milestonebot.sources.post.sentences import sentences
from milestonebot.sources.post.speaking import Subject
from milestonebot.sources.post.targets import target
from milestonebot.sources.post.text import cut, decode

if TYPE_CHECKING:
    from milestonebot.sources.post.blocks import Block

LARGEST: Final = 256 * 1024
"""Characters of a post in Markdown, some forty times the usual: each costs up to 20 µs to read."""
LINKS: Final = 5000
"""Links that a post may have."""

_PAGES = frozenset((".htm", ".html", ".xhtml"))
_FOREIGN = {
    ".rst": "reStructuredText",
    ".adoc": "AsciiDoc",
    ".pdf": "PDF",
    ".docx": "Word",
    ".textile": "Textile",
}


def read_post(data: bytes, file: str) -> Findings:
    """Return what the post in `data` says; ConfigError tells why `file` cannot be read."""
    suffix = PurePath(file).suffix.lower()
    if suffix in _FOREIGN:
        _refuse(file, f"is {_FOREIGN[suffix]}; only Markdown and HTML are read")
    text, remarks = decode(data, file)
    if not text.strip():
        _refuse(file, "is empty")
    if page.is_page(text) or suffix in _PAGES:
        found = events(text)
        post = page.post_of(found)
        head, read = page.head_of(found, post), blocks(post)
    else:
        head, body, more = header.split(text)
        if len(body) > LARGEST:
            _refuse(file, f"has more than {LARGEST:,} characters of Markdown; import a post, not a book")
        read, remarks = blocks(events(_html(body))), (*remarks, *more)
    if sum(len(block.links) for block in read) > LINKS:
        _refuse(file, f"has more than {LINKS:,} links; import a post, not an index")
    return _findings(file, text, head, read, remarks)


def _refuse(file: str, message: str) -> None:
    raise ConfigError((Problem(file, 0, 0, message),))


def _html(markdown: str) -> str:
    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown))


def _findings(file: str, text: str, head: Head, read: list[Block], remarks: tuple[str, ...]) -> Findings:
    published = day_of(head.published)
    if head.published and published is None:
        remarks = (*remarks, f'its date, "{head.published}", cannot be read; write 2011-12-20')
    said = [sentence.said() for block in read for sentence in sentences(block)]
    targets = [to for block in read for link in block.links if (to := target(link.href)) is not None]
    head = _titled(head, read)
    named = name(head, " ".join(said), targets)
    subject = Subject.of(named)
    out, dating = released([*([head.title] if head.title else ()), *said], subject, published)
    linked = mentions(read, named.name, places(text), _ahead(head.title or "", out))
    return Findings(
        file=file,
        head=head,
        published=published,
        milestone=named,
        released=out,
        dating=dating,
        planned=planned(said, subject, published),
        blueprints=of_kind(linked, Kind.BLUEPRINT),
        bugs=of_kind(linked, Kind.BUG),
        milestones=of_kind(linked, Kind.MILESTONE),
        underway=underway(read),
        others=len(of_kind(linked, Kind.OTHER)),
        counts=counts(said),
        remarks=remarks,
    )


def _titled(head: Head, read: list[Block]) -> Head:
    """Return `head`, with the first heading as its title where it has none."""
    if head.title:
        return head
    heading = next((cut(block.text, LINE) for block in read if block.heading), None)
    return replace(head, title=heading)


def _ahead(title: str, out: bool | None) -> str | None:  # noqa: FBT001 - as the findings have it
    """Return the words that put all of a post in doubt: it looks ahead to a milestone that is not out."""
    if out:
        return None
    return heading_cue(title) or ("the post looks ahead" if out is False else None)
