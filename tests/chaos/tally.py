"""Counting: what each room was to hear against what it heard. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.chaos.notes import WORD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Copy:
    """Something that a room heard again: a whole line or event, whose words had all been heard there."""

    room: str
    text: str

    @property
    def words(self) -> frozenset[str]:
        """Return the words that came again."""
        return frozenset(words_of(self.text))

    @property
    def note(self) -> str:
        """Return the name of the note that it is of."""
        found = WORD.search(self.text)
        return f"n{found[1]}" if found else ""


@dataclass(slots=True)
class Tally:
    """What is wrong, and what is not."""

    heard: int = 0
    """Lines and events that came for the first time."""
    lost: dict[str, list[str]] = field(default_factory=dict)
    """Words that never came, by room."""
    copies: list[Copy] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    """Rooms where something came before what was to come first."""
    strange: list[Copy] = field(default_factory=list)
    """What was said where nobody planned it."""

    @property
    def once(self) -> bool:
        """Tell whether everything came, once, in order, and nothing else did."""
        return not (self.lost or self.copies or self.disordered or self.strange)

    def told(self) -> list[str]:
        """Return what is wrong, a line for each."""
        return [
            *(f"lost in {room}: {' '.join(words)}" for room, words in self.lost.items()),
            *(f"came again in {copy.room}: {copy.text[:80]}" for copy in self.copies),
            *(f"out of order: {room}" for room in self.disordered),
            *(f"not for {copy.room}: {copy.text[:80]}" for copy in self.strange),
        ]


def words_of(text: str) -> list[str]:
    """Return the words of notes in a line, and all else that it says is passed over."""
    return [match[0] for match in WORD.finditer(text)]


def tallied(expected: Mapping[str, Sequence[str]], heard: Mapping[str, Sequence[str]]) -> Tally:
    """Count what each room heard, line by line in the order in which it came there."""
    tally = Tally()
    for room, wanted in expected.items():
        _count(tally, room, wanted, heard.get(room, ()))
    for room in heard.keys() - expected.keys():
        tally.strange += [Copy(room, text) for text in heard[room]]
    return tally


def _count(tally: Tally, room: str, wanted: Sequence[str], texts: Sequence[str]) -> None:
    place = {word: at for at, word in enumerate(wanted)}
    seen: Counter[str] = Counter()
    first: list[int] = []
    for text in texts:
        words = words_of(text)
        if not words or not all(word in place for word in words):
            tally.strange.append(Copy(room, text))
            continue
        if any(seen[word] for word in words) or len(set(words)) < len(words):
            tally.copies.append(Copy(room, text))
        else:
            tally.heard += 1
        first += [place[word] for word in words if not seen[word]]
        seen.update(words)
    if lost := [word for word in wanted if not seen[word]]:
        tally.lost[room] = lost
    if first != sorted(first):
        tally.disordered.append(room)
