"""The core: hear, answer. No network, no clock of its own, no formatting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from milestonebot.answers import Answers
from milestonebot.catalog import Catalog
from milestonebot.document import Code, Document, say
from milestonebot.errors import NotFound, StoreError, UserError
from milestonebot.hearing import Unsure, heard
from milestonebot.limiter import Limiter, Verdict
from milestonebot.listening import Listening
from milestonebot.lookup import Lookup
from milestonebot.missing import command as missing_command, told as told_of
from milestonebot.names import LONGEST
from milestonebot.ports import Nature
from milestonebot.recording import record
from milestonebot.repeats import Repeats
from milestonebot.rests import Rests
from milestonebot.router import Command
from milestonebot.telling import example as example_of
from milestonebot.zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
    from datetime import datetime

    from milestonebot.announcement import Announcement
    from milestonebot.hearing import Commands
    from milestonebot.operating import Operating
    from milestonebot.ports import Announcing, Clock, Message, Room
    from milestonebot.router import Asked, Route, Router
    from milestonebot.settings import RoomSettings, Settings

_TOO_MUCH = "That is a lot at once. I will be quiet for you for a while."
_LOADING = "I am still reading my data. Please ask again in a moment."
_SORRY = "Sorry, that went wrong on my side. It is in my log."
_FOR_ADMINS = "Sorry, that is for my admins."
_ASKED_ALONE = "Nothing is announced from here: only the running service announces, and only with a config."
_NO_SERVICE = "That is for the running service, `milestonebot run`: there is none here."
_NOT_KEPT = "That cannot be kept now, so nothing is announced; my log says why."
_UNSURE = "I am not sure what you ask. I tell dates and blueprints; try "


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and is to be found."""

    command: Command
    route: Route | None
    answers: Answers
    """Where the answer is remembered."""
    name: Hashable
    """What stands for the question there."""


