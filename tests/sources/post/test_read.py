from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, strategies as st

from milestonebot.errors import ConfigError
from milestonebot.sources.post import Findings, read_post
from milestonebot.sources.post.read import LARGEST, LINKS
from tests.sources.post.marked import SPEC

POSTS = Path(__file__).parents[2] / "posts"


def read(name: str) -> Findings:
    return read_post((POSTS / name).read_bytes(), name)


def names(post: Findings, *, doubted: bool = False) -> list[str]:
    return [each.target.name for each in post.blueprints if (each.doubt is not None) is doubted]


def test_a_post_in_markdown() -> None:
    post = read("aspen-2.md")
    assert names(post) == [
        *("slow-queue", "stale-sessions", "settings-files", "storage-split", "storage-drivers", "drop-hooks"),
        *("data-folder", "rtl", "print-view"),
    ]
    assert Counter(each.target.project for each in post.blueprints) == {
        "example-server": 6,
        "example-store": 1,
        "example-web": 2,
    }
    assert names(post, doubted=True) == []
    assert [each.title for each in post.blueprints][1:6] == [
        "list and remove stale sessions",
        "settings from more than one file",
        None,
        None,
        None,
    ]
    assert (post.milestone.name, post.milestone.series, post.released) == ("aspen-2", "aspen", True)
    assert post.published == date(2019, 6, 18)
    assert post.dating is not None
    assert post.dating.when is not None
    assert post.dating.when.iso() == "2019-06-10..2019-06-16"
    assert [(each.name, each.dating.words) for each in post.planned] == [(None, "July 25th, 2019")]
    assert post.remarks == (
        "some letters were encoded twice (UTF-8 read as Windows-1252); read as they were meant",
    )
    assert post.blueprints[0].line == 14


def test_a_page_with_bugs_milestones_a_menu_and_readers() -> None:
    post = read("aspen-1.html")
    assert names(post) == ["fast-start", "dark-pages", "checksums"]
    assert names(post, doubted=True) == ["maps"]
    assert [each.title for each in post.blueprints] == [
        "A start in half the time",
        "Dark pages",
        "Maps of where things are",
        None,
    ]
    assert [each.target.name for each in post.bugs] == ["100042", "100077"]
    assert [(each.target.project, each.target.name) for each in post.milestones] == [
        ("example-server", "aspen-1")
    ]
    assert post.others == 1
    assert (post.milestone.name, post.milestone.series) == ("aspen-1", "aspen")
    assert post.head.url == "https://news.example.org/aspen-1.html"
    assert post.dating is not None
    assert post.dating.when is not None
    assert post.dating.when.iso() == "2019-05-02"
    assert [(each.what, each.value) for each in post.counts] == [("bugs fixed", 57)]


def test_a_post_that_tells_done_from_planned() -> None:
    post = read("aspen-3.md")
    assert names(post) == ["search-archives", "signed-downloads", "deferred-deletion", "undo-moves", "ical"]
    assert names(post, doubted=True) == [
        *("thumbnails", "undo-deletions", "group-quotas", "shared-folders", "two-step-login", "key-rotation"),
        *("theme-plugins", "new-editor"),
    ]
    assert [each.value for each in post.counts] == [14, 120]


def test_a_post_that_looks_ahead() -> None:
    post = read("birch-plans.md")
    assert (names(post), names(post, doubted=True)) == ([], ["second-cache", "offline-reading"])
    assert (post.milestone.name, post.released, post.published) == (None, None, None)
    assert post.head.title == "Coming up in Birch"
    assert [(each.value, each.approximate) for each in post.counts] == [(42, True)]


