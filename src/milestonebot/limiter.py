"""How much one person may ask: a flood is slowed, and two bots cannot start a loop."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

    from milestonebot.settings import Limits


class Verdict(Enum):
    """What to do with one command."""

    ANSWER = "answer"
    NOTICE = "notice"
    """Tell once that it is too much; silence follows."""
    SILENCE = "silence"


@dataclass(slots=True)
class _Asker:
    times: deque[float] = field(default_factory=deque)
    silent_from: float = float("-inf")


class Limiter:
    """Counts each person's commands; times are seconds of any one clock."""

    def __init__(self, most: int = 10_000) -> None:
        """Remember at most `most` persons, those who asked last."""
        self._most = most
        self._askers: OrderedDict[Hashable, _Asker] = OrderedDict()

    def judge(self, who: Hashable, now: float, limits: Limits | None) -> Verdict:
        """Count one command of `who` and tell what to do with it."""
        if limits is None:
            return Verdict.ANSWER
        asker = self._askers.pop(who, None) or _Asker()
        self._askers[who] = asker
        if len(self._askers) > self._most:
            self._askers.popitem(last=False)
        if asker.silent_from <= now < asker.silent_from + limits.silence:
            return Verdict.SILENCE
        # Not to come either: a clock may be set back, and nobody is to wait until it is that late again.
        while asker.times and not now - limits.per < asker.times[0] <= now:
            asker.times.popleft()
        if len(asker.times) < limits.commands:
            asker.times.append(now)
            return Verdict.ANSWER
        asker.times.clear()
        asker.silent_from = now
        return Verdict.NOTICE
