import pytest

from milestonebot.importing import told
from milestonebot.sources.post import Findings, read_post
from tests.sources.post.marked import SPEC


def post(text: str, title: str = "The aspen-2 milestone") -> Findings:
    return read_post(f"Title: {title}\nDate: 2019-06-18\n\n{text}\n".encode(), "post.md")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It is done.", "the post tells no day; add date: YYYY-MM-DD where you know it"),
        (
            "Aspen-2 was released on Thursday.",
            'the post says "on Thursday", and a weekday alone is no date; perhaps 2019-06-13 is meant; add',
        ),
        (
            "Aspen-2 was released in May 2019.",
            'the post tells no day, only "May 2019"; write the day where you know it',
        ),
        (
            "Aspen-2 was released on June 13th.",
            'the day is from "June 13th"; the year is not told; 2019 is inferred from the day of the post',
        ),
        ("Aspen-2 was released on 2019-06-13.", None),
    ],
)
def test_what_is_not_known_of_the_day_is_told(text: str, said: str | None) -> None:
    found = told.day(post(text))
    assert (found or "").startswith(said or "")
    assert (found is None) is (said is None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Aspen-2 is out since yesterday.", None),
        (
            "Aspen-2 is due on Friday.",
            "the post looks ahead to the milestone; add released: true if it is out",
        ),
        ("It is done.", "the post does not say that the milestone is out; add released: true if it is"),
    ],
)
def test_whether_it_is_out_is_told_where_the_post_does_not_say(text: str, said: str | None) -> None:
    assert told.out(post(text)) == said


def test_blueprints_that_are_counted_and_not_linked_are_told() -> None:
    assert told.counted(post(f"It completes 14 blueprints, such as [this one]({SPEC}/x), and 3 bugs.")) == (
        "the post counts 14 blueprints, and links 1"
    )
    assert told.counted(post(f"It completes 1 blueprint: [this one]({SPEC}/x).")) is None


def test_of_many_things_the_first_are_told_and_the_rest_counted() -> None:
    links = " ".join(f"[feature number {i}]({SPEC}/x{i})," for i in range(told.MOST + 5))
    said = [
        str(each) for each in told.warnings(post(f"These will land later: {links}"), "aspen-2", "aspen-3")
    ]
    assert sum("is left out" in each for each in said) == told.MOST
    assert said[-1] == "post.md: warning: and 5 more are left out likewise"