@pytest.mark.parametrize(
    ("title", "text", "doubt"),
    [
        ("Coming up in Birch", "It gets", "Coming up"),
        ("Coming up: the birch-1 milestone", "Birch-1 is out since yesterday. It got", None),
        ("The birch-1 milestone", "Birch-1 will be released on Thursday.\n\nIt gets", "the post looks ahead"),
        ("The birch-1 milestone", "It got", None),
    ],
)
def test_a_whole_post_is_doubted_where_it_looks_ahead(title: str, text: str, doubt: str | None) -> None:
    post = read_post(
        f"Title: {title}\nDate: 2019-09-17\n\n{text} [a second cache]({SPEC}/x).".encode(), "a.md"
    )
    assert [each.doubt for each in post.blueprints] == [doubt]


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b" \n\t", "a.md", "a.md: error: is empty"),
        (b"Title\n=====\n", "a.rst", "a.rst: error: is reStructuredText; only Markdown and HTML are read"),
        (b"a " * LARGEST, "a.md", f"a.md: error: has more than {LARGEST:,} characters"),
        (b"<a href=/x>y</a>" * (LINKS + 1), "a.html", f"a.html: error: has more than {LINKS:,} links"),
        (b"\0\0", "a.html", "a.html: error: is no text"),
    ],
)
def test_what_is_no_post_is_refused(data: bytes, name: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_post(data, name)
    assert str(caught.value).startswith(message)


def test_a_date_that_cannot_be_read_is_told() -> None:
    post = read_post(b"Title: a\nDate: 20/12/2011\n\nb", "a.md")
    assert post.remarks == ('its date, "20/12/2011", cannot be read; write 2011-12-20',)


def test_a_fragment_of_html_is_known_by_its_name() -> None:
    post = read_post(f"<p><a href='{SPEC}/x'>One thing</a></p>".encode(), "a.HTM")
    assert names(post) == ["x"]


FRAGMENTS = [
    *(
        "Title: The aspen-2 milestone\n",
        "Date: 2019-06-18\n",
        "---\n",
        "+++\n",
        "\n\n",
        "# ",
        "- ",
        "> ",
        "    ",
    ),
    *(
        f"[a b]({SPEC}/x)",
        f"<a href={SPEC}/y>",
        "</a>",
        f"{SPEC}/z ",
        "[",
        "](",
        "`",
        "```\n",
        "<!--",
        "-->",
        "<pre>",
    ),
    *(
        "<html>",
        "<article>",
        "</article>",
        "<h1>",
        "<nav>",
        "<script>",
        "&#0;",
        "&#xd800;",
        "<![CDATA[",
        "|a|\n|-|\n",
    ),
    *(
        "aspen-2 was released ",
        "last week. ",
        "January 30th, 2019. ",
        "The next milestone ",
        "will land. ",
        "but ",
    ),
    *(
        "12 blueprints ",
        "They were deferred. ",
        "\u202e",
        "\x00",
        "\u2028",
        "Â\u00a0",
        "\ufeff",
        "😀",
        "\\",
        "\r\n",
    ),
]


@given(
    st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), max_size=25).map("".join),
    st.sampled_from(["a.md", "a.html"]),
)
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    post = None
    with suppress(ConfigError):
        post = read_post(text.encode("utf-8", "replace"), name)
    keys = [(each.target.project, each.target.name) for each in post.blueprints] if post else []
    assert len(keys) == len(set(keys))


PARTS = "[|![|[a](|<a |*a_b*c_ |`` ` |[a]: <x\n|> |- |&|<!-- |[a][a] |a. B |January 5 |will be a b c |but ; "
OTHERS = ("| a ", "\u00c2\u00a0", "The milestone was released January 5. ")


@pytest.mark.slow
@pytest.mark.parametrize("part", [*PARTS.split("|"), *OTHERS])
def test_no_text_takes_more_time_than_its_length_asks(part: str) -> None:
    text = ("Title: The aspen-2 milestone\nDate: 2019-06-18\n\n" + part * 16 * 1024).encode()[: 16 * 1024]
    begun = process_time()
    with suppress(ConfigError):
        read_post(text, "a.md")
    assert process_time() - begun < 4
