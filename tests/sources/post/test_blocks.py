import pytest
from hypothesis import given, strategies as st

from milestonebot.sources.post.blocks import Block, Span, blocks
from milestonebot.sources.post.events import events


def read(html: str) -> list[Block]:
    return blocks(events(html))


def linked(html: str) -> list[tuple[str, str]]:
    """Return the text and the address of each link."""
    return [(block.text[link.start : link.end], link.href) for block in read(html) for link in block.links]


def test_paragraphs_headings_and_items_are_blocks() -> None:
    assert read(
        "<h2>A</h2><p>b <b>c</b>\n d</p>e<ul><li>f<li>g</ul><table><tr><td>h</td><td>i</td></tr></table>"
    ) == [
        Block("A", heading=2),
        Block("b c d"),
        Block("e"),
        Block("f", item=True),
        Block("g", item=True),
        Block("h i", item=True),
    ]


def test_blanks_become_one_space_and_join_no_words() -> None:
    assert read("<p> a\n\u00a0 <i>b</i>c <br>d<img src=x>e\u200b f</p>") == [Block("a bc d e f")]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("see <a href=x>one\n two</a>.", [("one two", "x")]),
        ("a <a href=x> one </a> b", [("one", "x")]),
        ("<a href=x><img src=y></a>", [("", "x")]),
        ("<a href=x>one <a href=y>two</a>", [("one", "x"), ("two", "y")]),
        ("<p><a href=x>one</p><p>two</p>", [("one", "x")]),
        ("<a name=x>one</a>", []),
        ("<code><a href=x>one</a></code> two", []),
        ("<a href=x><code>one</code></a>", [("one", "x")]),
        ("<pre><a href=x>one</a></pre>", []),
        ("<nav><nav></nav><a href=x>one</a></nav><a href=y>two</a>", [("two", "y")]),
        ("<nav><br><a href=x>one</a></nav><a href=y>two</a>", [("two", "y")]),
        ("<script>'<a href=x>one</a>'</script>", []),
        ("</code></a></p><a href=x>one</a>", [("one", "x")]),
    ],
)
def test_links_are_where_a_reader_can_follow_them(html: str, found: list[tuple[str, str]]) -> None:
    assert linked(html) == found


@pytest.mark.parametrize(
    ("html", "href"),
    [
        ("see https://launchpad.net/a/+spec/b.", "https://launchpad.net/a/+spec/b"),
        ("(http://blueprints.launchpad.net/a/+spec/b_c)", "http://blueprints.launchpad.net/a/+spec/b_c"),
    ],
)
def test_an_address_in_the_text_is_a_link(html: str, href: str) -> None:
    (block,) = read(html)
    (link,) = block.links
    assert link.bare
    assert block.text[link.start : link.end] == link.href == href


@pytest.mark.parametrize(
    "html",
    [
        "<code>https://launchpad.net/a/+spec/b</code>",
        "https://example.org/a/+spec/b",
        "<pre>https://launchpad.net/a</pre>",
    ],
)
def test_an_address_in_code_or_elsewhere_is_none(html: str) -> None:
    assert linked(html) == []


def test_an_address_that_is_linked_is_one_link() -> None:
    address = "https://launchpad.net/a/+spec/b"
    assert linked(f'<a href="{address}">{address}</a> and <a href="x">{address}</a>') == [
        (address, address),
        (address, "x"),
    ]


def test_what_is_crossed_out_is_told() -> None:
    (block,) = read("<del><a href=x>one</a></del> <a href=y>two</a> <s>https://launchpad.net/a/+spec/b</s>")
    assert [(link.href[:5], link.struck) for link in block.links] == [
        ("x", True),
        ("y", False),
        ("https", True),
    ]


PARTS = "<a href=x>|</a>|<p>|</p>|<li>|</ul>|<h1>|<del>|<code>|</code>| |word|\n|\u200b|&amp;|<br>"


@given(st.lists(st.sampled_from(PARTS.split("|"))))
def test_links_stay_within_their_blocks(parts: list[str]) -> None:
    for block in read("".join(parts)):
        assert block.text == " ".join(block.text.split())
        ends = [0]
        for link in block.links:
            assert isinstance(link, Span)
            assert ends[-1] <= link.start <= link.end <= len(block.text)
            ends.append(link.end)


@pytest.mark.parametrize(
    ("html", "struck"),
    [
        ("<s><a href=x>one</a></s>", [True]),
        ("<a href=x><s>one</s></a>", [True]),
        ("<a href=x><b><del>one</del> <del>two</del></b>.</a>", [True]),
        ("<a href=x><s>one</s> two</a>", [False]),
        ("<a href=x>one <s>two</s></a>", [False]),
        ("<a href=x><s>one</s></a> <a href=y>two</a>", [True, False]),
        (
            "<a href=x><span style='text-decoration: LINE-through'>one</span></a> <a href=y>two</a>",
            [True, False],
        ),
        ("<span style='text-decoration:line-through'><span><a href=x>one</a></span></span>", [True]),
        ("</span><span style='color: red'><a href=x>one</a></span>", [False]),
        ("<s>one <a href=x><img></a></s> <a href=y><img></a>", [True, False]),
    ],
)
def test_a_link_is_crossed_out_where_all_its_words_are(html: str, struck: list[bool]) -> None:
    assert [link.struck for block in read(html) for link in block.links] == struck


def test_boxes_are_read_as_they_are_written() -> None:
    (block,) = read(
        "<li><input type=checkbox>one <input type=checkbox checked disabled>two <input type=text>"
    )
    assert block.text == "[ ] one [x] two"


def test_what_is_crossed_out_is_known_by_its_place() -> None:
    (block,) = read("<p>a <s>b <i>c</i></s> d <del>e</del>")
    assert [block.text[start:end] for start, end in block.struck] == ["b", "c", "e"]
