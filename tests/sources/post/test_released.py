from datetime import date

import pytest

from milestonebot.sources.post.findings import Dating, Named
from milestonebot.sources.post.released import released
from milestonebot.sources.post.sentences import plain
from milestonebot.sources.post.speaking import Subject
from tests.sources.post.marked import sentences_of

POSTED = date(2019, 6, 18)
SUBJECT = Subject.of(Named("aspen-2", "aspen"))


def read(text: str, subject: Subject = SUBJECT) -> tuple[bool | None, Dating | None]:
    return released([plain(sentence.text) for sentence in sentences_of(text)], subject, POSTED)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("The Aspen-2 milestone was released last week.", "2019-06-10..2019-06-16"),
        ("Last week we released the aspen-2 milestone for you to try.", "2019-06-10..2019-06-16"),
        ("Last week saw the delivery of the second milestone of Aspen.", "2019-06-10..2019-06-16"),
        ("Aspen 2 was published on June 13th, 2019, as planned.", "2019-06-13"),
        ("On Thursday, June 13th, 2019, we published Aspen-2.", "2019-06-13"),
        ("Aspen-2 was released on Thursday, June 13th, 2019.", "2019-06-13"),
        ("Aspen-2 was released on June 14th, 2018, long ago.", "2018-06-14"),
        ("Last week, we released the aspen-2 milestone.", "2019-06-10..2019-06-16"),
        ("Aspen-2 is out since 2019-06-13.", "2019-06-13"),
        ("Aspen-2 came out last week.", "2019-06-10..2019-06-16"),
        ("Example 1.4.0 was released last Tuesday, and today sees the release of aspen-2.", "2019-06-18"),
        ("No rest: today saw the release of what was made in May: the Aspen-2 milestone.", "2019-06-18"),
        ("The aspen-1 milestone was released in May 2019. Aspen-2 was released yesterday.", "2019-06-17"),
        ("Aspen-2 is out! It was released on June 13, 2019.", "2019-06-13"),
        ("Aspen-2 was released last week. The milestone was tagged on 2019-06-13.", "2019-06-13"),
        ("Aspen-2 was released yesterday, and aspen-3 is due on July 25th.", "2019-06-17"),
    ],
)
def test_what_is_said_to_be_out_has_the_day_that_is_told(text: str, when: str) -> None:
    out, dating = read(text)
    assert out is True
    assert dating is not None
    assert dating.when is not None
    assert dating.when.iso() == when


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The second milestone of Aspen is just out.", None),
        ("Aspen-2 was released, and aspen-3 is due on July 25th.", None),
        ("Aspen-2 was released on Thursday.", "on Thursday"),
        ("The numbers were changed by all of us last week, and so we released aspen-2 as 2.0.", None),
        ("Aspen-2 was released two weeks ago.", "two weeks ago"),
        ("Aspen-2 was released on 2019-06-12 or 2019-06-13.", "2019-06-12 and 2019-06-13"),
    ],
)
def test_a_day_that_is_not_told_is_not_made_up(text: str, words: str | None) -> None:
    out, dating = read(text)
    assert out is True
    assert (dating.words if dating is not None else None) == words
    assert dating is None or dating.when is None


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Aspen-2 is scheduled for June 27th, 2019.", "2019-06-27"),
        ("We'll publish the second milestone on June 27.", "2019-06-27"),
        ("The milestone will be released this week.", "2019-06-17..2019-06-23"),
    ],
)
def test_what_is_still_to_come_is_not_out(text: str, when: str) -> None:
    out, dating = read(text)
    assert out is False
    assert dating is not None
    assert dating.when is not None
    assert dating.when.iso() == when


@pytest.mark.parametrize(
    "text",
    [
        "Much was done since the previous milestone was released last week.",
        "The aspen-1 milestone was released last week.",
        "When aspen-2 is released, we rest.",
        "Aspen-2 is not released.",
        "We delivered less than planned, and aspen-2 is no disaster.",
        "Example 1.4.0 was released last week.",
        "This was done for the aspen-2 milestone.",
        "",
    ],
)
def test_other_words_tell_nothing(text: str) -> None:
    assert read(text) == (None, None)


def test_statements_that_disagree_are_told() -> None:
    _, dating = read("Aspen-2 was released on 2019-06-03. The aspen-2 milestone was published last week.")
    assert dating is not None
    assert dating.remark == 'the post also says "last week"'


def test_without_a_name_it_is_the_milestone() -> None:
    assert read("The milestone is out since 2019-06-13.", Subject.of(Named()))[0] is True
