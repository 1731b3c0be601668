from __future__ import annotations

import pytest
from hypothesis import given

from milestonebot.document import Bar, Code, Document, Faint, Line, Link, Listing, Part, Strong, Table, line
from milestonebot.render.html import LONG, render_html
from tests.render.outgoing import PREFIXES, check_html
from tests.strategies import documents


def html(*blocks: Line | Listing | Table) -> str:
    return render_html(Document(blocks))


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        (Strong("<b>"), "<strong>&lt;b&gt;</strong>"),
        (Faint("ago"), '<span data-mx-color="#808080">ago</span>'),
        (Code("!next"), "<code>!next</code>"),
        (Link("a&b", "https://e.org/?a&b"), '<a href="https://e.org/?a&amp;b">a&amp;b</a>'),
        (Link("pill", "https://matrix.to/#/@a:b"), "pill"),
        (Bar(3, 5), "██████░░░░ 60%"),
    ],
)
def test_each_part_has_its_form(part: Part, expected: str) -> None:
    assert html(line("x ", part)) == f"x {expected}"


def test_one_line_is_no_paragraph() -> None:
    assert html(line("a")) == "a"
    assert html(line("a"), line("b")) == "<p>a</p><p>b</p>"


def test_a_list_stands_under_its_title() -> None:
    assert html(Listing((line("a"), line("b")), line("title"))) == "<p>title</p><ul><li>a</li><li>b</li></ul>"
    assert html(Listing((line("a"),))) == "<ul><li>a</li></ul>"
    assert html(Listing((), line("title"))) == "<p>title</p>"


def test_a_long_list_is_folded() -> None:
    items = tuple(line(str(number)) for number in range(LONG + 1))
    assert html(Listing(items, line("title"))).startswith("<details><summary>title</summary><ul><li>0</li>")
    assert html(Listing(items, line("title"))).endswith(f"<li>{LONG}</li></ul></details>")
    assert html(Listing(items)).startswith(f"<details><summary>{LONG + 1} entries</summary>")
    assert "<details>" not in html(Listing(items[1:]))
    assert "<details>" in html(Table(tuple((item,) for item in items)))


def test_a_table_is_a_table() -> None:
    table = Table(((line("a"), line(Strong("b"))),), line("title"), ("<one>", "two"))
    assert html(table) == (
        "<p>title</p><table><thead><tr><th>&lt;one&gt;</th><th>two</th></tr></thead>"
        "<tbody><tr><td>a</td><td><strong>b</strong></td></tr></tbody></table>"
    )
    for header in ((), ("", "\u200b")):
        assert (
            html(Table(((line("a"),),), header=header)) == "<table><tbody><tr><td>a</td></tr></tbody></table>"
        )


def test_only_the_first_line_is_opened_against_commands() -> None:
    assert html(line("!a"), line("!b")) == "<p>» !a</p><p>!b</p>"
    assert html(line(Strong("!a"))) == "» <strong>!a</strong>"
    assert html(Listing((line("!b"),), line("!a"))) == "<p>» !a</p><ul><li>!b</li></ul>"
    assert render_html(Document((line("bot: a"),)), prefixes=["bot:"]) == "» bot: a"


def test_a_mark_does_not_melt_with_the_tag_before_it() -> None:
    assert html(line(Strong("\u0338a"))) == "<strong>&#824;a</strong>"


@given(documents())
def test_it_is_what_matrix_permits_and_nothing_is_unescaped(document: Document) -> None:
    html = render_html(document)
    text = check_html(html)
    if text and not html.startswith(("<ul>", "<table>")):
        assert text[0] not in PREFIXES
