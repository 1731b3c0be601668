"""How lines wait for their turn: a bucket that sets the pace, and a queue that is fair. No clock inside."""

from __future__ import annotations

from collections import OrderedDict, deque
from enum import IntEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Urgency(IntEnum):
    """What goes first."""

    NOW = 0
    """Waits for nothing: the answer to a server that asks whether we are there, and the login."""
    CONTROL = 1
    REPLY = 2
    ANNOUNCEMENT = 3
    SPARE = 4
    """What nobody waits for: it leaves half of a burst to all others, and is dropped when the bot leaves."""


class Bucket:
    """Gives one token in `every` seconds; `burst` of them can be saved up."""

    def __init__(self, burst: int, every: float, now: float) -> None:
        """Begin full at `now`, in seconds of any clock."""
        self._burst = float(max(burst, 1))
        self._every = every
        self._tokens = self._burst
        self._counted = now

    def take(self, now: float, *, spare: bool = False) -> bool:
        """Take a token, if there is one; a `spare` one, if half of what can be saved up is left then."""
        if self.ready(now, spare=spare) > now:
            return False
        self.spend(now)
        return True

    def holds(self, tokens: int, now: float) -> bool:
        """Tell whether there are so many."""
        self.ready(now)
        return self._tokens >= tokens - 1e-9

    def spend(self, now: float) -> None:
        """Take a token, on credit where there is none."""
        self.ready(now)
        self._tokens -= 1

    def ready(self, now: float, *, spare: bool = False) -> float:
        """Return when there is a token, or a `spare` one; `now` where there is one already."""
        needed = 1 + self._burst // 2 if spare else 1
        gained = (now - self._counted) / self._every if self._every > 0 else self._burst
        self._tokens = min(self._burst, self._tokens + gained)
        self._counted = now
        # A rounding error must not make anyone wait for a token that is there.
        return now if self._tokens >= needed - 1e-9 else now + (needed - self._tokens) * self._every


class FairQueue(Generic[T]):
    """Lets the more urgent go first; among equals, each target has its turn, and its own order."""

    def __init__(self, most: int) -> None:
        """Hold at most `most` items."""
        self._most = most
        self._size = 0
        self._waiting: dict[Urgency, OrderedDict[str, deque[T]]] = {
            urgency: OrderedDict() for urgency in Urgency
        }

    def __len__(self) -> int:
        """Return how many wait."""
        return self._size

    @property
    def full(self) -> bool:
        """Tell whether nothing more is taken."""
        return self._size >= self._most

    @property
    def first(self) -> Urgency | None:
        """Return how urgent the next one is."""
        for urgency, targets in self._waiting.items():
            if targets:
                return urgency
        return None

    def put(self, urgency: Urgency, target: str, item: T) -> None:
        """Let `item` wait behind the others of its target."""
        self._waiting[urgency].setdefault(target, deque()).append(item)
        self._size += 1

    def take(self) -> T:
        """Return whose turn it is; raises IndexError where none waits."""
        urgency = self.first
        if urgency is None:
            raise IndexError("nothing waits")
        targets = self._waiting[urgency]
        target, items = targets.popitem(last=False)
        item = items.popleft()
        if items:
            targets[target] = items
        self._size -= 1
        return item

    def clear(self) -> list[T]:
        """Return all that wait, and let none wait on."""
        return [self.take() for _ in range(self._size)]

    def drop(self, urgency: Urgency) -> None:
        """Forget those of one urgency."""
        self._size -= sum(map(len, self._waiting[urgency].values()))
        self._waiting[urgency].clear()
