"""What the admins are told: which announcements could not be made, and why."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from milestonebot.document import Code, Document, Line, Listing, Strong
from milestonebot.errors import NetworkError, Refused
from milestonebot.outbox import Stage
from milestonebot.ports import State

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from milestonebot.outbox import Delivery
    from milestonebot.ports import Transport

_log = logging.getLogger(__name__)

_SHOWN = 5
_KEPT = 20
"""Reports that wait for one admin; older ones are in the log alone."""
_PATIENCE = 60.0
"""Seconds that telling one admin may take."""
_TOLD = {
    Stage.FAILED: "refused for good",
    Stage.EXPIRED: "not made in time",
}


class Reports:
    """Gathers what failed or expired, logs it, and tells each admin on his network, as well as it can."""

    def __init__(self, admins: Collection[tuple[str, str]], transports: Mapping[str, Transport]) -> None:
        """Take `admins` as pairs of a network and an account."""
        self._transports = transports
        self._noted: list[Delivery] = []
        self._untold: dict[tuple[str, str], list[Document]] = {}
        self.heed(admins)

    def heed(self, admins: Collection[tuple[str, str]]) -> None:
        """Tell `admins` from now on, and nobody else."""
        # Whoever is being told now is told from the old one: it is replaced, not changed.
        self._untold = {each: self._untold.get(each, []) for each in sorted(admins)}

    def put(self, document: Document) -> None:
        """Have `document` told to each admin."""
        for waiting in self._untold.values():
            waiting.append(document)
            del waiting[:-_KEPT]

    def note(self, delivery: Delivery, now: datetime) -> None:
        """Note a delivery that came to its end; what is withdrawn or overtaken is only logged."""
        overtaken = delivery.stage is Stage.EXPIRED and now < delivery.until
        if delivery.stage in _TOLD and not overtaken:
            self._noted.append(delivery)
        else:
            _log.info("%s: %s is %s: %s", delivery.room, delivery.key, delivery.stage, delivery.problem)

    @property
    def waiting(self) -> bool:
        """Whether an admin who can be reached now is to be told something."""
        return any(documents and self._reaches(network) for (network, _), documents in self._untold.items())

    def gather(self) -> bool:
        """Log what was noted since the last time, as one summary; return whether there was anything."""
        noted, self._noted = self._noted, []
        for stage, told in _TOLD.items():
            some = [each for each in noted if each.stage is stage]
            if not some:
                continue
            lines = [_line(each) for each in some[:_SHOWN]]
            lines += [f"and {len(some) - _SHOWN} more"] if len(some) > _SHOWN else []
            title = f"{len(some)} announcement{'s' if len(some) > 1 else ''} {told}"
            _log.log(
                logging.ERROR if stage is Stage.FAILED else logging.WARNING,
                "%s: %s; `%s` tells all",
                title,
                "; ".join(lines),
                command := f"milestonebot outbox --stage {stage}",
            )
            self.put(_document(title, lines, command))
        return bool(noted)

    async def tell(self) -> None:
        """Tell the admins who can be reached now; the others are tried again the next time."""
        for (network, account), documents in self._untold.items():
            transport = self._transports.get(network)
            while transport is not None and self._reaches(network) and documents:
                document = documents[0]
                try:
                    async with asyncio.timeout(_PATIENCE):
                        await transport.tell(account, document)
                except Refused as error:
                    _log.warning("%s: %s cannot be told: %s", network, account, error)
                except (NetworkError, TimeoutError) as error:
                    _log.debug("%s: %s cannot be told now: %s", network, account, error)
                    break
                except Exception:  # noqa: BLE001 - a bug here must not stop announcements; it is logged
                    _log.exception("%s: telling %s went wrong", network, account)
                if documents and documents[0] is document:
                    documents.pop(0)

    def _reaches(self, network: str) -> bool:
        transport = self._transports.get(network)
        return transport is not None and transport.connection.state is State.UP


def _line(delivery: Delivery) -> str:
    name = delivery.announcement or "an announcement by hand"
    due = f"{delivery.due:%Y-%m-%d %H:%M} UTC"
    return f"{name} in {delivery.room}, due {due} ({delivery.problem})"


def _document(title: str, lines: Sequence[str], command: str) -> Document:
    items = tuple(Line((each,)) for each in lines)
    return Document(
        (
            Listing(items, Line((Strong(title),))),
            Line(("All of them: ", Code(command), " on my machine.")),
        ),
        private=True,
    )
