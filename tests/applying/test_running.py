"""A running bot takes over another config and other data, and keeps what is wrong as it was."""

from __future__ import annotations

import asyncio
import contextlib
from argparse import Namespace
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from milestonebot.app import build, plan
from milestonebot.applying import Reading, Running, look_of
from milestonebot.commands import router
from milestonebot.errors import StoreError
from milestonebot.gathering import Gathering
from milestonebot.ports import Room, Sender, State
from milestonebot.render.plain import render_plain
from milestonebot.scheduler import Scheduler
from milestonebot.settings import Live
from tests.announcer.kept import KeptOutbox
from tests.announcer.playing import SetClock
from tests.asking import message
from tests.transports.scripted import ScriptedTransport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    import pytest

    from milestonebot.bot import Bot
    from milestonebot.config import Config
    from milestonebot.outbox import Outbox
    from milestonebot.ports import Clock

CONFIG = """
admins: [net/boss]
catalog: [{kind: yaml, path: data.yaml}]
networks:
  - {name: net, kind: irc, nick: bot, servers: [{host: irc.example.org}], rooms: ["#room", "#old"]}
"""
DATA = "group: example\nmilestones:\n  one: {date: 2099-01-01}\n"
ROOM, OLD, NEW = Room("net", "#room"), Room("net", "#old"), Room("net", "#new")


class Ground:
    """A bot on one network, with its files."""

    def __init__(self, folder: Path, config: str = CONFIG) -> None:
        self.folder = folder
        self.config, self.data = folder / "config.yaml", folder / "data.yaml"
        self.config.write_text(config)
        self.data.write_text(DATA)
        self.network = ScriptedTransport("net")
        self.network.wanted = {ROOM: "", OLD: ""}
        self.outbox = KeptOutbox()
        self.broken = False
        self.opened = 0
        self.live: Live
        self.every: dict[str, float] = {}
        """What the bot wakes up for, and how often."""
        self.bot: Bot
        self.running: Running

    def read(self) -> Reading:
        look = look_of(self.config)
        planned = plan(Namespace(config=str(self.config), data=None, at=None, room=None))
        assert planned.config is not None
        commands = router().include(*planned.routers)
        return Reading(planned.config, planned.settings, planned.sources, commands, look)

    async def open(self, config: Config) -> Outbox | None:
        if self.broken:
            raise StoreError("the disk is full")
        if not config.announcements and not config.settings.admins:
            return None
        self.opened += 1
        return self.outbox

    def edit(self, before: str, after: str) -> None:
        text = self.config.read_text()
        assert before in text
        self.config.write_text(text.replace(before, after))

    async def ask(self, text: str, room: Room = ROOM, account: str | None = "boss") -> str | None:
        asked = replace(message(text, room=room), sender=Sender("somebody", account))
        answer = await self.bot.answer(asked)
        return None if answer is None else render_plain(answer)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not true():  # noqa: ASYNC110 - nobody tells when rooms are entered
                await asyncio.sleep(0)

    def told(self) -> list[str]:
        """Return what the admins were told."""
        return [f"{account}: {render_plain(document)}" for account, document in self.network.told]


class Noted(Scheduler):
    """Notes for what it wakes the bot up."""

    def __init__(self, clock: Clock, every: dict[str, float]) -> None:
        super().__init__(clock)
        self._noted = every

    def every(self, seconds: float, name: str, job: Callable[[], Awaitable[None]]) -> None:
        self._noted[name] = seconds
        super().every(seconds, name, job)

    def forget(self, name: str) -> None:
        for each in [each for each in self._noted if each.startswith(name)]:
            del self._noted[each]
        super().forget(name)


@contextlib.asynccontextmanager
async def begun(ground: Ground) -> AsyncIterator[Running]:
    """Run the bot on `ground`, connected."""
    reading = ground.read()
    planned = plan(Namespace(config=str(ground.config), data=None, at=None, room=None))
    gathering, scheduler = Gathering(planned.clock), Noted(planned.clock, ground.every)
    ground.live = Live(reading.settings)
    await gathering.read(reading.sources)
    ground.bot = await build(planned, catalog=gathering.catalog)
    ground.running = Running(
        reading,
        read=ground.read,
        opening=ground.open,
        outbox=await ground.open(reading.config),
        bot=ground.bot,
        live=ground.live,
        transports=[ground.network],
        gathering=gathering,
        scheduler=scheduler,
    )
    ground.network.connect()
    try:
        await ground.running.begin()
        yield ground.running
        await ground.running.stop(1.0)
    finally:
        await scheduler.stop()
        await ground.running.close()


