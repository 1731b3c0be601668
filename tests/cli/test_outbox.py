"""`milestonebot outbox`: what an operator sees, retries and drops."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from milestonebot.cli import main
from milestonebot.outbox import Stage
from milestonebot.ports import Room
from milestonebot.store import open_outbox
from tests.store.made import after, delivery, planned

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from milestonebot.outbox import Delivery
    from milestonebot.store.database import DatabaseOutbox
    from tests.servers.postgres import Postgres

CONFIG = """
state: state
timezone: Europe/Paris
catalog: [{kind: openstack}]
networks:
  - {name: terminal, kind: console, rooms: ["#general"]}
announcements:
  - {name: countdown, kind: countdown, for: openstack, before: [7d], at: "14:00", grace: 2h,
     rooms: ["terminal/#general"]}
"""
ESSEX2 = "countdown/libera/#openstack/openstack/essex/essex-2/2011-12-15/2d"
AHEAD = datetime(2100, 1, 1, tzinfo=UTC)
NOVA = "countdown/libera/#nova/openstack/essex/essex-2/2011-12-15/2d"


class Operator:
    """Somebody at the command line of a bot."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.state = folder / "state"
        self.config = folder / "config.yaml"
        self.config.write_text(CONFIG, encoding="utf-8")
        self.database: str | None = None
        self._capsys = capsys

    def bot(self, do: Callable[[DatabaseOutbox], Awaitable[object]]) -> None:
        """Let the bot do something with its outbox."""

        async def run() -> None:
            outbox = await open_outbox(self.database or self.state / "deliveries.db")
            await do(outbox)
            await outbox.close()

        self.state.mkdir(exist_ok=True)
        asyncio.run(run())

    def planned(self, *deliveries: Delivery) -> None:
        """Let the bot plan something."""
        self.bot(lambda outbox: outbox.add(planned(*deliveries)))

    def __call__(self, *words: str, code: int = 0) -> str:
        """Return what a command prints, which ends with `code`."""
        assert main(["outbox", *words, "--config", str(self.config)]) == code
        said = self._capsys.readouterr()
        return said.err if code else said.out

    def kept(self, key: str) -> Delivery:
        found: list[Delivery | None] = []

        async def find(outbox: DatabaseOutbox) -> None:
            found.append(await outbox.find(key))

        self.bot(find)
        assert found[0] is not None
        return found[0]


