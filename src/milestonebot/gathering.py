"""The sources of one catalog, each with what it said last; a catalog is swapped whole."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from milestonebot.catalog import Catalog
from milestonebot.errors import MilestonebotError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from milestonebot.model import Facts
    from milestonebot.ports import Clock, Source

_log = logging.getLogger(__name__)


class Gathering:
    """Reads sources, and holds the catalog of what they say."""

    def __init__(self, clock: Clock) -> None:
        """Begin with nothing: `read` comes first."""
        self.catalog = Catalog()
        self._clock = clock
        self._sources: tuple[Source, ...] = ()
        self._said: list[Facts] = []
        self._problems: dict[int, str] = {}
        self._lock = asyncio.Lock()
        self._turns: list[asyncio.Lock] = []
        """One for each source: read twice at once, it could say last what it said first."""

    @property
    def problems(self) -> Mapping[int, str]:
        """Why sources could not be read the last time, by number; they still say what they said before."""
        return self._problems

    async def read(self, sources: Sequence[Source]) -> None:
        """Read `sources`, the most believed one first, in place of what there was.

        Raises what the first raises that fails; then all stays as it was.
        """
        said = [await source.load() for source in sources]
        async with self._lock:
            self.catalog = await asyncio.to_thread(self._made, said)
            self._sources, self._said = tuple(sources), said
            self._turns = [asyncio.Lock() for _ in sources]
            self._problems.clear()

    async def refresh(self, number: int) -> bool:
        """Read the source of that number anew; return whether it says anything new.

        One that cannot be read still says what it said before: that is logged, once for each reason.
        """
        if number >= len(self._sources):  # the config was read anew, and names fewer
            return False
        source = self._sources[number]
        async with self._turns[number]:
            return await self._refresh(source)

    async def _refresh(self, source: Source) -> bool:
        said, problem = None, ""
        try:
            said = await source.load()
        except MilestonebotError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - a third party's source; what it said before stays
            problem = f"{type(error).__name__}: {error}"
        async with self._lock:
            # The config may have been read anew meanwhile, and with it other sources.
            if source not in self._sources:
                return False
            number = self._sources.index(source)
            if said is None:
                self._failed(number, problem)
                return False
            if self._problems.pop(number, None) is not None:
                _log.info("%s can be read again", self._name(number))
            return await self._swapped(number, said)

    async def _swapped(self, number: int, said: Facts) -> bool:
        """Make the catalog anew where `said` is new; in a thread, since rooms are answered meanwhile."""
        before = self._said[number]
        if said is before or await asyncio.to_thread(lambda: said == before):
            return False
        others = [*self._said[:number], said, *self._said[number + 1 :]]
        self.catalog = await asyncio.to_thread(self._made, others)
        self._said = others
        _log.info("%s says something new", self._name(number))
        return True

    def _made(self, said: Sequence[Facts]) -> Catalog:
        return Catalog.of(*said, loaded=self._clock.now())

    def _failed(self, number: int, problem: str) -> None:
        if self._problems.get(number) != problem:
            _log.error("%s is kept as it was:\n%s", self._name(number), problem)
        self._problems[number] = problem

    def _name(self, number: int) -> str:
        """Return what stands in the config: a third party's kind is its module."""
        source = self._sources[number]
        named = type(source).__str__ is not object.__str__
        return f"catalog entry {number + 1} ({source if named else type(source).__module__})"
