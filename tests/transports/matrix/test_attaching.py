"""Very long answers are attached whole, where the homeserver takes them; where not, nobody is harmed."""

import asyncio
import logging
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from nio.crypto.attachments import decrypt_attachment

from milestonebot.router import Router
from tests.transports.matrix.faulty import ALICE, Fault, Faulty, answer, hang, reset, truncated
from tests.transports.matrix.houses import lists, running
from tests.transports.matrix.paging_on import short_pages
from tests.transports.matrix.phone import Phone
from tests.transports.matrix.test_announcing import house, up
from tests.transports.matrix.test_room import House

__all__ = ["house", "lists", "short_pages"]

LONG = 500


def files(server: Faulty) -> list[Any]:
    return [content for content in server.said() if content["msgtype"] == "m.file"]


def texts(server: Faulty) -> list[Any]:
    return [content for content in server.said() if content["msgtype"] == "m.notice"]


async def test_a_very_long_answer_is_attached_once_in_its_thread(tmp_path: Path, lists: Router) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path, more=lists):
            relation = {"rel_type": "m.thread", "event_id": "$root"}
            content = {"msgtype": "m.text", "body": f"!list {LONG}", "m.relates_to": relation}
            await server.add({"type": "m.room.message", "sender": ALICE, "content": content})
            await server.until(lambda: bool(files(server)))
            await server.say("!more")
            await server.say("!list 130")
            await server.until(lambda: len(texts(server)) == 3)
        assert [each["msgtype"] for each in server.said()].index("m.file") == 1
        (told,) = files(server)
        ((kind, data),) = server.files
    assert kind == "text/plain; charset=utf-8"
    assert data.decode().splitlines() == [f"{LONG} things:", *(f"• thing {each}" for each in range(LONG))]
    assert (told["body"], told["filename"]) == ("list-500.txt", "list-500.txt")
    assert told["info"] == {"mimetype": "text/plain", "size": len(data)}
    assert told["url"] == "mxc://faulty.test/0"
    assert told["m.mentions"] == {}
    assert told["m.relates_to"]["event_id"] == "$root"


def error(code: str, **more: object) -> dict[str, object]:
    return {"errcode": code, "error": "?", **more}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "tries"),
    [
        (answer(413, error("M_TOO_LARGE")), 1),
        (answer(403, error("M_FORBIDDEN")), 1),
        (answer(429, error("M_LIMIT_EXCEEDED", retry_after_ms=10)), 3),
        (answer(500, error("M_UNKNOWN")), 3),
        (answer(502, "<html>"), 3),
        (answer(200, {"content_uri": 5}), 3),
        (reset, 3),
        (truncated, 3),
        (hang, 1),
    ],
)
async def test_where_nothing_can_be_uploaded_the_answer_goes_on_without(
    tmp_path: Path, lists: Router, monkeypatch: pytest.MonkeyPatch, fault: Fault, tries: int
) -> None:
    monkeypatch.setattr("milestonebot.transports.matrix.said.attaching._BETWEEN", 0.01)
    async with Faulty() as server:
        server.room()
        server.wrong("v3/upload", fault)
        async with running(server, tmp_path, more=lists):
            await server.say(f"!list {LONG}")
            async with asyncio.timeout(10):
                while len(server.asked("v3/upload")) < tries:  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.01)
            await server.say("!more")
            await server.say("!when essex-1")
            await server.until(lambda: len(texts(server)) == 3)
        assert len(server.asked("v3/upload")) == tries
        assert not files(server)


async def test_a_file_whose_first_tries_fail_is_attached_later(
    tmp_path: Path, lists: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milestonebot.transports.matrix.said.attaching._BETWEEN", 0.01)
    async with Faulty() as server:
        server.room()
        server.wrong("v3/upload", answer(500, {}), times=2)
        async with running(server, tmp_path, more=lists):
            await server.say(f"!list {LONG}")
            await server.until(lambda: bool(files(server)))


@pytest.mark.slow
@pytest.mark.parametrize("older", [False, True])
async def test_what_the_homeserver_would_not_take_is_not_uploaded(
    tmp_path: Path, lists: Router, caplog: pytest.LogCaptureFixture, *, older: bool
) -> None:
    async with Faulty() as server:
        server.room()
        if older:
            server.wrong("client/v1/media/config", answer(404, error("M_UNRECOGNIZED")))
        server.wrong("/config", answer(200, {"m.upload.size": 1000}))
        with caplog.at_level(logging.INFO):
            async with running(server, tmp_path, more=lists):
                for number in (1, 2):
                    await server.say(f"!list {LONG}")
                    async with asyncio.timeout(10):
                        while caplog.text.count("the homeserver takes 1000") < number:  # noqa: ASYNC110 - nobody tells
                            await asyncio.sleep(0.01)
        assert not server.asked("v3/upload")
        assert len(server.asked("/config")) == (2 if older else 1)


async def test_where_the_homeserver_does_not_say_how_much_it_takes_it_is_tried(
    tmp_path: Path, lists: Router
) -> None:
    async with Faulty() as server:
        server.room()
        server.wrong("/config", answer(404, error("M_NOT_FOUND")))
        async with running(server, tmp_path, more=lists):
            await server.say(f"!list {LONG}")
            await server.until(lambda: bool(files(server)))


@pytest.mark.usefixtures("short_pages")
async def test_in_an_encrypted_room_the_file_is_sealed(house: House, tmp_path: Path) -> None:
    async with Phone(house.server.url, house.person, tmp_path / "phone") as phone, house.bot() as bot:
        room = await phone.encrypted_room(house.user)
        await phone.joined(room, house.user)
        await up(bot, room)
        await phone.say(room, "!blueprints essex-2")
        told = (await phone.says(house.user, "blueprints-essex-2.txt")).source["content"]
        file = told["file"]
        _, _, server, name = file["url"].split("/")
        address = f"{house.server.url}/_matrix/client/v1/media/download/{server}/{name}"
        headers = {"Authorization": f"Bearer {house.person.token}"}
        async with ClientSession() as session, session.get(address, headers=headers) as response:
            assert response.status == HTTPStatus.OK
            sealed = await response.read()
    plain = decrypt_attachment(sealed, file["key"]["k"], file["hashes"]["sha256"], file["iv"])
    assert plain.decode().count("/+spec/") == 19
    assert b"spec" not in sealed
    assert told["info"]["size"] == len(plain)
    assert "url" not in told
    assert file["v"] == "v2"
