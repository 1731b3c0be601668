"""What every Outbox does, whatever keeps it: the tests of the protocol.

Their class is run on each database by test_contract.py, with a fixture `outbox` that is empty.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from milestonebot.announcement import Occasion
from milestonebot.outbox import PENDING, Known, Memory, Stage
from milestonebot.ports import Room
from tests.store.made import ROOM, START, after, delivery, keys, planned

if TYPE_CHECKING:
    from milestonebot.outbox import Delivery, Outbox

PARTS = ("essex-2 is in 2 days", "and all of its freezes")
FINAL = [stage for stage in Stage if stage not in PENDING]
GIVEN_UP = [Stage.FAILED, Stage.EXPIRED, Stage.WITHDRAWN, Stage.DROPPED]


async def kept(outbox: Outbox, key: str = "countdown/1") -> Delivery:
    found = await outbox.find(key)
    assert found is not None
    return found


class OutboxContract:
    """The tests."""

    # --- planning

    async def test_an_empty_one_remembers_nothing(self, outbox: Outbox) -> None:
        assert await outbox.memory() == Memory()
        assert list(await outbox.pending()) == []
        assert list(await outbox.listed()) == []
        assert await outbox.find("countdown/1") is None

    async def test_a_delivery_comes_back_as_it_was_planned(self, outbox: Outbox) -> None:
        given = delivery(
            "release/libera/#openstack/openstack/nova/2012.1",
            announcement="release",
            occasion=Occasion.RELEASED,
            room=Room("matrix", "!room:example.org"),
            due=after(0.123456 / 60),
            about={
                "names": ["nova", "glance"],
                "nested": {"n": 1.5, "none": None, "yes": True},
                "ö": "\0\ud800",
            },
        )
        assert list(await outbox.add(planned(given, watermark=after(1)))) == [given.key]
        found = await kept(outbox, given.key)
        assert found == replace(given, at=after(1))
        with pytest.raises(TypeError):
            found.about["names"] = []  # type: ignore[index] # rooms may share it: nobody can change it

    async def test_moments_come_back_aware_and_in_utc(self, outbox: Outbox) -> None:
        there = timezone(timedelta(hours=5, minutes=30))
        given = delivery(due=START.astimezone(there))
        await outbox.add(
            planned(given, watermark=START.astimezone(there), started={"a": START.astimezone(there)})
        )
        found, memory = await kept(outbox), await outbox.memory()
        for moment in (found.due, found.until, found.at, memory.watermark, memory.started["a"]):
            assert moment is not None
            assert moment.tzinfo is UTC
        assert (found.due, memory.watermark, memory.started["a"]) == (START, START, START)

    async def test_a_moment_without_a_zone_is_a_bug(self, outbox: Outbox) -> None:
        with pytest.raises(ValueError, match="without a zone"):
            await outbox.add(planned(watermark=START.replace(tzinfo=None)))

    async def test_what_planning_remembers_comes_back(self, outbox: Outbox) -> None:
        known = {
            "openstack/essex/essex-2": Known("2011-12-15", out=False, source="wiki", turn=0),
            "openstack/essex/essex-3": Known(None, out=True),
        }
        await outbox.add(planned(watermark=after(5), started={"countdown": START}, known=known))
        assert await outbox.memory() == Memory(after(5), {"countdown": START}, known)

    async def test_planning_again_changes_what_it_names_and_forgets_what_is_gone(
        self, outbox: Outbox
    ) -> None:
        one, other = Known("2011-12-15", out=False), Known("2012-01-26", out=False)
        await outbox.add(planned(started={"a": START, "b": START}, known={"one": one, "other": other}))
        moved = Known("2011-12-16", out=True, source="post", turn=1)
        await outbox.add(
            planned(watermark=after(1), started={"c": after(1)}, known={"one": moved}, gone=["other", "b"])
        )
        assert await outbox.memory() == Memory(after(1), {"a": START, "c": after(1)}, {"one": moved})

    async def test_what_is_gone_can_be_new_in_the_same_look(self, outbox: Outbox) -> None:
        await outbox.add(planned(started={"a": START}))
        await outbox.add(planned(started={"a": after(1)}, gone=["a"]))
        assert (await outbox.memory()).started == {"a": after(1)}

    async def test_a_known_key_is_left_as_it_is(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.claim("countdown/1", PARTS, after(1))
        before = await kept(outbox)
        again = [delivery(about={}), delivery("countdown/2"), delivery("countdown/2", about={})]
        assert list(await outbox.add(planned(*again, watermark=after(2)))) == ["countdown/2"]
        assert await kept(outbox) == before
        assert (await kept(outbox, "countdown/2")).about != {}

    async def test_what_a_clock_gave_up_that_was_ahead_is_planned_anew(self, outbox: Outbox) -> None:
        late = delivery(stage=Stage.EXPIRED, problem="its grace is over")
        tried = delivery("countdown/2")
        await outbox.add(planned(late, tried, watermark=after(500_000)))
        await outbox.finish("countdown/2", Stage.EXPIRED, after(500_000), problem="its grace is over")
        again = planned(delivery(), delivery("countdown/2"), watermark=after(1))
        assert list(await outbox.add(again)) == ["countdown/1", "countdown/2"]
        assert await kept(outbox) == delivery(at=after(1))
        assert keys(await outbox.pending()) == ["countdown/1", "countdown/2"]
        assert list(await outbox.add(again)) == []

    async def test_what_was_withdrawn_is_planned_anew_when_it_is_due_again(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.finish("countdown/1", Stage.WITHDRAWN, after(1), problem="it moved")
        again = delivery(due=after(100), about={"days": 1})
        late = delivery(stage=Stage.EXPIRED)
        assert list(await outbox.add(planned(late, watermark=after(2)))) == []
        assert list(await outbox.add(planned(again, watermark=after(100)))) == ["countdown/1"]
        assert await kept(outbox) == replace(again, at=after(100))
        assert list(await outbox.add(planned(again, watermark=after(101)))) == []

    async def test_what_may_have_been_said_is_not_planned_anew_whatever_the_clock_was(
        self, outbox: Outbox
    ) -> None:
        all_of_them = [delivery(f"countdown/{number}") for number in range(5)]
        await outbox.add(planned(*all_of_them))
        for number in range(3):
            await outbox.claim(f"countdown/{number}", PARTS, after(1))
        await outbox.part_said("countdown/1", 1, None, after(1))
        await outbox.postpone("countdown/1", "later", after(1))
        for number, stage in enumerate((Stage.EXPIRED, Stage.WITHDRAWN, Stage.SENT, Stage.DROPPED)):
            await outbox.finish(f"countdown/{number}", stage, after(500_000))
        await outbox.finish("countdown/4", Stage.EXPIRED, after(1))
        before = list(await outbox.listed())
        assert list(await outbox.add(planned(*all_of_them, watermark=after(2)))) == []
        assert list(await outbox.listed()) == before

    async def test_new_keys_come_in_their_order(self, outbox: Outbox) -> None:
        given = [delivery(f"countdown/{number * 7 % 50}") for number in range(50)]
        assert list(await outbox.add(planned(*given))) == keys(given)

    async def test_what_expired_is_kept_as_such(self, outbox: Outbox) -> None:
        late = delivery(stage=Stage.EXPIRED, problem="its grace is over")
        assert list(await outbox.add(planned(late))) == ["countdown/1"]
        assert await kept(outbox) == replace(late, at=START)
        assert list(await outbox.pending()) == []

    async def test_a_look_is_kept_whole_or_not_at_all(self, outbox: Outbox) -> None:
        await outbox.add(planned(known={"one": Known("2011-12-15", out=False)}, started={"a": START}))
        before = await outbox.memory()
        unkeepable = delivery("countdown/2", due=START.replace(tzinfo=None), until=START)
        with pytest.raises(ValueError, match="without a zone"):
            await outbox.add(
                planned(
                    delivery(),
                    unkeepable,
                    watermark=after(1),
                    started={"b": START},
                    known={"two": Known(None, out=False)},
                    gone=["one", "a"],
                )
            )
        assert await outbox.memory() == before
        assert list(await outbox.listed()) == []

    # --- order

    async def test_pending_ones_come_as_they_are_due_then_as_they_were_planned(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery("z", due=after(1)), delivery("y"), delivery("x", due=after(1))))
        await outbox.add(planned(delivery("w", due=after(1)), delivery("v", due=after(-1))))
        assert keys(await outbox.pending()) == ["v", "y", "z", "x", "w"]

    async def test_what_is_under_way_or_partly_said_comes_first(self, outbox: Outbox) -> None:
        await outbox.add(planned(*(delivery(key, due=after(number)) for number, key in enumerate("abcd"))))
        await outbox.claim("d", PARTS, after(9))
        await outbox.claim("c", PARTS, after(9))
        await outbox.part_said("c", 1, None, after(9))
        await outbox.postpone("c", "the connection was closed", after(9))
        assert keys(await outbox.pending()) == ["c", "d", "a", "b"]

    @pytest.mark.parametrize("stage", FINAL)
    async def test_what_is_final_is_not_pending(self, outbox: Outbox, stage: Stage) -> None:
        await outbox.add(planned(delivery(), delivery("countdown/2")))
        await outbox.finish("countdown/1", stage, after(1))
        assert keys(await outbox.pending()) == ["countdown/2"]

    async def test_the_list_has_the_latest_due_first(self, outbox: Outbox) -> None:
        await outbox.add(planned(*(delivery(str(number), due=after(number % 5)) for number in range(10))))
        assert keys(await outbox.listed()) == ["9", "4", "8", "3", "7", "2", "6", "1", "5", "0"]
        assert keys(await outbox.listed(most=3)) == ["9", "4", "8"]

    async def test_the_list_can_be_of_stages_and_a_room(self, outbox: Outbox) -> None:
        there = Room("oftc", ROOM.name)
        await outbox.add(
            planned(delivery("a"), delivery("b"), delivery("c", room=there), delivery("d", room=there))
        )
        await outbox.finish("a", Stage.SENT, after(1))
        await outbox.finish("c", Stage.FAILED, after(1))
        assert keys(await outbox.listed([Stage.SENT, Stage.FAILED])) == ["c", "a"]
        assert keys(await outbox.listed(room=there)) == ["d", "c"]
        assert keys(await outbox.listed([Stage.FAILED], there)) == ["c"]
        assert keys(await outbox.listed([Stage.FAILED], ROOM)) == []

    # --- on its way

    async def test_a_claim_fixes_the_parts_and_counts(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        assert await outbox.claim("countdown/1", PARTS, after(1)) is True
        assert await kept(outbox) == replace(
            delivery(), stage=Stage.SENDING, attempts=1, since=after(1), parts=PARTS, at=after(1)
        )

    async def test_a_claim_while_in_doubt_keeps_since_and_the_parts(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.claim("countdown/1", PARTS, after(1))
        assert await outbox.claim("countdown/1", ("other words",), after(2)) is True
        found = await kept(outbox)
        assert (found.since, found.attempts, found.parts, found.at) == (after(1), 2, PARTS, after(1))

    @pytest.mark.parametrize("stage", FINAL)
    async def test_what_is_final_cannot_be_claimed(self, outbox: Outbox, stage: Stage) -> None:
        await outbox.add(planned(delivery()))
        await outbox.finish("countdown/1", stage, after(1))
        before = await kept(outbox)
        assert await outbox.claim("countdown/1", PARTS, after(2)) is False
        assert await kept(outbox) == before

    async def test_what_is_not_there_is_nothing(self, outbox: Outbox) -> None:
        assert await outbox.claim("nothing", PARTS, START) is False
        assert await outbox.retry("nothing", after(60), START) is False
        await outbox.part_said("nothing", 1, None, START)
        await outbox.postpone("nothing", "", START)
        await outbox.finish("nothing", Stage.SENT, START)
        assert list(await outbox.listed()) == []

    async def test_parts_that_arrived_are_counted(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.claim("countdown/1", PARTS, after(1))
        await outbox.part_said("countdown/1", 1, "$event", after(2))
        found = await kept(outbox)
        assert (found.stage, found.said, found.event, found.since) == (Stage.SENDING, 1, "$event", after(2))
        assert found.parts == PARTS
        await outbox.part_said("countdown/1", 2, None, after(3))
        found = await kept(outbox)
        assert (found.said, found.event, found.since) == (2, "$event", after(3))

    async def test_postponed_before_anything_is_said_its_words_are_made_anew(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.claim("countdown/1", PARTS, after(1))
        await outbox.postpone("countdown/1", "rate limited", after(2))
        found = await kept(outbox)
        assert found == replace(delivery(), attempts=1, problem="rate limited", at=after(2))
        await outbox.claim("countdown/1", ("essex-2 is tomorrow",), after(3))
        found = await kept(outbox)
        assert (found.parts, found.since, found.attempts) == (("essex-2 is tomorrow",), after(3), 2)

    async def test_postponed_partly_said_its_words_stay(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.claim("countdown/1", PARTS, after(1))
        await outbox.part_said("countdown/1", 1, "$event", after(2))
        await outbox.postpone("countdown/1", "the connection was closed", after(3))
        found = await kept(outbox)
        assert (found.stage, found.said, found.parts, found.since) == (Stage.PLANNED, 1, PARTS, None)
        await outbox.claim("countdown/1", ("other words",), after(4))
        assert (await kept(outbox)).parts == PARTS

    async def test_one_that_could_not_even_be_tried_is_postponed(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.postpone("countdown/1", "not connected", after(1))
        assert await kept(outbox) == replace(delivery(), problem="not connected", at=START)

    async def test_what_was_sent_is_sent(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.claim("countdown/1", PARTS, after(1))
        await outbox.part_said("countdown/1", 1, "$first", after(2))
        await outbox.finish("countdown/1", Stage.SENT, after(3), event="$last")
        found = await kept(outbox)
        assert (found.stage, found.at, found.event, found.said) == (Stage.SENT, after(3), "$last", 2)
        assert found.since is None

    async def test_why_it_ended_is_kept(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        problem = "banned from #openstack: \0 \ud800 ö"
        await outbox.finish("countdown/1", Stage.FAILED, after(1), problem=problem)
        found = await kept(outbox)
        assert (found.stage, found.at) == (Stage.FAILED, after(1))
        assert found.problem.startswith("banned from #openstack: ")
        assert found.problem.endswith("ö")

    @pytest.mark.parametrize("stage", FINAL)
    async def test_what_is_final_stays_so(self, outbox: Outbox, stage: Stage) -> None:
        await outbox.add(planned(delivery()))
        await outbox.finish("countdown/1", stage, after(1), problem="first")
        before = await kept(outbox)
        for other in FINAL:
            await outbox.finish("countdown/1", other, after(2), problem="second")
        await outbox.postpone("countdown/1", "third", after(3))
        assert await kept(outbox) == before

    @pytest.mark.parametrize("stage", PENDING)
    async def test_pending_is_no_end(self, outbox: Outbox, stage: Stage) -> None:
        await outbox.add(planned(delivery()))
        with pytest.raises(ValueError, match="is not final"):
            await outbox.finish("countdown/1", stage, after(1))
        assert (await kept(outbox)).stage is Stage.PLANNED

    # --- once more

    @pytest.mark.parametrize("stage", GIVEN_UP)
    async def test_what_was_given_up_can_be_tried_again(self, outbox: Outbox, stage: Stage) -> None:
        await outbox.add(planned(delivery()))
        await outbox.finish("countdown/1", stage, after(1), problem="why")
        assert await outbox.retry("countdown/1", after(900), after(2)) is True
        assert await kept(outbox) == replace(delivery(), until=after(900), at=after(2))
        assert keys(await outbox.pending()) == ["countdown/1"]

    async def test_tried_again_its_attempts_are_counted_anew(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.claim("countdown/1", PARTS, after(1))
        await outbox.finish("countdown/1", Stage.FAILED, after(2))
        assert (await kept(outbox)).attempts == 1
        await outbox.retry("countdown/1", after(900), after(3))
        assert (await kept(outbox)).attempts == 0

    async def test_what_is_pending_or_sent_is_not_tried_again(self, outbox: Outbox) -> None:
        await outbox.add(planned(*map(delivery, "abc")))
        await outbox.claim("b", PARTS, after(1))
        await outbox.finish("c", Stage.SENT, after(1))
        before = list(await outbox.listed())
        assert [await outbox.retry(key, after(900), after(2)) for key in "abc"] == [False] * 3
        assert list(await outbox.listed()) == before

    @pytest.mark.parametrize("stage", GIVEN_UP)
    async def test_one_given_up_in_doubt_is_in_doubt_again(self, outbox: Outbox, stage: Stage) -> None:
        await outbox.add(planned(delivery()))
        await outbox.claim("countdown/1", PARTS, after(1))
        await outbox.finish("countdown/1", stage, after(2))
        await outbox.retry("countdown/1", after(900), after(3))
        found = await kept(outbox)
        assert (found.stage, found.since, found.parts) == (Stage.SENDING, after(1), PARTS)

    async def test_a_refusal_leaves_no_doubt(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.claim("countdown/1", PARTS, after(1))
        await outbox.postpone("countdown/1", "banned", after(2))
        await outbox.finish("countdown/1", Stage.FAILED, after(2))
        await outbox.retry("countdown/1", after(900), after(3))
        found = await kept(outbox)
        assert (found.stage, found.since, found.parts) == (Stage.PLANNED, None, None)

    async def test_one_that_was_partly_said_goes_on_where_it_was(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.claim("countdown/1", PARTS, after(1))
        await outbox.part_said("countdown/1", 1, "$first", after(2))
        await outbox.postpone("countdown/1", "banned", after(3))
        await outbox.finish("countdown/1", Stage.FAILED, after(3))
        await outbox.retry("countdown/1", after(900), after(4))
        found = await kept(outbox)
        assert (found.stage, found.said, found.parts, found.event) == (Stage.PLANNED, 1, PARTS, "$first")

    # --- an operator beside the bot

    async def test_one_dropped_under_way_stays_so_whatever_the_bot_tells_later(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.claim("countdown/1", PARTS, after(1))
        await outbox.finish("countdown/1", Stage.DROPPED, after(2), problem="dropped")
        await outbox.part_said("countdown/1", 1, "$first", after(3))
        assert await outbox.claim("countdown/1", PARTS, after(3)) is False
        await outbox.finish("countdown/1", Stage.SENT, after(4), event="$last")
        found = await kept(outbox)
        assert (found.stage, found.at, found.problem) == (Stage.DROPPED, after(2), "dropped")
        assert (found.said, found.event, found.since) == (2, "$last", None)

    async def test_of_one_dropped_of_which_all_arrived_nothing_is_in_doubt(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.claim("countdown/1", PARTS, after(1))
        await outbox.finish("countdown/1", Stage.DROPPED, after(2))
        await outbox.part_said("countdown/1", 1, "$first", after(3))
        assert (await kept(outbox)).since == after(3)
        await outbox.part_said("countdown/1", 2, "$last", after(4))
        assert (await kept(outbox)).since is None

    async def test_one_dropped_but_said_all_the_same_is_not_said_again(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.claim("countdown/1", PARTS, after(1))
        await outbox.finish("countdown/1", Stage.DROPPED, after(2))
        await outbox.finish("countdown/1", Stage.SENT, after(3))
        assert await outbox.retry("countdown/1", after(900), after(4)) is False

    async def test_of_one_dropped_it_is_noted_that_nothing_was_said(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await outbox.claim("countdown/1", PARTS, after(1))
        await outbox.finish("countdown/1", Stage.DROPPED, after(2), problem="dropped")
        await outbox.postpone("countdown/1", "not connected", after(3))
        found = await kept(outbox)
        assert (found.stage, found.problem, found.since) == (Stage.DROPPED, "dropped", None)
        await outbox.retry("countdown/1", after(900), after(4))
        assert (await kept(outbox)).stage is Stage.PLANNED

    # --- many at once

    async def test_of_many_claims_at_once_each_counts(self, outbox: Outbox) -> None:
        await outbox.add(planned(*(delivery(str(number)) for number in range(300))))
        claims = (outbox.claim(str(number % 310), PARTS, after(1)) for number in range(620))
        made = await asyncio.gather(*claims)
        assert [number % 310 for number, claimed in enumerate(made) if not claimed] == [*range(300, 310)] * 2
        assert {each.attempts for each in await outbox.pending()} == {2}

    async def test_calls_for_one_delivery_keep_their_order(self, outbox: Outbox) -> None:
        await outbox.add(planned(delivery()))
        await asyncio.gather(
            outbox.claim("countdown/1", PARTS, after(1)),
            outbox.part_said("countdown/1", 1, "$first", after(2)),
            outbox.finish("countdown/1", Stage.SENT, after(3), event="$last"),
            outbox.postpone("countdown/1", "too late", after(4)),
        )
        found = await kept(outbox)
        assert (found.stage, found.event, found.said, found.at) == (Stage.SENT, "$last", 2, after(3))

    async def test_the_same_look_kept_twice_at_once_is_new_once(self, outbox: Outbox) -> None:
        looks = [planned(*(delivery(str(number)) for number in range(50))) for _ in range(4)]
        new = await asyncio.gather(*map(outbox.add, looks))
        assert sorted(len(each) for each in new) == [0, 0, 0, 50]

    async def test_reading_goes_on_beside_writing(self, outbox: Outbox) -> None:
        await outbox.add(planned(*(delivery(str(number)) for number in range(200))))
        writing = [outbox.finish(str(number), Stage.SENT, after(1)) for number in range(200)]
        reading = [outbox.pending() for _ in range(20)]
        *_, first, last = await asyncio.gather(*writing, *reading)
        assert first is not None
        assert last is not None
        assert list(await outbox.pending()) == []

    async def test_a_caller_who_is_cancelled_takes_nobody_with_him(self, outbox: Outbox) -> None:
        await outbox.add(planned(*(delivery(str(number)) for number in range(40))))
        tasks = [asyncio.create_task(outbox.claim(str(number), PARTS, after(1))) for number in range(40)]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert outcomes[1::2] == [True] * 20
        assert all(isinstance(each, asyncio.CancelledError) for each in outcomes[::2])
        assert {(await kept(outbox, str(number))).attempts for number in range(1, 40, 2)} == {1}

    async def test_a_reader_who_is_cancelled_takes_nobody_with_him(self, outbox: Outbox) -> None:
        await outbox.add(planned(*(delivery(str(number)) for number in range(100))))
        for steps in range(1, 12):
            task = asyncio.create_task(outbox.pending())
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert len(await outbox.pending()) == 100
