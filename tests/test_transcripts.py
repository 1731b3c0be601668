"""docs/transcripts/ shows what a person sees: these tests have the same conversations on real servers.

`TRANSCRIPTS=update .venv/bin/pytest tests/test_transcripts.py` writes the files anew.
"""

from __future__ import annotations

import html
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from milestonebot.agenda import coming
from milestonebot.clock import at
from milestonebot.config import load_config
from milestonebot.render.irc import render_irc
from milestonebot.wording import worded
from tests.asking import shipped
from tests.transports.irc.running import irc_settings, running
from tests.transports.matrix.test_room import PASSWORD, House

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.fixtures import IrcPerson
    from tests.servers.network import IrcNetwork
    from tests.servers.synapse import Synapse

EXAMPLE = Path(__file__).parent.parent / "config.example.yaml"
TRANSCRIPTS = Path(__file__).parent.parent / "docs" / "transcripts"
ROOM = "#openstack-release"
ASKED = (
    "!milestone essex-2",
    "milestonebot: what is the next milestone?",
    "!when feature freeze",
    "!blueprints essex-2 horizon",
    "milestonebot: is nova-rootwrap in essex-2?",
    "!milestone esex-2",
    "!schedule",
)
LONG = ("!overview essex-2", "!more")
FORMATTING = re.compile("[\x02\x1d\x0f]")


FROM, UNTIL = "2011-12-12", "2012-01-27"
BESIDE_ITS_NAME = 440
"""Bytes that are left of a line of IRC for what is said."""


def compare(name: str, text: str) -> None:
    path = TRANSCRIPTS / name
    if os.environ.get("TRANSCRIPTS") == "update":
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


async def test_an_irc_channel_as_a_person_sees_it(irc_network: IrcNetwork, irc_person: IrcPerson) -> None:
    person = await irc_person(irc_network.ports.fast, "asker")
    other = await irc_person(irc_network.ports.fast, "other")
    await person.join(ROOM)
    await other.join(ROOM)
    lines: list[str] = []
    async with running(irc_settings(irc_network.ports.fast, nick="milestonebot", rooms=(ROOM,))):
        await person.until("JOIN", where=lambda line: line.nick == "milestonebot")
        for question in (*ASKED, *LONG):
            await person.say(ROOM, question)
            lines.append(f"<asker> {question}")
            first = await person.hear("milestonebot", target=ROOM)
            # It says its lines at once: what it is asked next is answered behind them.
            await other.say(ROOM, "!when essex-4")
            answer = [first]
            while "essex-4: " not in FORMATTING.sub("", (line := await person.hear("milestonebot")).text):
                answer.append(line)
            lines += [f"-milestonebot- {FORMATTING.sub('', line.text)}" for line in answer]
    compare("irc.txt", "\n".join(lines) + "\n")


def test_announcements_as_a_channel_sees_them() -> None:
    config = load_config(EXAMPLE, {})
    rules = {each.name: each for each in config.announcements}
    lines: list[str] = []
    for each in coming(shipped(), config.announcements, at(FROM).now(), at(UNTIL).now()):
        here = config.settings.of(each.room)
        document = worded(each, rules[each.announcement], shipped(), each.due, here)
        more = f"{here.prefix}{document.more}" if document.more else ""
        page = render_irc(document, width=BESIDE_ITS_NAME, more=more, formatting=False)
        lines += [
            f"{each.due:%d %b %Y %H:%M} UTC {each.room.name} <milestonebot> {line}" for line in page.lines
        ]
    compare("announcements.txt", "\n".join(lines) + "\n")


async def test_a_matrix_room_as_a_person_sees_it(
    homeserver: Synapse, unique: Callable[[str], str], tmp_path: Path
) -> None:
    name = unique("bot")
    await homeserver.register(name, PASSWORD)
    person = await homeserver.register(unique("asker"), "pw")
    house = House(homeserver, person, f"@{name}:{homeserver.server_name}", tmp_path / "state")
    plain: list[str] = []
    shown: list[str] = []
    async with house.bot():
        room = await house.room_with_the_bot()
        for question in (*ASKED, LONG[0]):
            asked = await person.say(room, question)
            reply = await person.reply_of(room, house.user, after=asked)
            plain += [f"asker: {question}", *(f"    {line}" for line in reply.text.splitlines())]
            shown += [f"<p class='asker'>{html.escape(question)}</p>", reply.content["formatted_body"]]
    compare("matrix.txt", "\n".join(plain) + "\n")
    compare("matrix.html", "\n".join(shown) + "\n")
