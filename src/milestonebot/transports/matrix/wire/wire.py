"""One request to the homeserver, and what its outcome means for what was asked.

Every way to fail is one of three: it surely had no effect (NetworkError), it never will have
(Refused), or nobody knows (InDoubt): something was written, and no answer that can be understood
came back. Source: client-server API, "Standard error response", "Rate limiting", "Soft logout".
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from aiohttp import (
    BytesPayload,
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    TCPConnector,
)

from milestonebot.errors import InDoubt, NetworkError, Refused, reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import ClientResponse
    from aiohttp.abc import AbstractStreamWriter
    from nio.client.async_client import AsyncClient

    from milestonebot.ports import Clock

NO_SUCH_TOKEN = ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN")
FORBIDDEN = "M_FORBIDDEN"
FOR_GOOD = (FORBIDDEN, "M_NOT_FOUND", "M_UNKNOWN_ROOM", "M_TOO_LARGE", "M_USER_DEACTIVATED")
_LIMITED = "M_LIMIT_EXCEEDED"
_UNTOLD = 5.0
"""Seconds to wait where a homeserver limits and does not say for how long."""
_LONGEST = 3600.0
"""Seconds that a homeserver may ask to wait; more is taken for a mistake."""
_OUT = "the homeserver logged the bot out"
_MOST_AT_ONCE = 100
_PATIENCE = 60.0
"""Seconds that an answer may take."""


class LoggedOut(NetworkError):
    """The homeserver knows the access token no longer; after a `soft` logout it still knows the device."""

    def __init__(self, message: str, *, soft: bool) -> None:
        """Keep `soft` beside the message."""
        super().__init__(message)
        self.soft = soft


class Forbidden(Refused):
    """The account may not do that as things stand: it is not in the room, or has not the level."""


@dataclass(frozen=True, slots=True)
class File:
    """What is uploaded."""

    data: bytes
    kind: str
    """Its media type."""


class _Body(BytesPayload):
    """What a request carries; it notes whether any of that has gone out."""

    begun = False

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        """Write it."""
        self.begun = True
        await super().write_with_length(writer, content_length)


def session() -> ClientSession:
    """Return the connections that requests are sent over."""
    return ClientSession(timeout=ClientTimeout(total=_PATIENCE), connector=TCPConnector(limit=_MOST_AT_ONCE))


class Wire:
    """Requests of one account, over the connections and with the token of nio's client."""

    def __init__(self, client: AsyncClient, clock: Clock) -> None:
        """Ask as `client` does."""
        self._client = client
        self._clock = clock
        self.logged_out: LoggedOut | None = None
        """Why there is no session any more; None while there is one, as far as is known."""
        self._ends: set[asyncio.Timeout] = set()
        """What ends with the session."""

    def logged_in(self) -> None:
        """Take note of a new session."""
        self.logged_out = None

    async def ask_long(self, path: tuple[str, ...], query: Mapping[str, str]) -> dict[str, Any]:
        """Return the answer to a GET for which the homeserver may take its time.

        Raises what `ask` does; LoggedOut as soon as any answer tells that there is no session any more.
        """
        end = asyncio.timeout(None)
        try:
            async with end:
                self._ends.add(end)
                return await self.ask("GET", path, query=query)
        except TimeoutError:
            raise self.logged_out or LoggedOut(_OUT, soft=False) from None
        finally:
            self._ends.discard(end)

    async def ask(  # noqa: PLR0913 - what a request has, most of it by name
        self,
        method: str,
        path: tuple[str, ...],
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        *,
        api: str = "client/v3",
        file: File | None = None,
    ) -> dict[str, Any]:
        """Return the homeserver's answer to `method` on `path`, whose parts stand after `/_matrix` and `api`.

        A `file` takes the place of a `body`.

        Raises NetworkError where it surely had no effect (LoggedOut is one; with `after` where the
        homeserver asks to wait), InDoubt where it may have had, Refused where it never can.
        """
        connections = self._client.client_session
        if connections is None:
            connections = self._client.client_session = session()
        url = f"{self._client.homeserver}/_matrix/{api}/" + "/".join(map(_quoted, path))
        if query:
            url += f"?{urlencode(query)}"
        headers = {"Content-Type": "application/json" if file is None else file.kind}
        if self._client.access_token:
            headers["Authorization"] = f"Bearer {self._client.access_token}"
        data = None if body is None else _Body(json.dumps(body).encode())
        data = data if file is None else _Body(file.data)
        try:
            async with connections.request(method, url, data=data, headers=headers) as response:
                told = await _json(response)
        except (ClientError, TimeoutError, OSError) as error:
            raise _unheard(error, data) from None
        return self._judged(response, told)

    def _judged(self, response: ClientResponse, told: dict[str, Any] | None) -> dict[str, Any]:
        """Return `told`, or raise what it means."""
        if response.ok and told is not None:
            return told
        code = str((told or {}).get("errcode") or "")
        what = f"the homeserver answered with {response.status}{f' {code}' if code else ''}"
        if response.status == HTTPStatus.TOO_MANY_REQUESTS or code == _LIMITED:
            raise NetworkError(what, self._asked_to_wait(response, told or {}))
        if code in NO_SUCH_TOKEN:
            soft = (told or {}).get("soft_logout") is True
            self.logged_out = LoggedOut(_OUT, soft=soft)
            while self._ends:
                self._ends.pop().reschedule(asyncio.get_running_loop().time())
            raise self.logged_out
        if code in FOR_GOOD:
            raise (Forbidden if code == FORBIDDEN else Refused)(what)
        if HTTPStatus.BAD_REQUEST <= response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NetworkError(what)
        raise InDoubt(what if not response.ok else "the homeserver's answer was not understood")

    def _asked_to_wait(self, response: ClientResponse, told: dict[str, Any]) -> float:
        """Return the seconds that a 429 asks to wait: by its body, else its header."""
        asked = told.get("retry_after_ms")
        if isinstance(asked, int | float) and not isinstance(asked, bool) and asked > 0:
            return min(asked / 1000, _LONGEST)
        header = response.headers.get("Retry-After", "").strip()
        if header.isdecimal():
            return min(max(float(header), 1.0), _LONGEST)
        try:
            then = parsedate_to_datetime(header)
        except ValueError:
            return _UNTOLD
        if then.tzinfo is None:
            then = then.replace(tzinfo=UTC)
        return min(max((then - self._clock.now()).total_seconds(), 1.0), _LONGEST)


async def _json(response: ClientResponse) -> dict[str, Any] | None:
    """Return the object that the answer holds; None where it holds none."""
    try:
        told = json.loads(await response.read())
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _unheard(error: Exception, data: _Body | None) -> NetworkError:
    """Return what a request amounts to that got no answer."""
    unreached = isinstance(error, ClientConnectorError | ConnectionTimeoutError)
    begun = not unreached if data is None else data.begun
    cause = getattr(error, "os_error", error)
    # What is said of other errors may hold what was asked.
    why = reason(cause) if isinstance(cause, OSError) else type(error).__name__
    if begun:
        return InDoubt(f"the homeserver did not answer ({why})")
    return NetworkError(f"the homeserver cannot be reached ({why})")


@lru_cache(maxsize=1000)
def _quoted(part: str) -> str:
    """Return `part` as it stands in a path; the same rooms are spoken of again and again."""
    return quote(part, safe="")
