"""What is listened to in each room, found once and kept, however many rooms there are."""

from __future__ import annotations

from milestonebot.commands import router
from milestonebot.listening import _MOST_OPENINGS, Listening
from milestonebot.ports import Room
from milestonebot.settings import RoomSettings, Settings

QUIET, OTHER = Room("oftc", "#quiet"), Room("oftc", "#other")
SETTINGS = Settings(
    name="milestonebot",
    rooms={
        QUIET: RoomSettings(prefix="%", commands={"help": None, "search": "find"}),
        OTHER: RoomSettings(),
    },
)


def test_each_room_has_its_own_names_of_commands() -> None:
    listening = Listening(router(), SETTINGS)
    here = listening.commands(QUIET).here
    assert "find" in here
    assert not {"help", "search"} & here.keys()
    assert "help" in listening.commands(OTHER).here
    assert listening.commands(QUIET) is listening.commands(QUIET)


def test_rooms_that_the_config_does_not_name_share_what_is_kept() -> None:
    listening = Listening(router(), SETTINGS)
    one, another = Room("oftc", "ann"), Room("oftc", "bob")
    assert listening.known(one) == listening.known(another) != listening.known(Room("libera", "ann"))
    assert listening.commands(one) is listening.commands(another)
    assert len({listening.known(room) for room in (QUIET, OTHER, one)}) == 3


def test_only_what_begins_as_the_room_has_it_may_be_put_to_the_bot() -> None:
    concerning = Listening(router(), SETTINGS).concerning(QUIET, "relbot")
    assert concerning("%next")
    assert concerning("relbot: next?")
    assert concerning("milestonebot: next?")
    assert not concerning("!next")
    assert not concerning("nobody asks")


def test_what_is_kept_of_rooms_is_bounded() -> None:
    listening = Listening(router(), SETTINGS)
    first = listening.concerning(QUIET, "relbot")
    assert listening.concerning(QUIET, "relbot") is first
    for number in range(_MOST_OPENINGS):
        listening.concerning(Room("oftc", f"#{number}"), "relbot")
    again = listening.concerning(QUIET, "relbot")
    assert again is not first
    assert again("%next")
