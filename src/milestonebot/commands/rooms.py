"""`!join` and `!part`: into which rooms the bot goes, for admins and for as long as it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import phrases
from milestonebot.document import Code, Document, Faint, say
from milestonebot.errors import NetworkError, NotFound, Refused, Usage, UserError
from milestonebot.names import near
from milestonebot.ports import Room
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from milestonebot.document import Part

router = Router()

_SIGNS = "#!&+"
"""What names of rooms begin with, and names of networks do not."""


@router.command("join", usage="NETWORK/ROOM", admin=True, private=True)
async def join(command: Command) -> Document:
    """Enter a room, for as long as I run; what I am to be in for good stands in my config."""
    room = _room(command)
    data = {"room": str(room)}
    try:
        await command.desk.operating.enter(room)
    except Refused as error:
        raise UserError(phrases.sentence(str(error))) from None
    except NetworkError as error:
        part = Code(f"{command.settings.prefix}part {room}")
        why = phrases.sentence(str(error))
        return say(f"Not in {room} yet: {why} I go on trying, until ", part, data=data, found=False)
    parts: list[Part] = [f"I am in {room}."]
    if not _configured(command, room):
        parts.append(Faint(" My config does not name it: write it there if I am to be in it for good."))
    return say(*parts, data=data)


@router.command("part", usage="NETWORK/ROOM", aliases=("leave",), admin=True, private=True)
async def part(command: Command) -> Document:
    """Leave a room, and stay out of it for as long as I run, unless I am told to join it."""
    room = _room(command)
    try:
        await command.desk.operating.leave(room)
    except NetworkError as error:
        raise UserError(phrases.sentence(str(error))) from None
    parts: list[Part] = [f"I am out of {room}."]
    if _configured(command, room):
        parts.append(Faint(" My config names it, so after a restart I am there again."))
    unsaid = [each.name for each in command.desk.announcements if room in each.rooms]
    if unsaid:
        parts.append(f" Meanwhile nothing can be announced there: {phrases.listed(unsaid)}.")
    return say(*parts, data={"room": str(room)})


def _room(command: Command) -> Room:
    """Return the room that is meant: `network/room`, or one of this network."""
    said = command.said.split()
    if len(said) != 1:
        asked = f"Which room? Write {command.settings.prefix}{command.name} network/room."
        # A key that is typed stands in scrollbacks and logs from then on: it is not taken, nor repeated.
        keyed = len(said) == 2 and (said[0][0] in _SIGNS or "/" in said[0])  # noqa: PLR2004 - a room and a key
        raise Usage(f"{asked} A room's key stands in my config, as its `key`." if keyed else asked)
    if said[0][0] in _SIGNS:
        return _as_written(command, Room(command.room.network, said[0]))
    network, _, name = said[0].partition("/")
    known = sorted(command.desk.operating.names)
    for each in known:
        if each.casefold() == network.casefold() and name:
            return _as_written(command, Room(each, name))
    if not name:
        raise Usage(f"Which room? Write {command.settings.prefix}{command.name} network/room.")
    meant = tuple(known[index] for index in near(network.casefold(), [each.casefold() for each in known], 1))
    hint = f" Did you mean {meant[0]}/{name}?" if meant else ""
    raise NotFound(f"I am on no network {network[:40]}.{hint}", meant)


def _as_written(command: Command, room: Room) -> Room:
    """Return the room as the config writes it."""
    same = (each for each in command.desk.rooms if str(each).casefold() == str(room).casefold())
    return next(same, room)


def _configured(command: Command, room: Room) -> bool:
    return room in command.desk.rooms
