"""The source `yaml`: milestones files that maintainers write."""

from __future__ import annotations

import asyncio
import glob
from dataclasses import replace
from typing import TYPE_CHECKING

from milestonebot.errors import ConfigError, Problem
from milestonebot.sources.files import check_files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import TypeAlias

    from milestonebot.model import Facts
    from milestonebot.sources.doubts import Doubt

    Stamps: TypeAlias = tuple[tuple[str, int, int, int], ...]


class YamlSource:
    """Files and globs such as `milestones/*.yaml`; Origin.source is `path:line`."""

    def __init__(self, paths: Iterable[str], base: Path) -> None:
        """Take `paths` as relative to the folder `base`."""
        self.paths = tuple(paths)
        self.base = base
        self._loaded: tuple[Stamps, Facts] | None = None

    def __str__(self) -> str:
        """Return the paths, as the config has them."""
        return ", ".join(self.paths)

    async def load(self) -> Facts:
        """Return all facts, file by file in sorted order; ConfigError tells all problems of all files.

        What was loaded before is returned as it is where no file has changed: that takes no parsing.
        """
        return await asyncio.to_thread(self._load)

    def _load(self) -> Facts:
        # Stamped before they are read: a change meanwhile is noticed the next time.
        stamps = self.stamps()
        if self._loaded is None or self._loaded[0] != stamps:
            self._loaded = stamps, self.read()
        return self._loaded[1]

    def read(self) -> Facts:
        """Do the same at once, in the thread that asks.

        A glob that matches nothing is a problem as well: a folder that is not mounted says nothing of the
        dates in it, and must not withdraw them all.
        """
        empty = [path for path in self.paths if glob.has_magic(path) and not self._matching(path)]
        if empty:
            raise ConfigError(
                tuple(Problem(str(self.base / path), 0, 0, "matches no file") for path in empty)
            )
        return self.check()[0]

    def check(self) -> tuple[Facts, list[Doubt]]:
        """Do the same, and return beside the facts what a maintainer may want to look at again."""
        files = self.files()
        problems = [problem for path, shown in files if (problem := _unfit(path, shown))]
        try:
            facts, doubted = check_files(
                ((path, shown) for path, shown in files if not _unfit(path, shown)), _place
            )
        except ConfigError as error:
            problems += error.problems
        else:
            if not problems:
                return facts, [replace(each, problem=self._from_here(each.problem)) for each in doubted]
        raise ConfigError(tuple(self._from_here(each) for each in problems))

    def _from_here(self, problem: Problem) -> Problem:
        """Whoever mends it opens the file from where he is; a room is told its name alone (Origin)."""
        return replace(problem, file=str(self.base / problem.file))

    def stamps(self) -> Stamps:
        """Return how the files look: another value when one of them has changed, is new or is gone."""
        return tuple(stamp(path, shown) for path, shown in self.files())

    @property
    def loaded(self) -> Stamps | None:
        """How the files looked before they were last read by `load`; None where they were not."""
        return None if self._loaded is None else self._loaded[0]

    def files(self) -> list[tuple[Path, str]]:
        """Return the files, sorted, each once, with the names that problems give them.

        A glob may match none; a path that is no glob is there even where no file is.
        """
        found: set[str] = set()
        for path in self.paths:
            found |= self._matching(path) if glob.has_magic(path) else {path}
        return [(self.base / name, name) for name in sorted(found)]

    def _matching(self, pattern: str) -> set[str]:
        matches = glob.iglob(pattern, root_dir=self.base, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute ones
        return {match for match in matches if not (self.base / match).is_dir()}


def stamp(path: Path, shown: str) -> tuple[str, int, int, int]:
    """Return what changes when the file does: its name, inode, size and time of change."""
    try:
        found = path.stat()
    except OSError:
        return shown, 0, 0, 0
    return shown, found.st_ino, found.st_size, found.st_mtime_ns


def _unfit(path: Path, shown: str) -> Problem | None:
    if path.is_dir():
        return Problem(shown, 0, 0, f"is a folder; write {shown.rstrip('/')}/*.yaml for the files in it")
    return None


def _place(file: str, line: int) -> str:
    return f"{file}:{line}"
