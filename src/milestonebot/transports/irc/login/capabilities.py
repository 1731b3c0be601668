"""Capability negotiation (IRCv3 capability-negotiation, version 302, with cap-notify)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from milestonebot.transports.irc.wire.lines import Line

WANTED = (
    "message-tags",
    "server-time",
    "account-tag",
    "account-notify",
    "extended-join",
    "echo-message",
    "batch",
    "labeled-response",
    "cap-notify",
    "chghost",
    "multi-prefix",
    "draft/chathistory",
    "setname",
    "standard-replies",
    "invite-notify",
)
"""What the bot understands; never is one asked for that is not listed. Not away-notify: a line for whoever
goes for a coffee."""

_MOST = 1000
"""Capabilities that are remembered; a list without an end is not."""
_ROOM = 400
"""Characters of a request; the rest of the line is the server's to fill when it answers."""


class Capabilities:
    """What the server offers, and what is agreed on."""

    def __init__(self, wanted: Collection[str]) -> None:
        """Ask for those of `wanted` that are listed."""
        self.enabled: set[str] = set()
        self.listed: dict[str, str] = {}
        """With their values."""
        self.complete = False
        """Whether the first list has come to its end."""
        self._wanted = wanted
        self._asked: set[str] = set()
        self._alone: set[str] = set()

    @property
    def settled(self) -> bool:
        """Tell whether nothing is asked for and not answered."""
        return self.complete and not self._asked

    @property
    def keeps_history(self) -> bool:
        """Tell whether the server can be asked what was said before (IRCv3 draft/chathistory)."""
        return {"batch", "server-time", "draft/chathistory"} <= self.enabled

    @property
    def labels(self) -> bool:
        """Tell whether what is said may carry a label, and comes back with it."""
        return {"echo-message", "labeled-response", "batch"} <= self.enabled

    def hear(self, line: Line) -> list[str]:
        """Take `CAP who SUBCOMMAND [*] :names` and return the requests to send."""
        subcommand, names = line.param(1).upper(), line.last.split()
        if subcommand == "LS":
            self._list(names)
            if line.param(2) == "*" and len(line.params) > 3:  # noqa: PLR2004 - who, LS, *, names
                return []
            self.complete = True
            return self._request(self._wanted)
        if subcommand == "NEW":
            self._list(names)
            return self._request([name for name in self._wanted if name in _bare(names)])
        if subcommand == "ACK":
            self._agree(names)
        elif subcommand == "DEL":
            self.enabled.difference_update(_bare(names))
            for name in _bare(names):
                self.listed.pop(name, None)
        elif subcommand == "NAK":
            return self._refused(_bare(names))
        return []

    def _list(self, names: Iterable[str]) -> None:
        for each in names:
            name, _, value = each.partition("=")
            if len(self.listed) < _MOST:
                self.listed[name] = value

    def _request(self, names: Iterable[str]) -> list[str]:
        requests: list[str] = []
        for name in names:
            if name not in self.listed or name in self.enabled or name in self._asked:
                continue
            self._asked.add(name)
            if requests and len(requests[-1]) + len(name) < _ROOM:
                requests[-1] += f" {name}"
            else:
                requests.append(f"CAP REQ :{name}")
        return requests

    def _agree(self, names: list[str]) -> None:
        for name in names:
            bare = name.lstrip("-~=")
            self._asked.discard(bare)
            if name.startswith("-"):
                self.enabled.discard(bare)
            elif bare in self._wanted:
                self.enabled.add(bare)

    def _refused(self, names: list[str]) -> list[str]:
        """Ask once for each by itself: one that cannot be had spoils a request."""
        refused = [name for name in names if name in self._asked]
        if len(refused) == 1:
            self._alone.update(refused)
        final = self._alone.intersection(refused)
        self._asked -= final
        again = [name for name in refused if name not in final]
        self._alone.update(again)
        return [f"CAP REQ :{name}" for name in again]


def _bare(names: Iterable[str]) -> list[str]:
    return [name.partition("=")[0] for name in names]
