"""From a line to what was said: by whom, where, when, and whether it is for the bot to hear at all."""

from __future__ import annotations

import re
from itertools import count
from secrets import token_hex
from typing import TYPE_CHECKING

from milestonebot.ports import Message, Room, Sender
from milestonebot.transports.irc.wire.lines import moment, without_codes

if TYPE_CHECKING:
    from datetime import datetime

    from milestonebot.ports import Clock
    from milestonebot.transports.irc.presence.people import People
    from milestonebot.transports.irc.presence.rooms import Rooms
    from milestonebot.transports.irc.wire.features import Features
    from milestonebot.transports.irc.wire.lines import Line

_BOTS = frozenset({"bot", "draft/bot", "inspircd.org/bot"})
"""The tags of one who is a bot: IRCv3 bot-mode, its draft, and InspIRCd before it."""
_NICK = re.compile(r"[^\s\0:#&+!@,.*?$%~][^\s\0!@,.*?]*")
_CTCP = "\x01"
_ACTION = f"{_CTCP}ACTION "


class Hearing:
    """Makes a Message of a PRIVMSG that a person may have meant for the bot."""

    def __init__(self, network: str, clock: Clock, features: Features, rooms: Rooms, people: People) -> None:
        """Tell rooms and people of `network` by what is known of them."""
        self._network = network
        self._clock = clock
        self._features = features
        self._rooms = rooms
        self._people = people
        # Unique also among those of earlier connections.
        self._session = token_hex(6)
        self._ids = count(1)
        self._named: dict[str, Room] = {}
        """The rooms of the config in which something was heard."""

    def _room(self, name: str) -> Room:
        room = self._named.get(name)
        if room is None:
            room = self._named[name] = Room(self._network, name)
        return room

    def made(self, id_: str) -> bool:
        """Tell whether an id was made here, where the network gave none."""
        return id_.startswith(f"{self._session}-")

    def message(self, line: Line, nick: str, since: datetime, *, vouched: bool) -> Message | None:
        """Return what a person said in a room of ours or to `nick` alone; None for all else.

        What bots, servers and CTCP say is not heard, and nothing from before the bot came: `since`
        is when it connected. `vouched` tells that the network tags the messages of those who are
        logged in (account-tag), so that who has no tag has no account.
        """
        text = _text(line)
        if text is None:
            return None
        target = line.params[0].lstrip(self._features.status_prefixes)
        private = not self._features.is_channel(target)
        known = nick if private else self._rooms.name(target)
        begun = since if private else self._rooms.joined_at(target)
        when = moment(line, self._clock)
        if known is None or begun is None or when < begun:
            return None
        account = line.tags.get("account") if vouched else self._people.account(line.nick)
        said, addressed = _without_nick(text, nick)
        return Message(
            room=Room(self._network, line.nick) if private else self._room(known),
            sender=Sender(line.nick, account, self._people.rights(target, line.nick)),
            text=said,
            id=line.tags.get("msgid") or f"{self._session}-{next(self._ids)}",
            time=when,
            # Said to those of a status alone (`@#room`): so is the answer.
            thread=None if target == line.params[0] else line.params[0],
            private=private,
            addressed=addressed,
        )


def ctcp(line: Line) -> str | None:
    """Return the request between the delimiters; None where it is no CTCP."""
    return line.last.strip(_CTCP) if line.last.startswith(_CTCP) else None


def is_person(line: Line) -> bool:
    """Tell whether a nick said it, and no server, whose name has a dot.

    Nothing else is answered: a comma, say, would make the answer go to two.
    """
    return _NICK.fullmatch(line.nick) is not None


def _text(line: Line) -> str | None:
    if len(line.params) < 2 or not is_person(line) or not _BOTS.isdisjoint(line.tags):  # noqa: PLR2004 - target, text
        return None
    text = line.params[1]
    if text.startswith(_CTCP):
        if not text.startswith(_ACTION):
            return None
        text = text.removeprefix(_ACTION).rstrip(_CTCP)
    return text if text.isprintable() else without_codes(text)


def _without_nick(text: str, nick: str) -> tuple[str, bool]:
    """Return what stands behind `nick:` or `@nick `, and whether it did."""
    at = text.startswith("@")
    said = text[1:] if at else text
    if not nick or said[: len(nick)].casefold() != nick.casefold():
        return text, False
    rest = said[len(nick) :]
    if rest[:1] in (":", ",", ";"):
        return rest[1:].strip(), True
    return (rest.strip(), True) if at and rest[:1] == " " else (text, False)
