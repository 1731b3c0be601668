from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from milestonebot.document import Bar, Code, Document, Faint, Line, Link, Listing, Strong, Table, line
from milestonebot.render.clean import (
    LONGEST,
    LONGEST_URL,
    clean,
    clean_blocks,
    clean_line,
    clean_url,
    opening,
)
from milestonebot.render.html import render_html
from milestonebot.render.irc import render_irc
from milestonebot.render.plain import render_plain
from tests.render.outgoing import CODES, PREFIXES, calls, check_text, most_marks, unclean
from tests.strategies import documents, hostile_text, hostile_urls, lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.document import Part


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("essex-2, Thu 15 Dec 2011 · nova/lasterror", "essex-2, Thu 15 Dec 2011 · nova/lasterror"),
        ("one\r\nQUIT :bye", "one QUIT :bye"),
        ("a\tb\x0bc\x0cd\x85e\u2028f\u2029g\u00a0h\u3000i", "a b c d e f g h i"),
        ("  two   spaces  ", " two spaces "),
        ("\n \t", " "),
        ("\x01VERSION\x01 \0nul \x7fdel \x80c1", "VERSION nul del c1"),
        ("\x02b\x02 \x1di\x1d \x1fu\x1f \x1es\x1e \x11m\x11 \x16r\x16 \x0f", "b i u s m r "),
        ("\x0304,05red\x03 \x031,2x \x03,3 \x03\x0312y", "red x ,3 y"),
        ("\x04ff0000,00ff00hex\x04 \x04zz", "hex zz"),
        ("\x1b[31;1mred\x1b[0m \x1b[2J \x9b31mc1 \x1bc", "red c1 c"),
        ("\x1b]8;;https://evil.example\x1b\\text\x1b]8;;\x1b\\", "text"),
        ("\x1b]0;title\x07kept \x1b]open", "kept ]open"),
        ("a\u202eb\u2066c\u2069d\u200fe\u061cf", "abcdef"),
        ("zero\u200bwidth\u200d\u2060\ufeff\u00ad\u034f", "zerowidth"),
        ("\u3164\u115f\uffa0\u2800\ufe0f\U000e0100\U000e0041x", "x"),
        ("lone \ud83d \ude00 \ufdd0\ufffe\U0010ffff", "lone "),
        ("👨\u200d👩\u200d👧 ❤\ufe0f 🇪🇺 ✅", "👨👩👧 ❤ 🇪🇺 ✅"),
        ("z" + "\u0301" * 50 + "algo e\u0301", "z" + "\u0301" * 4 + "algo e\u0301"),
        ("e\u0301\u200b" * 3, "e\u0301" * 3),
        ("─────── ……………", "─────── ……………"),
        ("Việt, ไม่ได้, हिन्दी, မြန်မာ, עִבְרִית", "Việt, ไม่ได้, हिन्दी, မြန်မာ, עִבְרִית"),
        ("שלום, مرحبا, 漢字, 😀", "שלום, مرحبا, 漢字, 😀"),
    ],
)
def test_takes_out_what_is_not_seen(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@room", "@ room"),
        ("hey @Here, @ALL!", "hey @ Here, @ ALL!"),
        ("x@everyone (@channel)", "x@ everyone (@ channel)"),
        ("ask @user:example.org", "ask @ user:example.org"),
        ("@\u200broom", "@ room"),
        ("mail a@b.org or git@host:path", "mail a@b.org or git@host:path"),
        ("@roommate", "@ roommate"),
        ("a@allow.org", "a@allow.org"),
        ("at @ home", "at @ home"),
        ("ends in @", "ends in @ "),
    ],
)
def test_calls_nobody(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@bob:example.org", "@bob:example.org"),
        ("matrix/@bob:example.org is an admin", "matrix/@bob:example.org is an admin"),
        ("kicked by @op (@roommate)", "kicked by @op (@roommate)"),
        ("@room, @ALL!", "@ room, @ ALL!"),
        ("x@everyone @room:example.org", "x@ everyone @ room:example.org"),
        ("@\u200broom", "@ room"),
        ("ends in @", "ends in @ "),
    ],
)
def test_what_one_person_reads_names_people_as_they_are_and_calls_no_room(text: str, expected: str) -> None:
    assert clean(text, alone=True) == expected
    assert clean(expected, alone=True) == expected


PRIVATE = Document(
    (
        Line(("@a:x", Strong("@b:x"), Link("@c:x", "javascript:x"))),
        Listing((Line(("@d:x",)),), Line(("@e:x",))),
        Table(((Line(("@f:x",)),),), None, ("@g:x",)),
    ),
    private=True,
)


