"""End-to-end encryption: the device's keys, and sealing and opening events.

nio's olm machine does the cryptography and keeps the keys; what it needs asked of the homeserver is
asked here, so that a failure is noticed: a room key that did not go out must not be used. Source:
client-server API, "End-to-End Encryption".
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from nio import (
    Event,
    JoinedMembersResponse,
    KeysClaimResponse,
    KeysQueryResponse,
    KeysUploadResponse,
    MegolmEvent,
    Response,
    RoomKeyRequestResponse,
    ShareGroupSessionResponse,
    ToDeviceResponse,
)

from milestonebot.errors import InDoubt, NetworkError, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nio.client.async_client import AsyncClient
    from nio.crypto.olm_machine import Olm

    from milestonebot.transports.matrix.wire.wire import Wire

_log = logging.getLogger(__name__)

_MEGOLM = "m.room.encrypted"


class Encryption:
    """Seals what the account says in encrypted rooms, and opens what is said there."""

    def __init__(self, client: AsyncClient, wire: Wire, trusted: frozenset[str] | None) -> None:
        """Share room keys with all devices, or with those of the fingerprints `trusted` alone."""
        self._client = client
        self._wire = wire
        self._trusted = trusted
        self._one_at_a_time: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._asked: set[str] = set()

    @property
    def _olm(self) -> Olm | None:
        return self._client.olm

    @property
    def user(self) -> str:
        """Return the account's user id."""
        return str(self._client.user_id)

    def seals(self, room_id: str) -> bool:
        """Tell whether `room_id` is encrypted; once it was, it is for ever."""
        room = self._client.rooms.get(room_id)
        return room_id in self._client.encrypted_rooms or (room is not None and bool(room.encrypted))

    async def sealed(self, room_id: str, kind: str, content: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return the type and the content under which `content` goes to `room_id`.

        Raises NetworkError where the keys could not be shared now, Refused where the bot has none.
        """
        if room_id not in self._client.rooms:
            # Whether it is encrypted is not known.
            raise NetworkError("the homeserver has not told of the room yet")
        if not self.seals(room_id):
            return kind, dict(content)
        olm = self._olm
        if olm is None:
            raise Refused("the room is encrypted, and the bot has no keys")
        async with self._one_at_a_time[room_id]:
            try:
                await self._prepare(room_id, olm)
            except InDoubt as error:
                # The message itself was not sent, whatever became of its keys.
                raise NetworkError(str(error), error.after) from None
            sealed_kind, sealed = self._client.encrypt(room_id, kind, dict(content))
        return sealed_kind, dict(sealed)

    def opened(self, room_id: str, event: dict[str, Any]) -> dict[str, Any] | None:
        """Return what `event` holds, as an event of its own; None where the bot lacks the key."""
        sealed = self._parsed(room_id, event)
        if sealed is None or self._olm is None:
            return None
        try:
            source = self._client.decrypt_event(sealed).source
        except Exception:  # noqa: BLE001 - whatever a malformed event raises: it cannot be read
            _log.debug("an event cannot be opened", exc_info=True)
            return None
        return source if isinstance(source, dict) else None

    async def ask_for_key(self, room_id: str, event: dict[str, Any]) -> None:
        """Ask the devices of the sender for the key of `event`, once."""
        sealed = self._parsed(room_id, event)
        session = None if sealed is None else sealed.session_id
        if sealed is None or session is None or self._olm is None or session in self._asked:
            return
        self._asked.add(session)
        for owner in dict.fromkeys((self.user, sealed.sender)):
            message = sealed.as_key_request(owner, str(self._client.device_id))
            await self._to_device(message.type, message.as_dict())
        await self._take(RoomKeyRequestResponse.from_dict({}, session, session, room_id, sealed.algorithm))

    @property
    def is_behind(self) -> bool:
        """Tell whether the last syncs made it necessary to `keep_up`."""
        client = self._client
        return self._olm is not None and (
            client.should_upload_keys
            or client.should_query_keys
            or client.should_claim_keys
            or bool(client.outgoing_to_device_messages)
        )

    async def keep_up(self) -> None:
        """Do what the last sync made necessary: upload keys, look up devices, answer them.

        Raises NetworkError where the homeserver could not be asked.
        """
        olm = self._olm
        if olm is None:
            return
        if self._client.should_upload_keys:
            told = await self._wire.ask("POST", ("keys", "upload"), olm.share_keys())
            await self._take(KeysUploadResponse.from_dict(told))
        if self._client.should_query_keys:
            await self._look_up()
        if self._client.should_claim_keys:
            await self._claim(self._client.get_users_for_key_claiming())
        for message in list(self._client.outgoing_to_device_messages):
            content = message.as_dict()
            await self._to_device(message.type, content)
            await self._take(ToDeviceResponse.from_dict({}, message))

    def forgotten(self) -> None:
        """Upload all keys anew: the homeserver has forgotten the device."""
        if self._olm is not None:
            self._olm.account.shared = False
            self._olm.save_account()

    async def _prepare(self, room_id: str, olm: Olm) -> None:
        """See to it that everyone in `room_id` has, or is sent, the key of what is said next."""
        room = self._client.rooms[room_id]
        if not room.members_synced:
            told = await self._wire.ask("GET", ("rooms", room_id, "joined_members"))
            await self._take(JoinedMembersResponse.from_dict(told, room_id))
        if self._client.should_query_keys:
            await self._look_up()
        if not olm.should_share_group_session(room_id):
            return
        if missing := self._client.get_missing_sessions(room_id):
            await self._claim(missing)
        self._choose(list(room.users))
        try:
            for users, messages in olm.share_group_session_parallel(
                room_id, list(room.users), ignore_unverified_devices=True
            ):
                await self._to_device(_MEGOLM, messages)
                await self._take(ShareGroupSessionResponse.from_dict({}, room_id, users))
            olm.outbound_group_sessions[room_id].shared = True
        except NetworkError:
            # Who got the key is not known: the next message takes another one.
            olm.outbound_group_sessions.pop(room_id, None)
            raise

    def _choose(self, people: list[str]) -> None:
        """Let no device have the keys but those that the config trusts."""
        for person in people:
            for device in self._client.device_store.active_user_devices(person):
                if self._trusted is None or device.ed25519 in self._trusted:
                    self._client.unblacklist_device(device)
                else:
                    self._client.blacklist_device(device)

    async def _look_up(self) -> None:
        users: dict[str, list[str]] = {user: [] for user in self._client.users_for_key_query}
        told = await self._wire.ask("POST", ("keys", "query"), {"device_keys": users})
        await self._take(KeysQueryResponse.from_dict(told))

    async def _claim(self, devices: Mapping[str, list[str]]) -> None:
        wanted = {user: dict.fromkeys(names, "signed_curve25519") for user, names in devices.items()}
        told = await self._wire.ask("POST", ("keys", "claim"), {"one_time_keys": wanted})
        await self._take(KeysClaimResponse.from_dict(told))

    async def _to_device(self, kind: str, messages: Mapping[str, Any]) -> None:
        await self._wire.ask("PUT", ("sendToDevice", kind, str(uuid4())), messages)

    async def _take(self, response: object) -> None:
        """Let nio take note of an answer."""
        if not isinstance(response, Response):
            raise NetworkError(f"the homeserver's answer was not understood ({type(response).__name__})")
        try:
            await self._client.receive_response(response)
        except Exception as error:  # noqa: BLE001 - nio lets through whatever a malformed answer raises
            _log.debug("nio raised", exc_info=True)
            raise NetworkError(
                f"the homeserver's keys were not understood ({type(error).__name__})"
            ) from None

    def _parsed(self, room_id: str, event: dict[str, Any]) -> MegolmEvent | None:
        try:
            parsed = Event.parse_event(event)
        except Exception:  # noqa: BLE001 - likewise
            return None
        if not isinstance(parsed, MegolmEvent):
            return None
        parsed.room_id = room_id
        return parsed
