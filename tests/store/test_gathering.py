"""Calls that share a transaction, and what becomes of them when something is wrong."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from milestonebot.errors import StoreError
from milestonebot.outbox import Stage
from milestonebot.ports import Room
from milestonebot.store import gathering, open_outbox, writing
from tests.store.made import after, delivery, planned

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from milestonebot.outbox import Delivery
    from milestonebot.store.connection import Connection
    from milestonebot.store.database import DatabaseOutbox
    from milestonebot.store.writing import Add, Change


@pytest.fixture
def transactions(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many calls each transaction that is tried from now on has."""
    counted: list[int] = []

    async def count(
        connection: Connection, calls: Sequence[Add | Change], lately: dict[str, Delivery]
    ) -> list[Any]:
        counted.append(len(calls))
        return await writing.write(connection, calls, lately)

    monkeypatch.setattr(gathering, "write", count)
    return counted


async def test_calls_of_one_moment_share_a_transaction(
    outbox: DatabaseOutbox, transactions: list[int]
) -> None:
    await outbox.add(planned(*(delivery(str(number)) for number in range(200))))
    await asyncio.gather(*(outbox.claim(str(number), ["x"], after(1)) for number in range(200)))
    assert transactions == [1, 200]


async def test_a_transaction_has_its_measure(
    outbox: DatabaseOutbox, transactions: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST", 80)
    await outbox.add(planned(*(delivery(str(number)) for number in range(200))))
    await asyncio.gather(*(outbox.claim(str(number), ["x"], after(1)) for number in range(200)))
    assert transactions == [1, 80, 80, 40]


async def test_one_bad_call_fails_alone(outbox: DatabaseOutbox, transactions: list[int]) -> None:
    good = [outbox.add(planned(delivery(str(number)))) for number in range(5)]
    bad = outbox.add(planned(delivery("bad", room=Room("libera", "#half \ud800"))))
    *kept, failed = await asyncio.gather(*good, bad, return_exceptions=True)
    assert kept == [[str(number)] for number in range(5)]
    assert isinstance(failed, StoreError)
    assert transactions == [6, *[1] * 6]
    assert len(await outbox.pending()) == 5


async def test_a_bug_fails_alone_and_is_not_hidden(outbox: DatabaseOutbox) -> None:
    await outbox.add(planned(delivery("a"), delivery("b")))
    claimed, failed = await asyncio.gather(
        outbox.claim("a", ["x"], after(1)),
        outbox.finish("b", Stage.PLANNED, after(1)),
        return_exceptions=True,
    )
    assert claimed is True
    assert isinstance(failed, ValueError)
    assert await outbox.claim("b", ["x"], after(2)) is True


async def test_what_was_put_is_kept_before_it_is_closed(place: Path | str) -> None:
    outbox = await open_outbox(place)
    await outbox.add(planned(*(delivery(str(number)) for number in range(50))))
    claims = [asyncio.create_task(outbox.claim(str(number), ["x"], after(1))) for number in range(50)]
    await asyncio.sleep(0)
    await outbox.close()
    assert await asyncio.gather(*claims) == [True] * 50
    reopened = await open_outbox(place)
    assert {each.stage for each in await reopened.pending()} == {Stage.SENDING}
    await reopened.close()


async def test_what_is_closed_says_so(outbox: DatabaseOutbox) -> None:
    await outbox.close()
    for use in (outbox.memory, outbox.pending, lambda: outbox.claim("a", ["x"], after(1))):
        with pytest.raises(StoreError, match="is closed"):
            await use()


async def test_a_caller_who_is_cancelled_in_the_midst_takes_nobody_with_him(
    outbox: DatabaseOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await outbox.add(planned(*(delivery(str(number)) for number in range(4))))

    async def cancel_one(
        connection: Connection, calls: Sequence[Add | Change], lately: dict[str, Delivery]
    ) -> list[Any]:
        tasks[0].cancel()
        done = await writing.write(connection, calls, lately)
        assert tasks[0].done()
        return done

    monkeypatch.setattr(gathering, "write", cancel_one)
    tasks = [asyncio.create_task(outbox.claim(str(number), ["x"], after(1))) for number in range(4)]
    first, *others = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(first, asyncio.CancelledError)
    assert others == [True] * 3
    monkeypatch.undo()
    assert await outbox.claim("3", ["x"], after(2)) is True
    assert [each.attempts for each in await outbox.pending()] == [1, 1, 1, 2]


async def test_what_another_changed_meanwhile_is_read_again(place: Path | str) -> None:
    bot = await open_outbox(place)
    await bot.add(planned(delivery("a"), delivery("b")))
    await asyncio.gather(*(bot.claim(key, ["x"], after(1)) for key in "ab"))
    operator = await open_outbox(place, exclusive=False)
    await operator.finish("b", Stage.DROPPED, after(2))
    assert await operator.retry("b", after(60), after(3))
    await operator.close()
    assert await asyncio.gather(*(bot.claim(key, ["x"], after(4)) for key in "ab")) == [True, True]
    found = {each.key: (each.attempts, each.until) for each in await bot.pending()}
    assert found == {"a": (2, delivery("a").until), "b": (1, after(60))}
    await bot.close()


async def test_what_could_not_be_kept_is_not_taken_for_kept(
    outbox: DatabaseOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await outbox.add(planned(delivery("a")))

    async def fail(
        connection: Connection, calls: Sequence[Add | Change], lately: dict[str, Delivery]
    ) -> list[Any]:
        await writing.write(connection, calls, lately)
        raise OSError(5, "the disk is gone")

    monkeypatch.setattr(gathering, "write", fail)
    with pytest.raises(StoreError):
        await outbox.postpone("a", "this is not kept", after(1))
    monkeypatch.undo()
    assert await outbox.claim("a", ["x"], after(2)) is True
    assert [each.problem for each in await outbox.pending()] == [""]
