"""What a maintainer sets for one Matrix account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from milestonebot.secret import Secret


@dataclass(frozen=True, slots=True)
class MatrixSettings:
    """One account; times are in seconds."""

    name: str
    """The network's name in the config."""
    homeserver: str
    """Its client-server API, such as `https://matrix.org`."""
    user: str
    """The user id, such as `@milestonebot:matrix.org`."""
    folder: Path
    """Where the session is kept (0700)."""
    password: Secret | None = None
    access_token: Secret | None = None
    device_id: str | None = None
    """The device of `access_token`; with a password, the device is made at the first login and kept."""
    rooms: tuple[str, ...] = ()
    """Aliases or ids of the rooms to be in."""
    invites: tuple[str, ...] = ()
    """Globs over user ids whose invitations are accepted, such as `@*:openstack.org`."""
    initial_backoff: float = 2.0
    max_backoff: float = 300.0
    max_age: float = 3600.0
    """How old a question may be that is still answered."""
    repeat_in_doubt: bool = True
    """Whether an announcement is said again of which nothing tells whether it arrived."""
    encryption: bool = True
    """Whether the account reads and writes in encrypted rooms."""
    trusted: frozenset[str] | None = None
    """Fingerprints (Ed25519, base64) of the devices that may read what it says there; None is all."""
