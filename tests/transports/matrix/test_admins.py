"""What admins see and do on Matrix, as on IRC: by user id, answered in private."""

from collections.abc import Callable
from pathlib import Path

from tests.clients.matrix import MatrixClient
from tests.servers.synapse import Synapse
from tests.transports.matrix.test_accounts import account, came, ended, run


async def asked(person: MatrixClient, room: str, text: str, bot: str) -> str:
    message = await person.say(room, text)
    return (await person.reply_of(room, bot, after=message)).text


async def test_admins_see_the_networks_and_move_the_bot_and_nobody_else_does(
    homeserver: Synapse, unique: Callable[[str], str], tmp_path: Path
) -> None:
    boss = await homeserver.register(unique("boss"), "pw")
    guest = await homeserver.register(unique("guest"), "pw")
    name = unique("open")
    alias = f"#{name}:{homeserver.server_name}"
    public = await boss.create_room(preset="public_chat", room_alias_name=name)
    entry = await account("matrix", homeserver, unique("bot"))
    more = f'admins: ["matrix/{boss.user}"]\n'
    bot = await run(tmp_path, [entry], more, encryption=False)
    # The guest has all rights in the room, and the name of an admin: neither makes one.
    room = await guest.create_room(entry.user, boss.user, name="release")
    await boss.act(room, "join")
    await guest.until(room, came(entry.user))
    await guest.set_state(room, "m.room.member", {"membership": "join", "displayname": boss.user}, guest.user)
    assert await asked(guest, room, "!networks", entry.user) == "Sorry, that is for my admins."
    assert "for my admins" in await asked(guest, room, f"!join matrix/{alias}", entry.user)

    await boss.say(room, "!networks")
    direct = await boss.invitation()
    await boss.act(direct, "join")
    told = await boss.until(direct, lambda event: "up since" in str(event.content.get("body", "")))
    assert "matrix: up since" in told.text
    assert room in told.text

    await boss.say(direct, f"join matrix/{alias}")
    await boss.until(public, came(entry.user))
    assert (await asked(boss, public, "!when essex-2", entry.user)).startswith("essex-2:")
    await boss.say(direct, f"part matrix/{alias}")
    await boss.until(
        public,
        lambda event: event.sender == entry.user and event.content.get("membership") == "leave",
    )
    await ended(bot)
