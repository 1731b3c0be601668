"""Whose invitations are accepted.

A user id is taken apart before it is compared: a glob over the raw text could be fooled by an id
that carries a second colon.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation tells."""

    inviter: str | None = None
    direct: bool = False
    """Whether it is for a conversation of two."""
    aliases: tuple[str, ...] = ()


def invitation_of(events: Iterable[Mapping[str, Any]], user: str) -> Invitation:
    """Return what the stripped state of a room tells `user`, who is invited to it."""
    inviter, direct = None, False
    aliases: tuple[str, ...] = ()
    for event in events:
        content = event["content"]
        if (event["type"], event.get("state_key")) == ("m.room.member", user):
            if content.get("membership") == "invite":
                inviter, direct = str(event["sender"]), content.get("is_direct") is True
        elif event["type"] == "m.room.canonical_alias" and isinstance(alias := content.get("alias"), str):
            aliases = (alias,)
    return Invitation(inviter, direct, aliases)


def is_welcome(user: str, allowed: Iterable[str]) -> bool:
    """Tell whether one of the globs in `allowed`, such as `@*:openstack.org`, allows `user`."""
    parts = _parts(user)
    if parts is None:
        return False
    for pattern in allowed:
        wanted = _parts(pattern)
        if wanted is not None and all(map(fnmatchcase, parts, wanted)):
            return True
    return False


def is_user(text: str) -> bool:
    """Tell whether `text` is a user id."""
    return _parts(text) is not None


def _parts(user: str) -> tuple[str, str] | None:
    """Return the local part and the server of a user id (specification, appendix "User identifiers")."""
    local, colon, server = user.removeprefix("@").partition(":")
    if not user.startswith("@") or not local or not colon or not server or "@" in local:
        return None
    return local, server.casefold()
