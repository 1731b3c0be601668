"""A session played by hand: what the server says goes in, what the bot says comes out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from milestonebot.clock import at
from milestonebot.secret import Secret
from milestonebot.transports.irc.session import Session
from milestonebot.transports.irc.settings import IrcSettings, NickServ, Sasl, Server
from milestonebot.transports.irc.wire.lines import parse
from milestonebot.transports.irc.wire.pacing import Urgency

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.bot import Bot
    from milestonebot.ports import Message, Room

SETTINGS = IrcSettings("net", "relbot", (Server("irc.test", 6667, tls=False),), rooms=("#Release", "#nova"))
SASL = Sasl("account", Secret("hunter2"))
NICKSERV = NickServ(Secret("hunter2"))
GREETING = (
    ":irc.test 001 relbot :Welcome to the net relbot!rel@bot.example",
    ":irc.test 005 relbot CASEMAPPING=ascii CHANTYPES=# PREFIX=(qaohv)~&@%+ BOT=B :are supported",
    ":irc.test 376 relbot :End of MOTD",
)
IS_SERVICE = (
    ":irc.test 311 relbot NickServ n services * :Nickname services",
    ":irc.test 313 relbot NickServ :is a Network Service",
    ":irc.test 318 relbot NickServ :End of /WHOIS list",
)
CLOCK = at("2011-12-20T12:00")


class Play:
    """One session and its other side."""

    def __init__(self, settings: IrcSettings = SETTINGS, **changed: Any) -> None:  # noqa: ANN401 - any of its fields
        self.now = 1000.0
        self.lines: list[str] = []
        self.urgencies: list[Urgency] = []
        self.messages: list[Message] = []
        self.policies: list[int] = []
        self.keys: dict[str, str] = {}
        """What rooms are joined with."""
        self.bot: Bot | None = None
        """Who is asked what of the lines that `take` is given concerns the bot; without it, all does."""
        self.is_ready = 0
        self.session = Session(
            replace(settings, **changed), CLOCK, self, self.now, source_code="https://example.org"
        )
        self.session.begin(self.now)

    def say(self, line: str, urgency: Urgency = Urgency.CONTROL, target: str = "") -> None:
        del target
        self.lines.append(line)
        self.urgencies.append(urgency)

    def heard(self, message: Message) -> None:
        self.messages.append(message)

    def concerning(self, room: Room, nick: str) -> Callable[[str], bool]:
        return lambda _text: True if self.bot is None else self.bot.concerning(room, nick)(_text)

    def key(self, room: str) -> str:
        return self.keys.get(room, "")

    def policy(self, duration: int) -> None:
        self.policies.append(duration)

    def ready(self) -> None:
        self.is_ready += 1

    def server(self, *lines: str) -> list[str]:
        """Let the server say lines, and return what the bot says to them."""
        for text in lines:
            line = parse(text)
            assert line is not None, text
            self.session.hear(line, self.now)
        return self.said()

    def said(self) -> list[str]:
        """Return what the bot said since it was last looked at."""
        lines, self.lines = self.lines, []
        return lines

    def later(self, seconds: float, *, silent: bool = False) -> list[str]:
        """Let time go by as the link would, and return what the bot says.

        Unless the server is `silent`, it answers PINGs, and these are not returned.
        """
        end = self.now + seconds
        told = self.said()
        while self.session.deadline <= end and self.session.failure is None:
            self.now = max(self.now, self.session.deadline)
            self.session.tick(self.now)
            for line in self.said():
                if line.startswith("PING ") and not silent:
                    self.server(f":irc.test PONG irc.test {line.removeprefix('PING ')}")
                else:
                    told.append(line)
        self.now = end
        return told

    def welcome(self, *capabilities: str) -> Play:
        """Come as far as the greeting, with these capabilities agreed on."""
        names = " ".join(capabilities)
        self.server(f":irc.test CAP * LS :{names}")
        if capabilities:
            self.server(f":irc.test CAP relbot ACK :{names}")
        self.server(*GREETING)
        return self

    def inside(self, *capabilities: str) -> Play:
        """Come as far as being in both rooms."""
        self.welcome(*capabilities)
        self.server(*(f":relbot!rel@bot.example JOIN {room}" for room in ("#release", "#nova")))
        self.said()
        return self

    def hear(
        self, text: str, target: str = "#release", source: str = "ann!a@host", tags: str = ""
    ) -> Message | None:
        """Let somebody say something, and return what the bot makes of it."""
        before = len(self.messages)
        self.server(f"{tags}:{source} PRIVMSG {target} :{text}")
        heard = self.messages[before:]
        return heard[0] if heard else None
