"""A connection to PostgreSQL that is cut in the midst of a COMMIT: nobody knows whether it was kept."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from milestonebot.announcement import Announcement, Occasion
from milestonebot.errors import StoreError
from milestonebot.outbox import Stage
from milestonebot.store import open_outbox, postgres as store
from tests.announcer.playing import BEGIN, HOUR, MINUTE, A, Lines, SetClock, World, said
from tests.chaos.proxy import Passage, Proxy, Trap, Way
from tests.store.made import after, delivery, keys, planned

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from milestonebot.store.database import DatabaseOutbox
    from tests.servers.postgres import Postgres

pytestmark = pytest.mark.server

_ASKED = re.compile(rb"COMMIT;?\0")
_DONE = re.compile(rb"C\0\0\0\x0bCOMMIT\0")
"""CommandComplete (PostgreSQL's protocol, "Message Formats")."""


@pytest.fixture
async def proxy(postgres: Postgres) -> AsyncIterator[Proxy]:
    async with Proxy(postgres.port) as opened:
        yield opened


@pytest.fixture
async def outbox(postgres: Postgres, proxy: Proxy) -> AsyncIterator[DatabaseOutbox]:
    url = postgres.new_database()
    opened = await open_outbox(url.replace(f":{urlsplit(url).port}/", f":{proxy.port}/"))
    await opened.add(planned(delivery()))
    yield opened
    await opened.close()


def lose(proxy: Proxy, *, kept: bool) -> None:
    """Cut the next COMMIT: its answer where it is `kept`, else itself."""
    trap = (Way.DOWN, _DONE) if kept else (Way.UP, _ASKED)
    proxy.traps.append(Trap(*trap, 0.0, Passage.cut))


@pytest.mark.parametrize("kept", [True, False])
async def test_it_is_told_and_what_was_kept_can_be_read(
    outbox: DatabaseOutbox, proxy: Proxy, *, kept: bool
) -> None:
    lose(proxy, kept=kept)
    with pytest.raises(StoreError):
        await outbox.claim("countdown/1", ["x"], after(1))
    assert [each.attempts for each in await outbox.pending()] == [int(kept)]
    # It connects anew, which has commits of its own.
    await outbox.claim("countdown/1", ["x"], after(2))
    lose(proxy, kept=kept)
    with pytest.raises(StoreError):
        await outbox.add(planned(delivery(), delivery("countdown/2")))
    assert list(await outbox.add(planned(delivery("countdown/2")))) == ([] if kept else ["countdown/2"])
    assert keys(await outbox.pending()) == ["countdown/1", "countdown/2"]


async def test_one_that_is_still_on_its_way_is_not_carried_out_behind_the_next(
    outbox: DatabaseOutbox, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.Postgres, "bound", 1.0)
    proxy.traps.append(Trap(Way.UP, _ASKED, 0.0, Passage.hold))
    with pytest.raises(StoreError, match="does not answer"):
        await outbox.finish("countdown/1", Stage.SENT, after(1))
    monkeypatch.setattr(store.Postgres, "bound", 10.0)
    assert await outbox.claim("countdown/1", ["x"], after(2))
    for passage in [*proxy.passages, *proxy.ghosts]:
        passage.release()
    await asyncio.sleep(0)
    assert [each.stage for each in await outbox.listed()] == [Stage.SENDING]


@pytest.mark.parametrize("kept", [True, False])
async def test_whichever_commit_is_lost_it_is_announced_once(
    outbox: DatabaseOutbox, proxy: Proxy, *, kept: bool
) -> None:
    transport = Lines()
    transport.connect()
    clock, parts = SetClock(BEGIN), ["one", "two", "three"]
    await outbox.finish("countdown/1", Stage.SENT, after(1))
    for number in range(6):
        rule = Announcement(
            f"note{number}",
            Occasion.NOTE,
            (A,),
            moments=(clock.at + HOUR,),
            text="\n".join(parts),
        )
        world = World(clock, [rule], [transport], outbox=outbox)
        await world.look()
        transport.announced.clear()
        # The look, the claim, the parts, the end; then the minute's look.
        for _ in range(number):
            proxy.traps.append(Trap(Way.UP, _ASKED, 1.0, lambda _: None))
        lose(proxy, kept=kept)
        await world.run(clock.at + HOUR + MINUTE)
        await world.look()
        assert said(world) == parts
        assert {each.stage for each in await outbox.listed()} == {Stage.SENT}
        assert not proxy.traps
