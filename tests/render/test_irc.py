from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from milestonebot.document import Bar, Code, Document, Faint, Line, Link, Listing, Strong, Table, line
from milestonebot.render.irc import NARROWEST, IrcPage, render_irc, text_width
from tests.render.outgoing import check_irc
from tests.strategies import documents

WIDTHS = st.integers(NARROWEST, 420)
ENDLESS = 100_000


def said(*parts: Line | Listing | Table, width: int = 400, **options: object) -> IrcPage:
    return render_irc(Document(parts), width=width, **options)  # type: ignore[arg-type]  # render_irc's own


def listing(count: int, title: Line | None = None) -> Listing:
    return Listing(tuple(line(f"item-{number}") for number in range(count)), title)


def pages(document: Document, width: int, lines: int = 3) -> list[IrcPage]:
    told = [render_irc(document, width=width, lines=lines)]
    while (rest := told[-1].rest) is not None:
        told.append(render_irc(rest, width=width, lines=lines))
        assert len(told) < ENDLESS
    return told


def test_width_is_what_prefix_command_and_target_leave_of_512_bytes() -> None:
    text = "x" * text_width("bot!user@host.example", "PRIVMSG", "#openstack-dev")
    assert len(f":bot!user@host.example PRIVMSG #openstack-dev :{text}\r\n") == 512
    assert text_width("b!u@h", "NOTICE", "#ü") == text_width("b!u@h", "NOTICE", "#uu")
    assert text_width("b!u@h", "NOTICE", "#u", limit=1024) - text_width("b!u@h", "NOTICE", "#u") == 512


def test_a_short_answer_is_one_line() -> None:
    assert said(line(Strong("essex-3"), ": Thu 26 Jan 2012")) == IrcPage(
        ("\x02essex-3\x02: Thu 26 Jan 2012",)
    )


def test_nothing_to_say_is_no_line() -> None:
    assert said() == said(line("\u200b"), Listing(())) == IrcPage(())


def test_each_part_has_its_form() -> None:
    parts = line(
        Strong("a b"), " ", Faint("c d"), " ", Code("!e"), " ", Bar(3, 5), " ", Link("f", "https://e.org/")
    )
    assert said(parts).lines == ("\x02a b\x02 \x1dc d\x1d \x02!e\x02 [######----] 60% f <https://e.org/>",)
    assert said(parts, formatting=False).lines == ("a b c d !e [######----] 60% f <https://e.org/>",)


def test_a_url_that_is_its_own_text_is_told_once() -> None:
    assert said(line(Link("https://e.org/", "https://e.org/"))).lines == ("https://e.org/",)


def test_breaks_at_spaces_and_counts_bytes() -> None:
    page = said(line("é" * 30 + " " + "é" * 3 + " b"), width=64)
    assert page.lines == ("é" * 30, "é" * 3 + " b")


def test_codes_are_closed_on_each_line_and_opened_on_the_next() -> None:
    page = said(line("see ", Strong("word " * 18)), width=64)
    assert [text.count("\x02") for text in page.lines] == [2, 2]
    assert page.lines[0].startswith("see \x02word")
    assert page.lines[0].endswith("word\x02")
    assert page.lines[1].startswith("\x02word")


def test_a_link_is_not_broken_while_it_fits_a_line() -> None:
    url = "https://e.org/".ljust(59, "p")
    document = line("text and more text: ", Link("name", url), " end")
    assert said(document, width=64).lines == ("text and more text: name", f"» <{url}>", "end")


def test_a_link_longer_than_a_line_is_broken() -> None:
    url = "https://e.org/".ljust(100, "p")
    lines = said(line("text ", Link(url, url)), width=64).lines
    assert lines == ("text", url[:64], url[64:])


def test_a_link_waits_for_the_next_page_where_the_hint_leaves_no_room_for_it() -> None:
    url = "https://e.org/".ljust(60, "p")
    first, second = pages(Document((line("a"), line("b"), line(Link(url, url), " quite the end"))), 64)
    assert first.lines == ("a", "b", "… (more: !more)")
    assert second.lines == (url, "quite the end")


