from datetime import date

import pytest
from hypothesis import given, strategies as st

from milestonebot.importing.written import WIDTH, Entry, Remark, lines
from milestonebot.sources.post.text import clean
from milestonebot.yamlfile import read_yaml


def written(*entries: Entry | Remark) -> str:
    return "\n".join(lines(entries)) + "\n"


def test_keys_lists_and_comments_stand_where_they_belong() -> None:
    item = Entry(None, (Entry("name", "x", ("inside",)), Entry("url", "https://e.example/")), ("above",))
    assert written(
        Remark("first"),
        Entry("a", (Entry("b", value=True), Entry("list", (item, Entry(None, "y"))))),
        Remark("left out", (Entry(None, (Entry("name", "z"), Entry("day", date(2019, 6, 18)))),)),
        Entry("empty"),
    ) == (
        "# first\n"
        "a:\n"
        "  b: true\n"
        "  list:\n"
        "    # above\n"
        "    # inside\n"
        "    - name: x\n"
        "      url: https://e.example/\n"
        "    - y\n"
        "# left out\n"
        "# - name: z\n"
        "#   day: 2019-06-18\n"
        "empty:\n"
    )


def test_long_comments_are_folded_and_long_values_are_not() -> None:
    text = written(Entry("a", (Entry("b", "word " * 99, ("word " * 99,)),)))
    *comments, value = text.splitlines()[1:]
    assert len(comments) > 3
    assert max(map(len, comments)) <= WIDTH
    assert all(each.startswith("  # word") for each in comments)
    assert len(value) > 400
    assert not [line for line in lines([Remark("some-rather-long-name " * 99)]) if line.endswith("-")]


ODD = """
no on ~ null 1.30 08 0777 14:00 1_000 2019-06-18 .inf << - ? ' " {a [a *a &a !a | > %a @a `a --- ... = #a a\\b
"""


@pytest.mark.parametrize("text", [*ODD.split(), "", " a ", "a: b", "a #b", "# a", "- a", "? a"])
def test_a_text_is_read_back_as_that_text(text: str) -> None:
    assert read_yaml(written(Entry("a", text), Entry("b", (Entry(None, text),))), "a.yaml").data == {
        "a": text,
        "b": [text],
    }


@given(st.text().map(clean), st.text().map(clean))
def test_so_is_any_clean_text_below_any_comment(text: str, comment: str) -> None:
    yaml = written(
        Entry("a", text, (comment,)), Remark(comment, (Entry("b", text),)), Entry("c", date(2019, 6, 18))
    )
    assert read_yaml(yaml, "a.yaml").data == {"a": text, "c": date(2019, 6, 18)}
