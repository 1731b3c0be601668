"""What people say to each other, told from what may be for the bot before a line is taken apart."""

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
    """Knows the lines that would come to nothing; where that is not sure, a line is none of these."""

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

        So are echoes of what the bot has said, where nobody waits for them. Return False where the line
        is to be taken apart.
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
            return source[1:] == self._me.mask and self._is_known(tags)
        return verb == " PRIVMSG " and nick not in self._nicks and self._asks_nothing(rest)

    def _is_known(self, tags: str) -> bool:
        """Tell whether the tags of an echo are those of what nobody waits for."""
        if "label" not in tags:
            # An echo that is waited for would have one.
            return self._receipts.labels
        before, label, value = tags.partition("label=")
        alone = before[-1:] in ("@", ";") and "label" not in value
        return alone and label != "" and self._receipts.arrived(value.partition(";")[0])

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


def _is_plain(tags: str, source: str) -> bool:
    """Tell whether that is what stands before a line's command, in the usual form, and outside of a batch."""
    if source[:1] != ":":
        return False
    return not tags or (tags[0] == "@" and " " not in tags and "batch" not in tags)
