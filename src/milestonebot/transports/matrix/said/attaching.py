"""Very long answers, whole, in a file: who wants all of it need not go through many pages.

It comes after the first page, and only if the homeserver takes it. Source: client-server API, "Content
repository", "Sending encrypted attachments", `m.file`.
"""

from __future__ import annotations

import asyncio
import logging
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from nio.crypto.attachments import encrypt_attachment

from milestonebot.errors import NetworkError, Refused
from milestonebot.render.plain import render_plain
from milestonebot.transports.matrix.said.paging import pages
from milestonebot.transports.matrix.said.saying import fits, relation_to
from milestonebot.transports.matrix.wire.wire import File

if TYPE_CHECKING:
    from milestonebot.document import Document
    from milestonebot.ports import Message
    from milestonebot.transports.matrix.account.encryption import Encryption
    from milestonebot.transports.matrix.said.posting import Posting
    from milestonebot.transports.matrix.wire.stopping import Stopping
    from milestonebot.transports.matrix.wire.wire import Wire

_log = logging.getLogger(__name__)

FEW = 3
"""Pages that people go through; what is longer is attached."""
_TRIES, _BETWEEN, _LONGEST = 3, 10.0, 600.0
"""How often it is tried, and the seconds between, where the homeserver does not ask for more."""
_TEXT, _SEALED = "text/plain; charset=utf-8", "application/octet-stream"
_NAME = re.compile(r"[^a-z0-9.]+")
_LONGEST_NAME = 60


class Attaching:
    """The files of one account."""

    def __init__(self, wire: Wire, posting: Posting, encryption: Encryption, stopping: Stopping) -> None:
        """Upload over `wire`, sealed by `encryption` for rooms that are encrypted."""
        self._wire = wire
        self._posting = posting
        self._encryption = encryption
        self._stopping = stopping
        self._most: int | None = None
        """Bytes that the homeserver takes; None while that is not known."""
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, room_id: str, document: Document, reply_to: Message) -> None:
        """Attach `document` to the answer to a message, where that has more than a `FEW` pages."""
        if pages(document, fits, FEW + 1) > FEW:
            task = asyncio.create_task(self._attach(room_id, document, reply_to))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Attach no more."""
        for task in self._tasks:
            task.cancel()

    async def _attach(self, room_id: str, document: Document, reply_to: Message) -> None:
        data = f"{render_plain(document)}\n".encode()
        uploaded: dict[str, Any] | None = None
        for _ in range(_TRIES):
            try:
                if not await self._takes(len(data)):
                    return
                uploaded = uploaded or await self._uploaded(room_id, data, _named(reply_to.text))
                content = {**uploaded, "m.mentions": {}, "m.relates_to": relation_to(reply_to)}
                await self._posting.post(room_id, content, _transaction(reply_to))
            except Refused as error:
                _log.info("%s: a long answer is not attached: %s", reply_to.room, error)
                return
            except NetworkError as error:
                _log.info("%s: a long answer is not attached yet: %s", reply_to.room, error)
                await self._stopping.pause(min(error.after or _BETWEEN, _LONGEST))
            else:
                return

    async def _takes(self, size: int) -> bool:
        """Tell whether the homeserver takes a file of `size` bytes, as far as it says."""
        if self._most is None:
            self._most = await self._most_bytes()
        if self._most is not None and size > self._most:
            _log.info("an answer of %d bytes is not attached: the homeserver takes %d", size, self._most)
            return False
        return True

    async def _uploaded(self, room_id: str, data: bytes, name: str) -> dict[str, Any]:
        """Return what tells of the file in an event, after the homeserver has taken it."""
        told: dict[str, Any] = {"msgtype": "m.file", "body": name, "filename": name}
        told["info"] = {"mimetype": "text/plain", "size": len(data)}
        if not self._encryption.seals(room_id):
            return {**told, "url": await self._upload(File(data, _TEXT), {"filename": name})}
        sealed, keys = encrypt_attachment(data)
        return {**told, "file": {**keys, "url": await self._upload(File(sealed, _SEALED))}}

    async def _upload(self, file: File, query: dict[str, str] | None = None) -> str:
        """Return the URI under which the homeserver keeps `file`."""
        told = await self._wire.ask("POST", ("upload",), None, query, api="media/v3", file=file)
        uri = told.get("content_uri")
        if not isinstance(uri, str):
            raise NetworkError("the homeserver's answer to an upload was not understood")
        return uri

    async def _most_bytes(self) -> int | None:
        # The second is of homeservers older than version 1.11 of the specification.
        for api, path in (("client/v1", ("media", "config")), ("media/v3", ("config",))):
            try:
                most = (await self._wire.ask("GET", path, api=api)).get("m.upload.size")
            except NetworkError:
                continue
            return most if isinstance(most, int) else None
        return None


def _named(text: str) -> str:
    """Return a file's name after the question `text`: `!blueprints essex-2` is `blueprints-essex-2.txt`."""
    return f"{_NAME.sub('-', text.casefold())[:_LONGEST_NAME].strip('-.') or 'answer'}.txt"


def _transaction(reply_to: Message) -> str:
    return sha256(f"file\0{reply_to.id}".encode(errors="replace")).hexdigest()
