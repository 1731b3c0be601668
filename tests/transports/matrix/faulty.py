"""A homeserver in memory that does wrong on request: what real ones and their proxies do on bad days.

It speaks as much of the client-server API as the bot asks for, to one account.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote

from aiohttp import web

Json = dict[str, Any]
Fault = Callable[[web.Request], Awaitable[web.StreamResponse]]

BOT = "@bot:faulty.test"
ALICE = "@alice:faulty.test"
ROOM = "!room:faulty.test"
PASSWORD = "pw"  # noqa: S105 - of an account in memory
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    at: float
    """Seconds of the monotonic clock."""
    method: str
    path: str


# --- faults


def answer(status: int, body: object, **headers: str) -> Fault:
    """Answer with JSON, or with a text as it stands."""

    async def fault(_: web.Request) -> web.StreamResponse:
        if isinstance(body, str):
            return web.Response(status=status, text=body, content_type="text/html", headers=headers)
        return web.json_response(body, status=status, headers=headers)

    return fault


async def truncated(request: web.Request) -> web.StreamResponse:
    """Promise more than is sent."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"next_batch": "s')
    assert request.transport is not None
    request.transport.close()
    return response


async def reset(request: web.Request) -> web.StreamResponse:
    """Cut the connection."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def hang(_: web.Request) -> web.StreamResponse:
    """Never answer."""
    await asyncio.Event().wait()
    raise AssertionError


@dataclass(slots=True)
class _Rule:
    method: str
    path: str
    fault: Fault
    times: int | None
    after: bool
    """Whether the request is done all the same, and only its answer is wrong."""


class Faulty:
    """The homeserver. `async with` starts it."""

    def __init__(self) -> None:
        self.requests: list[Asked] = []
        self.stream: list[tuple[str, Any]] = []
        """All events of all rooms, in order; a position is a place in it."""
        self.state: dict[str, list[Json]] = {}
        """The state events of the rooms that the bot is in."""
        self.account_data: dict[str, Json] = {}
        self.queries: list[dict[str, str]] = []
        """Those of the syncs."""
        self.filters: list[Json] = []
        """Those that were uploaded, by their ids."""
        self.to_device: list[Json] = []
        self.invited: dict[str, Json] = {}
        """Rooms that the bot is invited to, each told once."""
        self.files: list[tuple[str, bytes]] = []
        """What was uploaded, with its media type."""
        self.tokens: set[str] = set()
        self.password = PASSWORD
        self.soft_logout = False
        self.port = 0
        self._sent: dict[tuple[str, str], str] = {}
        self._rules: list[_Rule] = []
        self._news = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._logins = 0

    # --- what a test does

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wrong(
        self, path: str, fault: Fault, *, method: str = "", times: int | None = None, after: bool = False
    ) -> None:
        """Answer requests whose path ends with or holds `path` by `fault`, so many times or until `mend`."""
        self._rules.append(_Rule(method, path, fault, times, after))

    def mend(self) -> None:
        """Do no more wrong."""
        self._rules.clear()

    def room(self, room_id: str = ROOM, *people: str) -> str:
        """Make a room with the bot in it."""
        creator = {"type": "m.room.create", "state_key": "", "content": {"room_version": "10"}}
        members = [
            {"type": "m.room.member", "state_key": each, "content": {"membership": "join"}}
            for each in (BOT, *(people or (ALICE,)))
        ]
        name = {"type": "m.room.name", "state_key": "", "content": {"name": "release"}}
        self.state[room_id] = [
            {"sender": ALICE, "origin_server_ts": 1, "event_id": f"$state{len(self.state)}-{number}", **each}
            for number, each in enumerate([creator, name, *members])
        ]
        return room_id

    async def say(self, text: str, room_id: str = ROOM, sender: str = ALICE) -> str:
        """Let somebody say something; return the event's id."""
        content = {"msgtype": "m.text", "body": text}
        return await self.add({"type": "m.room.message", "sender": sender, "content": content}, room_id)

    async def add(self, event: Json, room_id: str = ROOM) -> str:
        """Add an event of any form to a room."""
        name = f"${len(self.stream)}"
        whole = {"event_id": name, "origin_server_ts": int(time.time() * 1000), **event}
        async with self._news:
            self.stream.append((room_id, whole))
            self._news.notify_all()
        return name

    def said(self, room_id: str = ROOM) -> list[Json]:
        """Return the contents of what the bot said."""
        return [
            event["content"]
            for room, event in self.stream
            if room == room_id
            and isinstance(event, dict)
            and (event.get("sender"), event.get("type")) == (BOT, "m.room.message")
        ]

    async def until(self, where: Callable[[], bool], within: float = 20) -> None:
        """Wait until something holds after an event, or holds already."""
        async with asyncio.timeout(within), self._news:
            await self._news.wait_for(where)

    def asked(self, path: str, method: str = "") -> list[Asked]:
        return [each for each in self.requests if path in each.path and method in each.method]

    async def invite(self, room_id: str, sender: str = ALICE) -> None:
        """Invite the bot to a room."""
        member = {"type": "m.room.member", "state_key": BOT, "sender": sender}
        events = [{**member, "content": {"membership": "invite"}}]
        self.invited[room_id] = {"invite_state": {"events": events}}
        await self.say("somebody is invited")

    def encrypt(self, room_id: str = ROOM) -> None:
        """Make a room an encrypted one."""
        self.state[room_id].append(
            {
                "type": "m.room.encryption",
                "state_key": "",
                "sender": ALICE,
                "event_id": "$encryption",
                "origin_server_ts": 1,
                "content": {"algorithm": "m.megolm.v1.aes-sha2"},
            }
        )

    def forget_transactions(self) -> None:
        """Forget which transaction ids were used."""
        self._sent.clear()

    def log_out(self, *, soft: bool) -> None:
        """Forget all tokens."""
        self.tokens.clear()
        self.soft_logout = soft

    # --- being one

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._do)
        self._runner = web.AppRunner(app, shutdown_timeout=0.01, handler_cancellation=True)
        await self._runner.setup()
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def start(self) -> None:
        """Listen, on the port of before."""
        assert self._runner is not None
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await self._site.start()
        self.port = self._runner.addresses[0][1]

    async def stop_listening(self) -> None:
        """Take no more connections."""
        assert self._site is not None
        await self._site.stop()

    async def _do(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/_matrix/client/v3/")
        self.requests.append(Asked(time.monotonic(), request.method, path))
        for rule in self._rules:
            if rule.path in path and rule.method in request.method and rule.times != 0:
                if rule.times is not None:
                    rule.times -= 1
                if rule.after:
                    await self._answer(request)
                return await rule.fault(request)
        return await self._answer(request)

    async def _answer(self, request: web.Request) -> web.StreamResponse:  # noqa: C901, PLR0911, PLR0912 - a table of endpoints
        parts = request.rel_url.raw_path.partition("?")[0].removeprefix("/_matrix/client/v3/").split("/")
        path = [unquote(part) for part in parts]
        if path == ["login"]:
            return await self._login(request)
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            told: Json = {"errcode": "M_UNKNOWN_TOKEN", "error": "?", "soft_logout": self.soft_logout}
            return web.json_response(told, status=401)
        match path:
            case ["sync"] if self._filter(request.query["filter"]) is None:
                return web.json_response({"errcode": "M_INVALID_PARAM", "error": "filter"}, status=400)
            case ["sync"]:
                self.queries.append(dict(request.query))
                return web.json_response(await self._sync(request))
            case ["account", "whoami"]:
                return web.json_response({"user_id": BOT, "device_id": "DEVICE"})
            case ["join", room_id]:
                return web.json_response({"room_id": room_id})
            case ["rooms", room_id, "send", kind, transaction]:
                return web.json_response(await self._send(request, room_id, kind, transaction))
            case ["rooms", room_id, "redact", _, transaction]:
                return web.json_response(await self._send(request, room_id, "m.room.redaction", transaction))
            case ["rooms", _, "leave"]:
                return web.json_response({})
            case ["rooms", room_id, "messages"]:
                return web.json_response(self._messages(request, room_id))
            case ["rooms", room_id, "joined_members"]:
                return web.json_response({"joined": {each: {} for each in self._members(room_id)}})
            case ["keys", "upload"]:
                return web.json_response({"one_time_key_counts": {"signed_curve25519": 50}})
            case ["keys", "query"]:
                return web.json_response({"device_keys": {}, "failures": {}})
            case ["", "_matrix", "media", "v3", "upload"]:
                self.files.append((request.headers["Content-Type"], await request.read()))
                return web.json_response({"content_uri": f"mxc://faulty.test/{len(self.files) - 1}"})
            case ["", "_matrix", "client", "v1", "media", "config"]:
                return web.json_response({"m.upload.size": 1_000_000})
            case ["user", _, "filter"]:
                self.filters.append(await request.json())
                return web.json_response({"filter_id": str(len(self.filters) - 1)})
            case ["user", _, "account_data", kind]:
                return await self._account_data(request, kind)
        return web.json_response({"errcode": "M_UNRECOGNIZED", "error": request.path}, status=404)

    async def _login(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        if asked["password"] != self.password:
            return web.json_response({"errcode": "M_FORBIDDEN", "error": "wrong"}, status=403)
        self._logins += 1
        token = f"token{self._logins}"
        self.tokens.add(token)
        device = asked.get("device_id", f"DEVICE{self._logins}")
        return web.json_response({"user_id": BOT, "device_id": device, "access_token": token})

    async def _sync(self, request: web.Request) -> Json:
        since = int(request.query["since"].removeprefix("s")) if "since" in request.query else None
        wait = int(request.query.get("timeout", "0")) / 1000
        if since is not None and wait:
            try:
                async with asyncio.timeout(wait), self._news:
                    await self._news.wait_for(lambda: len(self.stream) > since or bool(self.to_device))
            except TimeoutError:
                pass
        wanted = self._filter(request.query["filter"])
        assert wanted is not None
        limit = wanted["room"]["timeline"]["limit"]
        joined = {}
        for room_id in self.state:
            new = [
                (place, event)
                for place, (room, event) in enumerate(self.stream)
                if room == room_id and place >= (since or 0)
            ]
            whole = since is None or request.query.get("full_state") == "true"
            if not new and not whole:
                continue
            shown = new[-limit:]
            joined[room_id] = {
                "state": {"events": self.state[room_id] if whole else []},
                "timeline": {
                    "events": [event for _, event in shown],
                    "limited": len(shown) < len(new),
                    "prev_batch": f"s{shown[0][0] if shown else len(self.stream)}",
                },
                "ephemeral": {"events": []},
                "account_data": {"events": []},
            }
        told, self.to_device = self.to_device, []
        invited, self.invited = self.invited, {}
        return {
            "next_batch": f"s{len(self.stream)}",
            "rooms": {"join": joined, "invite": invited, "leave": {}},
            "to_device": {"events": told},
            "device_one_time_keys_count": {"signed_curve25519": 50},
            "device_lists": {"changed": [], "left": []},
            "presence": {"events": []},
        }

    def _filter(self, given: str) -> Json | None:
        """Return the filter of a sync, given whole or by its id; None where there is no such."""
        if given.startswith("{"):
            return json.loads(given)  # type: ignore[no-any-return]  # its form is known
        return self.filters[int(given)] if int(given) < len(self.filters) else None

    async def _send(self, request: web.Request, room_id: str, kind: str, transaction: str) -> Json:
        if (room_id, transaction) not in self._sent:
            content = await request.json()
            self._sent[room_id, transaction] = await self.add(
                {"type": kind, "sender": BOT, "content": content}, room_id
            )
        return {"event_id": self._sent[room_id, transaction]}

    def _messages(self, request: web.Request, room_id: str) -> Json:
        start = int(request.query.get("from", f"s{len(self.stream)}").removeprefix("s"))
        end = int(request.query.get("to", "s0").removeprefix("s"))
        wanted = json.loads(request.query.get("filter", "{}"))
        found = [
            (place, event)
            for place, (room, event) in enumerate(self.stream)
            if room == room_id and end <= place < start and _is_wanted(event, wanted)
        ][::-1][: int(request.query.get("limit", _PAGE))]
        told: Json = {"chunk": [event for _, event in found], "start": f"s{start}"}
        return told | ({"end": f"s{found[-1][0]}"} if found else {})

    async def _account_data(self, request: web.Request, kind: str) -> web.StreamResponse:
        if request.method == "PUT":
            self.account_data[kind] = await request.json()
            return web.json_response({})
        if kind not in self.account_data:
            return web.json_response({"errcode": "M_NOT_FOUND", "error": "none"}, status=404)
        return web.json_response(self.account_data[kind])

    def _members(self, room_id: str) -> Iterable[str]:
        for event in self.state[room_id]:
            if event["type"] == "m.room.member":
                yield event["state_key"]


def _is_wanted(event: Any, wanted: Json) -> bool:  # noqa: ANN401 - hostile ones, too
    senders, types = wanted.get("senders"), wanted.get("types")
    if not isinstance(event, dict):
        return True
    return (senders is None or event.get("sender") in senders) and (
        types is None or event.get("type") in types
    )
