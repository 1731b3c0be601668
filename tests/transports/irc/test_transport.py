"""The transport on a server that plays every trick."""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from milestonebot.clock import SystemClock
from milestonebot.document import say
from milestonebot.errors import InDoubt, NetworkError, Refused
from milestonebot.ports import Room, State
from milestonebot.secret import Secret
from milestonebot.settings import RoomSettings, Settings
from milestonebot.transports.irc.link import Link
from milestonebot.transports.irc.settings import NickServ, Pace, Sasl, Server, Waits
from milestonebot.transports.irc.tracing import KEY_TAG, key_value
from milestonebot.transports.irc.transport import IrcTransport
from milestonebot.transports.irc.wire.connection import Wire
from tests.transports.irc.playing import IS_SERVICE
from tests.transports.irc.running import BOT, became, irc_settings, running
from tests.transports.irc.scripted import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

_CLOCK = SystemClock()
RELEASE = Room("net", "#Release")
KEY = f"{KEY_TAG}={key_value('k')}"
ANSWER = "NOTICE #Release :\x02essex-2\x02 (Essex, 2012.1): released "


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async with ScriptedServer() as listening:
        yield listening


# --- answering


async def test_a_question_is_answered_in_its_room_and_in_private(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port)) as transport:
        guest = await server.guest()
        await guest.let_in()
        assert transport.rooms == {RELEASE, Room("net", "#nova")}
        assert transport.connection.state is State.UP
        await guest.say("!milestone essex-2")
        assert (await guest.line()).startswith(ANSWER)
        await guest.say("milestone essex-2", "relbot")
        assert (await guest.line()).startswith("NOTICE ann :\x02essex-2\x02")
        await guest.say("relbot: when is essex-3?", "#nova")
        assert (await guest.line()).startswith("NOTICE #nova :\x02essex-3\x02")


async def test_many_answers_go_out_in_one_piece(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    send = Wire.send

    def counted(wire: Wire, lines: Sequence[bytes]) -> None:
        written.append(len(lines))
        send(wire, lines)

    monkeypatch.setattr(Wire, "send", counted)
    async with running(irc_settings(server.port)):
        guest = await server.guest()
        await guest.let_in()
        await guest.say("!milestone essex-2")
        first = await guest.line()
        written.clear()
        question = ":ann!a@h PRIVMSG #Release :!milestone essex-2"
        await guest.send("\r\n".join([question] * 20))
        assert [await guest.line() for _ in range(20)] == [first] * 20
        assert written == [20]


async def test_what_is_ready_keeps_the_pace_and_its_order(server: ScriptedServer) -> None:
    asked = [f"!when essex-{number}" for number in (1, 2, 3, 4)]
    async with running(irc_settings(server.port, pace=Pace(3, 0.01))):
        guest = await server.guest()
        await guest.let_in()
        told = []
        for _ in range(3):
            for text in asked:
                await guest.say(text)
            told.append([await guest.line() for _ in asked])
        assert [line.partition(":")[2][1:8] for line in told[0]] == [f"essex-{n}" for n in (1, 2, 3, 4)]
        assert told == [told[0]] * 3


async def test_the_rest_of_what_is_ready_is_kept_too(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port)):
        guest = await server.guest()
        await guest.let_in()
        pages = []
        for _ in range(2):
            await guest.say("!search nova")
            pages.append([await guest.line() for _ in range(3)])
            await guest.say("!more")
            pages.append([await guest.line() for _ in range(2)])
        assert "more: !more" in pages[0][-1]
        assert pages[:2] == pages[2:]


async def test_the_first_line_is_cap_ls_and_then_password_nick_and_user(server: ScriptedServer) -> None:
    settings = irc_settings(
        servers=(Server("127.0.0.1", server.port, tls=False, password=Secret("let me in")),),
        realname="The release bot",
    )
    async with running(settings):
        guest = await server.guest()
        assert [await guest.line() for _ in range(4)] == [
            "CAP LS 302",
            "PASS :let me in",
            "NICK relbot",
            "USER milestonebot 0 * :The release bot",
        ]


