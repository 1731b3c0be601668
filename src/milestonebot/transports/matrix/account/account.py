"""The account on its homeserver: logging in, syncing, entering and leaving rooms.

Source: client-server API, "Login", "Soft logout", "Syncing".
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nio.client.async_client import AsyncClient

from milestonebot import __version__
from milestonebot.errors import InDoubt, NetworkError, Refused
from milestonebot.transports.matrix.account import keystore, session as sessions
from milestonebot.transports.matrix.account.encryption import Encryption
from milestonebot.transports.matrix.account.learning import Learning
from milestonebot.transports.matrix.account.session import Session
from milestonebot.transports.matrix.wire.filtering import Filtering
from milestonebot.transports.matrix.wire.news import news_of
from milestonebot.transports.matrix.wire.wire import LoggedOut, Wire

if TYPE_CHECKING:
    from milestonebot.ports import Clock
    from milestonebot.transports.matrix.settings import MatrixSettings
    from milestonebot.transports.matrix.wire.news import News

_log = logging.getLogger(__name__)

_WRONG = "M_FORBIDDEN"
"""What homeservers say where user or password is wrong (client-server API, "Login")."""


class Account:
    """The client of one account, with its session on disk."""

    def __init__(self, settings: MatrixSettings, clock: Clock) -> None:
        """Take what the config says; nothing is connected yet."""
        self._settings = settings
        self._clock = clock
        self._file = settings.folder / "session.json"
        self.client = AsyncClient(settings.homeserver, settings.user)
        self.wire = Wire(self.client, clock)
        self.encryption = Encryption(self.client, self.wire, settings.trusted)
        self._learning = Learning(self.client)
        self._filtering = Filtering(self.wire)
        self._synced = False
        self._token = settings.access_token
        self.session: Session | None = None
        self._kept: Session | None = None
        """What the file holds."""
        self._unkept = False
        self.lost: str | None = None
        """Why the account cannot read and write in encrypted rooms, where it should."""

    @property
    def user(self) -> str:
        """Return the account's user id, as the homeserver writes it where that is known."""
        return self.session.user if self.session is not None else self._settings.user

    @property
    def can_encrypt(self) -> bool:
        """Tell whether the account has keys, and may use them."""
        return self._settings.encryption and self.client.olm is not None

    async def log_in(self) -> None:
        """Go on with the kept session, else log in; the device stays the same.

        Raises Refused where the homeserver has never let the account in with what the config says.
        """
        if self.session is None:
            self._settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            kept = self._kept = sessions.load(self._file, self._clock.now())
            if kept is not None and kept.user.casefold() == self._settings.user.casefold():
                self._use(replace(kept, homeserver=self._settings.homeserver))
        if self._token is not None and (self.session is None or self.wire.logged_out is not None):
            self._token = self._token.renewed()
        token = self._token
        if self.session is None:
            await (self._use_password() if token is None else self._use_token(token.reveal()))
        elif self._settings.password is None and token and token.reveal() != self.session.access_token:
            await self._use_token(token.reveal())
        elif self.wire.logged_out is not None:
            await self._log_in_again(self.wire.logged_out)

    async def sync(self, since: str | None, wait: int) -> News:
        """Return what is new since `since`; where nothing is, wait for it up to `wait` seconds.

        Raises LoggedOut where the homeserver does not know the session any more: `log_in` is next then.
        """
        wanted = await self._filtering.of(self.user, whole=not self._synced)
        query = {"filter": wanted, "timeout": str(wait * 1000)}
        if since is not None:
            query["since"] = since
            # A kept position tells nothing of the rooms in which nothing happened since.
            if not self._synced:
                query["full_state"] = "true"
        news = news_of(await self._told(query))
        if news is None:
            raise NetworkError("the homeserver's answer to a sync was not understood")
        await self._learning.take(news)
        self._synced = True
        return news

    async def join(self, room: str, via: str | None = None) -> str:
        """Enter `room`, an alias or an id, and return its id; `via` names a server that is in it."""
        query = None if via is None else {"via": via, "server_name": via}
        room_id = (await self.wire.ask("POST", ("join", room), {}, query)).get("room_id")
        if not isinstance(room_id, str):
            raise NetworkError("the homeserver's answer was not understood")
        return room_id

    async def resolved(self, alias: str) -> str | None:
        """Return the id of the room that `alias` leads to now; None where it leads to none."""
        try:
            told = await self.wire.ask("GET", ("directory", "room", alias))
        except Refused:
            return None
        room_id = told.get("room_id")
        return room_id if isinstance(room_id, str) else None

    async def leave(self, room_id: str, reason: str) -> None:
        """Leave `room_id`, or refuse the invitation to it, telling `reason`."""
        await self.wire.ask("POST", ("rooms", room_id, "leave"), {"reason": reason})

    def keep(self, next_batch: str) -> None:
        """Keep `next_batch` as where a restart goes on."""
        if self.session is not None:
            self._store(replace(self.session, next_batch=next_batch))

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _told(self, query: dict[str, str]) -> dict[str, Any]:
        """Return what a sync tells."""
        try:
            return await self.wire.ask_long(("sync",), query)
        except (InDoubt, LoggedOut):
            raise
        except NetworkError as error:
            self._filtering.refused()
            # A proxy may refuse while the homeserver is away.
            raise NetworkError(str(error), error.after) from None

    async def _log_in_again(self, why: LoggedOut) -> None:
        """Log in anew as the same device, after the homeserver forgot the token."""
        if self._settings.password is None:
            raise NetworkError(f"{why}, and the config's access token is not valid any more: make a new one")
        try:
            await self._use_password()
        except Refused as error:
            raise NetworkError(f"{why}, and {error}") from None

    async def _use_password(self) -> None:
        settings, known = self._settings, self.session
        if settings.password is None:
            raise Refused("no password and no access token are configured")
        asked: dict[str, Any] = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": settings.user},
            "password": settings.password.renewed().reveal(),
            "initial_device_display_name": f"milestonebot {__version__}",
        }
        if known is not None:
            asked["device_id"] = known.device_id
        token, self.client.access_token = self.client.access_token, ""
        try:
            told = await self.wire.ask("POST", ("login",), asked)
        except Refused as error:
            hint = " (see to user and password)" if _WRONG in str(error) else ""
            raise Refused(f"the homeserver refuses the login of {settings.user}: {error}{hint}") from None
        finally:
            self.client.access_token = token
        self._begin(told, told.get("access_token"))

    async def _use_token(self, token: str) -> None:
        self.client.access_token = token
        try:
            told = await self.wire.ask("GET", ("account", "whoami"))
        except LoggedOut:
            reason = "the access token of the config is not valid"
            raise (Refused if self.session is None else NetworkError)(reason) from None
        if self._settings.device_id is not None:
            told["device_id"] = self._settings.device_id
        self._begin(told, token)

    def _begin(self, told: dict[str, Any], token: object) -> None:
        """Go on with a new token, on the same device where it is one."""
        user, device = told.get("user_id"), told.get("device_id") or ""
        if not (isinstance(user, str) and isinstance(device, str) and isinstance(token, str)):
            raise NetworkError("the homeserver's answer to the login was not understood")
        known, gone = self.session, self.wire.logged_out
        # After a hard logout the homeserver has forgotten the device, and what it sent.
        same = known is not None and known.device_id == device and (gone is None or gone.soft)
        made = known.made if known is not None and same else self._clock.now().timestamp()
        since = known.next_batch if known is not None else None
        fingerprint = known.fingerprint if known is not None and known.device_id == device else None
        self.wire.logged_in()
        self._use(Session(self._settings.homeserver, user, device, token, made, since, fingerprint))
        if not same:
            self.encryption.forgotten()

    def _use(self, session: Session) -> None:
        self._store(session)
        self.client.user_id, self.client.access_token = session.user, session.access_token
        if self.client.device_id != session.device_id:
            self.client.store = self.client.olm = None
        self.client.device_id = session.device_id
        if self._settings.encryption and self.client.olm is None:
            self._open_keys(session)

    def _open_keys(self, session: Session) -> None:
        try:
            fingerprint = keystore.opened(self.client, self._settings.folder, session.fingerprint)
        except keystore.Lost as error:
            told = (
                "%s: the keys of the device %s are lost: %s. Encrypted rooms are neither read nor written "
                "to. Bring the file back; or stop the bot, remove %s, and it begins as a new device."
            )
            _log.error(told, self._settings.name, session.device_id, error, self._file)
            self.lost = f"the encryption keys are lost: {error}"
        else:
            self._store(replace(session, fingerprint=fingerprint))

    def _store(self, session: Session) -> None:
        """Go on with `session`, and keep it on disk.

        Where that fails, a device that is kept already goes on. A new one raises NetworkError: the next
        start would know nothing of it, and could not tell what it had said.
        """
        try:
            sessions.save(self._file, session)
        except OSError as error:
            told = f"{self._file} cannot be kept: {error.strerror}"
            if self._kept is None or self._kept.device_id != session.device_id:
                raise NetworkError(told) from None
            if not self._unkept:
                _log.warning("%s", told)
            self._unkept = True
        else:
            self._kept, self._unkept = session, False
        self.session = session
