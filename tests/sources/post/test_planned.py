from datetime import date

import pytest

from milestonebot.sources.post.findings import Named
from milestonebot.sources.post.planned import planned
from milestonebot.sources.post.speaking import Subject
from tests.sources.post.marked import sentences_of

POSTED = date(2019, 6, 18)


def read(text: str) -> list[tuple[str | None, str | None]]:
    said = [sentence.text for sentence in sentences_of(text)]
    found = planned(said, Subject.of(Named("aspen-2", "aspen")), POSTED)
    return [(each.name, each.dating.when.iso() if each.dating.when else None) for each in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The next milestone is six weeks away: July 25th, 2019.", [(None, "2019-07-25")]),
        ("Be quick, because aspen-3 is set to be released on July 25th.", [("aspen-3", "2019-07-25")]),
        ("There is more to come in aspen-3... scheduled for July 25th.", [("aspen-3", "2019-07-25")]),
        ("Until June 20th we rest; Aspen 3 is due on 25 July 2019.", [("aspen-3", "2019-07-25")]),
        (
            "Aspen-3 is due 2019-07-25 and aspen-4 2019-09-05.",
            [("aspen-3", "2019-07-25"), ("aspen-4", "2019-09-05")],
        ),
        ("Aspen-3 is due on January 9th.", [("aspen-3", "2020-01-09")]),
        ("Aspen-3 is due 2019-07-25. The aspen-3 milestone: 2019-07-26.", [("aspen-3", "2019-07-25")]),
    ],
)
def test_a_day_for_a_milestone_to_come_is_told(text: str, found: list[tuple[str | None, str | None]]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Aspen-3 is one month away.",
        "The next milestone is this week.",
        "Aspen-1 was released on 2019-05-02.",
        "The release is on July 25th, 2019.",
        "Aspen-2 is due on July 25th, 2019.",
        "Aspen-3 and aspen-4 are due after July 25th.",
    ],
)
def test_what_is_no_such_day_is_not(text: str) -> None:
    assert read(text) == []
