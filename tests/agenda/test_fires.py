"""Digests and notes."""

from __future__ import annotations

from milestonebot.agenda import coming
from milestonebot.announcement import Occasion
from milestonebot.outbox import Stage
from tests.agenda.planning import HOUR, Planner, digest, note, of, rule, tails, utc


def test_a_digest_fires_by_cron_in_its_zone() -> None:
    rules = [digest("0 14 * * mon", zone="Europe/Paris")]
    found = coming(of(), rules, utc("2012-03-18"), utc("2012-03-27"))
    assert tails([each.key for each in found]) == ["2012-03-19T13:00Z", "2012-03-26T12:00Z"]
    assert found[0].about == {"fire": "2012-03-19T13:00Z"}
    assert found[0].due == utc("2012-03-19 13:00")


def test_a_note_is_said_at_its_moments_or_by_cron() -> None:
    rules = [
        note("2012-01-01 14:00", "2012-01-03 14:00"),
        rule(Occasion.NOTE, "daily", cron="0 9 2 * *", text="Hi"),
    ]
    found = coming(of(), rules, utc("2012-01-01"), utc("2012-01-31"))
    assert [(each.key, each.about["text"]) for each in found] == [
        ("note/oftc/#essex/2012-01-01T14:00Z", "Thanks."),
        ("daily/oftc/#essex/2012-01-02T09:00Z", "Hi"),
        ("note/oftc/#essex/2012-01-03T14:00Z", "Thanks."),
    ]


def test_of_what_fired_between_two_looks_the_last_is_said() -> None:
    planned = Planner(of(), [digest("0 * * * *")])
    planned.look("2012-01-01 09:30")
    new = planned.look("2012-01-01 12:30")
    assert [(tails([each.key]), each.stage) for each in new] == [
        (["2012-01-01T10:00Z"], Stage.EXPIRED),
        (["2012-01-01T11:00Z"], Stage.EXPIRED),
        (["2012-01-01T12:00Z"], Stage.PLANNED),
    ]
    assert planned.look("2012-01-01 12:45") == []


def test_after_a_year_not_every_minute_is_reported() -> None:
    planned = Planner(of(), [digest("* * * * *")])
    planned.look("2011-01-01")
    new = planned.look("2012-01-01 00:00")
    assert len(new) == 50
    assert [each.stage for each in new[-2:]] == [Stage.EXPIRED, Stage.PLANNED]


def test_of_notes_that_were_missed_the_last_is_said() -> None:
    planned = Planner(
        of(), [note("2012-01-01 10:00", "2012-01-01 11:00", "2012-01-05 11:00", grace=24 * HOUR)]
    )
    planned.look("2012-01-01")
    assert tails(planned.looks("2012-01-01 12:00")) == ["2012-01-01T11:00Z"]
    assert tails(planned.looks("2012-01-01 12:01", "2012-01-05 11:00")) == ["2012-01-05T11:00Z"]


def test_a_schedule_that_is_edited_says_nothing_of_before() -> None:
    planned = Planner(of(), [digest("0 14 * * *")])
    planned.look("2012-01-01")
    assert tails(planned.looks("2012-01-01 14:00")) == ["2012-01-01T14:00Z"]
    planned.rules = [digest("0 9-13 * * *")]
    assert planned.look("2012-01-01 15:00") == []
    assert tails(planned.looks("2012-01-02 09:00")) == ["2012-01-02T09:00Z"]


def test_cron_and_a_moment_that_fall_together_are_one() -> None:
    both = rule(Occasion.NOTE, cron="0 14 * * *", moments=(utc("2012-01-01 14:00"),), text="Hi")
    assert len(coming(of(), [both], utc("2012-01-01"), utc("2012-01-02"))) == 1
    planned = Planner(of(), [both])
    planned.look("2012-01-01")
    assert tails(planned.looks("2012-01-01 14:00")) == ["2012-01-01T14:00Z"]
