import pytest
from hypothesis import given, strategies as st

from milestonebot.sources.post.findings import Head
from milestonebot.sources.post.header import split


def test_pelicans_lines_are_the_head_and_the_rest_the_body() -> None:
    head, body, remarks = split(
        "Title: Aspen: the first\n  milestone\nDATE: 2019-05-02 10:00\nAuthors: The team\n"
        "Tags: Example, News\nSlug: aspen-1\nX-Other: yes\n\nBody: not a header\n"
    )
    assert head == Head(
        title="Aspen: the first milestone",
        author="The team",
        tags=("Example", "News"),
        slug="aspen-1",
        published="2019-05-02 10:00",
    )
    assert body.strip() == "Body: not a header"
    assert remarks == ()


@pytest.mark.parametrize(
    "text",
    [
        '---\ntitle: "Aspen: one"\ndate: 2019-05-02\ntags: [Example]\ncanonical_url: https://e.example/1\n---\nBody',
        '---\ntitle: "Aspen: one"\ndate: 2019-05-02\ntags:\n  - Example\ncanonicalURL: https://e.example/1\n...\nBody',
        '+++\ntitle = "Aspen: one"\ndate = 2019-05-02\ntags = ["Example"]\ncanonicalURL = "https://e.example/1"\n+++\nBody',
    ],
)
def test_front_matter_is_read_as_yaml_or_toml(text: str) -> None:
    head, body, _ = split(text)
    assert head == Head(
        title="Aspen: one", tags=("Example",), published="2019-05-02", url="https://e.example/1"
    )
    assert body == "Body"


@pytest.mark.parametrize(
    "text",
    [
        "Just text: with a colon.\n\nMore.",
        "# A heading\n\nText",
        "Note: this is no header\n\nText",
        "---\n\nA line above, and no end of it.",
        "",
    ],
)
def test_a_post_without_a_header_is_all_body(text: str) -> None:
    assert split(text) == (Head(), text, ())


@pytest.mark.parametrize(
    "matter",
    ["title: [", "a: *nothing", "[" * 5000, "\ttab: x", "a: !!python/object:os.system x\nb: ["],
)
def test_front_matter_that_is_no_yaml_is_told_and_left(matter: str) -> None:
    head, body, (remark,) = split(f"---\n{matter}\n---\nBody")
    assert (head, body) == (Head(), "Body")
    assert remark == "the front matter between --- cannot be read"


def test_an_address_that_is_none_is_not_taken() -> None:
    assert split("---\ncanonical_url: javascript:alert(1)\n---\n").head.url is None


def test_a_value_is_one_clean_line() -> None:
    head, _, _ = split("Title: a\u202e\x07 b\u2028c\nAuthor:  \n\n")
    assert head == Head(title="a b c")


@given(
    st.sampled_from(["---\n", "+++\n", "Title: ", ""]),
    st.text(max_size=300),
    st.sampled_from(["", "\n---\n", "\n+++\n"]),
)
def test_any_text_can_be_split(start: str, text: str, end: str) -> None:
    head, body, _ = split(f"{start}{text}{end}")
    assert (start + text + end).endswith(body)
    assert head.title is None or "\n" not in head.title
