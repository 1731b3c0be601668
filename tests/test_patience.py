"""Who is waited for, and for how long."""

from __future__ import annotations

import asyncio

from milestonebot.patience import Patience

_SOON = 0.01


async def test_whoever_takes_too_long_is_told_once_and_in_order_and_nobody_else() -> None:
    late: list[str] = []
    over = asyncio.Event()

    def told(who: str) -> None:
        late.append(who)
        if who == "last":
            over.set()

    patience = Patience(_SOON, told)
    begin = asyncio.get_running_loop().time()
    for who in ("quick", "first", "second"):
        patience.begin(who)
    assert patience.end("quick")
    asyncio.get_running_loop().call_later(_SOON / 2, patience.begin, "last")
    await asyncio.wait_for(over.wait(), 5)
    assert late == ["first", "second", "last"]
    assert asyncio.get_running_loop().time() - begin >= _SOON * 1.4
    assert not patience.end("first")


async def test_one_who_is_told_may_end_the_wait_for_others_and_begin_anew() -> None:
    late: list[str] = []
    over = asyncio.Event()

    def told(who: str) -> None:
        late.append(who)
        if len(late) == 1:
            patience.end("second")
            patience.begin("first")
        else:
            over.set()

    patience = Patience(_SOON, told)
    patience.begin("first")
    patience.begin("second")
    await asyncio.wait_for(over.wait(), 5)
    assert late == ["first", "first"]


async def test_nobody_is_told_when_it_is_closed() -> None:
    late: list[str] = []
    patience = Patience(0.0, late.append)
    patience.begin("one")
    patience.close()
    for _ in range(3):
        await asyncio.sleep(0)
    assert late == []
    assert not patience.end("one")


async def test_who_is_waited_for_anew_keeps_nobody_waiting() -> None:
    late: list[str] = []
    over = asyncio.Event()

    def told(who: str) -> None:
        late.append(who)
        if len(late) == 2:
            over.set()

    patience = Patience(_SOON, told)
    patience.begin("again")
    patience.begin("other")
    patience.begin("again")
    await asyncio.wait_for(over.wait(), 5)
    assert late == ["other", "again"]
