"""Group commit: what is written at about the same time is kept in one transaction."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

from milestonebot.errors import StoreError
from milestonebot.store.writing import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.outbox import Delivery
    from milestonebot.store.link import Database, Link
    from milestonebot.store.writing import Add, Change, Prune

    Waiting = tuple[Add | Change | Prune, asyncio.Future[Any]]

MOST = 1_000
"""How many calls share a transaction at most, so that none waits long."""


class Gathering:
    """Calls that wait for their transaction, and the one task that sees to them.

    While one transaction is committed, the calls for the next one come together.
    """

    def __init__(self, database: Database, link: Link) -> None:
        """Write by `link`; its task lives as long as there are calls."""
        self._database = database
        self._link = link
        self._waiting: deque[Waiting] = deque()
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self._lately: dict[str, Delivery] = {}
        """What is pending, as it was written last."""

    async def put(self, call: Add | Change | Prune) -> Any:  # noqa: ANN401 - each kind of call has its own result
        """Return what `call` returns when it is durable; raises StoreError where it could not be kept.

        A caller who is cancelled does not know whether it was kept.
        """
        if self._closed:
            raise StoreError("the database is closed")
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((call, future))
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return await future

    async def close(self) -> None:
        """Keep what was put so far, and take no more."""
        self._closed = True
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        while self._waiting:
            some = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
            # Who does not wait any more, because he was cancelled, wants nothing kept.
            if together := [each for each in some if not each[1].done()]:
                await self._keep(together)
        self._task = None

    async def _keep(self, together: Sequence[Waiting]) -> None:
        calls = [call for call, _ in together]
        try:
            results = await self._link.write(lambda connection: write(connection, calls, self._lately))
        except Exception as error:  # noqa: BLE001 - whatever it is, its callers are told, and the task goes on
            self._lately.clear()
            if len(together) > 1 and not self._database.unusable(error):
                # One of them is to blame: it must not take the others with it.
                for each in together:
                    await self._keep([each])
                return
            for _, future in together:
                _fail(future, self._database.problem(error) or error)
        else:
            for (_, future), result in zip(together, results, strict=True):
                if not future.done():
                    future.set_result(result)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
