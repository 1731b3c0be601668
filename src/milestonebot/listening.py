"""What is listened to in each room: its commands by the names that hold there, and how they are begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.hearing import Commands, Openings

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.ports import Room
    from milestonebot.router import Router
    from milestonebot.settings import Settings

_MOST_OPENINGS = 1000


class Listening:
    """By one config, each room's own; what was found of a room once is kept."""

    def __init__(self, router: Router, settings: Settings) -> None:
        """Listen to the commands of `router` as `settings` have them."""
        self._router = router
        self._settings = settings
        self._named = {room: number for number, room in enumerate(settings.rooms)}
        self._commands: dict[int | str, Commands] = {}
        self._openings: dict[tuple[Room, str], Callable[[str], bool]] = {}

    def known(self, room: Room) -> int | str:
        """Return what stands for `room`: those that the config does not name share what their network sets.

        Every private one is among them. It is told apart at less cost than rooms are.
        """
        return self._named.get(room, room.network)

    def commands(self, room: Room) -> Commands:
        """Return the commands of `room`."""
        known = self.known(room)
        if known not in self._commands:
            here = self._router.names_in(self._settings.of(room).commands)
            self._commands[known] = Commands(here, {**self._router.names, **here})
        return self._commands[known]

    def concerning(self, room: Room, nick: str) -> Callable[[str], bool]:
        """Return what tells of a text, said to all in `room`, whether it may be put to the bot."""
        here = (room, nick)
        found = self._openings.get(here)
        if found is None:
            if len(self._openings) >= _MOST_OPENINGS:
                self._openings.clear()
            found = self._openings[here] = Openings(
                self._settings.of(room).prefix, (self._settings.name, nick)
            ).begin
        return found
