"""`!announce`: what an admin announces by hand, through the same outbox as everything else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from milestonebot import phrases
from milestonebot.announcement import GRACE
from milestonebot.document import Document, say
from milestonebot.errors import Usage, UserError
from milestonebot.names import near
from milestonebot.ports import State
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from milestonebot.operating import NetworkReport
    from milestonebot.ports import Room

router = Router()

_LONGEST = 900
"""Characters; of a message no more than 1000 are read."""
_NAMED = 5
_QUOTES = "`'\"<>()[]*_"
_ROOM = re.compile(r"(?:[\w.-]+/)?(?:[@%+~]*[#&][^\s:]|![^\s:]+:\S|!\S{40})|\S*matrix\.to/#/")
"""What looks like a room: a channel, its operators, an alias, an id with its server or a long one without."""


@router.command("announce", usage="[TARGET:] TEXT", admin=True)
async def announce(command: Command) -> Document:
    """Announce a text in this room, or, for admins, in others.

    `announce #nova: TEXT` is for a room of this network, `announce oftc/#nova: TEXT` for one of any, and
    `announce countdown: TEXT` for all rooms of the announcement of that name. A text that itself begins
    with a room, or with any word in `#`, is said by `announce here: #nova is open`.
    """
    rooms, text = _target(command)
    if not text:
        raise Usage(f"What is to be announced? {_forms(command)}")
    if not rooms:
        raise Usage("I am in no room of that announcement; a network that is new takes a restart.")
    if len(text) > _LONGEST:
        raise Usage(f"That is too long to announce: {_LONGEST} characters at most.")
    _see_that_it_can_be_said(command, rooms)
    await command.desk.announce(rooms, text)
    named = [str(room) for room in rooms[:_NAMED]]
    others = len(rooms) - len(named)
    told = phrases.listed([*named, f"{phrases.count(others, 'more room')}"] if others else named)
    hint = await _hint(command, rooms)
    return say(f"On its way to {told}.{hint}", data={"rooms": [str(room) for room in rooms], "text": text})


def _see_that_it_can_be_said(command: Command, rooms: Sequence[Room]) -> None:
    """Refuse rooms where nothing is ever said, rather than let it expire there."""
    try:
        names = command.desk.operating.names
    except UserError:
        return
    silent = next((room for room in rooms if room.network not in names), None)
    if silent is not None:
        raise UserError(
            f"Nothing is announced in {silent}: I am not on {silent.network},"
            " which is a terminal, or is new and takes a restart."
        )


async def _hint(command: Command, rooms: Sequence[Room]) -> str:
    """Return what keeps it from some of `rooms` for now; nothing where it does not."""
    try:
        reports = await command.desk.operating.networks()
    except UserError:
        return ""
    fares = {each.name: each for each in reports}
    down = sorted({room.network for room in rooms if not _is_up(fares.get(room.network))})
    out = [str(room) for room in rooms if room.network not in down and room in fares[room.network].absent]
    others = len(out) - _NAMED
    some = [*out[:_NAMED], f"{others} more"] if others > 0 else out
    told = [f"I am not {where}" for where in (_listed("connected to", down), _listed("in", some)) if where]
    if not told:
        return ""
    return f" {' and '.join(told)} now: it is said there when I am, within {GRACE / 3600:.0f} hours."


def _is_up(report: NetworkReport | None) -> bool:
    return report is not None and report.connection.state is State.UP


def _listed(how: str, names: list[str]) -> str:
    return f"{how} {phrases.listed(names)}" if names else ""


def _target(command: Command) -> tuple[tuple[Room, ...], str]:
    """Return the rooms that are meant, and the text without its target.

    A target ends with a colon. A first word that could be one and has none is asked about, not guessed;
    and what looks like a room is never taken as the beginning of a text: it was meant for elsewhere.
    """
    first, rest = (*command.said.split(None, 1), "", "")[:2]
    name = first.removesuffix(":")
    rooms = _rooms(command, name)
    if rooms is not None and first.endswith(":"):
        return rooms, rest
    if rooms is not None and name.casefold() != "here":
        raise Usage(
            f"A target ends with a colon: write `{name}: TEXT` for it, or `here: {name} …` to say that here."
        )
    if _is_like_a_room(command, name):
        raise Usage(_missing(command, first, _meant(command, name)))
    if first.endswith(":") and (meant := _near(command, name)):
        raise Usage(_missing(command, first, meant))
    return _here(command), command.said


def _rooms(command: Command, name: str) -> tuple[Room, ...] | None:
    """Return the rooms of the target `name`; None where there is no such target."""
    if name.casefold() == "here":
        return _here(command)
    for written, room in _named_rooms(command).items():
        if written.casefold() == name.casefold():
            return (room,)
    for each in command.desk.announcements:
        if each.name.casefold() == name.casefold():
            return each.rooms
    return None


def _named_rooms(command: Command) -> dict[str, Room]:
    """Return the rooms by all that they can be called here; those of this network also without it."""
    rooms = [*command.desk.rooms, *(() if command.desk.private else (command.room,))]
    here = {room.name: room for room in rooms if room.network == command.room.network}
    return {str(room): room for room in rooms} | here


def _here(command: Command) -> tuple[Room, ...]:
    if command.desk.private:
        raise Usage(f"In private there is no room to announce in. {_forms(command)}")
    return (command.room,)


def _is_like_a_room(command: Command, name: str) -> bool:
    word = name.strip(_QUOTES)
    network, slash, _ = word.partition("/")
    networks = {room.network.casefold() for room in (command.room, *command.desk.rooms)}
    return (bool(slash) and network.casefold() in networks) or _ROOM.match(word) is not None


def _meant(command: Command, name: str) -> str:
    """Return the room that is probably meant by what looks like one; empty where none is."""
    word = name.strip(f"{_QUOTES}:,;@+%~").casefold()
    for written in _named_rooms(command):
        # `#nova:text`, and an alias without its server.
        if word.startswith(f"{written.casefold()}:") or written.casefold().startswith(f"{word}:"):
            return written
    return _near(command, word)


def _near(command: Command, name: str) -> str:
    """Return the target that is nearly called `name`: that is a slip of the finger; empty where none is."""
    names: Iterable[str] = (each.name for each in command.desk.announcements)
    known = [*names, *_named_rooms(command), "here"]
    return next((known[index] for index in near(name.casefold(), [each.casefold() for each in known], 1)), "")


def _missing(command: Command, first: str, meant: str) -> str:
    """Return what to say of a target that there is not."""
    name = first.removesuffix(":")
    hint = f" Did you mean `{meant}:`?" if meant else ""
    where = "" if command.desk.private else f" To say it in this room as it stands: `here: {first[:20]} …`"
    return f"There is no target {name[:80]}.{hint}{where}"


def _forms(command: Command) -> str:
    prefix = command.settings.prefix
    return f"Write {prefix}announce network/room: TEXT, or an announcement's name in place of the room."
