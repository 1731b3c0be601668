from __future__ import annotations

import pytest
from hypothesis import given

from milestonebot.document import Bar, Code, Document, Faint, Line, Link, Listing, Strong, Table, line
from milestonebot.render.plain import render_plain, share
from tests.render.outgoing import check_plain
from tests.strategies import documents


def plain(*blocks: Line | Listing | Table) -> str:
    return render_plain(Document(blocks))


def test_a_line_is_a_line() -> None:
    parts = (Strong("a"), " ", Faint("b"), " ", Code("c"), " ", Bar(1, 4))
    assert plain(line(*parts), line("d")) == "a b c [##--------] 25%\nd"


def test_a_link_tells_its_url() -> None:
    assert plain(line(Link("nova", "https://e.org/"))) == "nova <https://e.org/>"
    assert plain(line(Link("https://e.org/", "https://e.org/"))) == "https://e.org/"
    assert plain(line(Link("nova", "file:///etc/passwd"))) == "nova"


def test_items_stand_under_their_title() -> None:
    assert plain(Listing((line("a"), line("b")), line("title"))) == "title\n• a\n• b"


def test_columns_are_aligned() -> None:
    rows = ((line("a"), line("b")), (line("漢字"), line("c")), (line("e\u0301"), line("d")), (line("x"),))
    table = Table(rows, line("title"), ("one", "two"))
    assert plain(table).split("\n") == [
        "title",
        "  one   two",
        "  a     b",
        "  漢字  c",
        "  e\u0301     d",
        "  x",
    ]


def test_one_long_cell_does_not_widen_its_column_without_end() -> None:
    rows = tuple((line("a" * size), line("b")) for size in (1, 3_000))
    first, second = plain(Table(rows)).split("\n")
    assert first == f"  a{' ' * 39}  b"
    assert second == f"  {'a' * 3_000}  b"


@pytest.mark.parametrize(
    ("bar", "expected"),
    [
        (Bar(0, 0), (0, 0)),
        (Bar(0, 10), (0, 0)),
        (Bar(999, 1000), (9, 99)),
        (Bar(10, 10), (10, 100)),
        (Bar(11, 10), (10, 100)),
        (Bar(-1, 10), (0, 0)),
        (Bar(1, -1), (10, 100)),
    ],
)
def test_a_bar_is_full_only_when_all_is_done(bar: Bar, expected: tuple[int, int]) -> None:
    assert share(bar) == expected


def test_the_first_line_is_no_command() -> None:
    assert plain(line("!a"), line("!b")) == "» !a\n!b"
    assert plain(Table(((line("!a"),),))) == "»   !a"
    assert plain(Listing((line("!a"),))) == "• !a"
    assert render_plain(Document((line("bot: a"),)), prefixes=["bot:"]) == "» bot: a"


@given(documents())
def test_it_may_go_out(document: Document) -> None:
    check_plain(render_plain(document))
