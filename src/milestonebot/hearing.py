"""What a message asks of the bot: a command, a question in words, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from milestonebot.router import Asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from milestonebot.lookup import Lookup
    from milestonebot.ports import Message
    from milestonebot.router import Route
    from milestonebot.settings import RoomSettings

_READ = 1000
"""Characters of a message that are read; the rest cannot be part of a question."""
_MOST_WORDS = 24
_LEADING = frozenset({"is", "are", "the", "a", "an", "of", "for", "in", "on", "to", "about"})
_MOST_WITHOUT_PREFIX = 5
_QUESTIONS = frozenset({"when", "is", "release"})
"""Commands that are words of a question too: "is" and "when" are read as questions first."""


@dataclass(frozen=True, slots=True)
class Commands:
    """The commands of a room."""

    here: Mapping[str, Route]
    """By the names that hold in the room: some renamed, some switched off."""
    all: Mapping[str, Route]
    """Those, and all others by their own names."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """It was put to the bot, and the bot does not know what is asked."""

    unknown: str | None = None
    """The name of the unknown command, where one was typed with the prefix."""


class Openings:
    """How what is said to all in a room may begin, where it is for the bot: cheap to tell for each line.

    Where it begins otherwise, `heard` returns None, and no network takes it as addressed to the bot.
    """

    __slots__ = ("_firsts", "_longest", "_names", "_prefix")

    def __init__(self, prefix: str, names: Iterable[str]) -> None:
        """Take the room's `prefix`, which may be empty, and the names that the bot goes by there."""
        self._prefix = prefix or None
        self._names = tuple((len(name), name.casefold()) for name in names)
        self._firsts = frozenset(folded[:1] for _, folded in self._names)
        self._longest = max((len(prefix), *(length for length, _ in self._names))) + 1

    def begin(self, text: str) -> bool:
        """Tell whether `text`, as it came, may be for the bot; at worst it is looked at in vain."""
        # Formatting codes may stand before a name or within it; all of them are unprintable.
        if text[:1] in "@ " or not text[: self._longest].isprintable():
            return text != ""
        if self._prefix is not None and text.startswith(self._prefix):
            return True
        if text[0].casefold()[:1] not in self._firsts:
            return False
        return any(text[:length].casefold() == folded for length, folded in self._names)


def heard(
    message: Message, name: str, settings: RoomSettings, commands: Commands, lookup: Lookup
) -> Asked | Unsure | None:
    """Return what `message` asks; None where it is not for the bot.

    What is put to the bot by name or in private needs no prefix, may be in words, and knows every
    command by its own name.
    """
    text, by_name = _without_name(message.text[:_READ].strip(), name)
    put_to_it = message.private or message.addressed or by_name is True
    routes = commands.all if put_to_it or by_name is None else commands.here
    if settings.prefix and text.startswith(settings.prefix):
        typed = text.removeprefix(settings.prefix)
        unknown = Unsure(typed.partition(" ")[0][:40] or None) if put_to_it and typed.strip("!?. ") else None
        return _command(typed, routes) or unknown
    if not put_to_it and by_name is False:
        return None
    return _in_words(text, routes, lookup, sure=put_to_it) or (Unsure() if put_to_it and text else None)


def _in_words(text: str, routes: Mapping[str, Route], lookup: Lookup, *, sure: bool) -> Asked | None:
    """Read a command without prefix, or a question; `sure` is that it is put to the bot."""
    command = _command(text, routes)
    if command is not None and command.name not in _QUESTIONS and _is_meant(command, routes, sure=sure):
        return command
    from milestonebot.words import understand  # noqa: PLC0415 - its patterns cost 4 ms that commands do without

    understood = understand(text, lookup)
    return command if understood is None and command is not None and command.name == "release" else understood


def _is_meant(command: Asked, routes: Mapping[str, Route], *, sure: bool) -> bool:
    """Tell whether it is a command: "about the release" and "milestone 5 is still open, but …" are not.

    What acts on the world is one only where it is surely put to the bot.
    """
    if command.name in routes and routes[command.name].admin:
        return sure
    many = len(command.arguments)
    takes = bool(routes[command.name].usage) if command.name in routes else True
    return command.name == "search" or (many <= _MOST_WITHOUT_PREFIX if takes else many == 0)


def _command(text: str, routes: Mapping[str, Route]) -> Asked | None:
    words = [word.strip("?!,;").rstrip(".:") for word in text.split()[:_MOST_WORDS]]
    words = [word for word in words if word]
    if not words or text[:1].isspace():
        return None
    route = routes.get(words[0].casefold())
    if route is None:
        return None
    arguments = words[1:]
    while len(arguments) > 1 and arguments[0].casefold() in _LEADING:
        arguments = arguments[1:]
    first, *rest = text.split(None, 1)
    # Punctuation that stands alone before the name is passed over above; nobody types it on purpose.
    behind = rest[0].strip() if rest and first.strip("?!,;").rstrip(".:") == words[0] else ""
    return Asked(route.name, tuple(arguments), behind)


def _without_name(text: str, name: str) -> tuple[str, bool | None]:
    """Return the text behind the bot's name, and whether it was put to it by that name.

    `milestonebot: next` is; of `milestonebot next` it is not sure (None), since people also talk
    about the bot.
    """
    said = text.removeprefix("@")
    if said[: len(name)].casefold() != name.casefold():
        return text, False
    rest = said[len(name) :]
    if rest[:1] in (":", ",", ";"):
        return rest[1:].strip(), True
    if rest[:1].isspace():
        return rest.strip(), True if text.startswith("@") else None
    return text, False
