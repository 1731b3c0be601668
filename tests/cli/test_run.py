"""`milestonebot run`: the service as an operator starts and stops it."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from milestonebot.cli import main
from tests.clients.irc import IrcClient, plain
from tests.servers.fixtures import IrcPerson
from tests.servers.network import IrcNetwork
from tests.servers.synapse import Synapse

CONFIG = """
state: state
limits: off
catalog: [{{kind: yaml, path: data.yaml}}, {{kind: openstack}}]
networks:
  - name: matrix
    kind: matrix
    homeserver: {url}
    user: "{user}"
    password: {{env: BOT_PASSWORD}}
    invites: {{from: ["@*:{server}"]}}
"""


async def started(folder: Path, **environ: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "milestonebot",
        "run",
        "--config",
        str(folder / "config.yaml"),
        env={**os.environ, **environ},
        stderr=asyncio.subprocess.PIPE,
    )


async def test_it_answers_in_a_room_stops_cleanly_and_shows_no_secret(
    homeserver: Synapse, unique: Callable[[str], str], tmp_path: Path
) -> None:
    name, password = unique("bot"), "very-secret-password"
    await homeserver.register(name, password)
    person = await homeserver.register(unique("alice"), "pw")
    user = f"@{name}:{homeserver.server_name}"
    (tmp_path / "config.yaml").write_text(
        CONFIG.format(url=homeserver.url, user=user, server=homeserver.server_name)
    )
    (tmp_path / "data.yaml").write_text("group: example\n")
    bot = await started(tmp_path, BOT_PASSWORD=password)
    room = await person.create_room(user, name="release")
    await person.until(
        room,
        lambda event: event.sender == user and event.content.get("membership") == "join",
        within=30,
    )
    asked = await person.say(room, "!milestone essex-2")
    assert "nova 13" in (await person.reply_of(room, user, after=asked)).text

    (tmp_path / "data.yaml").write_text("group: example\nmilestones: {party: {date: 2027-01-01}}\n")
    bot.send_signal(signal.SIGHUP)
    answer = ""
    while "party" not in answer or "No milestone" in answer:
        asked = await person.say(room, "!when party")
        answer = (await person.reply_of(room, user, after=asked)).text
    assert "Fri 1 Jan 2027" in answer

    second = await started(tmp_path, BOT_PASSWORD=password)
    _, refusal = await second.communicate()
    assert second.returncode == 2
    assert f"another milestonebot (process {bot.pid}) runs on the state folder" in refusal.decode()

    bot.send_signal(signal.SIGTERM)
    async with asyncio.timeout(5):
        _, log = await bot.communicate()
    assert bot.returncode == 0
    assert password not in log.decode()
    assert "Traceback" not in log.decode()
    # Nothing is ever announced by this config.
    assert not (tmp_path / "state" / "deliveries.db").exists()


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("prefix: '!'\n", "names no network"),
        ("networks: [{name: a, kind: console, rooms: [x]}]\n", "names no network that a service can be on"),
        (
            "networks: [{name: a, kind: matrix, homeserver: https://x.org, user: '@a:x.org'}]",
            "a login is missing",
        ),
    ],
)
def test_a_config_that_cannot_be_run_is_told(
    config: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.yaml").write_text(config)
    assert main(["run", "--config", str(tmp_path / "config.yaml")]) == 2
    assert told in capsys.readouterr().err


def test_the_service_goes_by_the_machines_clock(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--at", "2011-12-20"]) == 2
    assert "the service goes by the machine's clock" in capsys.readouterr().err


ANNOUNCING = """
state: state
admins: [irc/boss]
catalog: [{{kind: yaml, path: data.yaml, refresh: 1s}}]
networks:
  - name: irc
    kind: irc
    nick: {nick}
    servers: [{{host: 127.0.0.1, port: {port}, tls: false}}]
    rooms: ["{room}"]
  - {{name: here, kind: console, rooms: [terminal]}}
announcements:
  - {{name: dates, kind: changed, rooms: ["irc/{room}", here/terminal]}}
