"""What the bot is to say: notes whose every word tells of which note it is, and where in it it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

WORD = re.compile(r"n(\d{3})w(\d{3})")
"""A word of a note: n017w003 is the fourth of the eighteenth note."""
SHORT, LONG = 4, 110
"""Words of a note that fits one line of IRC, and of one that needs three."""


@dataclass(frozen=True, slots=True)
class Note:
    """One announcement of the config."""

    number: int
    moment: datetime
    rooms: tuple[str, ...]
    """As the config writes them: network/room."""
    length: int

    @property
    def name(self) -> str:
        """Return its name in the config."""
        return f"n{self.number:03}"

    @property
    def words(self) -> list[str]:
        """Return what each room is to hear of it, word by word."""
        return [f"{self.name}w{word:03}" for word in range(self.length)]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How many notes there are, and when."""

    first: datetime
    spacing: float
    """Seconds between two notes; no two are at the same moment, so that a room's order is known."""
    each: int
    """Notes that each room gets."""
    together: int
    """Rooms that one note goes to."""
    number: int = 0
    """Of the first note."""


def planned(random: Random, rooms: list[str], schedule: Schedule) -> list[Note]:
    """Return notes so that each room gets as many; every third is too long for one line of IRC."""
    groups: list[tuple[str, ...]] = []
    for _ in range(schedule.each):
        mixed = random.sample(rooms, len(rooms))
        groups += [
            tuple(mixed[at : at + schedule.together]) for at in range(0, len(mixed), schedule.together)
        ]
    return [
        Note(
            schedule.number + place,
            schedule.first + timedelta(seconds=place * schedule.spacing),
            group,
            LONG if place % 3 == 2 else SHORT,
        )
        for place, group in enumerate(groups)
    ]


def expected(notes: list[Note]) -> dict[str, list[str]]:
    """Return the words that each room is to hear, in order."""
    found: dict[str, list[str]] = {}
    for note in notes:
        for room in note.rooms:
            found.setdefault(room, []).extend(note.words)
    return found


def words_missing(wanted: dict[str, list[str]], heard: dict[str, list[str]]) -> dict[str, str]:
    """Return, by room, the last word of all where it has not been heard."""
    return {
        room: words[-1]
        for room, words in wanted.items()
        if not any(words[-1] in text.split() for text in heard.get(room, []))
    }
