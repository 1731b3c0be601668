"""Remembered pages are the pages that would be rendered."""

from __future__ import annotations

from milestonebot.document import Document, line
from milestonebot.render.irc import render_irc
from milestonebot.transports.irc.pages import Pages


def test_the_same_document_in_the_same_shape_is_rendered_once() -> None:
    pages = Pages()
    first = pages.render(Document((line("word " * 300),)), 400, "!more", "!", formatting=True)
    again = pages.render(Document((line("word " * 300),), {"x": 1}), 400, "!more", "!", formatting=True)
    assert again is first


def test_each_shape_has_a_page_of_its_own() -> None:
    pages, text = Pages(), "!word " * 300
    shapes = [
        (400, "!more", "!", True),
        (300, "!more", "!", True),
        (400, "%more", "!", True),
        (400, "!more", "!word", True),
        (400, "!more", "!", False),
    ]
    for document in (Document((line(text),)), Document((line(text),), found=False)):
        for width, more, prefix, formatting in shapes * 2:
            page = pages.render(document, width, more, prefix, formatting=formatting)
            assert page == render_irc(
                document, width=width, more=more, formatting=formatting, prefixes=(prefix,)
            )


def test_no_more_than_some_are_remembered() -> None:
    pages = Pages()
    for number in range(1000):
        pages.render(Document((line(str(number)),)), 400, "!more", "!", formatting=True)
    assert len(pages._known) == 256  # noqa: SLF001 - its memory is what is tested