def test_where_a_page_is_one_line_even_such_a_link_gets_on() -> None:
    url = "https://e.org/".ljust(60, "p")
    told = [page.lines[0] for page in pages(Document((line(Link(url, url), " the end"),)), 64, lines=1)]
    assert told == [url[:46] + " … (more: !more)", url[46:] + " the end"]


def test_a_character_and_its_marks_stay_together() -> None:
    word = "x" * 61 + "ö\u0301e"
    assert said(line(word), width=64).lines == ("x" * 61, "ö\u0301e")


def test_a_long_word_is_broken_before_no_at_sign() -> None:
    assert said(line("x" * 64 + "@b.org"), width=64).lines == ("x" * 63, "x@b.org")


@pytest.mark.parametrize("before", range(40, 66))
def test_a_broken_word_calls_nobody(before: int) -> None:
    for word in ("@roommates", "@allow", "@everyones"):
        page = said(line("x" * before + word + "y" * 60), width=64)
        assert "".join(page.lines) == "x" * before + word + "y" * 60
        for text in page.lines:
            check_irc(text, 64)


def test_a_list_is_packed_after_its_title() -> None:
    assert said(listing(3, line(Strong("nova"), " 3"))).lines == ("\x02nova\x02 3: item-0 · item-1 · item-2",)
    assert said(listing(2, line("either:"))).lines == ("either: item-0 · item-1",)
    assert said(listing(2)).lines == ("item-0 · item-1",)


def test_an_item_moves_to_the_next_line_as_one() -> None:
    items = tuple(line(f"item number {number} of a long list") for number in range(3))
    assert said(Listing(items, line("title")), width=64).lines == (
        "title: item number 0 of a long list",
        "item number 1 of a long list · item number 2 of a long list",
    )


def test_an_item_that_no_line_holds_begins_where_the_last_one_ends() -> None:
    items = (line("short"), line("word " * 20))
    assert said(Listing(items), width=64).lines[0] == "short · " + " ".join(["word"] * 11)


def test_the_title_keeps_its_colon_where_the_first_item_moves_on() -> None:
    items = (line("i" * 60),)
    assert said(Listing(items, line("title")), width=64).lines == ("title:", "i" * 60)
    assert said(Listing(items, line("t" * 64)), width=64).lines == ("t" * 64, "i" * 60)


def test_short_lists_share_a_line() -> None:
    lists = (listing(2, line("nova")), listing(1, line("glance")), listing(30, line("long")), line("end"))
    lines = said(*lists, width=64, lines=9).lines
    assert lines[0] == "nova: item-0 · item-1 | glance: item-0"
    assert lines[1].startswith("long: item-0")
    assert lines[-1] == "end"


def test_a_table_is_told_like_a_list() -> None:
    rows = (
        (line("15 Dec"), line(Strong("essex-2")), line(Faint("5 days ago"))),
        (line("no date"), line("essex-3"), line()),
        (line(), line("lone")),
    )
    page = said(Table(rows, line("Dates"), ("when", "what", "how far")), formatting=False)
    assert page.lines == ("Dates: 15 Dec essex-2, 5 days ago · no date essex-3 · lone",)


@pytest.mark.parametrize("start", ["!quit", ".op", "/join", "\x02!quit", "\u200b!quit", " !quit"])
def test_no_line_begins_with_a_prefix(start: str) -> None:
    page = said(line(start), Listing((line(start),)), line("x" * 61 + " " + start), width=64, lines=9)
    assert [each[:2] for each in page.lines] == ["» ", "» ", "xx", "» "]


def test_what_opens_a_line_counts_too() -> None:
    assert said(line("!" * 60 + " end"), width=64).lines == ("» " + "!" * 60, "end")
    assert said(line("!" + "x" * 63), width=64).lines == ("» !" + "x" * 60, "xxx")