"""
DATA = "group: example\nmilestones: {{one: {{date: {date}}}}}\n"


async def test_it_announces_what_a_source_tells_once_also_across_a_restart(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Callable[[str], str], tmp_path: Path
) -> None:
    nick, room = unique("bot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(room)
    (tmp_path / "config.yaml").write_text(
        ANNOUNCING.format(nick=nick, room=room, port=irc_network.ports.fast)
    )
    (tmp_path / "data.yaml").write_text(DATA.format(date="2099-01-01"))
    bot = await started(tmp_path)
    await alice.until("JOIN", where=lambda line: line.nick == nick)
    # The first look may still be on its way: what was before it is no news.
    await alice.say(room, "!next")
    await alice.hear(nick, target=room)

    (tmp_path / "data.yaml").write_text(DATA.format(date="2099-02-02"))
    assert "2 Feb 2099" in (await alice.hear(nick, target=room)).text

    bot.send_signal(signal.SIGTERM)
    async with asyncio.timeout(10):
        _, log = await bot.communicate()
    assert bot.returncode == 0, log.decode()
    assert "dates: nothing is announced in here/terminal, which is a terminal" in log.decode()
    assert "Traceback" not in log.decode()

    # While it is away another date is set: it is told once it is back, and the one before not again.
    (tmp_path / "data.yaml").write_text(DATA.format(date="2099-03-03"))
    bot = await started(tmp_path)
    told = (await alice.hear(nick, target=room)).text
    assert "3 Mar 2099" in told
    assert "2 Feb 2099" in told
    bot.send_signal(signal.SIGTERM)
    async with asyncio.timeout(10):
        _, log = await bot.communicate()
    await alice.caught_up()
    said = [line.text for line in alice.heard if line.nick == nick and line.command in {"NOTICE", "PRIVMSG"}]
    assert len(said) == 3, said
    assert bot.returncode == 0, log.decode()


@pytest.mark.slow
async def test_a_database_that_cannot_be_used_is_told_in_one_line_and_no_network_sees_it(
    tmp_path: Path,
) -> None:
    met: list[object] = []
    network = await asyncio.start_server(lambda *streams: met.append(streams), "127.0.0.1")
    port = network.sockets[0].getsockname()[1]
    (tmp_path / "config.yaml").write_text(ANNOUNCING.format(nick="bot", room="#room", port=port))
    (tmp_path / "data.yaml").write_text(DATA.format(date="2099-01-01"))
    (tmp_path / "state").mkdir(mode=0o700)
    (tmp_path / "state" / "deliveries.db").write_bytes(b"no database at all" * 1000)
    bot = await started(tmp_path)
    async with asyncio.timeout(20):
        _, log = await bot.communicate()
    errors = [line for line in log.decode().splitlines() if " ERROR " in line]
    assert bot.returncode == 1
    assert len(errors) == 1, log.decode()
    assert "deliveries.db" in errors[0]
    assert "Traceback" not in log.decode()
    assert not met
    network.close()


AWAY = """
from typing import Literal

from milestonebot.errors import SourceError
from pydantic import BaseModel


class Settings(BaseModel):
    kind: Literal["their.tracker"]


class Source:
    def __init__(self, settings, folder):
        pass

    async def load(self):
        raise SourceError("the tracker does not answer")
"""


@pytest.mark.slow
async def test_a_source_that_cannot_be_read_at_the_start_is_for_a_supervisor_to_try_again(
    tmp_path: Path,
) -> None:
    config = ANNOUNCING.format(nick="bot", room="#room", port=1)
    (tmp_path / "config.yaml").write_text(
        config.replace("kind: yaml, path: data.yaml, refresh: 1s", "kind: their.tracker")
    )
    (tmp_path / "their").mkdir()
    (tmp_path / "their" / "tracker.py").write_text(AWAY)
    bot = await started(tmp_path, PYTHONPATH=str(tmp_path))
    async with asyncio.timeout(20):
        _, log = await bot.communicate()
    assert bot.returncode == 1, log.decode()
    assert log.decode().endswith("ERROR the tracker does not answer\n")
    # Nothing was planned from a catalog that is not whole.
    assert not (tmp_path / "state" / "deliveries.db").exists()


RELOADING = """
state: state
admins: [irc/{account}]
networks:
  - name: irc
    kind: irc
    nick: {nick}
    pace: off
    servers: [{{host: 127.0.0.1, port: {port}, tls: false}}]
    rooms: ["{room}"]
