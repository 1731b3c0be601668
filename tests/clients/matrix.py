"""A Matrix client on the plain HTTP API (Client-Server API v1.11), with the standard library alone."""

import asyncio
import hashlib
import hmac
import http.client
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote, urlencode

HOST = "127.0.0.1"
PATIENCE = 30.0
"""Seconds that a test waits for an event, unless it says otherwise."""
POLL = 1000
"""Milliseconds that one /sync waits: no longer, since a thread that waits for it cannot be stopped."""

_ALL = '{"room": {"timeline": {"limit": 1000}}}'
"""By itself a /sync tells the last ten events of a room."""

Json = dict[str, Any]


class MatrixError(Exception):
    """The server's answer was an error; holds status, `errcode` and all the rest."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.errcode: str = body.get("errcode", "")


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a room's timeline."""

    id: str
    room: str
    sender: str
    type: str
    content: Json
    ts: int
    """Milliseconds since 1970."""

    @property
    def text(self) -> str:
        """Return the plain text of a message."""
        body = self.content.get("body", "")
        assert isinstance(body, str)
        return body


def event_of(room: str, raw: Json) -> Event:
    """Make an event of its JSON."""
    return Event(
        id=raw["event_id"],
        room=room,
        sender=raw["sender"],
        type=raw["type"],
        content=raw["content"],
        ts=raw["origin_server_ts"],
    )


def answer_of(port: int, method: str, path: str, body: Json | None, token: str | None) -> Json:
    """Ask the server and return its answer; raises MatrixError, OSError."""
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE * 2)
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        answer: Json = json.loads(response.read())
    finally:
        connection.close()
    if response.status != http.HTTPStatus.OK:
        raise MatrixError(response.status, answer)
    return answer


async def ask(port: int, method: str, path: str, body: Json | None = None, token: str | None = None) -> Json:
    """Ask without holding up the event loop."""
    return await asyncio.to_thread(answer_of, port, method, path, body, token)


