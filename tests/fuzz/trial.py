"""One message: heard, answered, rendered for every network, and judged."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from io import StringIO
from time import thread_time
from typing import TYPE_CHECKING

from rich.console import Console

from milestonebot.render.data import render_json
from milestonebot.render.html import render_html
from milestonebot.render.irc import render_irc, text_width
from milestonebot.render.plain import render_plain
from milestonebot.render.terminal import render_terminal
from tests.fuzz.checks import Checks

if TYPE_CHECKING:
    from milestonebot.bot import Bot
    from milestonebot.document import Document
    from milestonebot.ports import Message
    from milestonebot.render.irc import IrcPage

WHO = "milestonebot-openstack!~milestone@2001:db8:85a3:8d3:1319:8a2e:370:7348"
"""As long as a name on IRC often is, an IPv6 host in it."""
TARGET = "#openstack-release-management"
WIDTH = text_width(WHO, "PRIVMSG", TARGET)
_LOGGER = logging.getLogger("milestonebot")
_FOLLOWED, _MOST_PAGES = 5, 20
"""Of so many answers, one is read by `!more` to its end, or for so many pages."""
_ONE_IN = 50
"""Of so many answers, one is shown on a terminal: Rich is slow, and not what a room waits for."""


class Failed(Exception):
    """What is wrong with an answer; the message tells it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message."""

    document: Document | None
    seconds: float = 0.0
    """CPU of the answer and of its rendering for the network where that takes longest."""


class Log(logging.Handler):
    """Keeps what the bot logs as an error: behind an apology stands an exception."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(logging.Formatter().format(record))


class Trial:
    """Puts messages to bots, and judges all that they would say."""

    def __init__(self) -> None:
        self._checks = Checks()
        self._log = Log()
        self._count = 0

    def put(self, bot: Bot, message: Message) -> Outcome:
        """Return what became of `message`; raise Failed where an answer is not as it must be."""
        self._log.told.clear()
        _LOGGER.addHandler(self._log)
        try:
            outcome = self._put(bot, message)
        except Failed:
            raise
        except Exception as error:
            raise Failed(f"{type(error).__name__}: {error}") from error
        finally:
            _LOGGER.removeHandler(self._log)
        if self._log.told:
            raise Failed("the bot logged an error:\n" + "\n".join(self._log.told))
        return outcome

    def tried(self, bot: Bot, message: Message) -> Outcome | None:
        """Do the same where it does not matter what comes of it."""
        try:
            return self.put(bot, message)
        except Failed:
            return None

    def _put(self, bot: Bot, message: Message) -> Outcome:
        start = thread_time()
        document = at_once(bot, message)
        answered = thread_time() - start
        if document is None:
            return Outcome(None, answered)
        slowest = max(self._say(bot, message, document))
        self._count += 1
        if self._count % _ONE_IN == 0:
            self._checks.terminal(on_terminal(document))
        return Outcome(document, answered + slowest)

    def _say(self, bot: Bot, message: Message, document: Document) -> tuple[float, float, float]:
        """Judge the document in every form; return the CPU seconds that each network's took."""
        room = bot.settings.of(message.room)
        prefixes = (room.prefix,) if room.prefix else ()
        times = [thread_time()]
        page = render_irc(document, width=WIDTH, more=f"{room.prefix}more", prefixes=prefixes)
        times.append(thread_time())
        html, plain = render_html(document, prefixes=prefixes), render_plain(document, prefixes=prefixes)
        times.append(thread_time())
        data = render_json(document)
        times.append(thread_time())
        bot.keep(message, page.rest)
        self._pages(page, f"{room.prefix}more", prefixes)
        if not page.lines or not plain or not html:
            raise Failed("an answer that says nothing")
        self._checks.plain(plain, prefixes)
        self._checks.html(html, prefixes)
        self._checks.json(data)
        return times[1] - times[0], times[2] - times[1], times[3] - times[2]

    def _pages(self, page: IrcPage, more: str, prefixes: tuple[str, ...]) -> None:
        """Judge the lines of `page`, and of those behind it where it is their turn."""
        follow = _MOST_PAGES if self._count % _FOLLOWED == 0 else 1
        for _ in range(follow):
            for line in page.lines:
                self._checks.irc(line, WHO, "PRIVMSG", TARGET, prefixes)
            if page.rest is None:
                return
            page = render_irc(page.rest, width=WIDTH, more=more, prefixes=prefixes)


def at_once(bot: Bot, message: Message) -> Document | None:
    """Return the answer of a bot that waits for nothing, without an event loop."""
    try:
        bot.answer(message).send(None)
    except StopIteration as finished:
        told: Document | None = finished.value
        return told
    raise Failed("an answer from a catalog in memory waited for something")


def on_terminal(document: Document) -> str:
    """Return what a terminal of 80 columns is sent, colours and links included."""
    shown = StringIO()
    console = Console(
        file=shown, force_terminal=True, color_system="truecolor", width=80, legacy_windows=False
    )
    render_terminal(document, console, links=True)
    return shown.getvalue()