async def test_cap_ls_comes_first_even_where_the_server_speaks_before_it() -> None:
    first = b":s NOTICE * :Looking up your hostname\r\nPING :early\r\n"
    async with ScriptedServer(first=first) as server:
        settings = irc_settings(server.port)
        async with running(settings):
            guest = await server.guest()
            assert await guest.line() == "CAP LS 302"
            assert await guest.until("PONG") == "PONG :early"


async def test_a_long_answer_is_three_lines_and_the_rest_behind_more(server: ScriptedServer) -> None:
    rooms = {RELEASE: RoomSettings(prefix="%", commands={"more": "next-page"}, limits=None)}
    async with running(irc_settings(server.port), Settings(rooms=rooms)):
        guest = await server.guest()
        await guest.let_in()
        await guest.say("%overview essex-2")
        first = [await guest.line() for _ in range(3)]
        assert await guest.caught_up() == []
        assert first[-1].endswith("%next-page)")
        await guest.say("%next-page")
        second = await guest.line()
        assert second.startswith("NOTICE #Release :")
        assert second not in first
        for line in [*first, second]:
            # What others see has our mask before it.
            assert len(f":relbot!rel@bot.example {line}\r\n".encode()) <= 512


async def test_no_line_begins_with_the_prefix_of_the_room(server: ScriptedServer) -> None:
    rooms = {RELEASE: RoomSettings(prefix="¿")}
    async with running(irc_settings(server.port), Settings(rooms=rooms), answering=False) as transport:
        guest = await server.guest()
        await guest.let_in()
        await transport.send(RELEASE, say("¿next"))
        assert await guest.line() == "NOTICE #Release :» ¿next"


async def test_lines_are_as_long_as_mask_and_linelen_allow(server: ScriptedServer) -> None:
    text = say("word " * 1000)
    async with running(irc_settings(server.port), answering=False) as transport:
        guest = await server.guest()
        await guest.let_in()
        for mask, length in (
            ("relbot!rel@bot.example", 512),
            (f"relbot!rel@{'x' * 60}", 512),
            ("relbot!r@h", 1024),
        ):
            await guest.send(
                f":{mask} PRIVMSG #release :echo", f":s 005 relbot LINELEN={length} :are supported"
            )
            await guest.caught_up()
            await transport.send(RELEASE, text)
            lines = [await guest.line() for _ in range(3)]
            sizes = [len(f":{mask} {line}\r\n".encode()) for line in lines]
            assert max(sizes) <= length
            assert max(sizes) > length - 10


async def test_notices_and_formatting_are_as_the_config_says(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port, notices=False, formatting=False)):
        guest = await server.guest()
        await guest.let_in()
        await guest.say("!milestone essex-2")
        assert (await guest.line()).startswith("PRIVMSG #Release :essex-2 (Essex")


async def test_what_is_said_to_operators_alone_is_answered_to_them(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port)):
        guest = await server.guest()
        await guest.let_in()
        await guest.send(":s 005 relbot STATUSMSG=@+ :are supported")
        await guest.say("!next", "@#release")
        assert (await guest.line()).startswith("NOTICE @#release :")


async def test_its_own_words_bots_notices_and_servers_are_not_answered(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port)):
        guest = await server.guest()
        await guest.let_in("message-tags")
        await guest.say("!next", nick="relbot")
        await guest.send(
            ":ann!a@h NOTICE #release :!next",
            "@bot :robot!a@h PRIVMSG #release :!next",
            ":irc.test PRIVMSG relbot :next",
            ":ann!a@h PRIVMSG relbot :\x01CLIENTINFO\x01",
        )
        assert [line for line in await guest.caught_up() if "\x01" not in line] == []


# --- faults