@pytest.fixture
def operator(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(tmp_path, capsys)


# --- list


def test_before_the_bot_has_run_there_is_nothing(operator: Operator) -> None:
    assert "there is no database" in operator()
    assert "announced nothing so far" in operator("show", "key")
    assert operator("--json") == "[]\n"
    assert not operator.state.exists()


def test_an_empty_one_says_so(operator: Operator) -> None:
    operator.planned()
    assert operator("list") == "Nothing is planned, sending or failed.\nNothing was announced so far.\n"


def test_what_is_pending_or_failed_is_listed(operator: Operator) -> None:
    failed = delivery("failed", stage=Stage.FAILED, attempts=3, problem="banned from\x1b[31m #openstack")
    operator.planned(
        delivery(ESSEX2), failed, delivery("sent", stage=Stage.SENT), delivery("old", stage=Stage.EXPIRED)
    )
    assert operator() == (
        "failed     2011-12-20 15:00 Europe/Paris  libera/#openstack\n"
        "    failed\n"
        "    tried 3 times; banned from #openstack\n"
        "planned    2011-12-20 15:00 Europe/Paris  libera/#openstack\n"
        f"    {ESSEX2}\n"
        "    past its grace, which ended 2011-12-21 03:00 Europe/Paris: "
        "the bot sees to it at its next try\n"
        "In all rooms: 1 planned, 1 sent, 1 expired and 1 failed.\n"
    )


def test_what_is_in_doubt_says_so(operator: Operator) -> None:
    operator.planned(delivery(ESSEX2))
    operator.bot(lambda outbox: outbox.claim(ESSEX2, ["x"], after(1)))
    # Nothing tells whether a bot is just saying it, at its pace.
    assert "; tried 1 time; being said, or in doubt, since 2011-12-20 15:01 Europe/Paris\n" in operator()
    operator.bot(lambda outbox: outbox.finish(ESSEX2, Stage.EXPIRED, after(2)))
    assert "    tried 1 time; in doubt since 2011-12-20 15:01 Europe/Paris\n" in operator("--all")


def test_until_when_something_is_made_and_its_words_are_listed(operator: Operator) -> None:
    long = "Freeze! " * 30
    about = {"text": f"Freeze\n{long}", "by": "libera/rm"}
    by_hand = delivery("announce/1", announcement="", about=about, until=AHEAD)
    operator.planned(by_hand, delivery("irc"), delivery("matrix"))

    async def claim(outbox: DatabaseOutbox) -> None:
        await outbox.claim("irc", ["\x02essex-2\x02 is", "tomorrow"], after(1))
        await outbox.claim("matrix", [json.dumps({"body": "essex-2 is today", "msgtype": "x"})], after(1))

    operator.bot(claim)
    listed = operator()
    assert "    made until 2100-01-01 01:00 Europe/Paris\n    “Freeze Freeze! Freeze!" in listed
    assert all(len(each) < 100 for each in listed.splitlines() if "“" in each)
    assert "    “essex-2 is tomorrow”\n" in listed
    assert "    “essex-2 is today”\n" in listed
    assert "announcement  by hand, by libera/rm\n" in operator("show", "announce/1")


def test_stages_and_a_room_can_be_chosen(operator: Operator) -> None:
    there = delivery("there", stage=Stage.SENT, room=Room("matrix", "!room:example.org"))
    operator.planned(
        delivery("a"), delivery("b", stage=Stage.SENT), delivery("c", stage=Stage.EXPIRED), there
    )

    def listed(*words: str) -> list[str]:
        return [each["key"] for each in json.loads(operator("list", "--json", *words))]

    assert listed() == ["a"]
    assert listed("--stage", "sent", "--stage", "expired") == ["there", "c", "b"]
    assert listed("--all") == ["there", "c", "b", "a"]
    assert listed("--all", "--room", "matrix/!room:example.org") == ["there"]
    assert listed("--all", "--most", "2") == ["there", "c"]
    assert "expected NETWORK/NAME" in operator("list", "--room", "matrix", code=2)


def test_of_many_it_is_told_that_there_are_more(operator: Operator) -> None:
    operator.planned(*(delivery(str(number)) for number in range(5)))
    assert "and more" not in operator("--most", "5")
    assert "… and more, due before those: --most 40 lists" in operator("--most", "4")


# --- show


def test_all_of_one_is_shown(operator: Operator) -> None:
    operator.planned(delivery(ESSEX2))

    async def half(outbox: DatabaseOutbox) -> None:
        await outbox.claim(ESSEX2, ["essex-2 is", "in two days", "or so"], after(1))
        await outbox.part_said(ESSEX2, 1, "$event", after(2))

    operator.bot(half)
    lines = operator("show", ESSEX2).splitlines()
    assert lines[0] == f"key           {ESSEX2}"
    assert "stage         sending, since 2011-12-20 15:01 Europe/Paris" in lines
    assert "doubt         being said, or in doubt, since 2011-12-20 15:02 Europe/Paris" in lines
    assert "event         $event" in lines
    assert lines[-3:] == [
        "part 0        (said) essex-2 is",
        "part 1        (under way, or in doubt) in two days",
        "part 2        (not said) or so",
    ]


def test_it_is_shown_as_data(operator: Operator) -> None:
    operator.planned(delivery(ESSEX2))
    shown = json.loads(operator("show", ESSEX2, "--json"))
    assert shown["room"] == "libera/#openstack"
    assert shown["due"] == "2011-12-20T14:00:00+00:00"
    assert shown["stage"] == "planned"
    assert shown["about"] == {"subject": "openstack/essex/essex-2", "days": 2}


def test_the_beginning_of_a_key_will_do(operator: Operator) -> None:
    operator.planned(delivery(ESSEX2), delivery(NOVA), delivery("count%"))
    assert ESSEX2 in operator("show", "countdown/libera/#o")
    assert "count%" in operator("show", "count%")
    told = operator("show", "countdown", code=2)
    assert f"several keys begin with countdown; say more of the one:\n  {NOVA}\n  {ESSEX2}\n" in told
    assert "no delivery has a key that begins with x" in operator("show", "x", code=1)


@pytest.mark.parametrize("words", [("show",), ("retry",), ("drop",), ("list", "key"), ("--at", "2011-12-20")])
def test_what_makes_no_sense_is_told(operator: Operator, words: tuple[str, ...]) -> None:
    assert "milestonebot: " in operator(*words, code=2)


# --- drop


def test_one_that_waits_is_dropped(operator: Operator) -> None:
    operator.planned(delivery(ESSEX2))
    assert operator("drop", ESSEX2) == f"{ESSEX2} is dropped: libera/#openstack will not hear it.\n"
    dropped = operator.kept(ESSEX2)
    assert (dropped.stage, dropped.problem) == (Stage.DROPPED, "dropped by an operator")


def test_of_one_under_way_it_is_told_what_may_be_there(operator: Operator) -> None:
    operator.planned(delivery(ESSEX2))

    async def half(outbox: DatabaseOutbox) -> None:
        await outbox.claim(ESSEX2, ["one", "two"], after(1))
        await outbox.part_said(ESSEX2, 1, None, after(2))

    operator.bot(half)
    told = operator("drop", ESSEX2)
    assert "that part of it may be there all the same" in told
    assert "1 part of it had been said before" in told


@pytest.mark.parametrize("stage", ["sent", "failed"])
def test_what_is_final_is_not_dropped(operator: Operator, stage: str) -> None:
    operator.planned(delivery(ESSEX2, stage=Stage(stage)))
    before = operator.kept(ESSEX2)
    assert f"cannot be dropped: it is {stage} already" in operator("drop", ESSEX2, code=1)
    assert operator.kept(ESSEX2) == before


# --- retry


def test_what_failed_is_planned_again_for_its_rules_grace(operator: Operator) -> None:
    operator.planned(delivery(ESSEX2, stage=Stage.FAILED, problem="banned", attempts=4))
    assert operator("retry", ESSEX2).startswith(f"{ESSEX2} is planned again, for libera/#openstack, until 20")
    again = operator.kept(ESSEX2)
    assert again == replace(delivery(ESSEX2), until=again.until, at=again.at)
    assert again.at is not None
    assert again.until - again.at == timedelta(hours=2)
    assert datetime.now(UTC) - again.at < timedelta(minutes=1)


def test_of_one_in_doubt_it_is_told_that_the_bot_looks_first(operator: Operator) -> None:
    operator.planned(delivery(ESSEX2))

    async def given_up(outbox: DatabaseOutbox) -> None:
        await outbox.claim(ESSEX2, ["x"], after(1))
        await outbox.finish(ESSEX2, Stage.EXPIRED, after(2))

    operator.bot(given_up)
    assert "the bot looks in the room before" in operator("retry", ESSEX2)
    assert operator.kept(ESSEX2).stage is Stage.SENDING


def test_what_waits_or_was_said_is_not_planned_again(operator: Operator) -> None:
    operator.planned(delivery("waits"), delivery("said", stage=Stage.SENT))

    async def said_though_dropped(outbox: DatabaseOutbox) -> None:
        await outbox.add(planned(delivery("dropped")))
        await outbox.claim("dropped", ["x"], after(1))
        await outbox.finish("dropped", Stage.DROPPED, after(2))
        await outbox.finish("dropped", Stage.SENT, after(3))

    operator.bot(said_though_dropped)
    for key, stage in {
        "waits": "planned",
        "said": "sent",
        "dropped": "dropped (all of it was said)",
    }.items():
        assert f"cannot be planned again: it is {stage} already" in operator("retry", key, code=1)


# --- the database


@pytest.mark.server
def test_the_database_of_the_config_is_used(operator: Operator, postgres: Postgres) -> None:
    operator.database = postgres.new_database()
    operator.config.write_text(f"{CONFIG}database: {operator.database!r}\n")
    assert "there is nothing in the database" in operator()
    operator.planned(delivery(ESSEX2))
    assert ESSEX2 in operator()
    assert operator.database not in operator("list")


def test_what_is_wrong_with_it_is_told(operator: Operator) -> None:
    operator.state.mkdir()
    (operator.state / "deliveries.db").write_text("no database at all, but text that is long enough" * 50)
    assert "is no SQLite database, or is damaged" in operator(code=2)
