"""Blocks and sentences as tests write them: in Markdown."""

from __future__ import annotations

from markdown_it import MarkdownIt

from milestonebot.sources.post.blocks import Block, blocks
from milestonebot.sources.post.events import events
from milestonebot.sources.post.sentences import Sentence, sentences

SPEC = "https://blueprints.launchpad.net/example/+spec"


def blocks_of(markdown: str) -> list[Block]:
    return blocks(events(MarkdownIt("commonmark").enable("table").render(markdown)))


def sentences_of(markdown: str) -> list[Sentence]:
    return [sentence for block in blocks_of(markdown) for sentence in sentences(block)]


def linking(text: str) -> str:
    """Write `[words](name)` for a link to the blueprint of that name."""
    return text.replace("](", f"]({SPEC}/")
