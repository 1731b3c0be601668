from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from milestonebot.document import Document, say
from milestonebot.errors import UnknownCommand
from milestonebot.ports import Room, Sender
from milestonebot.router import Command, Route, Router
from milestonebot.settings import RoomSettings
from milestonebot.zones import AOE
from tests import catalogs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from milestonebot.announcement import Announcement
    from milestonebot.operating import Operating
    from milestonebot.router import Desk

ROOM, SENDER = Room("oftc", "#nova"), Sender("somebody")
NOW = datetime(2011, 12, 20, 1, tzinfo=UTC)


def command(name: str, *arguments: str, now: datetime = NOW, group: str | None = None) -> Command:
    desk: Desk = NobodysDesk()
    return Command(name, arguments, catalogs.essex(), now, ROOM, SENDER, RoomSettings(group=group), desk)


class NobodysDesk:
    """A desk at which nobody asks for anything."""

    @property
    def started(self) -> datetime:
        raise AssertionError

    @property
    def source_code(self) -> str | None:
        raise AssertionError

    def more(self) -> Document | None:
        raise AssertionError

    def commands(self) -> Mapping[str, Route]:
        raise AssertionError

    @property
    def private(self) -> bool:
        raise AssertionError

    @property
    def rooms(self) -> Collection[Room]:
        raise AssertionError

    @property
    def announcements(self) -> Sequence[Announcement]:
        raise AssertionError

    @property
    def operating(self) -> Operating:
        raise AssertionError

    async def announce(self, rooms: Sequence[Room], text: str) -> None:
        raise AssertionError((rooms, text))


async def echo(command: Command) -> Document:
    """Say it again.

    As a parrot does,
    word for word.

    `echo` alone says nothing.
    """
    return say(command.text)


async def shout(command: Command) -> Document:
    return say(command.text.upper())


def router() -> Router:
    both = Router()
    both.command("echo", usage="TEXT", aliases=("say", "repeat"), main=True)(echo)
    both.command("shout", aliases=("cry",))(shout)
    return both


def test_a_command_is_known_by_its_name_and_its_aliases() -> None:
    known = router()
    assert list(known.routes) == ["echo", "shout"]
    assert set(known.names) == {"echo", "say", "repeat", "shout", "cry"}
    assert known.names["say"] is known.names["echo"] is known.routes["echo"]


def test_the_decorated_function_stays_what_it_is() -> None:
    assert Router().command("echo")(echo) is echo


def test_help_is_read_from_the_docstring() -> None:
    route = router().routes["echo"]
    assert (route.usage, route.main) == ("TEXT", True)
    assert (router().routes["shout"].usage, router().routes["shout"].main) == ("", False)
    assert Route("echo", echo) == Route("echo", echo, usage="", aliases=(), main=False)
    assert route.summary == "Say it again."
    assert route.details == ("As a parrot does, word for word.", "`echo` alone says nothing.")


def test_a_docstring_may_begin_on_its_second_line_or_not_be_there() -> None:
    async def late(command: Command) -> Document:
        """
        Say it late.

        Very late.
        """
        return await echo(command)

    assert Route("late", late).summary == "Say it late."
    assert Route("late", late).details == ("Very late.",)
    assert (Route("shout", shout).summary, Route("shout", shout).details) == ("", ())


@pytest.mark.parametrize(
    ("name", "aliases"), [("echo", ()), ("say", ()), ("new", ("cry",)), ("new", ("new2", "shout"))]
)
def test_two_commands_of_one_name_are_refused_and_neither_is_half_added(
    name: str, aliases: tuple[str, ...]
) -> None:
    known = router()
    with pytest.raises(ValueError, match="two commands are called"):
        known.command(name, aliases=aliases)(echo)
    assert (list(known.routes), len(known.names)) == (["echo", "shout"], 5)


def test_routers_are_taken_in() -> None:
    other = Router()
    other.command("whisper")(shout)
    known = router()
    assert known.include(other, Router()) is known
    assert list(known.routes) == ["echo", "shout", "whisper"]
    with pytest.raises(ValueError, match="two commands are called whisper"):
        known.include(other)


async def test_dispatch_goes_to_the_function_of_that_name() -> None:
    assert await router().dispatch(command("echo", "essex", "2")) == say("essex 2")
    assert await router().dispatch(command("shout", "essex")) == say("ESSEX")


@pytest.mark.parametrize("name", ["", "say", "ECHO", "dance"])
async def test_dispatch_knows_own_names_alone(name: str) -> None:
    with pytest.raises(UnknownCommand):
        await router().dispatch(command(name))


def test_a_command_tells_its_text_its_day_and_how_names_are_read() -> None:
    asked = command("milestone", "essex-2", "nova", group="openstack")
    assert (asked.text, asked.today) == ("essex-2 nova", date(2011, 12, 20))
    assert (asked.lookup.today, asked.lookup.group) == (asked.today, "openstack")
    assert asked.lookup.catalog is asked.catalog
    assert command("next").text == ""


def test_today_is_the_day_in_the_zone_of_now() -> None:
    assert command("next", now=NOW.astimezone(AOE)).today == NOW.date() - timedelta(days=1)


def test_a_command_cannot_be_changed_by_its_handler() -> None:
    with pytest.raises(FrozenInstanceError):
        command("next").name = "else"  # type: ignore[misc]  # this is the mistake


def names(renamed: Mapping[str, str | None]) -> dict[str, str]:
    return {name: route.name for name, route in router().names_in(renamed).items()}


def test_where_nothing_is_set_all_names_hold() -> None:
    known = router()
    assert known.names_in({}) == known.names


def test_a_command_that_is_switched_off_is_off_by_all_its_names() -> None:
    assert names({"echo": None}) == {"shout": "shout", "cry": "shout"}


def test_an_alias_can_be_switched_off_alone() -> None:
    assert names({"say": None}) == {"echo": "echo", "repeat": "echo", "shout": "shout", "cry": "shout"}


def test_a_renamed_command_has_its_new_name_and_its_aliases() -> None:
    assert names({"echo": "parrot", "cry": None}) == {
        "parrot": "echo",
        "say": "echo",
        "repeat": "echo",
        "shout": "shout",
    }


def test_two_commands_can_change_names() -> None:
    assert names({"echo": "shout", "shout": "echo", "say": None}) == {
        "shout": "echo",
        "repeat": "echo",
        "echo": "shout",
        "cry": "shout",
    }


def test_one_that_makes_room_for_another_leaves_its_name() -> None:
    assert names({"echo": None, "shout": "echo"}) == {"echo": "shout", "cry": "shout"}


def test_names_of_no_command_change_nothing() -> None:
    assert router().names_in({"dance": None, "sing": "echo2", "": "x"}) == router().names


def test_setting_names_for_a_room_changes_no_other() -> None:
    known = router()
    known.names_in({"echo": None, "shout": "s"})
    assert known.names_in({}) == router().names


@given(
    st.dictionaries(
        st.sampled_from(["echo", "say", "shout", "cry", "dance"]),
        st.none() | st.sampled_from(["a", "b", "say"]),
    )
)
def test_names_of_a_room_lead_to_commands_and_those_switched_off_are_off(
    renamed: dict[str, str | None],
) -> None:
    known = router()
    here = known.names_in(renamed)
    assert set(here.values()) <= set(known.routes.values())
    for name, to in renamed.items():
        if name in known.names and to is not None:
            assert to in here
        elif name in known.routes:
            given_anew = {to for old, to in renamed.items() if to and old in known.names}
            assert all(other in given_anew for other, route in here.items() if route.name == name)
