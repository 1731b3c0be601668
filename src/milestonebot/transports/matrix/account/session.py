"""The login that outlives a restart: one file, readable by its owner alone.

The same device and transaction id make one event of what is sent twice (client-server API,
"Transaction identifiers"), so the device is kept, and the sync position moves only past what has
been dealt with.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A login, and how far its events have been dealt with."""

    homeserver: str
    user: str
    device_id: str
    access_token: str
    made: float
    """When the device was made, or was first known to be there, as Unix time in seconds: what was sent
    before, the homeserver may not know as this device's."""
    next_batch: str | None = None
    fingerprint: str | None = None
    """The public key (Ed25519) of the device, where it has keys for encryption."""

    def __repr__(self) -> str:
        """Tell whose it is, and not its token."""
        return f"Session({self.user} on {self.device_id})"


def load(path: Path, now: datetime) -> Session | None:
    """Return the session kept at `path`; None where there is none; NetworkError where it is damaged.

    A file that does not tell when its device was made is taken as one that was made `now`.
    """
    try:
        data = json.loads(path.read_bytes())
        known = {each.name: data[each.name] for each in fields(Session) if each.name in data}
        return Session(**{"made": now.timestamp(), **known})
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NetworkError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError):
        raise NetworkError(f"{path} is damaged: remove it, and the bot logs in as a new device") from None


def save(path: Path, session: Session) -> None:
    """Keep `session` at `path`, whole or not at all, with mode 0600."""
    new = path.with_suffix(".new")
    descriptor = os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(session), file)
        file.flush()
        os.fsync(file.fileno())
    Path(new).replace(path)