FAULTS = [
    b"\n",
    b"\r\n",
    b" \r\n",
    b":\r\n",
    b"@\r\n",
    b": :\r\n",
    b"@a=b;;=\\ :x \r\n",
    b"\x00\x00\r\n",
    b"\xff\xfe PRIVMSG #release :\xe9\x80\r\n",
    b":ann!a@h PRIVMSG #release :\xe9t\xe9 \xff\r\n",
    b":ann!a@h QUIT\r\n",
    b":ann!a@h PRIVMSG\r\n",
    b":ann!a@h PRIVMSG #release\r\n",
    b":ann!a@h NICK\r\n",
    b":ann!a@h JOIN\r\n",
    b":ann!a@h KICK #release\r\n",
    b"MODE\r\n",
    b":s MODE #release\r\n",
    b":s MODE #release +ooo\r\n",
    b":s 001\r\n",
    b":s 005\r\n",
    b":s 005 relbot PREFIX=( CHANMODES= LINELEN=-1 CASEMAPPING= TARGMAX=: = - :are supported\r\n",
    b":s 353 relbot\r\n",
    b":s 404\r\n",
    b":s 900\r\n",
    b":s 903 relbot :x\r\n",
    b":s CAP\r\n",
    b":s CAP relbot NAK\r\n",
    b":s CAP relbot NEW\r\n",
    b"BATCH\r\n",
    b"BATCH -\r\n",
    b"PONG\r\n",
    b"AUTHENTICATE\r\n",
    b"PING\r\n",
    b"PING :a\rQUIT :b\r\n",
    b":s 999 " + b"x " * 400 + b"\r\n",
    b":ann!a@h PRIVMSG #release :" + b"x" * 65_536 + b"\r\n",
    b"x" * (4 << 20) + b"\r\n",
    b"@" + b"a;" * 4000 + b" PING x\r\n",
    b":a,b!c@d PRIVMSG relbot :next\r\n",
    b"::!c@d PRIVMSG relbot :next\r\n",
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: repr(fault[:40]))
async def test_no_line_takes_it_down(server: ScriptedServer, fault: bytes) -> None:
    async with running(irc_settings(server.port)) as transport:
        guest = await server.guest()
        await guest.let_in()
        await guest.send_bytes(fault)
        await guest.caught_up()
        await guest.say("!milestone essex-2")
        assert (await guest.line()).startswith(ANSWER)
        assert transport.connection.state is State.UP


async def test_a_line_without_an_end_is_not_kept(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port)) as transport:
        guest = await server.guest()
        await guest.let_in()
        for _ in range(64):
            await guest.send_bytes(b"x" * 65_536)
        link = transport._staying.link  # noqa: SLF001 - its memory is what is tested
        assert link is not None
        assert link._wire is not None  # noqa: SLF001 - likewise
        assert len(link._wire.buffer.buffer) <= 16_384  # noqa: SLF001 - likewise
        await guest.send_bytes(b"\r\n")
        await guest.say("!milestone essex-2")
        assert (await guest.line()).startswith(ANSWER)


async def test_lines_may_come_in_any_pieces(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port)):
        guest = await server.guest()
        await guest.let_in()
        for byte in ":ann!a@h PRIVMSG #release :!milestone essex-2 é\n".encode():
            await guest.send_bytes(bytes([byte]))
        assert (await guest.line()).startswith("NOTICE #Release :")


async def test_a_question_in_latin_1_is_read(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port)):
        guest = await server.guest()
        await guest.let_in()
        await guest.send_bytes(":ann!a@h PRIVMSG #release :!milestone été\r\n".encode("latin-1"))
        assert "été" in await guest.line()


