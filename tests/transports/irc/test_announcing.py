"""Announcements on a scripted server: how they are said, and how it is found out what became of them."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from milestonebot.document import Document, Strong, line, say
from milestonebot.errors import InDoubt, NetworkError, Refused
from milestonebot.ports import Room, Trace
from milestonebot.settings import RoomSettings, Settings
from milestonebot.transports.irc.settings import Pace
from milestonebot.transports.irc.tracing import KEY_TAG, key_value
from tests.transports.irc.running import QUICK, irc_settings, running, until
from tests.transports.irc.scripted import Guest, ScriptedServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from milestonebot.transports.irc.transport import IrcTransport

RELEASE = Room("net", "#Release")
NEWS = "essex-2 is tomorrow"
KEY = "countdown/net/#Release/openstack/essex/essex-2/2011-12-15/1d#0"
TAG = f"{KEY_TAG}={key_value(KEY)}"
TAGS = ("message-tags", "server-time", "batch")
ECHO = ":relbot!rel@bot.example PRIVMSG #release :"
SINCE = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async with ScriptedServer() as listening:
        yield listening


async def whois(guest: Guest, nick: str, *lines: str) -> None:
    """Answer the next WHOIS, which is about `nick`."""
    assert await guest.until("WHOIS ") == f"WHOIS {nick}"
    told = lines or (f"401 relbot {nick} :No such nick",)
    await guest.send(*(f":irc.test {each}" for each in told), f":irc.test 318 relbot {nick} :End")


async def marked(guest: Guest) -> None:
    """Answer the PING behind which all is known that came before."""
    token = (await guest.until("PING :milestonebot-mark")).removeprefix("PING ")
    await guest.send(f":irc.test PONG irc.test {token}")


@contextlib.asynccontextmanager
async def in_room(
    server: ScriptedServer,
    *capabilities: str,
    settings: Settings | None = None,
    **changed: Any,  # noqa: ANN401 - any of the settings' fields
) -> AsyncIterator[tuple[IrcTransport, Guest]]:
    """Run the bot until it is in its rooms."""
    bot = Settings(default=RoomSettings(limits=None)) if settings is None else settings
    async with running(irc_settings(server.port, **changed), bot, answering=False) as transport:
        guest = await server.guest()
        await guest.let_in(*capabilities)
        yield transport, guest


async def tracing(
    server: ScriptedServer,
    capabilities: tuple[str, ...],
    play: Callable[[Guest], Awaitable[None]],
    **changed: Any,  # noqa: ANN401 - any of the settings' fields
) -> Trace:
    """Trace the news on a server that then does what `play` does, when no ghost is left."""
    async with in_room(server, *capabilities, **changed) as (transport, guest):
        trace = asyncio.create_task(transport.trace(RELEASE, NEWS, KEY, SINCE))
        await marked(guest)
        await whois(guest, "relbot_")
        await play(guest)
        return await trace


async def nothing(_guest: Guest) -> None:
    """Say nothing."""


# --- how it is said


async def test_what_fits_is_one_line_and_what_does_not_names_the_command_for_all(
    server: ScriptedServer,
) -> None:
    here = {RELEASE: RoomSettings(prefix="%", commands={"overview": "landed"}, limits=None)}
    async with in_room(server, settings=Settings(rooms=here)) as (transport, _):
        assert transport.compose(RELEASE, say(NEWS)) == (NEWS,)
        long = Document(tuple(line(" ".join([f"word{n}"] * 60)) for n in range(9)), more="overview essex-2")
        parts = transport.compose(RELEASE, long)
        assert len(parts) == 3
        assert parts[-1].endswith("(6 more: %landed essex-2)")
        width = 512 - len(":relbot!rel@bot.example PRIVMSG #Release :\r\n")
        assert max(len(part.encode()) for part in parts) <= width
        elsewhere = transport.compose(Room("net", "#nova"), long)
        assert elsewhere[-1].endswith("(6 more: !overview essex-2)")


async def test_where_no_command_tells_all_of_it_none_is_named(server: ScriptedServer) -> None:
    async with in_room(server) as (transport, _):
        parts = transport.compose(RELEASE, say("word " * 400))
    assert len(parts) == 3
    assert parts[-1].endswith("word …")


async def test_without_a_prefix_the_command_is_named_behind_the_nick(server: ScriptedServer) -> None:
    settings = Settings(default=RoomSettings(prefix="", limits=None))
    long = Document((line("word " * 400),), more="overview essex-2")
    async with in_room(server, settings=settings) as (transport, _):
        assert transport.compose(RELEASE, long)[-1].endswith("(more: relbot: overview essex-2)")


async def test_what_never_went_out_is_no_doubt_and_what_did_is(server: ScriptedServer) -> None:
    async with in_room(server, "echo-message", pace=Pace(burst=4, every=60.0)) as (transport, guest):
        # MODE and JOIN took two of the four.
        said = [asyncio.create_task(transport.announce(RELEASE, f"{n}", f"k{n}")) for n in range(4)]
        await guest.until("PRIVMSG #Release :1")
        guest.drop()
        outcomes = await asyncio.gather(*said, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [InDoubt, InDoubt, NetworkError, NetworkError]


async def test_what_nobody_waits_for_holds_up_neither_announcements_nor_the_end(
    server: ScriptedServer,
) -> None:
    rooms = tuple(f"#{n}" for n in range(8))
    settings = irc_settings(server.port, rooms=rooms, pace=Pace(burst=8, every=60.0))
    async with running(settings, answering=False) as transport:
        guest = await server.guest()
        await guest.welcome("echo-message")
        asked = (await guest.until("JOIN ")).removeprefix("JOIN ").split(",")
        await guest.send(":irc.test 005 relbot CHANMODES=beI,k,l,cimnst :are supported")
        await guest.send(*(f":relbot!rel@bot.example JOIN {room}" for room in asked))
        looks = [await guest.until("MODE #") for _ in range(2)]
        said = asyncio.create_task(transport.announce(Room("net", "#7"), "news", "k"))
        assert await guest.until("PRIVMSG ") == "PRIVMSG #7 :news"
        await guest.send(":relbot!rel@bot.example PRIVMSG #7 :news")
        await said
        loop = asyncio.get_running_loop()
        begin = loop.time()
        stopping = asyncio.create_task(transport.stop())
        await guest.until("QUIT")
        guest.drop()
        await stopping
        assert loop.time() - begin < settings.waits.leave / 2
    assert looks == ["MODE #0", "MODE #1"]
    assert [each for each in guest.lines if each.startswith("MODE #")] == looks
    assert guest.lines[-1] in {"QUIT :Leaving", ""}


async def test_many_lines_do_not_wait_for_the_last_of_them(server: ScriptedServer) -> None:
    async with in_room(server, "echo-message", pace=None) as (transport, guest):
        link = transport._staying.link  # noqa: SLF001 - when its lines go out is what is tested
        assert link is not None
        said = [link.out.tell("PRIVMSG", "#Release", f"{n}", confirmed=True) for n in range(63)]
        assert not link.out.idle.is_set()
        said.append(link.out.tell("PRIVMSG", "#Release", "63", confirmed=True))
        assert link.out.idle.is_set()
        said.append(link.out.tell("PRIVMSG", "#Release", "64", confirmed=True))
        heard = [await guest.until("PRIVMSG #Release :") for _ in said]
        assert heard == [f"PRIVMSG #Release :{n}" for n in range(65)]
        await guest.send(*(f"{ECHO}{n}" for n in range(65)))
        assert await asyncio.gather(*said) == [""] * 65


async def test_where_echoes_are_taken_away_in_the_middle_a_ping_confirms(server: ScriptedServer) -> None:
    labels = ("message-tags", "batch", "echo-message", "labeled-response", "cap-notify")
    async with in_room(server, *labels, waits=replace(QUICK, confirm=0.3)) as (transport, guest):
        before = asyncio.create_task(transport.announce(RELEASE, "before", "k1"))
        assert (await guest.until("@")).endswith("PRIVMSG #Release :before")
        await guest.send(":irc.test CAP relbot DEL :echo-message labeled-response batch")
        await guest.caught_up()
        behind = asyncio.create_task(transport.announce(RELEASE, "behind", "k2"))
        assert (await guest.until("@")).endswith("PRIVMSG #Release :behind")
        await guest.send(f":s PONG s {(await guest.until('PING ')).removeprefix('PING ')}")
        assert await behind is None
        with pytest.raises(InDoubt):
            await before


@pytest.mark.parametrize(
    "refusal",
    [
        "404 relbot #Release :Can't send colors to channel (+c is set)",
        "408 relbot #release :No control codes",
    ],
)
async def test_a_room_that_takes_no_formatting_gets_none(server: ScriptedServer, refusal: str) -> None:
    async with in_room(server, "echo-message") as (transport, guest):
        document = Document((line("now ", Strong("bold")),))
        (part,) = transport.compose(RELEASE, document)
        assert part == "now \x02bold\x02"
        saying = asyncio.create_task(transport.announce(RELEASE, part, KEY))
        await guest.until("PRIVMSG ")
        await guest.send(f":irc.test {refusal}")
        with pytest.raises(NetworkError) as raised:
            await saying
        assert not isinstance(raised.value, (Refused, InDoubt))
        assert transport.compose(RELEASE, document) == ("now bold",)
        assert transport.compose(Room("net", "#nova"), document) == (part,)


@pytest.mark.parametrize(("tags", "reply"), [("@msgid=a=b ", "@+draft/reply=a=b "), ("", "")])
async def test_an_answer_names_the_message_that_it_answers(
    server: ScriptedServer, tags: str, reply: str
) -> None:
    async with in_room(server, "message-tags") as (transport, guest):
        await guest.send(f"{tags}:ann!a@h PRIVMSG #release :hello")
        message = await anext(transport.messages())
        await transport.send(message.room, say("hi"), reply_to=message)
        assert await guest.line() == f"{reply}NOTICE #Release :hi"


# --- what became of it


async def test_what_was_played_at_the_join_is_told_by_its_own_tag(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port), answering=False) as transport:
        guest = await server.guest()
        await guest.welcome(*TAGS)
        await guest.until("JOIN ")
        await guest.send(
            ":relbot!rel@bot.example JOIN #Release",
            ":irc.test BATCH +1 chathistory #Release",
            f"@batch=1;time=2026-05-01T12:00:00Z;msgid=x;{KEY_TAG}=other {ECHO}{NEWS}",
            f"@batch=1;time=2026-05-01T12:00:01Z;msgid=y;{TAG} {ECHO}altered",
            ":irc.test BATCH -1",
        )
        await until(lambda: RELEASE in transport.rooms)
        trace = asyncio.create_task(_traced(transport))
        await marked(guest)
        await whois(guest, "relbot_")
        assert await trace == Trace(said=True, id="y")


async def _traced(transport: IrcTransport) -> Trace:
    return await transport.trace(RELEASE, NEWS, KEY, SINCE)


@pytest.mark.parametrize(
    ("played", "found"),
    [
        (f"@batch=1;time=2026-05-01T12:00:01Z;msgid=y {ECHO}\x02{NEWS}\x02", True),
        (f"@batch=1;time=2026-05-01T11:00:01Z;msgid=y {ECHO}{NEWS}", False),
        (f"@batch=1;time=2026-05-01T12:00:01Z;msgid=y;{TAG} :mallory!m@host PRIVMSG #release :{NEWS}", False),
        (f"@batch=1;time=2026-05-01T12:00:01Z {ECHO}something else", False),
    ],
    ids=["text", "text of before", "another's", "another text"],
)
async def test_a_line_without_the_tag_is_told_by_its_text(
    server: ScriptedServer, played: str, *, found: bool
) -> None:
    async with running(irc_settings(server.port), answering=False) as transport:
        guest = await server.guest()
        await guest.welcome(*TAGS)
        await guest.until("JOIN ")
        await guest.send(
            ":relbot!rel@bot.example JOIN #Release",
            ":irc.test BATCH +1 chathistory #Release",
            "@batch=1;time=2026-05-01T10:00:00Z :ann!a@h PRIVMSG #release :before all that",
            played,
            ":irc.test BATCH -1",
        )
        await until(lambda: RELEASE in transport.rooms)
        trace = asyncio.create_task(_traced(transport))
        await marked(guest)
        await whois(guest, "relbot_")
        assert await trace == Trace(said=found, id="y" if found else None)


async def test_a_server_with_history_is_asked_page_by_page(server: ScriptedServer) -> None:
    def page(reference: str, *lines: str) -> tuple[str, ...]:
        return (
            f":irc.test BATCH +{reference} chathistory #Release",
            *(f"@batch={reference};{each}" for each in lines),
            f":irc.test BATCH -{reference}",
        )

    async def play(guest: Guest) -> None:
        asked = await guest.until("CHATHISTORY ")
        assert asked == "CHATHISTORY AFTER #Release timestamp=2026-05-01T11:59:00.000Z 100"
        others = [f"time=2026-05-01T12:00:0{n}Z;msgid=m{n} :ann!a@h PRIVMSG #release :hi" for n in range(3)]
        await guest.send(*page("a", *others))
        assert await guest.until("CHATHISTORY ") == "CHATHISTORY AFTER #Release msgid=m2 100"
        await guest.send(*page("b", f"time=2026-05-01T12:01:00Z;msgid=here;{TAG} {ECHO}{NEWS}"))

    trace = await tracing(server, (*TAGS, "draft/chathistory"), play)
    assert trace == Trace(said=True, id="here")


async def test_where_the_history_ends_without_it_it_was_not_said(server: ScriptedServer) -> None:
    async def play(guest: Guest) -> None:
        await guest.until("CHATHISTORY ")
        await guest.send(":irc.test BATCH +a chathistory #Release", ":irc.test BATCH -a")

    assert await tracing(server, (*TAGS, "draft/chathistory"), play) == Trace(said=False)


@pytest.mark.parametrize("repeat", [True, False])
async def test_where_nothing_tells_the_config_decides(server: ScriptedServer, *, repeat: bool) -> None:
    trace = await tracing(server, TAGS, nothing, repeat_in_doubt=repeat)
    assert trace == Trace(said=not repeat, sure=False)


async def test_a_server_that_refuses_its_history_has_none(server: ScriptedServer) -> None:
    async def play(guest: Guest) -> None:
        await guest.until("CHATHISTORY ")
        await guest.send(":irc.test FAIL CHATHISTORY INVALID_TARGET AFTER #Release :No history here")

    assert await tracing(server, (*TAGS, "draft/chathistory"), play) == Trace(said=False, sure=False)


GHOST = ("311 relbot relbot_ ~milestonebot old.host * :milestonebot",)


async def test_a_ghost_is_waited_for_and_what_it_still_says_is_heard(server: ScriptedServer) -> None:
    waits = replace(QUICK, look=0.01)
    async with in_room(server, *TAGS, waits=waits) as (transport, guest):
        trace = asyncio.create_task(_traced(transport))
        await marked(guest)
        await whois(guest, "relbot_", *GHOST)
        await whois(guest, "relbot_", *GHOST, "317 relbot relbot_ 3 1777636800 :seconds idle, signon time")
        assert not trace.done()
        await guest.send(f"@msgid=late;{TAG} :relbot_!rel@bot.example PRIVMSG #release :{NEWS}")
        await whois(guest, "relbot_")
        assert await trace == Trace(said=True, id="late")


@pytest.mark.parametrize(
    "lines",
    [
        ("311 relbot relbot_ somebody host * :milestonebot",),
        ("311 relbot relbot_ milestonebot host * :A person",),
        (*GHOST, "317 relbot relbot_ 3 1777640400 :seconds idle, signon time"),
    ],
    ids=["another username", "another real name", "came later"],
)
async def test_another_person_under_such_a_nick_is_no_ghost(
    server: ScriptedServer, lines: tuple[str, ...]
) -> None:
    async with in_room(server, *TAGS) as (transport, guest):
        trace = asyncio.create_task(_traced(transport))
        await marked(guest)
        await whois(guest, "relbot_", *lines)
        assert not (await trace).sure


async def test_who_stays_for_longer_than_any_server_keeps_a_ghost_is_none(
    server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    waits = replace(QUICK, look=0.01, ghost=0.0)
    async with in_room(server, *TAGS, waits=waits) as (transport, guest):
        trace = asyncio.create_task(_traced(transport))
        await marked(guest)
        await whois(guest, "relbot_", *GHOST)
        assert not (await trace).sure
        assert "stays, and is none of ours" in caplog.text
        again = asyncio.create_task(_traced(transport))
        await marked(guest)
        assert not (await again).sure, "it is not asked again"


async def test_after_a_cut_the_nick_of_the_last_connection_is_looked_for_too(server: ScriptedServer) -> None:
    async with in_room(server, *TAGS) as (transport, guest):
        await guest.send(":relbot!rel@bot.example NICK relbot77")
        await guest.caught_up()
        saying = asyncio.create_task(transport.announce(RELEASE, NEWS, KEY))
        assert await guest.until("@") == f"@{TAG} PRIVMSG #Release :{NEWS}"
        guest.drop()
        with pytest.raises(InDoubt):
            await saying
        with pytest.raises(NetworkError, match="not connected"):
            await _traced(transport)
        back = await server.guest()
        await back.let_in(*TAGS)
        trace = asyncio.create_task(_traced(transport))
        await marked(back)
        await whois(back, "relbot77")
        await whois(back, "relbot_")
        assert not (await trace).sure


async def test_a_trace_ends_with_its_connection_and_needs_the_room(server: ScriptedServer) -> None:
    async with in_room(server, *TAGS) as (transport, guest):
        with pytest.raises(NetworkError, match="not in the room"):
            await transport.trace(Room("net", "#elsewhere"), NEWS, KEY, SINCE)
        trace = asyncio.create_task(_traced(transport))
        await marked(guest)
        await guest.until("WHOIS ")
        guest.drop()
        with pytest.raises(NetworkError, match=r"closed the connection|reset"):
            await trace


async def test_a_server_that_does_not_answer_is_not_waited_for(server: ScriptedServer) -> None:
    async with in_room(server, waits=replace(QUICK, answer=0.01)) as (transport, _):
        with pytest.raises(NetworkError, match="PING: the server does not answer"):
            await _traced(transport)


# --- telling an admin


async def test_an_admin_is_told_wherever_the_services_say_that_he_is(server: ScriptedServer) -> None:
    async with in_room(server) as (transport, guest):
        await guest.send(":irc.test 005 relbot WHOX CASEMAPPING=rfc1459 :are supported")
        await guest.caught_up()
        telling = asyncio.create_task(transport.tell("Boss[m]", say("it failed")))
        assert await guest.until("WHO ") == "WHO #Release %tna,152"
        await guest.send(
            ":irc.test 354 relbot 152 Boss[m] 0",
            ":irc.test 354 relbot 999 liar boss[m]",
            ":irc.test 315 relbot #Release :End",
        )
        assert await guest.until("WHO ") == "WHO #nova %tna,152"
        await guest.send(":irc.test 354 relbot 152 ann boss{m}", ":irc.test 315 relbot #nova :End")
        assert await guest.until("PRIVMSG ") == "PRIVMSG ann :it failed"
        await guest.send(f":s PONG s {(await guest.until('PING ')).removeprefix('PING ')}")
        await telling


async def test_without_whox_the_nick_of_that_name_is_told_if_it_is_logged_in(server: ScriptedServer) -> None:
    async with in_room(server) as (transport, guest):
        for lines in (("330 relbot boss Boss :is logged in as",), ("307 relbot boss :is a registered nick",)):
            telling = asyncio.create_task(transport.tell("boss", say("it failed")))
            await whois(guest, "boss", "311 relbot boss b h * :Boss", *lines)
            assert await guest.until("PRIVMSG ") == "PRIVMSG boss :it failed"
            await guest.send(f":s PONG s {(await guest.until('PING ')).removeprefix('PING ')}")
            await telling
        for others in (("330 relbot boss other :is logged in as",), ()):
            telling = asyncio.create_task(transport.tell("boss", say("it failed")))
            await whois(guest, "boss", "311 relbot boss b h * :Boss", *others)
            with pytest.raises(NetworkError, match="nobody is there who is logged in as boss"):
                await telling


async def test_a_question_that_the_server_does_not_know_is_refused(server: ScriptedServer) -> None:
    async with in_room(server) as (transport, guest):
        for answer, error in (
            (":s 421 relbot WHOIS :Unknown", Refused),
            (":s 263 relbot WHOIS :x", NetworkError),
        ):
            telling = asyncio.create_task(transport.tell("boss", say("it failed")))
            await guest.until("WHOIS ")
            await guest.send(answer)
            with pytest.raises(error):
                await telling


# --- knowing an admin

BOSS = Settings(default=RoomSettings(limits=None), admins=frozenset({("net", "Boss"), ("other", "ann")}))


@pytest.mark.parametrize(
    ("lines", "account"),
    [
        (("330 relbot boss Boss :is logged in as",), "Boss"),
        (("330 relbot boss other :is logged in as",), "other"),
        (("307 relbot boss :user has identified to services",), "boss"),
        ((), None),
    ],
)
async def test_where_messages_do_not_tell_the_server_is_asked_who_an_admin_is(
    server: ScriptedServer, lines: tuple[str, ...], account: str | None
) -> None:
    async with in_room(server, settings=BOSS) as (transport, guest):
        await guest.say("!networks", nick="boss")
        await whois(guest, "boss", "311 relbot boss b h * :Boss", *lines)
        message = await anext(transport.messages())
        assert (message.text, message.sender.account) == ("!networks", account)


async def test_nobody_else_is_asked_about_and_no_chatter(server: ScriptedServer) -> None:
    async with in_room(server, settings=BOSS) as (transport, guest):
        await guest.say("!networks", nick="ann")
        await guest.say("good morning", nick="boss")
        messages = transport.messages()
        assert [(await anext(messages)).sender.account for _ in range(2)] == [None, None]
        assert await guest.caught_up() == []


async def test_where_messages_tell_nobody_is_asked_about(server: ScriptedServer) -> None:
    async with in_room(server, "account-tag", settings=BOSS) as (transport, guest):
        await guest.say("!networks", nick="boss")
        assert (await anext(transport.messages())).sender.account is None
        assert await guest.caught_up() == []


async def test_who_cannot_be_asked_about_is_nobody(server: ScriptedServer) -> None:
    waits = replace(QUICK, answer=0.01)
    async with in_room(server, settings=BOSS, waits=waits) as (transport, guest):
        await guest.say("!networks", nick="boss")
        assert (await anext(transport.messages())).sender.account is None
