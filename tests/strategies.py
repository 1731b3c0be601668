"""What strangers may put into facts and questions, for Hypothesis.

`hostile_text` is the worst that a fact's text can hold; `documents` are documents full of it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from milestonebot.document import Bar, Code, Document, Faint, Line, Link, Listing, Strong, Table
from milestonebot.model import Blueprint, Claim, Milestone, Origin
from milestonebot.when import When

if TYPE_CHECKING:
    from milestonebot.document import Block, Part

FRAGMENTS = (
    *("essex-2", "nova", "Thu 15 Dec 2011", "released", "a", "-", ".", ",", "0", "12", " ", "  "),
    # Commands of this bot and of others, and calls to people.
    *("!", "!milestone", "!more", ".quit", "/join #x", "?", "$", "@", "@room", "@everyone", "foo@all"),
    *("@user:example.org", "#room:example.org", "a@b.org", "milestonebot: ", "nick, "),
    # IRC: line ends, CTCP, formatting and colours.
    *("\r\n", "\n", "\r", "\0", "\x01VERSION\x01", "\r\nQUIT :bye", "\x02", "\x0304,05", "\x03", "\x0f"),
    *("\x1d", "\x1f", "\x1e", "\x16", "\x11", "\x04ff0000,00ff00", "\x04"),
    # Terminals.
    *(
        "\x1b[31m",
        "\x1b[2J",
        "\x1b]8;;https://evil.example\x1b\\",
        "\x1b]0;title\x07",
        "\x1b",
        "\x9b31m",
        "\x9d",
    ),
    *("\x85", "\x7f", "[bold]", "[/]", "[link=https://evil.example]", ":smile:"),
    # HTML and JSON.
    *(
        "<script>alert(1)</script>",
        "</strong>",
        "<img src=x onerror=x>",
        "&",
        "&amp;",
        "&#64;",
        '"',
        "'",
        "]]>",
    ),
    *("<!--", "-->", "<", ">", "\\", "\\u0000", "{", "}", "</details>", "javascript:alert(1)"),
    # What is not seen, and what is seen elsewhere than where it stands.
    *(
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u00ad",
        "\u2060",
        "\u202e",
        "\u2066",
        "\u2069",
        "\u061c",
        "\u034f",
        "\u3164",
    ),
    *(
        "\u2028",
        "\u2029",
        "\u00a0",
        "\u3000",
        "\ufe0f",
        "\U000e0041",
        "\U000e0100",
        "\ufdd0",
        "\U0010ffff",
        "\ufffe",
    ),
    *("\ud83d", "\ude00", "\ud83d\ude00", "\u2800", "\u115f"),
    # Long, wide, tall and right to left.
    *(
        "\u0301",
        "e" + "\u0301" * 40,
        "\u0338",
        "שלום",
        "مرحبا",
        "ไม่",
        "漢字",
        "😀",
        "👨\u200d👩\u200d👧",
        "🇪🇺",
    ),
    *("x" * 500, "é" * 300, "😀" * 200, "word " * 200, "·", "…", "»"),
    # Links.
    *(
        "https://blueprints.launchpad.net/nova/+spec/nova-rootwrap",
        "http://[::1]:80/",
        "https://matrix.to/#/@a:b.c",
    ),
)

ANY_CHARACTER = st.characters(exclude_categories=())
"""Any code point: also surrogates, which are no characters and which UTF-8 cannot write."""


def hostile_text(max_size: int = 40) -> st.SearchStrategy[str]:
    """Texts of at most about `max_size` characters, or as many fragments of what does harm."""
    fragments = st.lists(
        st.sampled_from(FRAGMENTS) | st.text(ANY_CHARACTER, max_size=3), max_size=max_size // 4
    )
    return st.one_of(st.text(ANY_CHARACTER, max_size=max_size), fragments.map("".join))


def hostile_urls() -> st.SearchStrategy[str]:
    """What a source may give as a URL: often one, sometimes a trap."""
    starts = (
        "http://",
        "https://",
        "HTTPS://",
        "javascript:",
        "data:text/html,",
        "//",
        "",
        "https:",
        "ftp://",
    )
    hosts = (
        *(
            "example.org",
            "blueprints.launchpad.net",
            "bücher.example",
            "xn--bcher-kva.example",
            "[::1]:8080",
            "",
        ),
        *("user:pass@example.org", "good.example\\@evil.example", "matrix.to", "MATRIX.TO.", "ｍatrix.to"),
        *("example.org:99999", "exa mple.org", "example.org%2f", "app.element.io"),
    )
    paths = (
        "",
        "/",
        "/nova/+spec/x",
        "/a b",
        "/?q='\"<>",
        "/#/@user:example.org",
        "#/room/!r:e.org",
        "/%zz",
        "/é",
    )
    built = st.tuples(*map(st.sampled_from, (starts, hosts, paths)), st.just("") | hostile_text(12)).map(
        "".join
    )
    return built | hostile_text()


def parts() -> st.SearchStrategy[Part]:
    """Parts of a line, hostile."""
    text = hostile_text()
    return st.one_of(
        text,
        text.map(Strong),
        text.map(Faint),
        text.map(Code),
        st.builds(Link, text, hostile_urls()),
        hostile_urls().map(lambda url: Link(url, url)),
        st.builds(Bar, st.integers(), st.integers()),
        st.builds(Bar, st.integers(0, 20), st.integers(0, 20)),
    )


def lines(max_parts: int = 5) -> st.SearchStrategy[Line]:
    """Lines, some of them empty."""
    return st.lists(parts(), max_size=max_parts).map(lambda some: Line(tuple(some)))


def blocks() -> st.SearchStrategy[Block]:
    """Blocks, some of them empty, tables with rows of unlike lengths among them."""
    titles = st.none() | lines(2)
    rows = st.lists(st.lists(lines(2), max_size=3).map(tuple), max_size=4).map(tuple)
    headers = st.lists(hostile_text(12), max_size=3).map(tuple)
    return st.one_of(
        lines(),
        st.builds(Listing, st.lists(lines(3), max_size=6).map(tuple), titles),
        st.builds(Table, rows, titles, headers),
    )


def whens() -> st.SearchStrategy[When]:
    """Dates of every precision."""
    days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
    moments = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds have to be naive
    return st.one_of(
        days.map(When.day),
        st.tuples(days, days).map(sorted).map(lambda two: When.days(*two)),
        st.builds(When.month, st.integers(1900, 2199), st.integers(1, 12)),
        moments.map(When.moment),
    )


def data() -> st.SearchStrategy[dict[str, object]]:
    """What a Document states for programs: texts, numbers, dates, and objects of the model."""
    text = hostile_text()
    origin = st.builds(Origin, text, st.none() | hostile_urls(), st.none() | st.dates())
    claims = st.lists(st.builds(Claim, st.none() | whens(), origin), max_size=2).map(tuple)
    simple: st.SearchStrategy[object] = st.one_of(
        st.none(), st.booleans(), st.integers(), text, st.dates(), whens()
    )
    model = st.one_of(
        st.builds(Milestone, text, text, origin, claims=claims),
        st.builds(Blueprint, text, text, text, origin, url=st.none() | hostile_urls()),
    )
    values = st.recursive(
        simple | model,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
        max_leaves=6,
    )
    return st.dictionaries(st.sampled_from(["milestone", "days", "blueprints", "next"]), values, max_size=3)


def documents(max_blocks: int = 4) -> st.SearchStrategy[Document]:
    """Documents full of hostile text."""
    return st.builds(Document, st.lists(blocks(), max_size=max_blocks).map(tuple), data(), st.booleans())
