"""`!announce` from a room to what other rooms read, by way of a real outbox."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from milestonebot.bot import Bot
from milestonebot.commands import router
from milestonebot.outbox import Stage
from milestonebot.ports import Message, Sender
from milestonebot.render.plain import render_plain
from milestonebot.settings import Settings
from milestonebot.store import open_outbox
from tests.announcer.playing import BEGIN, A, B, Lines, SetClock, World, catalog, countdown, said
from tests.asking import message

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = Settings(admins=frozenset({("scripted", "release-manager")}))


def bot(world: World) -> Bot:
    return Bot(
        router(),
        SETTINGS,
        world.clock,
        world.catalog,
        announcements=world.announcements,
        announcing=world.announcer,
    )


def typed(text: str) -> Message:
    return replace(message(text, room=A, name="m1"), sender=Sender("rm", "release-manager"))


async def test_it_is_kept_before_it_is_answered_and_said_once_in_each_room(tmp_path: Path) -> None:
    outbox = await open_outbox(tmp_path / "announcements.sqlite")
    try:
        transport = Lines()
        world = World(
            SetClock(BEGIN), [countdown(A, B)], [transport], catalog(), settings=SETTINGS, outbox=outbox
        )
        asked = typed("!announce days: essex-3 slips!\nSee the schedule.")
        answer = await bot(world).answer(asked)
        assert answer is not None
        assert answer.data["rooms"] == ["scripted/#a", "scripted/#b"]
        waiting = {each.key: each.stage for each in await outbox.listed()}
        assert list(waiting.values()) == [Stage.PLANNED, Stage.PLANNED]
        await world.quiet()
        transport.connect()
        await world.look()
        assert said(world, A) == said(world, B) == ["essex-3 slips!", "See the schedule."]
        # After a restart the network tells the same message again.
        world.restart()
        assert await bot(world).answer(asked) is not None
        await world.look()
        assert len(said(world)) == 4
        assert [each.stage for each in await outbox.listed()] == [Stage.SENT, Stage.SENT]
    finally:
        await outbox.close()


async def test_where_the_bot_is_in_no_room_of_an_announcement_its_asker_is_told() -> None:
    world = World(SetClock(BEGIN), [replace(countdown(), rooms=())], [Lines()], settings=SETTINGS)
    answer = await bot(world).answer(typed("!announce days: essex-3 slips"))
    assert answer is not None
    assert render_plain(answer).startswith("I am in no room of that announcement")
    assert await world.outbox.listed() == []
