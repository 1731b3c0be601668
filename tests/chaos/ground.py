"""What all runs share: the servers, which are started when the first run needs them, and the seed."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Self

from tests.chaos.notes import Note, Schedule, planned
from tests.servers.network import IrcNetwork
from tests.servers.ngircd import Ngircd
from tests.servers.postgres import Postgres
from tests.servers.synapse import Settings, Synapse
from tests.servers.tls import Authority
from tests.servers.warden import Warden

if TYPE_CHECKING:
    from pathlib import Path


class Ground:
    """Where the runs take place; to be used as a context manager."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._ending = contextlib.ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.close()

    def random(self, title: str) -> Random:
        """Return the chance of one run, which is the same whichever runs go before it."""
        return Random(f"{self.seed}/{title}")

    def folder(self) -> Path:
        """Return a folder for one bot."""
        return self.warden.folder()

    @cached_property
    def warden(self) -> Warden:
        """Return who ends it all if we do not."""
        return self._ending.enter_context(Warden())

    @cached_property
    def authority(self) -> Authority:
        """Return who issues the servers' certificates."""
        return Authority(self.folder())

    @cached_property
    def irc(self) -> IrcNetwork:
        """Return an InspIRCd."""
        return self._ending.enter_context(IrcNetwork.started(self.warden, self.authority, self.authority))

    @cached_property
    def old(self) -> Ngircd:
        """Return an ngIRCd."""
        return self._ending.enter_context(Ngircd.started(self.warden, self.authority))

    @cached_property
    def matrix(self) -> Synapse:
        """Return a Synapse without limits."""
        return self._ending.enter_context(Synapse.started(self.warden))

    @cached_property
    def limited(self) -> Synapse:
        """Return a Synapse with its own limits."""
        return self._ending.enter_context(Synapse.started(self.warden, Settings(limits="default")))

    @cached_property
    def postgres(self) -> Postgres:
        """Return a PostgreSQL."""
        return self._ending.enter_context(Postgres.started(self.warden))


LEAD = 8
"""Seconds until the first note is due: by then the bot has looked for the first time."""


def notes_from_now(  # noqa: PLR0913 - all by name
    random: Random, rooms: list[str], *, each: int, together: int, spacing: float, number: int = 0
) -> list[Note]:
    """Return notes for rooms, the first of them soon, counted from `number` on."""
    first = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=LEAD)
    return planned(random, rooms, Schedule(first, spacing, each, together, number))