async def test_rooms_are_entered_and_left_and_the_connection_stays(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    async with begun(ground) as running:
        ground.edit('"#old"', '{name: "#new", prefix: "%"}')
        applied = await running.reload()
        assert applied.changed == ("net/#new is entered", "net/#old is left")
        assert (applied.restart, applied.problems) == ((), ())
        await ground.until(lambda: set(ground.network.wanted) == {ROOM, NEW})
        assert ground.network.connection.state is State.UP
        assert "Thu 1 Jan 2099" in (await ground.ask("%when one", NEW) or "")
        assert await ground.ask("!when one", NEW) is None
        assert (await running.reload()).changed == ()


async def test_a_room_that_an_admin_let_it_out_of_stays_left_until_the_config_names_it_anew(
    tmp_path: Path,
) -> None:
    ground = Ground(tmp_path)
    async with begun(ground) as running:
        assert "I am out of net/#old" in (await ground.ask("!part net/#old") or "")
        assert "I am in net/#other" in (await ground.ask("!join #other") or "")
        await running.reload()
        assert set(ground.network.wanted) == {ROOM, Room("net", "#other")}
        (report,) = await running.networks()
        assert report.rooms == {ROOM, Room("net", "#other")}


async def test_another_key_does_not_bring_it_back_where_an_admin_let_it_out(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    entered: list[Room] = []
    async with begun(ground) as running:
        enter = ground.network.enter

        async def noted(room: Room) -> None:
            entered.append(room)
            await enter(room)

        ground.network.enter = noted  # type: ignore[method-assign] # to see what is entered again
        await ground.ask("!part net/#old")
        ground.edit('"#old"', '{name: "#old", key: sesame}')
        ground.edit('"#room"', '{name: "#room", key: sesame}')
        await running.reload()
        await ground.until(lambda: ROOM in entered)
        assert entered == [ROOM]
        assert set(ground.network.wanted) == {ROOM}


async def test_settings_and_admins_hold_at_once(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    async with begun(ground) as running:
        ground.edit("[net/boss]", "[net/other]\nprefix: '?'\nlimits: {commands: 1, silence: 1d}\nname: robot")
        ground.edit('"#room"', '{name: "#room", commands: {search: off}}')
        assert await ground.ask("!search one") is not None
        await running.reload()
        assert await ground.ask("?search one", account="other") is None
        assert ground.live.of(ROOM).prefix == ground.live.of(NEW).prefix == "?"
        assert await ground.ask("!networks", account="boss") is None
        assert await ground.ask("?networks", account="boss") == "Sorry, that is for my admins."
        assert "That is a lot at once" in (await ground.ask("robot: when is one?", account="boss") or "")
        assert "net: up" in (await ground.ask("?networks", account="other") or "")


async def test_a_mistake_in_the_config_keeps_all_and_every_admin_is_told_its_place(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    async with begun(ground) as running:
        ground.edit("catalog:", "perfix: x\ncatalog:")
        ground.edit('"#old"', '"#new", 7')
        ground.data.write_text(DATA.replace("2099", "2098"))
        answer = await ground.ask("!reload") or ""
        assert "2 mistakes; nothing is changed" in answer
        assert f"{ground.config}:3:1: error: unknown key 'perfix'; did you mean 'prefix'?" in answer
        assert "Thu 1 Jan 2099" in (await ground.ask("!when one") or "")
        assert set(ground.network.wanted) == {ROOM, OLD}
        assert ground.told() == []
        await running.read_again()
        await ground.until(lambda: bool(ground.network.told))
        (told,) = ground.told()
        assert told.startswith("boss: ")
        assert f"{ground.config}:3:1: error: unknown key" in told


async def test_a_mistake_in_the_data_keeps_the_data_and_applies_the_config(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    async with begun(ground) as running:
        ground.data.write_text(DATA.replace("2099-01-01", "2099-13-01"))
        ground.edit('"#old"', '"#new"')
        applied = await running.reload()
        (problem,) = applied.problems
        assert problem.startswith(f"{ground.data}:3:")
        assert applied.changed == ("net/#new is entered", "net/#old is left")
        assert "Thu 1 Jan 2099" in (await ground.ask("!when one") or "")
        ground.data.write_text(DATA.replace("2099-01-01", "2099-03-01"))
        assert (await running.reload()).changed == ("milestone other: one",)
        assert "Sun 1 Mar 2099" in (await ground.ask("!when one") or "")


async def test_another_catalog_is_taken_over_whole_or_not_at_all(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    async with begun(ground) as running:
        more = tmp_path / "more.yaml"
        more.write_text("group: example\nmilestones: {two: {date: 20990101}}\n")
        ground.edit("path: data.yaml", "path: [data.yaml, more.yaml], refresh: 1h")
        ground.edit('"#old"', '"#new"')
        assert len((await running.reload()).problems) == 1
        assert set(ground.network.wanted) == {ROOM, OLD}
        more.write_text("group: example\nmilestones: {two: {date: 2099-02-01}}\n")
        applied = await running.reload()
        assert "catalog: other sources" in applied.changed
        assert "milestone new: two" in applied.changed
        assert "Sun 1 Feb 2099" in (await ground.ask("!when two") or "")
        assert ground.every["reading source 0"] == 3600
        more.write_text("group: example\nmilestones: {two: {date: 2099-03-01}}\n ")
        await running.watch()
        await running.watch()
        assert "Sun 1 Mar 2099" in (await ground.ask("!when two") or "")


async def test_announcements_are_taken_over_also_by_a_bot_that_had_none(tmp_path: Path) -> None:
    ground = Ground(tmp_path, CONFIG.replace("admins: [net/boss]\n", ""))
    async with begun(ground) as running:
        assert ground.opened == 0
        ground.config.write_text(
            f"{CONFIG}announcements:\n  - {{name: dates, kind: changed, rooms: [net/#room]}}\n"
        )
        applied = await running.reload()
        assert applied.changed == ("announcement dates is new", "net/boss is an admin")
        assert ground.opened == 1
        ground.data.write_text(DATA.replace("2099-01-01", "2099-02-01"))
        await running.reload()
        await ground.until(lambda: bool(ground.network.announced))
        ((room, text, _),) = ground.network.announced
        assert room == ROOM
        assert "one moves from Thu 1 Jan 2099 to Sun 1 Feb 2099" in text
        assert "On its way to net/#room" in (await ground.ask("!announce hello") or "")
        await ground.until(lambda: len(ground.network.announced) == 2)
        ground.edit("kind: changed", "kind: changed, say: 'Now {new}'")
        await running.reload()
        ground.data.write_text(DATA.replace("2099-01-01", "2099-03-01"))
        await running.reload()
        await ground.until(lambda: len(ground.network.announced) == 3)
        assert "Now Sun 1 Mar 2099" in ground.network.announced[-1][1]
        assert ground.opened == 1


async def test_a_database_that_cannot_be_opened_keeps_all_as_it_was(tmp_path: Path) -> None:
    ground = Ground(tmp_path, CONFIG.replace("admins: [net/boss]\n", ""))
    async with begun(ground) as running:
        ground.broken = True
        ground.config.write_text(CONFIG.replace('"#old"', '"#new"'))
        applied = await running.reload()
        assert applied.problems == ("the disk is full",)
        assert set(ground.network.wanted) == {ROOM, OLD}
        ground.broken = False
        assert "net/boss is an admin" in (await running.reload()).changed


async def test_what_takes_a_restart_is_told_and_left(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    async with begun(ground) as running:
        ground.edit("nick: bot", "nick: robot")
        other = '  - {name: far, kind: irc, nick: bot, servers: [{host: h.example.org}], rooms: ["#far"]}\n'
        note = "announcements:\n  - {name: n, kind: note, text: x, cron: '* * * * *', rooms: [far/#far]}\n"
        ground.config.write_text(ground.config.read_text() + other + note)
        applied = await running.reload()
        assert applied.changed == ("announcement n is new",)
        assert applied.restart == ("far: the network is new", "net: nick")
        assert applied.problems == ()
        assert [each.rooms for each in ground.bot.announcements] == [()]
        # As long as it is so, it is told.
        assert (await running.reload()).restart == applied.restart


async def test_files_that_change_are_read_when_they_stand_still(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    async with begun(ground) as running:
        await running.watch()
        ground.data.write_text("group: example\nmilest")
        await running.watch()
        ground.data.write_text(DATA.replace("2099-01-01", "2099-03-01 "))
        await running.watch()
        assert "Thu 1 Jan 2099" in (await ground.ask("!when one") or "")
        await running.watch()
        assert "Sun 1 Mar 2099" in (await ground.ask("!when one") or "")
        ground.edit('"#old"', '"#new"')
        await running.watch()
        await running.watch()
        await ground.until(lambda: set(ground.network.wanted) == {ROOM, NEW})
        assert ground.told() == []


async def test_a_bad_edit_is_told_once_to_the_admins(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    async with begun(ground) as running:
        ground.data.write_text(DATA.replace("2099-01-01", "soon"))
        for _ in range(4):
            await running.watch()
        await ground.until(lambda: len(ground.network.told) == 1)
        # Another edit that leaves the mistake in is no news.
        ground.data.write_text(f"{ground.data.read_text()}  two: {{date: 2099-01-01}}\n")
        for _ in range(4):
            await running.watch()
        assert f"{ground.data}:3:" in ground.told()[0]
        ground.edit("networks:", "perfix: x\nnetworks:")
        for _ in range(4):
            await running.watch()
        await ground.until(lambda: len(ground.network.told) == 2)
        assert "unknown key 'perfix'" in ground.told()[1]
        assert all(document.private for _, document in ground.network.told)
        assert len(ground.network.told) == 2


async def test_what_an_admin_has_read_again_is_not_read_once_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    ground = Ground(tmp_path)
    async with begun(ground) as running:
        ground.edit("networks:", "perfix: x\nnetworks:")
        await running.watch()
        assert "unknown key" in (await ground.ask("!reload") or "")
        for _ in range(3):
            await running.watch()
        assert ground.told() == []
        assert caplog.text.count("unknown key 'perfix'") == 1


async def test_files_that_are_never_to_be_read_again_are_not_watched(tmp_path: Path) -> None:
    ground = Ground(tmp_path, CONFIG.replace("path: data.yaml", "path: data.yaml, refresh: off"))
    async with begun(ground) as running:
        ground.data.write_text(DATA.replace("2099-01-01", "2099-03-01 "))
        for _ in range(3):
            await running.watch()
        assert "Thu 1 Jan 2099" in (await ground.ask("!when one") or "")
        assert (await running.reload()).changed == ("milestone other: one",)


async def test_networks_are_told_with_what_waits_and_what_failed(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    ground.network.wanted[NEW] = "invite only"
    async with begun(ground) as running:
        ground.network.connect(State.DOWN)
        await ground.ask("!announce hello")
        (report,) = await running.networks()
        assert (report.name, report.waiting, report.failed) == ("net", 1, 0)
        ground.network.connect()
        assert "not in #new (invite only); 1 announcement yet to be made" in (
            await ground.ask("!networks") or ""
        )
        ground.outbox.broken = True
        (report,) = await running.networks()
        assert report.waiting == 0
        ground.outbox.broken = False


async def test_what_was_edited_while_it_started_is_noticed(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    reading = ground.read
    started: list[bool] = []

    def read() -> Reading:
        found = reading()
        if not started:
            started.append(True)
            ground.edit('"#old"', '"#new"')
        return found

    ground.read = read  # type: ignore[method-assign] # so that the edit comes between reading and running
    async with begun(ground) as running:
        await running.watch()
        await running.watch()
        await ground.until(lambda: set(ground.network.wanted) == {ROOM, NEW})


async def test_a_network_that_is_left_for_good_is_entered_no_more(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    async with begun(ground):
        ground.network.connect(State.STOPPED)
        assert "net is left until a restart: it failed." in (await ground.ask("!join #new") or "")
        assert NEW not in ground.network.wanted


async def test_what_an_admin_was_not_told_yet_outlives_another_config(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    async with begun(ground) as running:
        ground.network.connect(State.DOWN)
        ground.edit("networks:", "perfix: x\nnetworks:")
        await running.read_again()
        ground.edit("perfix: x\n", "")
        ground.edit("[net/boss]", "[net/boss, net/other]")
        await running.reload()
        ground.network.connect()
        await running.reload()
        await ground.until(lambda: bool(ground.network.told))
        (told,) = ground.told()
        assert told.startswith("boss: ")
        assert "unknown key 'perfix'" in told


async def test_in_rooms_that_the_config_does_not_name_holds_what_their_network_sets(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    async with begun(ground) as running:
        ground.edit("kind: irc,", "kind: irc, prefix: '%', commands: {search: mbsearch},")
        await running.reload()
        assert await ground.ask("!when one", NEW) is None
        assert "Thu 1 Jan 2099" in (await ground.ask("%when one", NEW) or "")
        assert ground.live.of(NEW).commands == {"search": "mbsearch"}
        assert ground.live.of(Room("elsewhere", "#new")).prefix == "!"


async def test_what_is_old_is_forgotten_every_day_and_never_by_a_clock_that_is_off(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    async with begun(ground) as running:
        assert ground.every["forgetting"] == 24 * 3600
        started = ground.bot.started
        for now in (started + timedelta(days=1), started + timedelta(days=3650), started + timedelta(days=2)):
            ground.bot.clock = SetClock(now)
            await running.prune()
        assert [each - started for each in ground.outbox.pruned] == [
            timedelta(days=each) for each in (1, 3, 2)
        ]
        ground.outbox.broken = True
        await running.prune()
        ground.outbox.broken = False
