"""What is not said: too late, not true any more, refused for good; and who hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from milestonebot.announcement import Announcement, Occasion
from milestonebot.catalog import Catalog
from milestonebot.errors import NetworkError, Refused
from milestonebot.model import Facts
from milestonebot.outbox import Stage
from milestonebot.ports import State
from milestonebot.render.plain import render_plain
from milestonebot.settings import Settings
from tests.announcer.playing import (
    BEGIN,
    DAY,
    ELSEWHERE,
    HOUR,
    MINUTE,
    A,
    B,
    Lines,
    begun,
    catalog,
    countdown,
    kept,
    note,
    said,
    scripted,
    stages,
)

if TYPE_CHECKING:
    from milestonebot.document import Document
    from milestonebot.ports import Message, Room


async def test_what_cannot_be_said_within_its_grace_expires_and_the_admins_are_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    admins = Settings(admins=frozenset({("scripted", "boss")}))
    world = await begun(note("note", HOUR, A, grace=3600), settings=admins)
    scripted(world).refusing[A] = NetworkError("not in the room")
    await world.run(BEGIN + 4 * HOUR)
    await world.look()
    (expired,) = kept(world).deliveries.values()
    assert expired.stage is Stage.EXPIRED
    assert expired.problem == "its grace is over; the last problem: not in the room"
    (told,) = scripted(world).told
    assert told[0] == "boss"
    assert told[1].private
    assert "`milestonebot outbox --stage expired` tells all" in caplog.text
    assert render_plain(told[1]).splitlines() == [
        "1 announcement not made in time",
        (
            "• note in scripted/#a, due 2012-01-01 01:00 UTC "
            "(its grace is over; the last problem: not in the room)"
        ),
        "All of them: milestonebot outbox --stage expired on my machine.",
    ]
    assert "1 announcement not made in time: note in scripted/#a" in caplog.text
    assert said(world) == []


async def test_a_week_down(caplog: pytest.LogCaptureFixture) -> None:
    rules = [note(f"note{n:02}", n * HOUR, A, B) for n in range(1, 8 * 24)]
    admins = Settings(admins=frozenset({("scripted", "boss")}))
    world = await begun(*rules, settings=admins)
    await world.run(BEGIN + 90 * MINUTE)
    assert said(world, A) == ["note01"]

    world.clock.at = BEGIN + 7 * DAY + MINUTE
    scripted(world).connect(State.DOWN)
    world.restart()
    await world.look()
    scripted(world).connect()
    await world.run(BEGIN + 7 * DAY + 2 * MINUTE)
    await world.look()
    lately = [f"note{n}" for n in range(7 * 24 - 11, 7 * 24 + 1)]
    assert said(world, A) == ["note01", *lately]
    assert said(world, B) == ["note01", *lately]
    summaries = [each for each in caplog.messages if "not made in time" in each]
    assert len(summaries) == 1
    assert summaries[0].startswith("310 announcements not made in time: note02 in scripted/#a, due")
    assert "and 305 more" in summaries[0]
    ((admin, document),) = scripted(world).told
    assert admin == "boss"
    assert len(render_plain(document).splitlines()) < 10


async def test_a_milestone_that_slips_is_counted_down_anew_and_what_waits_is_withdrawn() -> None:
    world = await begun(countdown(A), catalog=catalog(one="2012-01-20"))
    scripted(world).refusing[A] = NetworkError("not in the room")
    await world.run(datetime(2012, 1, 13, 15, tzinfo=UTC))
    world.catalog = catalog(one="2012-01-25")
    await world.look()
    del scripted(world).refusing[A]
    await world.run(datetime(2012, 1, 26, tzinfo=UTC))
    first, *others = kept(world).deliveries.values()
    assert (first.stage, first.problem) == (Stage.WITHDRAWN, "one moved from 2012-01-20 to 2012-01-25")
    assert [each.stage for each in others] == [Stage.SENT] * 3
    assert said(world) == [
        "one is in 7 days: Wed 25 Jan 2012",
        "one is tomorrow: Wed 25 Jan 2012",
        "one is today: Wed 25 Jan 2012",
    ]


async def test_a_milestone_that_is_gone_is_not_counted_down() -> None:
    world = await begun(countdown(A), catalog=catalog(one="2012-01-20"))
    scripted(world).connect(State.DOWN)
    await world.run(datetime(2012, 1, 13, 15, tzinfo=UTC))
    world.catalog = catalog()
    scripted(world).connect()
    await world.look()
    await world.run(datetime(2012, 1, 26, tzinfo=UTC))
    assert stages(world) == ["withdrawn"]
    assert said(world) == []


async def test_a_date_that_goes_there_and_back_is_told_each_time() -> None:
    rule = Announcement("dates", Occasion.CHANGED, (A,))
    world = await begun(rule, catalog=catalog(one="2012-02-01"))
    for day in ("2012-02-08", "2012-02-01", "2012-02-08"):
        world.catalog = catalog(one=day)
        await world.look()
        world.clock.at += HOUR
        await world.look()
    assert len(said(world)) == 3
    assert ["8 Feb" in each for each in said(world)] == [True, True, True]
    assert len(kept(world).deliveries) == 3
    world.restart()
    await world.look()
    assert len(said(world)) == 3


@pytest.mark.slow
async def test_of_countdowns_that_wait_for_one_room_only_the_last_is_said() -> None:
    world = await begun(
        replace(countdown(A), grace=10 * 86400.0), catalog=catalog(one="2012-01-20", two="2012-01-20")
    )
    scripted(world).connect(State.DOWN)
    await world.run(datetime(2012, 1, 19, 15, tzinfo=UTC))
    scripted(world).connect()
    await world.run(datetime(2012, 1, 19, 16, tzinfo=UTC))
    assert sorted(said(world)) == ["one is tomorrow: Fri 20 Jan 2012", "two is tomorrow: Fri 20 Jan 2012"]
    overtaken = [each.problem for each in kept(world).deliveries.values() if each.stage is Stage.EXPIRED]
    assert len(overtaken) == 2
    assert overtaken[0].startswith("overtaken by days/scripted/#a/openstack/")


@pytest.mark.slow
async def test_its_words_are_true_when_they_are_read() -> None:
    world = await begun(countdown(A), catalog=catalog(one="2012-01-20"))
    scripted(world).refusing[A] = NetworkError("not in the room")
    await world.run(datetime(2012, 1, 20, 0, 30, tzinfo=UTC))
    del scripted(world).refusing[A]
    await world.run(datetime(2012, 1, 20, 1, tzinfo=UTC))
    assert said(world) == ["one is today: Fri 20 Jan 2012"]


async def test_what_is_refused_for_good_fails_and_the_admins_are_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    admins = Settings(admins=frozenset({("scripted", "boss"), ("elsewhere", "other")}))
    world = await begun(note("note", HOUR, A, B), note("next", 2 * HOUR, A), settings=admins)
    scripted(world).refusing[A] = Refused("banned from the room")
    await world.run(BEGIN + HOUR)
    assert sorted(stages(world)) == ["failed", "sent"]
    assert "1 announcement refused for good: note in scripted/#a" in caplog.text
    assert [each.levelname for each in caplog.records if "refused for good" in each.getMessage()] == ["ERROR"]
    assert [account for account, _ in scripted(world).told] == ["boss"]
    del scripted(world).refusing[A]
    await world.run(BEGIN + 3 * HOUR)
    assert said(world, A) == ["next"]


async def test_an_admin_who_cannot_be_told_now_is_told_later() -> None:
    class Away(Lines):
        away = True

        async def tell(self, account: str, document: Document, *, asked: Message | None = None) -> None:
            if self.away:
                raise NetworkError("nobody holds that account")
            await super().tell(account, document, asked=asked)

    admins = Settings(admins=frozenset({("scripted", "boss")}))
    world = await begun(note("note", HOUR), settings=admins, transport=(transport := Away()))
    transport.refusing[A] = Refused("banned")
    await world.run(BEGIN + HOUR)
    await world.look()
    transport.away = False
    await world.look()
    await world.look()
    assert [account for account, _ in transport.told] == ["boss"]


async def test_a_network_that_the_config_has_no_more_fails_what_was_announced_there() -> None:
    world = await begun()
    await world.announcer.announce([ELSEWHERE], "hello", "1", "scripted/rm")
    await world.quiet()
    (delivery,) = kept(world).deliveries.values()
    assert (delivery.stage, delivery.problem) == (
        Stage.FAILED,
        "the config has no network elsewhere that a service can be on",
    )


async def test_what_was_overtaken_is_no_loss_to_tell_of(caplog: pytest.LogCaptureFixture) -> None:
    admins = Settings(admins=frozenset({("scripted", "boss")}))
    rule = replace(countdown(A), grace=10 * 86400.0)
    world = await begun(rule, catalog=catalog(one="2012-01-20"), settings=admins)
    # Two come due while it is away: the first is overtaken by the second at once.
    world.clock.at = datetime(2012, 1, 19, 15, tzinfo=UTC)
    world.restart()
    await world.look()
    assert said(world) == ["one is tomorrow: Fri 20 Jan 2012"]
    assert sorted(stages(world)) == ["expired", "sent"]
    assert scripted(world).told == []
    assert "not made in time" not in caplog.text


async def test_a_date_that_is_set_wrong_and_right_again_is_counted_down_to() -> None:
    right = catalog(one="2012-01-20")
    world = await begun(countdown(A), catalog=right)
    scripted(world).connect(State.DOWN)
    await world.run(datetime(2012, 1, 19, 14, tzinfo=UTC))
    for wrong in (catalog(one="2012-06-20"), catalog()):
        world.catalog = wrong
        await world.run(world.clock.at + HOUR)
        await world.look()
        assert "planned" not in stages(world)
        world.catalog = right
        await world.look()
    scripted(world).connect()
    await world.run(world.clock.at + HOUR)
    assert said(world) == ["one is tomorrow: Fri 20 Jan 2012"]


async def test_what_the_config_had_no_more_for_a_while_stays_withdrawn() -> None:
    rule = countdown(A)
    world = await begun(rule, catalog=catalog(one="2012-01-20"))
    scripted(world).connect(State.DOWN)
    await world.run(datetime(2012, 1, 19, 14, tzinfo=UTC))
    world.announcer.heed(world.settings, [])
    await world.run(world.clock.at + HOUR)
    await world.look()
    world.announcer.heed(world.settings, [rule])
    scripted(world).connect()
    await world.look()
    assert said(world) == []


async def test_what_an_operator_dropped_stays_so() -> None:
    world = await begun(countdown(A), catalog=catalog(one="2012-01-20"))
    scripted(world).connect(State.DOWN)
    await world.run(datetime(2012, 1, 19, 14, tzinfo=UTC))
    kept(world).drop(list(kept(world).deliveries)[-1])
    await world.look()
    scripted(world).connect()
    await world.look()
    assert said(world) == []


async def test_what_nothing_is_left_of_fails_and_holds_up_nothing() -> None:
    class Speechless(Lines):
        def compose(self, room: Room, document: Document) -> tuple[str, ...]:
            parts = super().compose(room, document)
            return () if parts == ("nothing",) else parts

    transport = Speechless()
    world = await begun(note("nothing", HOUR), note("something", HOUR + MINUTE), transport=transport)
    await world.run(BEGIN + 2 * HOUR)
    assert stages(world) == ["failed", "sent"]
    assert said(world) == ["something"]


async def test_a_release_that_slips_before_it_was_said_is_announced_when_it_is_out() -> None:
    def dated(day: str, *, out: bool = True) -> Catalog:
        (one,) = catalog(one=day).facts.milestones
        return Catalog.of(Facts(milestones=(replace(one, released=out),)))

    world = await begun(Announcement("out", Occasion.RELEASED, (A,)), catalog=dated("2012-01-03"))
    for slips in (dated("2012-01-10"), dated("2012-01-10", out=False)):
        scripted(world).connect(State.DOWN)
        await world.run(datetime(2012, 1, 3, 0, 1, tzinfo=UTC))
        world.catalog = slips
        await world.look()
        await world.run(world.clock.at + HOUR)
        assert stages(world) == ["withdrawn"]
    scripted(world).connect()
    world.catalog = dated("2012-01-10")
    await world.look()
    await world.run(datetime(2012, 1, 12, tzinfo=UTC))
    await world.look()
    assert [each.split(":")[0] for each in said(world)] == ["one is out"]
