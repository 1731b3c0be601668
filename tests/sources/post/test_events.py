from time import process_time

import pytest
from hypothesis import given, strategies as st

from milestonebot.sources.post.events import FED, End, Event, Start, events


def told(html: str) -> list[Event]:
    """Return the events without the paragraph that is added to let go of the last text."""
    found = events(html)
    return found[:-1] if found[-1:] == [Start("p", {})] else found


def text(html: str) -> str:
    return "".join(each for each in told(html) if isinstance(each, str)).strip()


def test_tags_and_text_are_told_in_order() -> None:
    assert told('<P>a &amp; <a HREF="x" href="y">b</a></p>') == [
        Start("p", {}),
        "a & ",
        Start("a", {"href": "x"}),
        "b",
        End("a"),
        End("p"),
        "\n",
    ]


@pytest.mark.parametrize(
    "html",
    [
        "a<!-- <a href=x>no</a> -->b",
        "a<!doctype html>b",
        "a<?php echo 1 ?>b",
        "a<![CDATA[ x ]]>b",
        "a<![foo[x]]>b",
        "ab<a href='never closed",
        "ab<!-- never closed <a href=x>",
    ],
)
def test_comments_declarations_and_what_never_ends_are_no_text(html: str) -> None:
    assert text(html) == "ab"
    assert not any(isinstance(each, Start) for each in told(html))


@pytest.mark.parametrize("size", [0, 1, FED - 3, FED - 2, FED, 2 * FED, 3 * FED + 1])
def test_where_it_is_cut_for_the_parser_makes_no_difference(size: int) -> None:
    found = told(f"{'x' * size}<a href='{'y' * size}'>AT&amp;T</a> &lt;")
    (link,) = [each for each in found if isinstance(each, Start)]
    assert link.attributes["href"] == "y" * size
    assert "".join(each for each in found if isinstance(each, str)).strip() == f"{'x' * size}AT&T <"


@given(st.text(alphabet="<>a/ !-[]'\"=&;?x\n", max_size=200))
def test_any_text_is_read(html: str) -> None:
    assert all(isinstance(each, (Start, End, str)) for each in events(html))


@pytest.mark.slow
def test_the_longer_a_tag_the_more_is_fed_at_once() -> None:
    begun = process_time()
    events("<a " * (384 * 1024))
    assert process_time() - begun < 4


@pytest.mark.parametrize(
    "part",
    [
        "<a ",
        "<a",
        "<a b='",
        '<a b="',
        "<!--",
        "<!",
        "<?",
        "</",
        "<![CDATA[",
        "<a/",
        "<a b='x' ",
        "&",
        "<script>",
    ],
)
def test_what_never_ends_takes_time_in_proportion(part: str) -> None:
    """The parser alone took from a second to a minute for 64 KiB of these."""
    html = part * (64 * 1024 // len(part))
    begun = process_time()
    events(html)
    assert process_time() - begun < 2
