"""Channels of one IRC network that are one channel: there, case means nothing (RFC 2812, section 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.config.raw import entries, rooms
from milestonebot.transports.irc.wire.features import Features

if TYPE_CHECKING:
    from milestonebot.config.notes import Notes


def check_channels(notes: Notes) -> None:
    """Tell of channels that stand twice in another case; warn of those that some networks keep apart."""
    everywhere, mostly = Features(), Features()
    # All of CASEMAPPING's rules fold at least these letters.
    everywhere.load(["CASEMAPPING=ascii"])
    for loc, network in entries(notes.located.data, "networks"):
        if network.get("kind") != "irc":
            continue
        sure: dict[str, str] = {}
        likely: dict[str, str] = {}
        for here, room in rooms(network, loc):
            if (other := sure.setdefault(everywhere.fold(room), room)) != room:
                told = f"{room[:80]!r} is the channel {other[:80]!r}, which stands above already"
                notes.wrong(here, f"{told}: case means nothing on IRC")
            elif (other := likely.setdefault(mostly.fold(room).casefold(), room)) != room:
                told = f"{room[:80]!r} is the same channel on many networks as {other[:80]!r} above"
                notes.warn(here, f"{told}; take one of them out if it is on this one")