async def register(
    port: int, secret: str, name: str, password: str, *, admin: bool = False
) -> "MatrixClient":
    """Register a user with Synapse's shared secret (its admin API, "Shared-Secret Registration")."""
    path = "/_synapse/admin/v1/register"
    nonce: str = (await ask(port, "GET", path))["nonce"]
    parts = [nonce, name, password, "admin" if admin else "notadmin"]
    mac = hmac.new(secret.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
    user = {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac}
    return MatrixClient.of(port, await ask(port, "POST", path, user))


@dataclass(slots=True)
class MatrixClient:
    """One user on one device; `heard` has all events that came by /sync."""

    port: int
    user: str
    """The whole id: @alice:matrix.test."""
    device: str
    token: str
    since: str | None = None
    heard: list[Event] = field(default_factory=list)
    invites: dict[str, list[Json]] = field(default_factory=dict)
    """The rooms that we are invited to and have not joined, with what is told of them."""

    @classmethod
    def of(cls, port: int, answer: Json) -> Self:
        """Make one of the answer to a log-in."""
        return cls(port, answer["user_id"], answer["device_id"], answer["access_token"])

    @classmethod
    async def log_in(cls, port: int, name: str, password: str, *, device: str | None = None) -> Self:
        """Log in with a password, on a new device or a known one."""
        body: Json = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": name},
            "password": password,
        }
        if device:
            body["device_id"] = device
        return cls.of(port, await ask(port, "POST", "/_matrix/client/v3/login", body))

    async def ask(
        self, method: str, path: str, body: Json | None = None, query: Mapping[str, object] | None = None
    ) -> Json:
        """Ask as this user; the path is what stands after /_matrix/client/v3/."""
        tail = f"?{urlencode(query)}" if query else ""
        return await ask(self.port, method, f"/_matrix/client/v3/{path}{tail}", body, self.token)

    # --- rooms

    async def create_room(self, *invited: str, **settings: object) -> str:
        """Create a room and return its id; settings are those of POST /createRoom."""
        answer = await self.ask(
            "POST", "createRoom", {"preset": "private_chat", "invite": invited, **settings}
        )
        room: str = answer["room_id"]
        return room

    async def act(self, room: str, action: str, **body: object) -> None:
        """Join, leave or forget a room, or invite, kick, ban or unban someone (user_id=…)."""
        await self.ask("POST", f"rooms/{quote(room)}/{action}", body)

    async def members(self, room: str) -> set[str]:
        """Return the ids of those who have joined."""
        return set((await self.ask("GET", f"rooms/{quote(room)}/joined_members"))["joined"])

    async def state(self, room: str, kind: str, key: str = "") -> Json:
        """Return the content of a piece of a room's state."""
        return await self.ask("GET", f"rooms/{quote(room)}/state/{kind}/{quote(key)}")

    async def set_state(self, room: str, kind: str, content: Mapping[str, object], key: str = "") -> None:
        """Set a piece of a room's state."""
        await self.ask("PUT", f"rooms/{quote(room)}/state/{kind}/{quote(key)}", dict(content))

    # --- talking

    async def send(self, room: str, kind: str, content: Mapping[str, object]) -> str:
        """Send an event of any kind and return its id."""
        path = f"rooms/{quote(room)}/send/{kind}/{uuid.uuid4()}"
        answer = await self.ask("PUT", path, dict(content))
        event: str = answer["event_id"]
        return event

    async def say(self, room: str, text: str, **content: object) -> str:
        """Say something, perhaps with further content, and return the event's id."""
        return await self.send(room, "m.room.message", {"msgtype": "m.text", "body": text, **content})

    async def edit(self, room: str, event: str, text: str) -> str:
        """Replace what we said."""
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": event}
        return await self.say(room, f"* {text}", **{"m.new_content": new, "m.relates_to": relation})

    async def redact(self, room: str, event: str) -> None:
        """Take back what was said."""
        await self.ask("PUT", f"rooms/{quote(room)}/redact/{quote(event)}/{uuid.uuid4()}", {})

    # --- listening

    async def sync(self, *, wait: int = 0) -> list[Event]:
        """Return the events that are new since the last call; wait so many milliseconds for one."""
        query: dict[str, object] = {"timeout": wait, "filter": _ALL}
        if self.since is not None:
            query["since"] = self.since
        answer = await self.ask("GET", "sync", query=query)
        self.since = answer["next_batch"]
        rooms = answer.get("rooms", {})
        new: list[Event] = []
        for room, update in (rooms.get("join", {}) | rooms.get("leave", {})).items():
            self.invites.pop(room, None)
            new += [event_of(room, raw) for raw in update.get("timeline", {}).get("events", [])]
        for room, invite in rooms.get("invite", {}).items():
            self.invites[room] = invite["invite_state"]["events"]
        self.heard += new
        return new

    async def until(self, room: str, where: Callable[[Event], bool], *, within: float = PATIENCE) -> Event:
        """Return the first event of a room, heard before or to come, that fulfils a condition."""
        looked_at = 0
        try:
            async with asyncio.timeout(within):
                while True:
                    for event in self.heard[looked_at:]:
                        if event.room == room and where(event):
                            return event
                    looked_at = len(self.heard)
                    await self.sync(wait=POLL)
        except TimeoutError:
            heard = "\n".join(map(repr, self.heard[-10:]))
            raise AssertionError(f"no such event in {within} s; the last that came:\n{heard}") from None

    async def reply_of(self, room: str, sender: str, *, after: str, within: float = PATIENCE) -> Event:
        """Return the next message of a sender that came after an event."""

        def follows(event: Event) -> bool:
            ids = [each.id for each in self.heard]
            message = event.type == "m.room.message" and event.sender == sender
            return message and after in ids and ids.index(event.id) > ids.index(after)

        return await self.until(room, follows, within=within)

    async def invitation(self, *, within: float = PATIENCE) -> str:
        """Return the id of a room that we are invited to, now or soon."""
        async with asyncio.timeout(within):
            while not self.invites:
                await self.sync(wait=POLL)
        return next(iter(self.invites))
