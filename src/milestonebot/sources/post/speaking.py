"""Which sentences speak of the post's milestone, and which of another one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from milestonebot.sources.post.findings import Named

_ANOTHER: Final = re.compile(
    r"\b(?:next|upcoming|following|previous|earlier|last) (?:\w+ )?milestone\b", re.IGNORECASE
)
NEXT: Final = re.compile(r"\b(?:next|upcoming|following) (?:\w+ )?milestone\b", re.IGNORECASE)
_BACK = re.compile(r"(?:it|this) (?:was|is|has|came|went)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(.*?)[- ]?(\d+)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Subject:
    """The post's milestone, as sentences may name it: Essex-2, essex 2."""

    own: re.Pattern[str] | None
    of_series: re.Pattern[str] | None
    """Finds the series' milestones with their numbers, this one too."""

    @classmethod
    def of(cls, named: Named) -> Subject:
        """Return what finds the milestone's name, where it has one."""
        if named.name is None:
            return cls(None, None)
        found = _NUMBER.match(named.name)
        if found is None or not found[1].isalpha():
            return cls(_bounded(re.escape(named.name)), None)
        stem = re.escape(found[1])
        return cls(
            _bounded(rf"{stem}[- ]?{found[2]}"), _bounded(rf"(?P<stem>{stem})[- ]?(?P<number>\d{{1,3}})")
        )

    def others(self, sentence: str) -> list[tuple[str, int]]:
        """Return the other milestones of the series that are named, and where each name ends."""
        if self.of_series is None or self.own is None:
            return []
        return [
            (f"{found['stem'].lower()}-{found['number']}", found.end())
            for found in self.of_series.finditer(sentence)
            if not self.own.fullmatch(found[0])
        ]

    def names(self, sentence: str) -> bool:
        """Tell whether the post's milestone is named."""
        return self.own is not None and self.own.search(sentence) is not None

    def is_of(self, sentence: str, *, after: bool = False) -> bool:
        """Tell whether `sentence` is about it: by name, as "the milestone", as "it" `after` one that is."""
        if self.names(sentence):
            return True
        if self.others(sentence) or _ANOTHER.search(sentence):
            return False
        return "milestone" in sentence.lower() or (after and _BACK.match(sentence) is not None)


def _bounded(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){pattern}(?![\w-]|\.\d)", re.IGNORECASE)