async def test_a_failing_handler_is_logged_and_the_connection_goes_on(
    server: ScriptedServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(irc_settings(server.port)) as transport:
        guest = await server.guest()
        await guest.let_in()
        link = transport._staying.link  # noqa: SLF001 - something must be broken
        assert link is not None

        def broken(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setitem(link.session._handlers, "TOPIC", broken)  # noqa: SLF001 - likewise
        await guest.send(":ann!a@h TOPIC #release :x")
        await guest.say("!milestone essex-2")
        assert (await guest.line()).startswith(ANSWER)
    assert "ZeroDivisionError" in caplog.text


# --- coming back


async def test_it_comes_back_after_a_drop_and_answers_nothing_twice(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port)) as transport:
        for _ in range(3):
            guest = await server.guest()
            await guest.let_in()
            await guest.say("!milestone essex-2")
            assert (await guest.line()).startswith(ANSWER)
            assert await guest.caught_up() == []
            guest.drop()
        assert (await server.guest()) is not None
        assert transport.rooms == frozenset()


async def test_after_a_good_connection_it_waits_as_little_as_at_first(server: ScriptedServer) -> None:
    # Were the wait to double each time, the last one would be of minutes.
    waits = Waits(reconnect=0.02, longest_reconnect=600.0, stable=0.0)
    async with running(irc_settings(server.port, waits=waits)):
        for _ in range(15):
            guest = await server.guest()
            await guest.let_in()
            guest.drop()


async def test_servers_are_tried_in_turn_and_those_that_are_not_there_are_passed(
    server: ScriptedServer,
) -> None:
    async with ScriptedServer() as other, ScriptedServer() as absent:
        await absent.stop()
        await absent.start()
        port = absent.port
        await absent.stop()
        async with running(irc_settings(port, server.port, other.port)):
            (await server.guest()).drop()
            (await other.guest()).drop()
            guest = await server.guest()
            await guest.let_in()
        await absent.start()


async def test_a_name_that_cannot_be_looked_up_is_one_failed_try(server: ScriptedServer) -> None:
    servers = (Server("no-such-host.invalid", 6667, tls=False), Server("127.0.0.1", server.port, tls=False))
    async with running(irc_settings(servers=servers)):
        await (await server.guest()).let_in()


async def test_what_nobody_expected_is_logged_and_tried_again(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, tries = Link.run, []

    async def broken_once(link: Link, where: Server) -> NetworkError:
        tries.append(where)
        if len(tries) == 1:
            raise ZeroDivisionError
        return await real(link, where)

    monkeypatch.setattr(Link, "run", broken_once)
    async with running(irc_settings(server.port)):
        await (await server.guest()).let_in()
    assert "ZeroDivisionError" in caplog.text


async def test_the_reason_is_kept_while_it_is_down(server: ScriptedServer) -> None:
    waits = Waits(reconnect=60.0)
    async with running(irc_settings(server.port, waits=waits)) as transport:
        guest = await server.guest()
        await guest.let_in()
        await guest.send("ERROR :Closing Link: relbot (Killed (oper (\x1b[31mSpam)))")
        await guest.gone()
        await became(transport, State.DOWN)
        assert transport.connection.reason == (
            "the server closed the connection: Closing Link: relbot (Killed (oper (?[31mSpam)))"
        )
        with pytest.raises(NetworkError):
            await transport.send(RELEASE, say("x"))


async def test_a_server_that_says_nothing_is_left(server: ScriptedServer) -> None:
    waits = Waits(register=0.05, reconnect=0.01)
    async with running(irc_settings(server.port, waits=waits)):
        silent = await server.guest()
        await silent.gone()
        assert silent.lines[-2:] == ["QUIT :Leaving", ""]
        assert (await server.guest()) is not None


async def test_a_server_that_falls_silent_is_left_after_two_pings(server: ScriptedServer) -> None:
    waits = Waits(ping=0.05, reconnect=0.01)
    async with running(irc_settings(server.port, waits=waits)):
        guest = await server.guest()
        await guest.let_in()
        begin = len(guest.lines)
        await guest.gone()
        assert guest.lines[begin:] == ["PING :milestonebot-alive"] * 2 + ["QUIT :Leaving", ""]
        assert (await server.guest()) is not None


async def test_a_list_of_capabilities_without_an_end_is_left(server: ScriptedServer) -> None:
    waits = Waits(register=0.2, reconnect=0.01)
    async with running(irc_settings(server.port, waits=waits)):
        guest = await server.guest()
        while await guest.line():
            await guest.send(*(f":s CAP * LS * :capability/{number}" for number in range(100)))
        assert (await server.guest()) is not None


async def test_a_kick_is_followed_by_a_join_that_waits(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port)) as transport:
        guest = await server.guest()
        await guest.let_in()
        await guest.send(":op!o@h KICK #release relbot :Go")
        assert await guest.caught_up() == []
        assert transport.rooms == {Room("net", "#nova")}
        with pytest.raises(NetworkError, match="not in the room"):
            await transport.send(RELEASE, say("x"))
        assert await guest.until("JOIN") == "JOIN #Release"
        await guest.send(":relbot!r@h JOIN #release")
        await guest.caught_up()
        assert RELEASE in transport.rooms


# --- logging in


async def test_a_refused_login_ends_it_where_it_is_required(server: ScriptedServer) -> None:
    sasl = Sasl("account", Secret("hunter2"), required=True)
    transport = IrcTransport(irc_settings(server.port, sasl=sasl), BOT, _CLOCK)
    run = asyncio.create_task(transport.run())
    guest = await server.guest()
    await guest.until("CAP LS")
    await guest.send(":s CAP * LS :sasl=PLAIN")
    await guest.until("CAP REQ")
    await guest.send(":s CAP * ACK :sasl")
    await guest.until("AUTHENTICATE PLAIN")
    await guest.send("AUTHENTICATE +")
    await guest.until("AUTHENTICATE ")
    await guest.send(":s 904 * :SASL authentication failed")
    with pytest.raises(Refused, match="SASL authentication failed"):
        await run
    assert transport.connection.state is State.STOPPED
    assert "SASL" in transport.connection.reason
    assert [message async for message in transport.messages()] == []


async def test_a_config_that_cannot_be_sent_ends_it_without_telling_the_password(
    server: ScriptedServer,
) -> None:
    servers = (Server("127.0.0.1", server.port, tls=False, password=Secret("hunter2\nQUIT")),)
    transport = IrcTransport(irc_settings(servers=servers), BOT, _CLOCK)
    with pytest.raises(Refused, match="cannot be sent") as raised:
        await transport.run()
    assert "hunter2" not in str(raised.value)


async def test_a_login_that_was_good_once_is_tried_again(server: ScriptedServer) -> None:
    sasl = Sasl("account", Secret("hunter2"), required=True)
    async with running(irc_settings(server.port, sasl=sasl)):
        for numeric in ("903", "904", "903"):
            guest = await server.guest()
            await guest.until("CAP LS")
            await guest.send(
                ":s CAP * LS :sasl", ":s CAP * ACK :sasl", "AUTHENTICATE +", f":s {numeric} * :x"
            )
            if numeric == "903":
                await guest.until("CAP END")
                await guest.send(":s 001 relbot :Hi", ":s 376 relbot :End")
                await guest.until("JOIN")
                guest.drop()
            else:
                await guest.gone()


async def test_no_secret_is_logged_by_us_or_by_the_package(
    server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    servers = (Server("127.0.0.1", server.port, tls=False, password=Secret("hunter1")),)
    settings = irc_settings(
        servers=servers, sasl=Sasl("a", Secret("hunter2")), nickserv=NickServ(Secret("hunter3"))
    )
    with caplog.at_level(logging.DEBUG):
        async with running(settings):
            guest = await server.guest()
            await guest.until("CAP LS")
            await guest.send(":s CAP * LS :sasl", ":s CAP * ACK :sasl", "AUTHENTICATE +")
            response = (await guest.until("AUTHENTICATE YQ")).removeprefix("AUTHENTICATE ")
            await guest.send(":s 904 * :no", ":s 001 relbot :Hi", ":s 376 relbot :End")
            await guest.until("WHOIS NickServ")
            await guest.send(*IS_SERVICE)
            assert await guest.until("PRIVMSG NickServ") == "PRIVMSG NickServ :IDENTIFY hunter3"
            await guest.send(
                ":relbot!r@h PRIVMSG NickServ :IDENTIFY hunter3", ":s 401 relbot NickServ :hunter3?"
            )
            await guest.until("JOIN")
    assert "PASS :hunter1" in guest.lines
    told = caplog.text.replace("hunter3?", "")
    assert "hunter" not in told
    assert response not in told


# --- saying


async def test_a_key_waits_for_the_networks_word(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port), answering=False) as transport:
        guest = await server.guest()
        await guest.let_in("message-tags", "batch", "echo-message", "labeled-response")
        sending = asyncio.create_task(transport.announce(RELEASE, "news", "k"))
        line = await guest.line()
        assert line == f"@label=1;{KEY} PRIVMSG #Release :news"
        assert not sending.done()
        await guest.send("@label=1;msgid=abc :relbot!r@h PRIVMSG #release :news")
        assert await sending == "abc"
        sending = asyncio.create_task(transport.announce(RELEASE, "news", "k"))
        await guest.line()
        await guest.send("@label=2 :s 403 relbot #release :Cannot send")
        with pytest.raises(Refused, match="Cannot send"):
            await sending


async def test_without_labels_and_echoes_a_ping_goes_behind_it(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port), answering=False) as transport:
        guest = await server.guest()
        await guest.let_in()
        sending = asyncio.create_task(transport.announce(Room("net", "ann"), "news", "k"))
        assert [await guest.line() for _ in range(2)] == ["PRIVMSG ann :news", "PING :milestonebot-1"]
        await guest.send(":s PONG s :milestonebot-1")
        assert await sending is None


