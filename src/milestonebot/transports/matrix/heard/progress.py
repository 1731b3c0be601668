"""How far the events of a sync have been dealt with.

The position that a restart goes on from is the last one before which every message is done: what
was under way when the bot died is heard again, and answered under the same transaction id.
"""

from __future__ import annotations

from collections import OrderedDict


class Progress:
    """The positions of the sync that are open, oldest first, with the messages each waits for."""

    def __init__(self) -> None:
        """Begin with nothing open."""
        self._open: OrderedDict[str, set[str]] = OrderedDict()
        self._of: dict[str, str] = {}

    def add(self, position: str, messages: set[str]) -> None:
        """Note that the events before `position` hold `messages`, which are not dealt with yet."""
        self._open[position] = set(messages)
        self._of |= dict.fromkeys(messages, position)

    def instead(self, token: str, messages: set[str]) -> None:
        """Note that what was added as `token` turned out to be `messages`."""
        position = self._of.pop(token, None)
        if position is not None:
            self._open[position].discard(token)
            self._open[position] |= messages
            self._of |= dict.fromkeys(messages, position)

    def done(self, message: str) -> None:
        """Note that `message` is dealt with."""
        position = self._of.pop(message, None)
        if position is not None:
            self._open[position].discard(message)

    def reached(self) -> str | None:
        """Return, and forget, the last position before which all is dealt with; None where none is new."""
        last = None
        while self._open:
            position, waiting = next(iter(self._open.items()))
            if waiting:
                break
            del self._open[position]
            last = position
        return last
