"""Remembered pages are the pages that would be rendered."""

from __future__ import annotations

from milestonebot.document import Document, line
from milestonebot.render.irc import render_irc
from milestonebot.transports.irc.pages import Pages


def test_the_same_document_in_the_same_shape_is_rendered_once() -> None:
    pages, document = Pages(), Document((line("word " * 300),))
    first = pages.render(document, 400, "!more", "!", formatting=True)
    assert pages.render(document, 400, "!more", "!", formatting=True) is first


def test_a_document_that_comes_to_lie_where_another_was_has_its_own_page() -> None:
    pages = Pages()
    for number in range(1000):
        # Each is dropped at once, as far as `pages` lets it.
        page = pages.render(Document((line(str(number)),)), 400, "!more", "!", formatting=True)
        assert page.lines == (str(number),)


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