async def test_what_is_not_confirmed_in_time_or_before_the_end_is_an_error(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port, waits=Waits(confirm=0.01)), answering=False) as transport:
        guest = await server.guest()
        await guest.let_in("echo-message")
        with pytest.raises(InDoubt, match="in time"):
            await transport.announce(RELEASE, "news", "k")
    async with running(irc_settings(server.port), answering=False) as transport:
        guest = await server.guest()
        await guest.let_in("echo-message")
        sending = asyncio.create_task(transport.announce(RELEASE, "news", "k"))
        await guest.line()
        guest.drop()
        with pytest.raises(InDoubt, match=r"closed the connection|reset"):
            await sending


@pytest.mark.slow
async def test_only_what_went_out_is_timed(server: ScriptedServer) -> None:
    pace = Pace(burst=2, every=0.2)
    settings = irc_settings(server.port, pace=pace, waits=Waits(confirm=0.15))
    async with running(settings, answering=False) as transport:
        guest = await server.guest()
        await guest.let_in()
        sending = [asyncio.create_task(transport.announce(RELEASE, str(n), str(n))) for n in range(3)]
        for _ in sending:
            await guest.send(":s PONG s :" + (await guest.until("PING :")).removeprefix("PING :"))
        await asyncio.gather(*sending)