class Bot:
    """Answers messages from one catalog, which may be swapped at any time."""

    def __init__(  # noqa: PLR0913 - it is given all that it may use, and most of that is optional
        self,
        router: Router,
        settings: Settings,
        clock: Clock,
        catalog: Catalog | None = None,
        *,
        announcements: Sequence[Announcement] = (),
        announcing: Announcing | None = None,
    ) -> None:
        """Start with `catalog`; while it is None, questions are told that it is being read.

        `announcements` are what `!announcements` tells of; `announcing` is what `!announce` acts through.
        """
        self.catalog = catalog
        self.announcements = announcements
        self.announcing = announcing
        self.operating: Operating | None = None
        """What `!networks`, `!reload`, `!join` and `!part` act through, where there is a service."""
        self.settings = settings
        self.clock = clock
        self.started = clock.now()
        self._router = router
        self._zone = zone(settings.zone)
        self._answers = Answers(catalog, self.started.astimezone(self._zone))
        self._limiter = Limiter()
        self._repeats = Repeats(settings.bridged)
        self._rests = Rests()
        self._listening = Listening(router, settings)

    def heed(self, router: Router, settings: Settings, announcements: Sequence[Announcement]) -> None:
        """Answer by another config from now on; what was heard before stays known."""
        self._router = router
        self.settings = settings
        self.announcements = announcements
        self._zone = zone(settings.zone)
        self._repeats.bridge(settings.bridged)
        self._answers = Answers(self.catalog, self.clock.now().astimezone(self._zone))
        self._listening = Listening(router, settings)

    async def answer(self, message: Message) -> Document | None:
        """Return what is said to `message`; None is silence."""
        heard = self.hear(message)
        return await self.find(heard) if isinstance(heard, Question) else heard

    def hear(self, message: Message) -> Question | Document | None:
        """Return what is said to `message`, or what is to be found for that; None is silence."""
        if message.nature is not Nature.TEXT or self._repeats.known(message):
            return None
        moment = self.clock.now()
        now = moment.timestamp()
        if not self._answers.hold(self.catalog, now):
            self._answers = Answers(self.catalog, moment.astimezone(self._zone))
        name = (self._listening.known(message.room), message.text, message.private, message.addressed)
        asked = self._answers.get(name) or self._heard(message, moment)
        if asked is None or (message.rest is None and self._repeats.told_across(message, now)):
            return None
        limits = None if self.is_admin(message) else self.settings.of(message.room).limits
        verdict = self._limiter.judge((message.room.network, _person(message)), now, limits)
        if verdict is not Verdict.ANSWER:
            return say(_TOO_MUCH, found=False) if verdict is Verdict.NOTICE else None
        return asked if isinstance(asked, Document) else self._question(asked, message, moment, name)

    async def find(self, question: Question) -> Document:
        """Return the answer; where the next who asks that is told the same, it is remembered."""
        route = question.route
        try:
            answer = await self._router.dispatch(question.command)
        except NotFound as error:
            answer = _not_found(error, question.command.settings)
        except UserError as error:
            answer = say(str(error), found=False)
        except Exception:
            from logging import getLogger  # noqa: PLC0415 - 8 ms that only a bug should cost

            getLogger(__name__).exception("the command %s failed", question.command.name)
            return say(_SORRY, found=False)
        if route is not None and route.admin:
            record(question.command, answer)
        if route is not None and route.private:
            answer = replace(answer, private=True)
        if route is not None and route.lasting:
            question.answers.keep(question.name, answer)
        return answer

    def keep(self, message: Message, rest: Document | None) -> None:
        """Remember what of the answer to `message` was not shown, for `!more`."""
        if rest is not None or self._rests:
            self._rests.keep((message.room, _person(message)), rest)

    def take(self, message: Message) -> Document | None:
        """Return what was kept for the sender of `message`, once."""
        return self._rests.take((message.room, _person(message)))

    def commands(self, room: Room) -> Commands:
        """Return the commands of `room`."""
        return self._listening.commands(room)

    def concerning(self, room: Room, nick: str) -> Callable[[str], bool]:
        """Return what tells of a text, said to all in `room`, whether it may be put to the bot."""
        return self._listening.concerning(room, nick)

    def is_admin(self, message: Message) -> bool:
        """Tell whether the sender of `message` may act through the bot: by account, never by name."""
        return self.settings.is_admin(message.room.network, message.sender.account)

    def _heard(self, message: Message, moment: datetime) -> Asked | Unsure | None:
        settings = self.settings.of(message.room)
        lookup = Lookup(self.catalog or _NOTHING, moment.astimezone(self._zone).date(), settings.group)
        return heard(message, self.settings.name, settings, self.commands(message.room), lookup)

    def _unsure(self, asked: Unsure, message: Message, lookup: Lookup, now: datetime) -> Document:
        here = self.settings.of(message.room)
        if asked.unknown is not None:
            known = list(_Desk(self, message).commands())
            return _not_found(missing_command(asked.unknown, here.prefix, known), here)
        example = Code(example_of(lookup, now))
        # What is put to the bot needs no prefix, and knows each command by its own name.
        following, telling = (Code(here.typed(each) or each) for each in ("next", "help"))
        return say(_UNSURE, example, ", ", following, " or ", telling, found=False)

    def _question(
        self, asked: Asked | Unsure, message: Message, moment: datetime, name: Hashable
    ) -> Question | Document:
        """Return what is to be found, or else what is said at once."""
        if self.catalog is None:
            return say(_LOADING, found=False)
        now, settings = moment.astimezone(self._zone), self.settings.of(message.room)
        if isinstance(asked, Unsure):
            return self._unsure(asked, message, Lookup(self.catalog, now.date(), settings.group), now)
        route = self._router.routes.get(asked.name)
        try:
            self._allow(route, message)
        except UserError as error:
            return say(str(error), found=False)
        arguments = tuple(" ".join(asked.arguments)[:LONGEST].split())
        desk = _Desk(self, message)
        command = Command(
            asked.name, arguments, self.catalog, now, message.room, message.sender, settings, desk, asked.said
        )
        return Question(command, route, self._answers, name)

    def _allow(self, route: Route | None, message: Message) -> None:
        """Raise UserError where the sender of `message` may not use the command, or nobody can."""
        if route is None or not route.admin:
            return
        if self.announcing is None and self.operating is None:
            raise UserError(_NO_SERVICE if route.private else _ASKED_ALONE)
        if not self.is_admin(message):
            raise UserError(_FOR_ADMINS)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the handler of one message may ask of the bot."""

    bot: Bot
    message: Message

    @property
    def started(self) -> datetime:
        return self.bot.started

    @property
    def source_code(self) -> str | None:
        return self.bot.settings.source_code

    def more(self) -> Document | None:
        return self.message.rest or self.bot.take(self.message)

    def commands(self) -> Mapping[str, Route]:
        here = self.bot.commands(self.message.room).here
        if self.bot.is_admin(self.message):
            return here
        return {name: route for name, route in here.items() if not route.admin}

    @property
    def private(self) -> bool:
        return self.message.private

    @property
    def rooms(self) -> Collection[Room]:
        return self.bot.settings.rooms.keys()

    @property
    def announcements(self) -> Sequence[Announcement]:
        return self.bot.announcements

    @property
    def operating(self) -> Operating:
        if self.bot.operating is None:
            raise UserError(_NO_SERVICE)
        return self.bot.operating

    async def announce(self, rooms: Sequence[Room], text: str) -> None:
        if self.bot.announcing is None:
            raise UserError(_ASKED_ALONE)
        try:
            sender = self.message.sender
            by = f"{self.message.room.network}/{sender.account or sender.name}"
            await self.bot.announcing.announce(rooms, text, self.message.id, by)
        except StoreError as error:
            from logging import getLogger  # noqa: PLC0415 - 8 ms that only a full disk should cost

            getLogger(__name__).error("%s: nothing is announced by hand: %s", self.message.room, error)  # noqa: TRY400 - the message says it all
            raise UserError(_NOT_KEPT) from None


_NOTHING = Catalog()


def _not_found(error: NotFound, here: RoomSettings) -> Document:
    return say(told_of(error, here), data={"suggestions": error.suggestions}, found=False)


def _person(message: Message) -> str:
    return message.sender.account or message.sender.name
