"""The account on its homeserver: logging in, syncing, joining, sending. Only this file calls nio."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiohttp import ClientError
from nio import (
    JoinError,
    LoginError,
    RoomSendError,
    SyncError,
    SyncResponse,
    WhoamiError,
)
from nio.client.async_client import AsyncClient, AsyncClientConfig

from milestonebot import __version__
from milestonebot.errors import NetworkError, Refused
from milestonebot.transports.matrix import session as sessions
from milestonebot.transports.matrix.session import Session

if TYPE_CHECKING:
    from milestonebot.transports.matrix.settings import MatrixSettings

_log = logging.getLogger(__name__)

POLL = 30
"""Seconds for which the homeserver may hold a sync that has nothing new."""
_FILTER = {
    "presence": {"types": []},
    "account_data": {"types": []},
    "room": {
        "timeline": {"limit": 100},
        "ephemeral": {"types": []},
        "account_data": {"types": []},
        "state": {
            "lazy_load_members": True,
            "types": [
                "m.room.member",
                "m.room.power_levels",
                "m.room.create",
                "m.room.canonical_alias",
                "m.room.encryption",
                "m.room.tombstone",
            ],
        },
    },
}
"""Only what is read (client-server API, "Filtering")."""
_WRONG_LOGIN = ("M_FORBIDDEN", "M_USER_DEACTIVATED", "M_INVALID_USERNAME", "M_UNRECOGNIZED")
_NO_SUCH_TOKEN = ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN")
_FOR_GOOD = ("M_FORBIDDEN", "M_NOT_FOUND", "M_UNKNOWN_ROOM", "M_TOO_LARGE")


class LoggedOut(NetworkError):
    """The homeserver knows the access token no longer."""


class Account:
    """The client of one account, with its session on disk."""

    def __init__(self, settings: MatrixSettings) -> None:
        """Take what the config says; nothing is connected yet."""
        self._settings = settings
        self._file = settings.folder / "session.json"
        # A timeout or a reset is ours to wait for; a 429 is waited for by nio, as long as it says.
        config = AsyncClientConfig(max_timeouts=0, request_timeout=POLL + 30)
        self.client = AsyncClient(settings.homeserver, settings.user, config=config)
        self.session: Session | None = None

    async def log_in(self) -> str | None:
        """Go on with the kept session, else log in; return the position that was kept.

        The device stays the same.
        """
        self._settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = sessions.load(self._file)
        if kept is not None and (kept.user, kept.homeserver) == (
            self._settings.user,
            self._settings.homeserver,
        ):
            self._use(kept)
        elif self._settings.access_token is not None:
            await self._use_token()
        else:
            await self._use_password(None)
        return kept.next_batch if kept is not None and kept is self.session else None

    async def log_in_again(self) -> None:
        """Log in anew as the same device, after the homeserver forgot the token."""
        if self._settings.password is None:
            raise Refused("the access token is not valid any more: put a new one into the config")
        device = self.session.device_id if self.session is not None else None
        await self._use_password(device)

    async def sync(self, since: str | None) -> SyncResponse:
        """Return what is new since `since`, waiting for it up to POLL seconds."""
        answer = await self._ask(self.client.sync(POLL * 1000 if since else 0, _FILTER, since))
        if isinstance(answer, SyncResponse):
            return answer
        if isinstance(answer, SyncError) and answer.status_code in _NO_SUCH_TOKEN:
            raise LoggedOut(f"the homeserver logged the bot out ({answer.status_code})")
        raise NetworkError(f"the homeserver answered a sync with {_told(answer)}")

    async def join(self, room: str) -> str:
        """Enter `room`, an alias or an id, and return its id."""
        answer = await self._ask(self.client.join(room))
        if isinstance(answer, JoinError):
            raise _refusal(f"joining {room}", answer)
        return str(answer.room_id)

    async def leave(self, room_id: str, reason: str) -> None:
        """Leave `room_id`, or refuse the invitation to it, telling `reason`."""
        path = f"/_matrix/client/v3/rooms/{quote(room_id, safe='')}/leave"
        headers = {"Authorization": f"Bearer {self.client.access_token}", "Content-Type": "application/json"}
        await self._ask(self.client.send("POST", path, json.dumps({"reason": reason}), headers))

    async def say(self, room_id: str, content: dict[str, Any], transaction: str | None) -> str:
        """Send a message and return its event id; the same `transaction` is one event."""
        answer = await self._ask(self.client.room_send(room_id, "m.room.message", content, transaction))
        if isinstance(answer, RoomSendError):
            if answer.status_code in _NO_SUCH_TOKEN:
                raise LoggedOut("the homeserver logged the bot out")
            raise _refusal("sending", answer)
        return str(answer.event_id)

    def keep(self, next_batch: str) -> None:
        """Keep `next_batch` as where a restart goes on."""
        if self.session is not None:
            self._store(replace(self.session, next_batch=next_batch))

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _use_password(self, device: str | None) -> None:
        settings = self._settings
        if settings.password is None:
            raise Refused("no password and no valid access token are configured")
        self.client.user_id = settings.user
        if device is not None:
            self.client.device_id = device
        answer = await self._ask(
            self.client.login(settings.password.reveal(), device_name=f"milestonebot {__version__}")
        )
        if isinstance(answer, LoginError):
            if answer.status_code in _WRONG_LOGIN:
                raise Refused(f"the homeserver refuses the login of {settings.user} ({answer.status_code})")
            raise NetworkError(f"the homeserver answered the login with {_told(answer)}")
        since = self.session.next_batch if self.session is not None else None
        self._store(
            Session(settings.homeserver, answer.user_id, answer.device_id, answer.access_token, since)
        )

    async def _use_token(self) -> None:
        settings = self._settings
        token = settings.access_token.reveal() if settings.access_token is not None else ""
        self.client.access_token = token
        answer = await self._ask(self.client.whoami())
        if isinstance(answer, WhoamiError):
            if answer.status_code in _NO_SUCH_TOKEN:
                raise Refused("the access token of the config is not valid")
            raise NetworkError(f"the homeserver answered with {_told(answer)}")
        device = settings.device_id or answer.device_id or ""
        session = Session(settings.homeserver, answer.user_id, device, token)
        self._use(session)
        self._store(session)

    def _use(self, session: Session) -> None:
        self.session = session
        self.client.restore_login(session.user, session.device_id, session.access_token)

    def _store(self, session: Session) -> None:
        self.session = session
        sessions.save(self._file, session)

    async def _ask(self, request: Any) -> Any:  # noqa: ANN401 - nio's coroutines answer with its many classes
        """Return the answer to a request; every way to fail is a NetworkError."""
        try:
            return await request
        except (ClientError, TimeoutError, OSError) as error:
            reason = getattr(getattr(error, "os_error", error), "strerror", None) or type(error).__name__
            raise NetworkError(f"{self._settings.homeserver} cannot be reached ({reason})") from None
        except NetworkError:
            raise
        except Exception as error:  # noqa: BLE001 - nio lets through whatever a malformed answer raises
            _log.debug("nio raised", exc_info=True)
            raise NetworkError(
                f"the homeserver's answer was not understood ({type(error).__name__})"
            ) from None


def _refusal(what: str, answer: Any) -> NetworkError:  # noqa: ANN401 - any of nio's error classes
    error = Refused if answer.status_code in _FOR_GOOD else NetworkError
    return error(f"{what} was answered with {_told(answer)}")


def _told(answer: Any) -> str:  # noqa: ANN401 - any of nio's error classes
    """Return an error's code; its message may hold anything."""
    return str(getattr(answer, "status_code", None) or type(answer).__name__)