async def test_what_nobody_waits_for_any_more_is_not_said(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port, pace=Pace(2, 0.1)), answering=False) as transport:
        guest = await server.guest()
        await guest.let_in()
        sending = asyncio.create_task(transport.announce(RELEASE, "old news", "k"))
        await asyncio.sleep(0)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await transport.stop()
        await guest.gone()
        assert "PRIVMSG #Release :old news" not in guest.lines


@pytest.mark.slow
async def test_where_the_server_does_not_read_lines_wait_and_keep_their_order(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port), answering=False) as transport:
        guest = await server.guest()
        await guest.let_in()
        guest.read(on=False)
        link = transport._staying.link  # noqa: SLF001 - what its socket is doing is what is tested
        assert link is not None
        assert link._wire is not None  # noqa: SLF001 - likewise
        said = 0
        while link._wire.writable:  # noqa: SLF001 - likewise
            texts = [f"{number} {'x' * 400}" for number in range(said, said + 100)]
            await asyncio.gather(*(transport.send(RELEASE, say(text)) for text in texts))
            said += len(texts)
        last = asyncio.create_task(transport.send(RELEASE, say("last")))
        await asyncio.sleep(0)
        assert not last.done()
        guest.read(on=True)
        await last
        lines = [await guest.line() for _ in range(said + 1)]
        numbers = [line.split()[2].removeprefix(":") for line in lines]
        assert numbers == [*map(str, range(said)), "last"]


async def test_a_ping_is_answered_past_a_queue_that_waits(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port, pace=Pace(3, 60.0)), answering=False) as transport:
        guest = await server.guest()
        await guest.let_in()
        sending = [asyncio.create_task(transport.send(RELEASE, say(f"line {n}"))) for n in range(20)]
        await guest.until("NOTICE")
        assert await guest.caught_up() == []
        await guest.send("ERROR :enough")
        results = await asyncio.gather(*sending, return_exceptions=True)
        assert sum(isinstance(each, NetworkError) for each in results) == 19


async def test_where_too_much_waits_more_is_refused(server: ScriptedServer) -> None:
    settings = irc_settings(server.port, pace=Pace(2, 60.0), waits=Waits(leave=0.01))
    async with running(settings, answering=False) as transport:
        guest = await server.guest()
        await guest.let_in()
        link = transport._staying.link  # noqa: SLF001 - the queue is filled from within
        assert link is not None
        for _ in range(3000):
            link.say("PING :x")
        with pytest.raises(NetworkError, match="too much waits"):
            await transport.send(RELEASE, say("x"))
        # For what cannot wait there is room: a PONG now, and a QUIT at the end.
        assert await guest.caught_up() == []
    assert await guest.until("QUIT")


