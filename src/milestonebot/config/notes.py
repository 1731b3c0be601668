"""What is noticed while a config is checked: every check adds its own, and none stops the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from milestonebot.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.yamlfile import Located
    from milestonebot.yamlfile.located import Loc

T = TypeVar("T")


@dataclass(slots=True)
class Notes:
    """The problems of one config, and the file itself."""

    located: Located
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def wrong(self, loc: Loc, message: str, *, key: bool = False) -> None:
        """Note a mistake in the value at `loc`, or in its key."""
        place = self.located.key_place(loc) if key else self.located.place(loc)
        if place not in {mistake[:2] for mistake in self.located.mistakes}:
            self.problems.append(Problem(self.located.file, *place, message))

    def warn(self, loc: Loc, message: str) -> None:
        """Note what works but should be mended."""
        self.warnings.append(Problem(self.located.file, *self.located.place(loc), message, "warning"))

    def collect(self, check: Callable[[], T]) -> T | None:
        """Return what `check` returns; note its problems and return None where it finds any."""
        try:
            return check()
        except ConfigError as error:
            self.problems += error.problems
            return None

    def settle(self) -> None:
        """Raise ConfigError where there are problems: all of them, warnings too, in the order of the file."""
        if self.problems:
            every = self.problems + self.warnings
            raise ConfigError(tuple(sorted(every, key=lambda each: (each.line, each.column))))
