"""The channels that the bot should be in on one network, across all of its connections."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError, Refused
from milestonebot.ports import Room
from milestonebot.transports.irc.settings import is_channel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from milestonebot.transports.irc.link import Link


class Wanted:
    """Begins with the channels of the config; admins and a new config add to them and take from them."""

    def __init__(self, network: str, names: Iterable[str]) -> None:
        """Want `names`, as the config writes them."""
        self.names = tuple(names)
        self._network = network

    def absent(self, link: Link | None, here: Collection[Room]) -> dict[Room, str]:
        """Return the rooms that are wanted and not in `here`, each with why, where the server has told."""
        rooms = [Room(self._network, name) for name in self.names]
        missing = [room for room in rooms if room not in here]
        return {room: "" if link is None else link.session.rooms.why_not(room.name) for room in missing}

    async def enter(self, link: Link | None, name: str) -> None:
        """Want the channel `name`, and return when the bot is in it."""
        if not is_channel(name) or (
            link is not None and link.up and not link.session.features.is_channel(name)
        ):
            raise Refused(f"{name} is no channel of {self._network}")
        if self._find(link, name) is None:
            self.names = (*self.names, name)
        if link is None or not link.up:
            if link is not None:
                # It knows what was wanted when it began, and asks for that when it is up.
                link.session.rooms.want(name, asyncio.get_running_loop().time(), lambda _problem: None)
            raise NetworkError(f"{self._network}: not connected")
        await link.enter(name)

    def leave(self, link: Link | None, name: str) -> None:
        """Want the channel `name` no more."""
        wanted = self._find(link, name)
        if wanted is None:
            raise Refused(f"{self._network}/{name}: neither in the room nor to be in it")
        self.names = tuple(each for each in self.names if each != wanted)
        if link is not None:
            link.session.leave(wanted)

    def _find(self, link: Link | None, name: str) -> str | None:
        """Return the name under which a channel is wanted."""
        fold = str.casefold if link is None else link.session.features.fold
        return next((each for each in self.names if fold(each) == fold(name)), None)