def test_a_document_for_one_person_keeps_every_name_in_it_whole() -> None:
    written = [render_plain(PRIVATE), render_html(PRIVATE)]
    written += [" ".join(render_irc(PRIVATE, width=400).lines)]
    for text in written:
        assert [name for name in "abcdef" if f"@{name}:x" not in text] == []
        assert "@ " not in text
        check_text(text.replace("@", ""), CODES + "\n")
    for text in (render_plain(replace(PRIVATE, private=False)), render_html(replace(PRIVATE, private=False))):
        assert "@ a:x" in text
        assert "@a:x" not in text


def test_what_is_left_of_it_on_irc_is_for_one_person_too() -> None:
    told = Document((Line(("word " * 40,)), Line(("@bob:example.org",))), private=True)
    rest = render_irc(told, width=100, lines=2).rest
    assert rest is not None
    assert "@bob:example.org" in " ".join(render_irc(rest, width=400).lines)


def test_sets_apart_every_sign_where_there_are_very_many() -> None:
    assert clean("a@all" * 101) == "a@ all" * 101


def test_what_is_too_long_for_any_room_is_cut() -> None:
    assert clean("a" * LONGEST) == "a" * LONGEST
    assert clean("a" * 65_536) == "a" * (LONGEST - 1) + "…"
    assert clean(clean("a" * 65_536)) == clean("a" * 65_536)


@pytest.mark.slow
def test_no_code_point_slips_through() -> None:
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    at_once = LONGEST // 2
    for first in range(0, len(every), at_once):
        assert unclean(clean("x".join(every[first : first + at_once]))) == []


def test_letters_numbers_marks_and_signs_of_every_script_stay() -> None:
    from unicodedata import category

    seen = [chr(code) for code in range(sys.maxunicode + 1) if category(chr(code))[0] in "LNMSP"]
    assert len(seen) > 140_000
    assert [each for each in seen if clean(f"a{each}b") != f"a{each}b"] == [
        each for each in seen if unclean(each)
    ]


@given(hostile_text(200))
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = clean(text)
    check_text(once)
    assert most_marks(once) <= 4
    assert "  " not in once
    assert clean(once) == once


@pytest.mark.parametrize(
    "pattern",
    [
        "a",
        "\x02a",
        "\x03",
        "\x0304,05",
        "\x1b]",
        "\x1b[0",
        "\x9b",
        "\x9d",
        "\x9d\x80",
        "@",
        "@a",
        "a@all ",
        "a\u0301",
        "\u0301",
        "\u200b",
        "😀",
        " \n",
    ],
    ids=ascii,
)
def test_the_longest_message_is_cleaned_in_no_time(pattern: str) -> None:
    text = pattern * (65536 // len(pattern.encode()))
    took = []
    for _ in range(3):
        start = time.process_time()
        clean(text)
        took.append(time.process_time() - start)
    # It takes 1 to 6 ms; what grows with the square of the length would take seconds.
    assert min(took) < 0.05


@pytest.mark.parametrize(
    "url",
    [
        "https://blueprints.launchpad.net/nova/+spec/nova-rootwrap",
        "http://example.org",
        "https://example.org:8080/a?b=c&d=(e)#f/g;h",
        "https://example.org/100%25?q=%20",
        "https://bücher.example/",
        "https://उदाहरण.example/",
        "https://xn--bcher-kva.example/",
        "http://[2001:db8::1]:80/",
        "https://wiki.example.org/~user/a_b*c!",
        "https://notmatrix.to.example.org/#/user",
    ],
)
def test_a_good_url_stays_as_it_is(url: str) -> None:
    assert clean_url(url) == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Example.org/A", "https://Example.org/A"),
        ("  https://example.org/ ", "https://example.org/"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/\"'<>`^{|}\\[]", "https://example.org/%22%27%3C%3E%60%5E%7B%7C%7D%5C%5B%5D"),
        ("https://example.org/é", "https://example.org/%C3%A9"),
        ("https://example.org/@room", "https://example.org/%40room"),
        ("https://example.org/%zz%4", "https://example.org/%25zz%254"),
        ("https://example.org/#a#b", "https://example.org/#a%23b"),
        ("https://example.org/#", "https://example.org/#"),
    ],
)
def test_a_url_is_encoded_where_it_must_be(url: str, expected: str) -> None:
    assert clean_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "example.org",
            "//example.org",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://example.org/",
        ),
        *("https:", "https://", "https:///path", "https:/example.org", "xhttps://example.org"),
        *(
            "https://user@example.org/",
            "https://user:pass@example.org/",
            "https://good.example\\@evil.example/",
        ),
        *(
            "https://exa mple.org/",
            "https://example.org%2f/",
            "https://example.org:port/",
            "https://example.org:123456/",
        ),
        *(
            "https://example.org/\n",
            "https://example.org/\ta",
            "https://example.org/\x00",
            "https://exa\u00admple.org/",
        ),
        *("https://example.org/\u202egnp", "https://example.org/\u3164", "https://example.org/\ud83d"),
        *("https://example.org。evil.example/", "https://[not-an-address]/", 'https://example.org"/'),
        "https://example.org/" + "a" * LONGEST_URL,
        "https://example.org/" + "é" * (LONGEST_URL // 2),
        # Pills.
        *(
            "https://matrix.to/#/@user:example.org",
            "https://matrix.to",
            "http://MATRIX.TO:443/x",
            "https://matrix.to./",
        ),
        *("https://www.matrix.to/#/#room:example.org", "https://ｍａtrix.to/#/@user:example.org"),
        *(
            "https://app.element.io/#/user/@user:example.org",
            "https://app.element.io/#/room/!room:example.org",
        ),
    ],
)
def test_what_may_not_be_linked_is_no_url(url: str) -> None:
    assert clean_url(url) is None