"""


async def test_an_admin_and_an_edit_of_the_config_move_it_and_a_bad_edit_is_told_to_the_admin(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Callable[[str], str], tmp_path: Path
) -> None:
    nick, room, account, port = unique("bot"), unique("#room"), unique("account"), irc_network.ports.fast
    await irc_network.register(account, "right")
    boss = await irc_person(port, "boss", sasl=plain(account, "right"))
    ann = await irc_person(port, "ann")
    for each in (boss, ann):
        for name in (room, f"{room}-edited", f"{room}-asked"):
            await each.join(name)
    config = tmp_path / "config.yaml"
    text = RELOADING.format(nick=nick, room=room, account=account, port=port)
    config.write_text(text)
    bot = await started(tmp_path)
    await boss.until("JOIN", where=lambda line: line.nick == nick and line.parameters[0] == room)

    # An admin's word is answered in private, and a stranger's refused.
    await ann.say(room, f"!join irc/{room}-asked")
    assert "for my admins" in (await ann.hear(nick, target=room)).text
    await boss.say(room, f"!join irc/{room}-asked")
    await boss.until("JOIN", where=lambda line: line.nick == nick and line.parameters[0] == f"{room}-asked")
    assert f"I am in irc/{room}-asked" in (await boss.hear(nick, target=boss.nick)).text

    # The edited file is noticed by itself; the connection stays.
    config.write_text(text.replace(f'["{room}"]', f'["{room}", "{room}-edited"]'))
    await boss.until("JOIN", where=lambda line: line.nick == nick and line.parameters[0] == f"{room}-edited")
    config.write_text(text.replace("state:", "stat:"))
    bot.send_signal(signal.SIGHUP)
    assert f"{config}:2:1: error: unknown key 'stat'" in await heard(boss, nick, "unknown key")
    await boss.say(f"{room}-edited", "!networks")
    assert f"in {room}, {room}-asked and {room}-edited" in await heard(boss, nick, "up since")

    # What it is told by hand holds, too: it leaves, and does not come back by itself.
    config.write_text(text)
    bot.send_signal(signal.SIGHUP)
    await boss.until("PART", where=lambda line: line.nick == nick and line.parameters[0] == f"{room}-edited")
    await boss.say(nick, f"part irc/{room}-asked")
    await boss.until("PART", where=lambda line: line.nick == nick and line.parameters[0] == f"{room}-asked")

    bot.send_signal(signal.SIGTERM)
    async with asyncio.timeout(10):
        _, log = await bot.communicate()
    assert bot.returncode == 0, log.decode()
    assert "Traceback" not in log.decode()
    assert log.decode().count("irc: connected") == 1
    assert not [line for line in ann.heard if line.nick == nick and f"{room}-asked" in line.text]


async def heard(person: IrcClient, nick: str, text: str) -> str:
    """Return what the bot says to a person alone, once it holds `text`."""
    while text not in (said := (await person.hear(nick, target=person.nick)).text):
        pass
    return said


async def test_what_libraries_say_of_each_line_and_query_is_left_out_of_the_debug_log() -> None:
    tried = """
import logging
from milestonebot.cli.run import _log_to_standard_error
_log_to_standard_error("debug")
for name in ("peewee", "aiosqlite", "irc.client", "nio.rooms", "milestonebot.x"):
    logging.getLogger(name).debug("from %s", name)
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", tried, stderr=asyncio.subprocess.PIPE
    )
    _, told = await process.communicate()
    assert told.decode().splitlines()[-1].endswith("DEBUG milestonebot.x: from milestonebot.x")
    assert told.count(b"from ") == 1
