"""`!announce` where something keeps it from its rooms for now; the rest is in test_announcements.py."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from milestonebot.operating import NetworkReport
from milestonebot.ports import Connection, Room, State
from milestonebot.settings import RoomSettings
from tests.commands.test_announcements import MATRIX, NOVA, RELEASE, Announced, bot, told, typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.operating import Applied

SINCE = bot().clock.now()


class Fares:
    """How the networks fare."""

    names = ("oftc", "matrix")

    def __init__(self, *down: str, absent: Sequence[Room] = ()) -> None:
        self.down = down
        self.absent = absent

    async def networks(self) -> Sequence[NetworkReport]:
        return [
            NetworkReport(
                name,
                Connection(State.DOWN if name in self.down else State.UP, SINCE),
                absent={room: "kicked" for room in self.absent if room.network == name},
            )
            for name in self.names
        ]

    async def reload(self) -> Applied:
        raise AssertionError

    async def enter(self, room: Room) -> None:
        raise AssertionError(room)

    async def leave(self, room: Room) -> None:
        raise AssertionError(room)


async def test_a_room_on_no_network_of_the_running_bot_is_refused() -> None:
    announced = Announced()
    asking = bot(announced)
    terminal = Room("terminal", "#nova")
    asking.settings = replace(asking.settings, rooms={**asking.settings.rooms, terminal: RoomSettings()})
    asking.operating = Fares()
    answer = await told(asking, typed(f"!announce {terminal}: Freeze"))
    assert answer == (
        "Nothing is announced in terminal/#nova: I am not on terminal,"
        " which is a terminal, or is new and takes a restart."
    )
    assert announced.said == []


@pytest.mark.parametrize(
    ("fares", "asked", "hint"),
    [
        (Fares(), f"!announce {NOVA}: Freeze", ""),
        (Fares("oftc", absent=[NOVA]), f"!announce {NOVA}: Freeze", " I am not connected to oftc now: "),
        (Fares("oftc"), f"!announce {MATRIX}: Freeze", ""),
        (Fares(absent=[NOVA, RELEASE]), f"!announce {NOVA}: Freeze", f" I am not in {NOVA} now: "),
        (Fares("matrix", "oftc"), "!announce Freeze", " I am not connected to oftc now: "),
    ],
)
async def test_what_keeps_it_for_now_is_told(fares: Fares, asked: str, hint: str) -> None:
    announced = Announced()
    asking = bot(announced)
    asking.operating = fares
    answer = await told(asking, typed(asked))
    assert len(announced.said) == 1
    assert answer.startswith("On its way to ")
    assert answer.endswith(f".{hint}it is said there when I am, within 12 hours." if hint else ".")
    assert ("I am not" in answer) is bool(hint)
