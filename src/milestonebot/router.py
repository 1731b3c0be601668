"""From the name of a command to the function that answers it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from milestonebot.errors import UnknownCommand
from milestonebot.lookup import Lookup

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
    from datetime import date, datetime

    from milestonebot.announcement import Announcement
    from milestonebot.catalog import Catalog
    from milestonebot.document import Document
    from milestonebot.operating import Operating
    from milestonebot.ports import Room, Sender
    from milestonebot.settings import RoomSettings


class Desk(Protocol):
    """What a handler may ask of the bot itself."""

    @property
    def started(self) -> datetime:
        """When the bot was started."""
        ...

    @property
    def source_code(self) -> str | None:
        """Where the code of this bot can be read, where its operator says so."""
        ...

    def more(self) -> Document | None:
        """Take what was left of the asker's last answer in this room; None where nothing was."""
        ...

    def commands(self) -> Mapping[str, Route]:
        """Return the commands by the names that hold in this room, less those that the asker may not use."""
        ...

    @property
    def private(self) -> bool:
        """Whether it was said to the bot alone."""
        ...

    @property
    def rooms(self) -> Collection[Room]:
        """The rooms of the config."""
        ...

    @property
    def announcements(self) -> Sequence[Announcement]:
        """What the bot announces by itself."""
        ...

    async def announce(self, rooms: Sequence[Room], text: str) -> None:
        """Announce `text` in `rooms`; return when that is durable, and raise UserError where it cannot be."""
        ...

    @property
    def operating(self) -> Operating:
        """What operates the running bot; UserError where it does not run as a service."""
        ...


@dataclass(frozen=True, slots=True)
class Command:
    """One command, with everything that its handler may use."""

    name: str
    """The command's own name, also where it was typed by an alias or another name."""
    arguments: tuple[str, ...]
    catalog: Catalog
    now: datetime
    """The aware moment of asking, in the configured zone: its date is today."""
    room: Room
    sender: Sender
    settings: RoomSettings
    desk: Desk
    said: str = ""
    """What stands behind the command's name, as it was typed; the arguments have no punctuation."""

    @property
    def text(self) -> str:
        """The arguments as one text."""
        return " ".join(self.arguments)

    @property
    def today(self) -> date:
        """The day on which it is asked, in the configured zone."""
        return self.now.date()

    @property
    def lookup(self) -> Lookup:
        """The catalog as names are read here and today."""
        return Lookup(self.catalog, self.today, self.settings.group)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message amounts to: a command and its arguments."""

    name: str
    arguments: tuple[str, ...] = ()
    said: str = ""
    """What stands behind the command's name, as it was typed."""


Handler: TypeAlias = "Callable[[Command], Awaitable[Document]]"


@dataclass(frozen=True, slots=True)
class Route:
    """A command's name, the function that answers it, and what `!help` says of it."""

    name: str
    handler: Handler
    usage: str = ""
    """The arguments, such as `NAME [project]`."""
    aliases: tuple[str, ...] = ()
    main: bool = False
    """Shown by `!help`; the others by `!help all`."""
    admin: bool = False
    """For admins alone, who are told of it by `!help`: it acts on the world."""
    private: bool = False
    """Answered to the asker alone, also where it is asked in a room."""
    lasting: bool = False
    """Answered from the arguments, the room's settings and the catalog alone, and by the day, for whoever
    asks: the same question has the same answer as long as `answers.Answers` hold."""

    @property
    def summary(self) -> str:
        """The first line of the handler's docstring."""
        return self._doc.partition("\n")[0].strip()

    @property
    def details(self) -> tuple[str, ...]:
        """The paragraphs below it, each as one line."""
        paragraphs = self._doc.partition("\n")[2].split("\n\n")
        return tuple(" ".join(each.split()) for each in paragraphs if each.strip())

    @property
    def _doc(self) -> str:
        return (self.handler.__doc__ or "").strip()


@dataclass(slots=True)
class Router:
    """The commands, by their names and aliases."""

    routes: dict[str, Route] = field(default_factory=dict)
    """By own name, in the order in which they were added."""
    names: dict[str, Route] = field(default_factory=dict)
    """By every name that they are known by."""

    def command(  # noqa: PLR0913 - all but the first are options, given by name
        self,
        name: str,
        *,
        usage: str = "",
        aliases: tuple[str, ...] = (),
        main: bool = False,
        admin: bool = False,
        private: bool = False,
        lasting: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Make the decorated function answer `name`; its docstring is the command's help."""

        def add(handler: Handler) -> Handler:
            self._add(Route(name, handler, usage, aliases, main, admin, private, lasting))
            return handler

        return add

    def include(self, *others: Router) -> Router:
        """Take in the routes of `others`; return self."""
        for other in others:
            for route in other.routes.values():
                self._add(route)
        return self

    def _add(self, route: Route) -> None:
        taken = [name for name in (route.name, *route.aliases) if name in self.names]
        if taken:
            msg = f"two commands are called {taken[0]}"
            raise ValueError(msg)
        self.routes[route.name] = route
        self.names |= dict.fromkeys((route.name, *route.aliases), route)

    def names_in(self, renamed: Mapping[str, str | None]) -> dict[str, Route]:
        """Return the routes by the names that hold in a room: some renamed, some switched off."""
        off = {name for name, to in renamed.items() if to is None}
        off_routes = {self.names[name].name for name in off if name in self.routes}
        here = {
            name: route
            for name, route in self.names.items()
            if name not in renamed and route.name not in off_routes
        }
        return here | {to: self.names[name] for name, to in renamed.items() if to and name in self.names}

    async def dispatch(self, command: Command) -> Document:
        """Return what the handler of `command` answers; raise UnknownCommand where there is none."""
        route = self.routes.get(command.name)
        if route is None:
            raise UnknownCommand(command.name)
        return await route.handler(command)
