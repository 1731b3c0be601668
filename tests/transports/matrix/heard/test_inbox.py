"""What waits between the sync and the bot, and what is remembered of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from milestonebot.clock import at
from milestonebot.ports import Message, Room, Sender
from milestonebot.transports.matrix.heard.answered import Answered
from milestonebot.transports.matrix.heard.inbox import Inbox
from milestonebot.transports.matrix.heard.progress import Progress

NOW = at("2011-12-20").now()


def message(name: str, room: str = "!a") -> Message:
    return Message(Room("matrix", room), Sender("alice"), "!next", name, NOW)


async def test_a_room_is_passed_on_some_at_a_time_in_order_and_others_beside_it() -> None:
    inbox = Inbox()
    inbox.put(message(str(number)) for number in range(200))
    inbox.put([message("other", "!b")])
    messages = inbox.messages()
    heard = [await anext(messages) for _ in range(51)]
    assert [each.id for each in heard] == [*map(str, range(50)), "other"]
    for each in heard[:50]:
        inbox.done(each)
    assert [(await anext(messages)).id for _ in range(50)] == [*map(str, range(50, 100))]
    assert "120" in inbox
    assert "20" not in inbox


async def test_closed_it_ends_and_is_quiet_when_all_that_was_passed_on_is_done() -> None:
    inbox = Inbox()
    assert await inbox.quiet(0)
    inbox.put([message("1"), message("2")])
    inbox.close()
    assert [each.id async for each in inbox.messages()] == ["1", "2"]
    assert not await inbox.quiet(0)
    inbox.done(message("1"))
    inbox.done(message("2"))
    assert await inbox.quiet(0)


def test_what_was_dealt_with_is_known_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "state" / "answered.txt"
    for run in range(3):
        answered = Answered(file)
        answered.open()
        assert all(f"${number}" in answered for number in range(run))
        assert f"${run}" not in answered
        answered.add(f"${run}")
        answered.close()


def test_the_file_is_its_owners_alone_also_where_it_was_not(tmp_path: Path) -> None:
    for name in ("answered.txt", "answered.new"):
        (tmp_path / name).write_text("$a\n")
        (tmp_path / name).chmod(0o644)
    answered = Answered(tmp_path / "answered.txt")
    answered.open()
    answered.close()
    assert "$a" in answered
    assert (tmp_path / "answered.txt").stat().st_mode & 0o777 == 0o600


def test_of_very_many_the_latest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("milestonebot.transports.matrix.heard.answered._MOST", 10)
    file = tmp_path / "answered.txt"
    answered = Answered(file)
    answered.open()
    for number in range(1000):
        answered.add(f"${number}")
    answered.close()
    assert len(file.read_text().splitlines()) <= 20
    again = Answered(file)
    again.open()
    assert "$999" in again
    assert "$1" not in again
    again.close()


def test_a_folder_that_cannot_be_written_is_told_and_survived(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    answered = Answered(tmp_path / "file" / "answered.txt")
    answered.open()
    answered.add("$1")
    assert "$1" in answered
    assert "cannot be kept" in caplog.text


def test_what_turned_out_to_be_messages_waits_for_them() -> None:
    progress = Progress()
    progress.add("s1", {"gap"})
    progress.add("s2", set())
    progress.instead("gap", {"$1", "$2"})
    progress.instead("unknown", {"$3"})
    progress.done("$1")
    assert progress.reached() is None
    progress.done("$2")
    assert progress.reached() == "s2"


@given(st.lists(st.sampled_from(["!a", "!b", "!c"]), max_size=300))
async def test_nothing_is_lost_nor_passed_on_twice(rooms: list[str]) -> None:
    inbox = Inbox()
    said = [
        replace(message(str(number), room), time=NOW + timedelta(seconds=number))
        for number, room in enumerate(rooms)
    ]
    inbox.put(said)
    heard = []
    messages = inbox.messages()
    for _ in said:
        heard.append(await anext(messages))
        inbox.done(heard[-1])
    assert sorted(heard, key=lambda each: each.time) == said
    for room in set(rooms):
        times = [each.time for each in heard if each.room.name == room]
        assert times == sorted(times)