def test_a_bar_and_its_percentage_stay_together() -> None:
    assert said(line("x" * 50, " ", Bar(3, 5)), width=64).lines == ("x" * 50, "[######----] 60%")


def test_a_rooms_own_prefix_begins_no_line_either() -> None:
    assert said(line("bot: quit"), prefixes=["bot:"]).lines == ("» bot: quit",)


def test_the_last_line_tells_how_much_is_left_and_how_to_get_it() -> None:
    page = said(listing(100, line("all")), width=64, more="§more")
    assert page.lines == (
        "all: item-0 · item-1 · item-2 · item-3 · item-4 · item-5",
        "item-6 · item-7 · item-8 · item-9 · item-10 · item-11",
        "item-12 · item-13 · item-14 · item-15 … (84 more: §more)",
    )
    assert page.rest is not None
    assert page.rest.blocks == (Listing(listing(100).items[16:]),)


def test_lines_of_text_count_one_each() -> None:
    page = said(*(line(f"line {number}") for number in range(5)))
    assert page.lines == ("line 0", "line 1", "line 2 … (2 more: !more)")


def test_a_hint_that_would_fill_the_line_is_short() -> None:
    assert said(*(line("a") for _ in range(5)), width=64, more="!more" * 20).lines[-1] == "a …"


def test_where_there_is_no_way_to_ask_for_the_rest_none_is_told() -> None:
    page = render_irc(Document((line("word " * 400),)), width=100, lines=1, more="")
    assert page.lines[0].endswith("word …")
    assert len(page.lines[0].encode()) <= 100


def test_the_hint_is_clean() -> None:
    assert said(line("a"), line("b"), lines=1, more="\x02\r\n!more").lines == ("a … (more: !more)",)


def test_what_just_fits_gets_no_hint() -> None:
    page = said(line("a"), line("b"), line("c" * 64), width=64)
    assert page == IrcPage(("a", "b", "c" * 64))


def test_whether_it_was_found_is_kept_for_the_rest() -> None:
    document = Document((line("a"), line("b")), found=False)
    rest = render_irc(document, width=64, lines=1).rest
    assert rest is not None
    assert not rest.found


def test_a_line_too_narrow_for_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="63 bytes"):
        said(line("a"), width=63)


@given(documents(), WIDTHS, st.integers(1, 4), st.booleans())
def test_every_line_may_go_out(document: Document, width: int, lines: int, formatting: bool) -> None:  # noqa: FBT001 - drawn
    page = render_irc(document, width=width, lines=lines, formatting=formatting)
    assert len(page.lines) <= lines
    for each in page.lines:
        check_irc(each, width)
        assert formatting or not set(each) & set("\x02\x1d")
    if page.rest is not None:
        assert page.lines[-1].endswith("more: !more)")


@given(documents(), WIDTHS, st.integers(1, 4))
def test_nothing_is_lost_and_nothing_said_twice(document: Document, width: int, lines: int) -> None:
    whole = render_irc(document, width=width, lines=ENDLESS)
    assert whole.rest is None
    told: list[str] = []
    for page in pages(document, width, lines):
        if page.rest is not None:
            told += [*page.lines[:-1], re.sub(r" ?… \((\d+ )?more: !more\)$", "", page.lines[-1])]
        else:
            told += page.lines
    assert letters(told) == letters(whole.lines)


def letters(lines: list[str] | tuple[str, ...]) -> str:
    """Return what is said, without what only joins, opens or formats."""
    return re.sub("[\x02\x1d »·|:—]", "", "".join(lines))


@given(documents(), WIDTHS, st.integers(2, 4))
def test_the_rest_is_told_as_if_no_page_had_ended(document: Document, width: int, lines: int) -> None:
    whole = render_irc(document, width=width, lines=ENDLESS).lines
    page = render_irc(document, width=width, lines=lines)
    assert page.lines[: lines - 1] == whole[: lines - 1]
    if page.rest is None:
        assert page.lines == whole
