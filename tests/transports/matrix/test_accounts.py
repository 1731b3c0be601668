"""Several accounts in one process, as `milestonebot run` starts it: on one real homeserver, and on two."""

import asyncio
import json
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.cli.test_run import started
from tests.clients.matrix import Event, MatrixClient
from tests.servers.fixtures import NewHomeserver
from tests.servers.synapse import Settings, Synapse

PASSWORD = "very-secret-password"  # noqa: S105 - of accounts that live for one test run


@dataclass(frozen=True, slots=True)
class Entry:
    """One account of the config."""

    name: str
    server: Synapse
    user: str
    rooms: tuple[str, ...] = ()

    def __str__(self) -> str:
        rooms = json.dumps(list(self.rooms))
        return (
            f'  - {{name: {self.name}, kind: matrix, homeserver: "{self.server.url}", user: "{self.user}",'
            f' password: {{env: BOT_PASSWORD}}, rooms: {rooms}, invites: {{from: ["@*:*"]}}}}\n'
        )


async def account(name: str, server: Synapse, user: str, *rooms: str) -> Entry:
    await server.register(user, PASSWORD)
    return Entry(name, server, f"@{user}:{server.server_name}", rooms)


async def run(
    folder: Path, entries: list[Entry], more: str = "", *, encryption: bool = True
) -> asyncio.subprocess.Process:
    networks = "".join(map(str, entries))
    if not encryption:
        networks = networks.replace("kind: matrix", "kind: matrix, encryption: false")
    (folder / "config.yaml").write_text(f"state: state\nlimits: off\nnetworks:\n{networks}{more}")
    return await started(folder, BOT_PASSWORD=PASSWORD)


async def ended(bot: asyncio.subprocess.Process) -> str:
    bot.send_signal(signal.SIGTERM)
    async with asyncio.timeout(6):
        _, log = await bot.communicate()
    assert bot.returncode == 0, log.decode()
    return log.decode()


def came(user: str) -> Callable[[Event], bool]:
    return lambda event: event.sender == user and event.content.get("membership") == "join"


def answers(person: MatrixClient, room: str) -> list[tuple[str, str]]:
    """Return who of the bots said what in a room, as far as the person heard."""
    return [
        (event.sender, event.text.partition(":")[0])
        for event in person.heard
        if (event.room, event.type) == (room, "m.room.message") and event.sender != person.user
    ]


async def test_two_accounts_of_one_homeserver_share_nothing(
    homeserver: Synapse, unique: Callable[[str], str], tmp_path: Path
) -> None:
    person = await homeserver.register(unique("alice"), "pw")
    shared = unique("shared")
    alias = f"#{shared}:{homeserver.server_name}"
    room = await person.create_room(preset="public_chat", room_alias_name=shared)
    entries = [await account(name, homeserver, unique("bot"), alias) for name in ("one", "two")]
    one, two = (entry.user for entry in entries)
    bot = await run(tmp_path, entries, f'bridged: [["one/{alias}", "two/{alias}"]]\n')
    mine = await person.create_room(one, name="of one")
    yours = await person.create_room(two, name="of two")
    for where, who in ((room, one), (room, two), (mine, one), (yours, two)):
        await person.until(where, came(who))
    for where, milestone in ((mine, "essex-1"), (yours, "essex-2"), (room, "essex-3")):
        await person.say(where, f"!when {milestone}")
        await person.until(where, lambda event, of=milestone: event.text.startswith(f"{of}:"))  # type: ignore[misc]  # bound
    name = two.removeprefix("@").partition(":")[0]
    await person.say(room, f"{name}: when is essex-4?")
    await person.until(room, lambda event: event.text.startswith("essex-4:"))
    log = await ended(bot)
    await person.sync()
    assert answers(person, mine) == [(one, "essex-1")]
    assert answers(person, yours) == [(two, "essex-2")]
    first, second = answers(person, room)
    assert first[1] == "essex-3"
    assert second == (two, "essex-4")
    assert PASSWORD not in log
    sessions = [
        json.loads((tmp_path / "state" / name / "session.json").read_text()) for name in ("one", "two")
    ]
    assert [session["user"] for session in sessions] == [one, two]
    for different in ("device_id", "access_token", "fingerprint"):
        assert len({session[different] for session in sessions}) == 2
    keys = [(tmp_path / "state" / name / "crypto.key").read_bytes() for name in ("one", "two")]
    assert len(set(keys)) == 2
    assert all((tmp_path / "state" / name / "crypto.db").exists() for name in ("one", "two"))


async def test_two_accounts_of_two_homeservers_of_which_one_fails(
    homeserver: Synapse, new_homeserver: NewHomeserver, unique: Callable[[str], str], tmp_path: Path
) -> None:
    other = await asyncio.to_thread(new_homeserver, Settings())
    people = [await server.register(unique("alice"), "pw") for server in (homeserver, other)]
    entries = [
        await account("here", homeserver, unique("bot")),
        await account("there", other, unique("bot")),
        Entry("wrong", other, f"@{unique('nobody')}:{other.server_name}"),
    ]
    bot = await run(tmp_path, entries)
    for person, entry in zip(people, entries, strict=False):
        room = await person.create_room(entry.user, name="release")
        await person.until(room, came(entry.user))
        asked = await person.say(room, "!when essex-2")
        assert (await person.reply_of(room, entry.user, after=asked)).text.startswith("essex-2:")
    await asyncio.to_thread(other.daemon.stop)
    room = await people[0].create_room(entries[0].user, name="another")
    await people[0].until(room, came(entries[0].user))
    asked = await people[0].say(room, "!when essex-3")
    assert (await people[0].reply_of(room, entries[0].user, after=asked)).text.startswith("essex-3:")
    log = await ended(bot)
    assert "wrong: the homeserver refuses the login" in log
    assert "trying again in" in log
    assert "Traceback" not in log
