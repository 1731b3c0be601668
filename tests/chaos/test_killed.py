"""The short form of the kill test; `make chaos` is the long one."""

from __future__ import annotations

import asyncio
import os
import time
from secrets import token_hex
from typing import TYPE_CHECKING

import pytest

from tests.chaos import killed
from tests.chaos.ground import Ground
from tests.chaos.report import NEVER_LOST, ONCE, TWICE, Result, told

if TYPE_CHECKING:
    from tests.servers.network import IrcNetwork
    from tests.servers.ngircd import Ngircd
    from tests.servers.synapse import Synapse
    from tests.servers.warden import Warden

SEED = os.environ.get("CHAOS_SEED") or token_hex(4)
"""Told where the test fails; the same one kills at the same steps."""
PROMISES = (ONCE, NEVER_LOST, TWICE)


@pytest.fixture
def ground(warden: Warden) -> Ground:
    ground = Ground(SEED)
    ground.warden = warden
    return ground


@pytest.mark.timeout(150)
async def test_killed_at_every_step_it_keeps_its_promise(
    ground: Ground, irc_network: IrcNetwork, homeserver: Synapse, old_irc_server: Ngircd
) -> None:
    ground.irc, ground.matrix, ground.old = irc_network, homeserver, old_irc_server
    began = time.monotonic()
    # At the same time, each with a bot of its own: most of it is waiting.
    runs = await asyncio.gather(
        killed.short(ground, "InspIRCd and Synapse"),
        killed.short_old(ground, "ngIRCd, in_doubt: repeat"),
        killed.sabotaged(ground, "a bot that doubles", "credulous"),
    )
    took = time.monotonic() - began
    results = [Result(run, promise, took) for run, promise in zip(runs, PROMISES, strict=True)]
    print(f"CHAOS_SEED={SEED}", *told(results), sep="\n")
    assert [result.wrong for result in results] == [[], [], []]
