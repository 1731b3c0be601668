"""What the server says, line by line: which part of the connection each concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.transports.irc.login.mechanisms import ENDED
from milestonebot.transports.irc.login.registration import NO_NICK
from milestonebot.transports.irc.login.vetting import ANSWERS as VETTING
from milestonebot.transports.irc.presence.attendance import JOIN_REFUSED
from milestonebot.transports.irc.said.inquiries import WHOIS_ACCOUNT, WHOIS_REGISTERED
from milestonebot.transports.irc.said.receipts import PASSING, REFUSALS
from milestonebot.transports.irc.shell import Phase
from milestonebot.transports.irc.wire.lines import moment
from milestonebot.transports.irc.wire.pacing import Urgency

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.ports import Clock
    from milestonebot.transports.irc.arrival import Arrival
    from milestonebot.transports.irc.login.identity import Identity
    from milestonebot.transports.irc.login.registration import Registration
    from milestonebot.transports.irc.presence.attendance import Attendance
    from milestonebot.transports.irc.said.receiving import Receiving
    from milestonebot.transports.irc.shell import Shell
    from milestonebot.transports.irc.wire.features import Features
    from milestonebot.transports.irc.wire.lines import Line

    Handle = Callable[[Line, float], None]


class Sorting:
    """Leads each line to the parts of one connection that it concerns."""

    def __init__(  # noqa: PLR0913, PLR0917 - all parts that are told of lines
        self,
        clock: Clock,
        shell: Shell,
        me: Identity,
        features: Features,
        registration: Registration,
        attendance: Attendance,
        receiving: Receiving,
        arrival: Arrival,
    ) -> None:
        """Lead lines to these."""
        self._clock, self._shell = clock, shell
        self._me, self._features = me, features
        self._registration = registration
        self._attendance = attendance
        self._receiving = receiving
        self._arrival = arrival

    def handlers(self) -> dict[str, Handle]:
        """Return what each command and numeric of the server means."""
        registration = self._registration
        handlers: dict[str, Handle] = {
            **self._attendance.handlers,
            "JOIN": self._joined,
            "AUTHENTICATE": self.registering(registration.authenticate),
            "464": self.registering(registration.password_refused),
            "908": self.registering(registration.mechanisms),
            **dict.fromkeys(ENDED, self.registering(registration.login_ended)),
            **dict.fromkeys(NO_NICK, self._nick_refused),
            "900": self._arrival.logged_in,
            "901": lambda _line, now: self._arrival.is_logged_in(now, yes=False),
            "001": self._welcomed,
            "005": lambda line, _now: self._supports(line),
            "376": lambda _line, now: self._arrival.introduce(now),
            "422": lambda _line, now: self._arrival.introduce(now),
            "396": lambda line, _now: self._me.moved(line.param(1)),
            "PING": lambda line, _now: self._shell.say(f"PONG :{line.last}", Urgency.NOW),
            **self._receiving.handlers,
            **dict.fromkeys((*VETTING, "402", "421", "440"), self._told_of_services),
            **dict.fromkeys((WHOIS_ACCOUNT, WHOIS_REGISTERED), self._whois_account),
            **dict.fromkeys(PASSING | REFUSALS, self._refused),
            **dict.fromkeys(JOIN_REFUSED, self._not_joined),
            "NOTICE": self._noticed,
            "FAIL": self._refused,
            "MODE": self._mode,
            "CHGHOST": lambda line, _now: self._moved(line),
            "ACCOUNT": self._account,
        }
        return handlers

    def registering(self, handle: Callable[[Line], None]) -> Handle:
        """Return `handle`, which may change whether the bot is logged in."""

        def handle_it(line: Line, now: float) -> None:
            handle(line)
            self._arrival.login_changed(now)

        return handle_it

    def _joined(self, line: Line, now: float) -> None:
        if self._me.is_me(line.nick):
            self._receiving.played.forget(line.param(0))
        self._attendance.handlers["JOIN"](line, now)

    def _supports(self, line: Line) -> None:
        self._features.load(line.params[1:-1])
        self._attendance.rooms.rekey()

    def _account(self, line: Line, now: float) -> None:
        self._attendance.handlers["ACCOUNT"](line, now)
        if self._me.is_me(line.nick):
            self._arrival.is_logged_in(now, yes=line.param(0) != "*")

    def _mode(self, line: Line, now: float) -> None:
        if not self._me.is_me(line.param(0)):
            self._attendance.mode(line)
        elif (mode := self._features.identified_mode) in line.param(1):
            # On most networks with services, +r is set on those who are logged in.
            self._arrival.is_logged_in(now, yes=mode in line.param(1).partition("-")[0])

    def _moved(self, line: Line) -> None:
        if self._me.is_me(line.nick):
            self._me.moved(f"{line.param(0)}@{line.param(1)}")

    def _nick_refused(self, line: Line, now: float) -> None:
        if self._arrival.phase is Phase.REGISTERING:
            self._registration.nick_refused(line)
        elif self._features.is_channel(line.param(1)):
            self._attendance.refused(line, now)

    def _not_joined(self, line: Line, now: float) -> None:
        if not self._attendance.refused(line, now):
            self._refused(line, now)

    def _refused(self, line: Line, now: float) -> None:
        self._receiving.refused(line)
        self._arrival.told_of_services(line, now)

    def _told_of_services(self, line: Line, now: float) -> None:
        self._arrival.told_of_services(line, now)
        self._receiving.inquiries.hear(line)

    def _whois_account(self, line: Line, now: float) -> None:
        self._arrival.whois_account(line, now)
        self._receiving.inquiries.hear(line)

    def _noticed(self, line: Line, now: float) -> None:
        if self._receiving.is_new(line):
            self._arrival.noticed(line, now)

    def _welcomed(self, line: Line, now: float) -> None:
        if self._arrival.welcomed(line, now):
            self._receiving.since = moment(line, self._clock)
