"""Long answers are told in pages, and nothing of them is lost."""

import pytest
from hypothesis import given, strategies as st

from milestonebot.document import Block, Document, Line, Listing, Table, line, say
from milestonebot.render.plain import render_plain
from milestonebot.transports.matrix.said.paging import MOST_ITEMS, count, hinted, paged, pages

LINES = st.builds(line, st.text("abc ", min_size=1, max_size=30))
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    LINES,
    st.builds(Listing, st.lists(LINES, max_size=90).map(tuple), st.none() | LINES),
    st.builds(Table, st.lists(st.tuples(LINES, LINES), max_size=90).map(tuple), st.none() | LINES),
)


def every(_: Document) -> bool:
    return True


def units(document: Document) -> list[object]:
    """Return all that is told, without the titles of lists, which may be told again."""
    found: list[object] = []
    for block in document.blocks:
        match block:
            case Line():
                found.append(block)
            case Listing():
                found += block.items
            case Table():
                found += block.rows
    return found


@given(st.lists(BLOCKS, max_size=6), st.integers(1, 2000))
def test_the_pages_together_are_the_document(blocks: list[Block], size: int) -> None:
    document = Document(tuple(blocks))

    def fits(page: Document) -> bool:
        return len(render_plain(page)) <= size

    told: list[object] = []
    rest: Document | None = document
    number = 0
    while rest is not None:
        page, rest = paged(rest, fits)
        number += 1
        told += units(page)
        assert count(page) <= MOST_ITEMS
        assert fits(page) or count(page) == 1
    assert told == units(document)
    assert pages(document, fits, 1000) == number
    assert pages(document, fits, 2) == min(number, 2)


def test_what_fits_is_one_page() -> None:
    document = Document((line("a"), Listing(tuple(line(str(each)) for each in range(MOST_ITEMS - 1)))))
    assert paged(document, every) == (document, None)


def test_a_list_goes_on_under_its_title() -> None:
    items = tuple(line(f"item {each}") for each in range(150))
    first, rest = paged(Document((line("head"), Listing(items, line("nova: 150")))), every)
    assert rest is not None
    assert render_plain(first).splitlines()[:3] == ["head", "nova: 150", "• item 0"]
    assert render_plain(rest).splitlines()[:2] == ["… nova: 150", "• item 59"]
    _, last = paged(rest, every)
    assert last is not None
    assert render_plain(last).splitlines()[:2] == ["… nova: 150", "• item 119"]
    assert render_plain(hinted(first, rest, "!more", "➕")).splitlines()[-1] == "… 91 more: !more or ➕"
    assert render_plain(hinted(first, rest, None, "➕")).splitlines()[-1] == "… 91 more: ➕"


@pytest.mark.parametrize("blocks", [(), (Listing(()),), (line("x" * 5000),)])
def test_what_cannot_be_cut_is_one_page(blocks: tuple[Block, ...]) -> None:
    page, rest = paged(Document(blocks), lambda _: False)
    assert (page.blocks, rest) == (blocks, None)


def test_a_page_that_nothing_fits_holds_one_item() -> None:
    page, rest = paged(Document((line("a"), line("b"))), lambda _: False)
    assert page == Document((line("a"),))
    assert rest == Document((line("b"),))
    assert paged(say("a"), lambda _: False) == (say("a"), None)
