"""A network of `kind: matrix`: one account on one homeserver."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from milestonebot.config.elsewhere import Given, NetworkSecret, kept
from milestonebot.config.options import IN_DOUBT, Emptied, Entry, InDoubt, Reconnect, RoomEntry, RoomOptions
from milestonebot.config.values import Duration, NetworkName, RoomName, is_here
from milestonebot.transports.matrix.settings import MatrixSettings

if TYPE_CHECKING:
    from pathlib import Path

_SERVER_NAME = r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?"
"""Appendices of the specification, "Server Name"."""
_USER = re.compile(rf"@[^\s:@]+:{_SERVER_NAME}")
_ALIAS = re.compile(rf"#[^\s:]+:{_SERVER_NAME}")
_ID = re.compile(rf"![^\s:]+:{_SERVER_NAME}|![A-Za-z0-9_-]{{43}}")
"""Since version 12 of rooms, an id is a hash and names no server."""
_ENDPOINT = re.compile(r"/(?:_matrix|_synapse)(?:/|$)")
_WELL_KNOWN = "/.well-known"
_FINGERPRINT = re.compile(r"[A-Za-z0-9+/]{43}")
_SERVER = re.compile(r"@[^\s:@]+:\S+")


def _homeserver(url: str) -> str:
    """Return a URL whose connection is private: a password goes over it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port  # ValueError where it is none
        private = parts.scheme == "https" or (parts.scheme == "http" and is_here(host))
    except ValueError:
        parts, host, private = urlsplit(""), "", False
    if not host or not private:
        raise ValueError(f"{url[:60]!r} is no homeserver: write https:// and its name, as https://matrix.org")
    if parts.query or parts.fragment or parts.username:
        raise ValueError(f"{url[:60]!r} holds more than a homeserver's address")
    if (found := _ENDPOINT.search(parts.path)) is not None:
        more = parts.path[found.start() :].rstrip("/")[:60]
        raise ValueError(f"{url[:60]!r} is no homeserver: take out {more}, which the bot writes itself")
    if _WELL_KNOWN in parts.path:
        raise ValueError(f"{url[:60]!r} is no homeserver: write what stands there as base_url")
    return url.rstrip("/")


def is_user(text: str) -> bool:
    """Tell whether `text` is written as a user id is: `@name:server`."""
    return _USER.fullmatch(text) is not None and text.isprintable()


def _user(text: str) -> str:
    if not is_user(text):
        raise ValueError(f"{text[:60]!r} is no user id: write @name:server, in quotes")
    return text


def _inviter(text: str) -> str:
    if not _SERVER.fullmatch(text) or not text.isprintable():
        raise ValueError(
            f"{text[:60]!r} stands for no users: write @name:server, where * stands for anything"
        )
    return text


def _room(text: str) -> str:
    if text[:1] not in ("#", "!"):
        raise ValueError(f"{text[:60]!r} is no room: an alias begins with #, an id with !")
    if text[0] == "#" and not _ALIAS.fullmatch(text):
        name = text[1:].partition(":")[0][:40] or "name"
        form = f"write #{name}:server, as #{name}:example.org"
        raise ValueError(f"{text[:60]!r} is no alias: {form}")
    if text[0] == "!" and not _ID.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is no id of a room: copy all of it, as !abc:example.org")
    return text


def _fingerprint(text: str) -> str:
    """Return a device's Ed25519 key without the spaces that clients show it with."""
    key = "".join(text.split())
    if not _FINGERPRINT.fullmatch(key):
        raise ValueError(f"{text[:60]!r} is no device key: copy what the client calls its session key")
    return key


MatrixRoomName = Annotated[RoomName, AfterValidator(_room)]


class MatrixRoom(RoomEntry):
    """A room and what is set for it."""

    name: Annotated[
        MatrixRoomName, Field(description="The room's alias (#name:server) or id (!…), in quotes.")
    ]


class Invites(Entry):
    """Whose invitations are accepted; all others are refused."""

    from_: Annotated[
        list[Annotated[str, AfterValidator(_inviter)]],
        Field(alias="from", description='User ids, where * stands for anything: "@*:example.org".'),
    ]


class MatrixNetwork(RoomOptions):
    """One account on one homeserver."""

    name: Annotated[NetworkName, Field(description="The network's name, as `network/room` begins with.")]
    kind: Annotated[Literal["matrix"], Field(description="Matrix.")]
    homeserver: Annotated[
        Given, AfterValidator(_homeserver), Field(description="Its address, such as https://matrix.org.")
    ]
    user: Annotated[Given, AfterValidator(_user), Field(description="The user id: @name:server, in quotes.")]
    password: Annotated[NetworkSecret | None, Field(description="The account's password.")] = None
    access_token: Annotated[NetworkSecret | None, Field(description="An access token in its place.")] = None
    device_id: Annotated[
        Given | None, Field(min_length=1, max_length=255, description="The device of the access token.")
    ] = None
    rooms: Annotated[
        Emptied[MatrixRoomName | MatrixRoom],
        Field(description="The rooms to be in: aliases or ids, or those with what is set for them."),
    ] = Field(default_factory=list)
    invites: Annotated[Invites, Field(description="Whose invitations are accepted.")] = Invites(
        **{"from": []}
    )
    max_age: Annotated[
        Duration, Field(description="How old a question may be that is still answered after a restart.")
    ] = 3600.0
    reconnect: Annotated[Reconnect, Field(description="How soon a lost homeserver is tried again.")] = (
        Reconnect()
    )
    encryption: Annotated[
        bool, Field(description="Whether the bot reads and writes in rooms that are encrypted end to end.")
    ] = True
    trusted_devices: Annotated[
        list[Annotated[str, AfterValidator(_fingerprint)]] | None,
        Field(description="Session keys of the devices that may read it in encrypted rooms; all without it."),
    ] = None
    in_doubt: Annotated[InDoubt, Field(description=IN_DOUBT)] = "repeat"


def matrix_settings(entry: MatrixNetwork, state: Path) -> MatrixSettings:
    """Return what the transport is told; its session is kept in a folder of its own below `state`."""
    return MatrixSettings(
        name=entry.name,
        homeserver=entry.homeserver,
        user=entry.user,
        folder=state / entry.name,
        password=kept(entry.password),
        access_token=kept(entry.access_token),
        device_id=entry.device_id,
        rooms=tuple(room.name if isinstance(room, RoomEntry) else room for room in entry.rooms),
        invites=tuple(entry.invites.from_),
        initial_backoff=entry.reconnect.initial,
        max_backoff=entry.reconnect.max,
        max_age=entry.max_age,
        encryption=entry.encryption,
        trusted=None if entry.trusted_devices is None else frozenset(entry.trusted_devices),
        repeat_in_doubt=entry.in_doubt == "repeat",
    )
