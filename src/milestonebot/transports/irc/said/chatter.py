"""What people say to each other, and the bot itself, told before a line is taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.ports import Room

if TYPE_CHECKING:
    from collections.abc import Collection

    from milestonebot.transports.irc.login.identity import Identity
    from milestonebot.transports.irc.presence.rooms import Rooms
    from milestonebot.transports.irc.said.receipts import Receipts
    from milestonebot.transports.irc.shell import Shell
    from milestonebot.transports.irc.wire.features import Features


class Chatter:
    """Knows the lines that come to nothing, or confirm what was said; where that is not sure, it is none."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that tells who says it, where, and to whom
        self,
        network: str,
        shell: Shell,
        me: Identity,
        features: Features,
        rooms: Rooms,
        nicks: Collection[str],
        receipts: Receipts,
    ) -> None:
        """Look at lines of `network`; what is said under one of `nicks` may be our own."""
        self._network = network
        self._shell = shell
        self._me = me
        self._features = features
        self._rooms = rooms
        self._nicks = nicks
        self._receipts = receipts
        self._known: dict[str, Room] = {}

    def passed(self, text: str) -> bool:
        """Pass over a line, as it came, where it is talk of others in a room and asks nothing of the bot.

        Echoes of what the bot has said are passed on to the receipts at once. Return False where the line is
        to be taken apart.
        """
        head, verb, rest = text.partition(" PRIVMSG ")
        if not verb:
            head, verb, rest = text.partition(" NOTICE ")
        tags, _, source = head.rpartition(" ")
        if not verb or not _is_plain(tags, source) or "\r" in text or "\0" in text:
            return False
        nick = source[1:].partition("!")[0]
        if self._me.is_me(nick):
            # It may be the first to show our mask.
            return source[1:] == self._me.mask and self._confirms(tags)
        return verb == " PRIVMSG " and nick not in self._nicks and self._asks_nothing(rest)

    def _confirms(self, tags: str) -> bool:
        """Let the receipts know of an echo, where its tags tell plainly of what."""
        label, id_ = _value(tags, "label"), _value(tags, "msgid")
        if label is None or id_ is None or not self._receipts.labels:
            return False
        if label:
            # One without is of what nobody waits for.
            self._receipts.answered(label, id_)
        return True

    def _asks_nothing(self, said: str) -> bool:
        """Tell whether the parameters of a PRIVMSG are a room of ours and what does not concern the bot."""
        channel, colon, text = said.partition(" :")
        name = self._rooms.name(channel)
        if name is None or not colon or not self._features.is_channel(channel):
            return False
        room = self._known.get(name)
        if room is None:
            room = self._known[name] = Room(self._network, name)
        return not self._shell.concerning(room, self._me.nick)(text)


def _value(tags: str, name: str) -> str | None:
    """Return what the tag of that name says, empty where there is none; None where that is not plain."""
    before, found, behind = tags.partition(f"{name}=")
    if not found:
        return ""
    value = behind.partition(";")[0]
    alone = before[-1:] in ("@", ";") and name not in behind
    return value if alone and "\\" not in value else None


def _is_plain(tags: str, source: str) -> bool:
    """Tell whether that is what stands before a line's command, in the usual form, and outside of a batch."""
    if source[:1] != ":":
        return False
    return not tags or (tags[0] == "@" and " " not in tags and "batch" not in tags)
