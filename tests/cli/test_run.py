"""`milestonebot run`: the service as an operator starts and stops it."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from milestonebot.cli import main
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