async def test_what_cannot_be_a_target_is_an_error(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port), answering=False) as transport:
        guest = await server.guest()
        await guest.let_in()
        for name in ("", "a b", ":x", "a\r\nQUIT", "x" * 600):
            with pytest.raises(NetworkError):
                await transport.send(Room("net", name), say("x"))
        assert await guest.caught_up() == []


async def test_facts_with_line_ends_are_one_line(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port), answering=False) as transport:
        guest = await server.guest()
        await guest.let_in()
        await transport.send(RELEASE, say("one\r\nQUIT :two\rthree\0four\x01"))
        assert await guest.line() == "NOTICE #Release :one QUIT :two threefour"
        assert await guest.caught_up() == []


# --- leaving


async def test_it_says_what_is_under_way_and_quits(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port, pace=Pace(2, 0.05)), answering=False) as transport:
        guest = await server.guest()
        await guest.let_in()
        sending = [asyncio.create_task(transport.send(RELEASE, say(f"line {n}"))) for n in range(5)]
        await guest.until("NOTICE")
        stopping = asyncio.create_task(transport.stop())
        assert await guest.until("QUIT") == "QUIT :Leaving"
        guest.drop()
        await asyncio.gather(stopping, *sending)
        await became(transport, State.STOPPED)
        assert transport.connection.reason == "left"
        assert [line for line in guest.lines if "NOTICE" in line] == [
            f"NOTICE #Release :line {n}" for n in range(5)
        ]


async def test_a_server_that_does_not_let_go_is_left_in_time() -> None:
    waits = Waits(leave=0.05, quit=0.05)
    async with ScriptedServer(stubborn=True) as server:
        settings = irc_settings(server.port, pace=Pace(2, 60.0), waits=waits)
        async with running(settings, answering=False) as transport:
            guest = await server.guest()
            await guest.let_in()
            sending = asyncio.create_task(transport.send(RELEASE, say("x")))
            await asyncio.sleep(0)
            await transport.stop()
            with pytest.raises(NetworkError):
                await sending


async def test_it_stops_while_it_connects(server: ScriptedServer) -> None:
    transport = IrcTransport(irc_settings(server.port), BOT, _CLOCK)
    run = asyncio.create_task(transport.run())
    await became(transport, State.CONNECTING)
    await transport.stop()
    await run
    assert transport.connection.state is State.STOPPED


async def test_it_stops_while_a_server_lets_it_wait_for_tls() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        servers = (Server("127.0.0.1", deaf.getsockname()[1]),)
        async with running(irc_settings(servers=servers, waits=Waits(connect=60.0))) as transport:
            connection, _ = await asyncio.to_thread(deaf.accept)
            with connection:
                await transport.stop()
                await became(transport, State.STOPPED)


async def test_it_stops_while_it_registers(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port)) as transport:
        guest = await server.guest()
        await guest.until("USER")
        stopping = asyncio.create_task(transport.stop())
        assert await guest.until("QUIT")
        guest.drop()
        await stopping


async def test_it_stops_while_it_waits(server: ScriptedServer) -> None:
    async with running(irc_settings(server.port, waits=Waits(reconnect=60.0))) as transport:
        (await server.guest()).drop()
        await became(transport, State.DOWN)


async def test_one_that_never_ran_stops_at_once() -> None:
    transport = IrcTransport(irc_settings(1), BOT, _CLOCK)
    await transport.stop()
    await transport.run()
    assert transport.connection.state is State.STOPPED
    assert [message async for message in transport.messages()] == []


@pytest.mark.slow
def test_the_package_is_imported_only_when_a_transport_is() -> None:
    code = (
        "import sys, milestonebot.config, milestonebot.transports.irc\n"
        "assert not {'irc', 'jaraco'} & set(sys.modules)\n"
        "import milestonebot.transports.irc.transport\n"
        "assert 'irc' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