@given(hostile_urls())
def test_a_clean_url_holds_nothing_that_needs_quoting(url: str) -> None:
    once = clean_url(url)
    if once is not None:
        assert once.startswith(("http://", "https://"))
        assert not set(once) & set(" \"'<>`\\^{|}@")
        assert once.isprintable()
        assert unclean(once) == []
        assert "matrix.to" not in once.casefold().split("/")[2]
        assert len(once) <= LONGEST_URL
        assert clean_url(once) == once


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_reply_does_not_begin_with_a_prefix(prefix: str) -> None:
    start = opening(f"{prefix}milestone essex-2")
    assert start
    assert opening(f"{start}{prefix}milestone essex-2") == ""


@pytest.mark.parametrize(
    "text", ["", "essex-2", "(also)", "[####] 40%", '"quoted"', "_x", "Über", "…", "» x"]
)
def test_a_harmless_reply_is_not_opened(text: str) -> None:
    assert opening(text) == ""


def test_a_rooms_own_prefix_counts_too() -> None:
    assert opening("Bot: quit", ["bot:"]) == "» "
    assert opening("robot: quit", ["bot:"]) == ""
    assert opening("essex-2", ["", "  "]) == ""
    start = opening("» quit", ["»"])
    assert start
    assert not start.startswith("»")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("a ", " b"), ("a ", "b")),
        ((" ", "a", " "), ("a",)),
        (("a ", " "), ("a",)),
        (("", Strong("\u200b"), Faint(" "), "\n"), ()),
        ((Strong(" a"), Code("b "), " c"), (Strong("a"), Code("b "), "c")),
        (("a ", Bar(1, 2), " b"), ("a ", Bar(1, 2), " b")),
        ((Bar(1, 2), " "), (Bar(1, 2),)),
        ((Link("x\x02", "https://e.org/ "),), (Link("x", "https://e.org/"),)),
        ((Link("x", "javascript:alert(1)"),), ("x",)),
        ((Link("", "javascript:alert(1)"),), ("javascript:alert(1)",)),
        (
            (Link("https://e.org/@x", "https://e.org/@x"),),
            (Link("https://e.org/%40x", "https://e.org/%40x"),),
        ),
        ((Link("\u200b", "https://e.org/"),), (Link("https://e.org/", "https://e.org/"),)),
    ],
)
def test_a_line_is_clean_in_all_its_parts(parts: Sequence[Part], expected: Sequence[Part]) -> None:
    assert clean_line(Line(tuple(parts))) == Line(tuple(expected))


@given(lines())
def test_a_clean_line_stays_as_it_is(some: Line) -> None:
    once = clean_line(some)
    assert clean_line(once) == once


def test_empty_blocks_are_left_out() -> None:
    nothing = line("\u200b")
    blocks = (
        nothing,
        Listing((nothing, line("a")), nothing),
        Listing((nothing,), nothing),
        Listing((), line("title")),
        Table(((nothing,), (nothing, line("b")), ()), header=("\x02h ",)),
        Table(((nothing,),), header=("h",)),
    )
    assert list(clean_blocks(Document(blocks))) == [
        Listing((line("a"),)),
        Listing((), line("title")),
        Table(((line(), line("b")),), header=("h",)),
    ]


@given(documents())
def test_clean_blocks_stay_as_they_are(document: Document) -> None:
    once = tuple(clean_blocks(document))
    assert tuple(clean_blocks(Document(once))) == once


@given(st.text(st.sampled_from("@:ab. room"), max_size=20))
def test_nobody_is_called_whatever_is_put_together(text: str) -> None:
    assert calls(clean(text)) == []
