"""Which of the files that the bot was told by have changed: the config, and its milestones files.

They are looked at every few seconds (docs/decisions/watching.md tells why no library does that).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from milestonebot.applying.watching import Watch
from milestonebot.sources.yaml import YamlSource, stamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from milestonebot.config import Config
    from milestonebot.ports import Source

Followed: TypeAlias = "Mapping[int, tuple[YamlSource, Watch]]"


@dataclass(frozen=True, slots=True)
class Changed:
    """What has changed since it was read."""

    config: bool = False
    sources: tuple[int, ...] = ()
    """The numbers of the sources whose files have."""


class Files:
    """The config and the files of the sources that are read again at all."""

    def __init__(self, config: Config, read: object, sources: Sequence[Source]) -> None:
        """Take `read` as how the config's file looked before it was read, by `look_of`."""
        self._file = config.file
        self._config = Watch(read)
        self._sources = followed(config, sources)

    async def look(self) -> Changed:
        """Return what has changed, and is written to no more; each change once."""
        return await asyncio.to_thread(self._look)

    async def dealt_with(self) -> None:
        """Take all files as they are now as those that are read."""
        await asyncio.to_thread(self._dealt_with)

    def follow(self, sources: Followed) -> None:
        """Look at the files of other sources from now on."""
        self._sources = sources

    def _look(self) -> Changed:
        config = self._config.look(look_of(self._file))
        changed = [number for number, (of, watch) in self._sources.items() if watch.look(of.stamps())]
        return Changed(config, tuple(changed))

    def _dealt_with(self) -> None:
        self._config.dealt_with(look_of(self._file))
        for source, watch in self._sources.values():
            watch.dealt_with(source.stamps())


def followed(config: Config, sources: Sequence[Source]) -> Followed:
    """Return the sources with files, by number, as their files were read; none with `refresh: off`."""
    return {
        number: (source, Watch(source.loaded or source.stamps()))
        for number, (entry, source) in enumerate(zip(config.catalog, sources, strict=True))
        if isinstance(source, YamlSource) and entry.refresh is not None
    }


def look_of(path: Path) -> object:
    """Return how a file looks: another value when it has changed."""
    return stamp(path, str(path))
