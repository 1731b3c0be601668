"""What the points that a bot passed say to what observers heard: which second copies and losses had to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.chaos.notes import WORD
from tests.chaos.points import Passed, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.chaos.tally import Copy


def unexplained(copies: Iterable[Copy], passed: Sequence[Passed]) -> list[Copy]:
    """Return the second copies that do not follow an end between writing and recording."""
    return [copy for copy in copies if not _said_again_in_doubt(copy, passed)]


def _said_again_in_doubt(copy: Copy, passed: Iterable[Passed]) -> bool:
    """Tell whether it was written twice with nothing recorded between."""
    network, _, room = copy.room.partition("/")
    written = False
    for each in passed:
        if _writes(each, network, room, copy.words):
            if written:
                return True
            written = True
        elif each.step in {Step.RECORDED, Step.PART_RECORDED}:
            written = written and not each.key.startswith(f"{copy.note}/{copy.room}/")
    return False


def _writes(passed: Passed, network: str, room: str, words: frozenset[str]) -> bool:
    """Tell whether any of `words` is written to a room."""
    there = passed.step is Step.WRITING and (passed.network, passed.key.lower()) == (network, room.lower())
    return there and not words.isdisjoint(match[0] for match in WORD.finditer(passed.text))


def unexplained_losses(lost: Mapping[str, Sequence[str]], passed: Sequence[Passed]) -> list[str]:
    """Return what is lost of which `in_doubt: skip` did not decide that it counts as said."""
    skipped = [each.key for each in passed if each.step is Step.TRACED and each.said and not each.sure]
    return [
        f"{word} in {room}"
        for room, words in lost.items()
        for word in words
        if not any(key.startswith(f"{word.partition('w')[0]}/{room}/") for key in skipped)
    ]


def unrecorded(lives: Iterable[Sequence[Passed]]) -> list[Passed]:
    """Return what was written without an attempt that was durable before.

    On IRC each line needs its own. On Matrix a request may be sent again: its transaction id is the same.
    """
    found: list[Passed] = []
    for passed in lives:
        claimed: set[str] = set()
        for each in passed:
            if each.step in {Step.CLAIMED, Step.PART_RECORDED}:
                claimed.add("/".join(each.key.split("/")[:3]).lower())
            elif each.step is Step.WRITING:
                note = WORD.search(each.text)
                attempt = f"n{note[1] if note else '?'}/{each.network}/{each.key}".lower()
                if attempt not in claimed:
                    found.append(each)
                elif each.network == "irc":
                    claimed.remove(attempt)
    return found
