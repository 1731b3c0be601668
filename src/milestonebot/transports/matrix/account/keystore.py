"""Where the keys of the account's device are kept: a database and the key that it is sealed with.

Both are files that their owner alone may read (0600), in the folder of the session.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from nio.client.async_client import AsyncClientConfig
from nio.store.database import SqliteStore

from milestonebot.errors import NetworkError

if TYPE_CHECKING:
    from pathlib import Path

    from nio.client.async_client import AsyncClient

_DATABASE = "crypto.db"
_SEAL = "crypto.key"
_BYTES = 32


class Store(SqliteStore):
    """nio's store, which is not asked where there is nothing to keep: each asking costs milliseconds."""

    def save_encrypted_rooms(self, rooms: set[str]) -> None:
        """Keep that `rooms` are encrypted."""
        if rooms:
            super().save_encrypted_rooms(rooms)


class Lost(NetworkError):
    """The keys of the device are not there any more, or cannot be read."""


def opened(client: AsyncClient, folder: Path, known: str | None) -> str:
    """Let `client` use the keys that are kept in `folder`; return the fingerprint of its device.

    `known` is the fingerprint of before. Raises Lost where the keys are not those: another device's
    keys under the same name would make every client distrust both. Where `known` is None, new keys
    are made.
    """
    database, seal = folder / _DATABASE, folder / _SEAL
    if known is not None and not (database.exists() and seal.exists()):
        raise Lost(f"{database} or {seal} is gone")
    try:
        key = _key(seal)
        os.close(os.open(database, os.O_CREAT | os.O_RDWR, 0o600))
        database.chmod(0o600)
        client.store_path = str(folder)
        client.config = AsyncClientConfig(store=Store, store_name=_DATABASE, pickle_key=key)
        client.load_store()
    except OSError as error:
        raise Lost(f"{error.filename} cannot be used: {error.strerror}") from None
    except Exception as error:  # noqa: BLE001 - peewee, vodozemac and nio have errors of their own
        client.store = client.olm = None
        raise Lost(f"{database} cannot be read with {seal} ({type(error).__name__})") from None
    if client.olm is None:
        raise Lost("the library for encryption is not there")
    fingerprint = str(client.olm.account.identity_keys["ed25519"])
    if known not in (None, fingerprint):
        client.store = client.olm = None
        raise Lost(f"{database} holds the keys of another device")
    return fingerprint


def _key(path: Path) -> str:
    """Return the key that is kept at `path`; make one where there is none."""
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        key = secrets.token_hex(_BYTES)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{key}\n")
            file.flush()
            os.fsync(file.fileno())
        return key
