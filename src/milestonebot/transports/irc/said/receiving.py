"""What is said on a connection: by people, by the bot itself, now or before, and the server's word on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.transports.irc.said.chatter import Chatter
from milestonebot.transports.irc.said.hearing import Hearing, ctcp, is_person
from milestonebot.transports.irc.said.inquiries import ANSWERS, Inquiries
from milestonebot.transports.irc.said.played import Played
from milestonebot.transports.irc.said.receipts import Receipts, of_colours
from milestonebot.transports.irc.wire.batches import Batches
from milestonebot.transports.irc.wire.lines import Line, compose, escape
from milestonebot.transports.irc.wire.pacing import Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from milestonebot.ports import Clock
    from milestonebot.transports.irc.login.capabilities import Capabilities
    from milestonebot.transports.irc.login.identity import Identity
    from milestonebot.transports.irc.presence.attendance import Attendance
    from milestonebot.transports.irc.said.ctcp import Ctcp
    from milestonebot.transports.irc.shell import Shell
    from milestonebot.transports.irc.wire.features import Features


class Receiving:
    """Makes messages of what people say, and lets `receipts`, `inquiries` and `played` know the rest."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that a connection knows, and every one of it is needed
        self,
        network: str,
        clock: Clock,
        shell: Shell,
        me: Identity,
        features: Features,
        capabilities: Capabilities,
        attendance: Attendance,
        nicks: Collection[str],
        ctcp_answers: Ctcp,
    ) -> None:
        """Hear on `network`; `nicks` are those that the bot may have had before."""
        self.receipts = Receipts(features, capabilities)
        self.inquiries = Inquiries()
        self.played = Played(features.fold, clock, nicks)
        self.since: datetime | None = None
        """When the server welcomed us, by its clock; nothing is heard before."""
        self._shell = shell
        self._me = me
        self._attendance = attendance
        self._nicks = nicks
        self._batches = Batches()
        self._hearing = Hearing(network, clock, features, attendance.rooms, attendance.people)
        self._ctcp = ctcp_answers
        self.chatter = Chatter(network, shell, me, features, attendance.rooms, nicks, self.receipts)

    @property
    def handlers(self) -> Mapping[str, Callable[[Line, float], None]]:
        """Return what each command means here."""
        return {
            **dict.fromkeys(ANSWERS, lambda line, _now: self.inquiries.hear(line)),
            "PRIVMSG": self._said,
            "BATCH": lambda line, _now: self._batch(line),
            "ACK": lambda line, _now: self.receipts.answered(self._batches.label(line)),
            "PONG": lambda line, _now: self._ponged(line),
        }

    def refused(self, line: Line) -> None:
        """Take a refusal of what we said or asked."""
        if of_colours(line):
            self._attendance.looks.refused(line.param(1))
        self.inquiries.hear(line)
        self.receipts.refused(line, self._batches.label(line))

    def is_plain(self, room: str) -> bool:
        """Tell whether a room takes no formatting."""
        return self._attendance.looks.is_plain(room)

    def reply_tag(self, id_: str) -> str:
        """Return the tag of an answer to the message of that id (IRCv3 draft/reply); empty for our own id."""
        return "" if self._hearing.made(id_) else f"+draft/reply={escape(id_)}"

    def is_new(self, line: Line) -> bool:
        """Tell whether a PRIVMSG or NOTICE is another's, and said now; keep what the others tell."""
        past = self._batches.past(line)
        if past:
            self.played.hear(line, past=True)
            self.inquiries.hear(line)
        elif self._me.is_me(line.nick):
            self._me.seen(line.source)
            self.receipts.echoed(line, self._batches.label(line))
            return False
        elif line.nick in self._nicks:
            self.played.hear(line, past=False)
        return not past

    def _said(self, line: Line, now: float) -> None:
        if not self.is_new(line) or self.since is None:
            return
        request = ctcp(line)
        if request is None or request.startswith("ACTION "):
            message = self._hearing.message(line, self._me.nick, self.since, vouched=self._attendance.vouched)
            if message is not None:
                self._shell.heard(message)
        elif self._me.is_me(line.param(0)) and is_person(line):
            answer = self._ctcp.answer(request, now)
            if answer is not None:
                self._shell.say(compose("NOTICE", line.nick, answer), Urgency.REPLY, line.nick)

    def _batch(self, line: Line) -> None:
        closed = self._batches.hear(line)
        if closed.outer:
            self.receipts.answered(closed.label)
        if closed.room:
            self.inquiries.hear(Line("BATCH", ("chathistory", closed.room)))

    def _ponged(self, line: Line) -> None:
        self.receipts.ponged(line.last)
        self.inquiries.hear(line)
