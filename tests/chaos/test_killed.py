"""The short form of the kill test; `make chaos` is the long one."""

from __future__ import annotations

import os
import time
from secrets import token_hex
from typing import TYPE_CHECKING

import pytest

from tests.chaos import killed
from tests.chaos.ground import Ground
from tests.chaos.report import NEVER_LOST, ONCE, Result, told

if TYPE_CHECKING:
    from tests.servers.network import IrcNetwork
    from tests.servers.ngircd import Ngircd
    from tests.servers.synapse import Synapse
    from tests.servers.warden import Warden

SEED = os.environ.get("CHAOS_SEED") or token_hex(4)
"""Told where a test fails; the same one kills at the same steps."""


def judged(result: Result) -> None:
    """Print what came of a run, and fail where its promise is broken."""
    print(f"CHAOS_SEED={SEED}", *told([result]), sep="\n")
    assert result.wrong == []


@pytest.fixture
def ground(warden: Warden) -> Ground:
    ground = Ground(SEED)
    ground.warden = warden
    return ground


@pytest.mark.timeout(120)
async def test_killed_at_every_step_it_says_each_announcement_once(
    ground: Ground, irc_network: IrcNetwork, homeserver: Synapse
) -> None:
    ground.irc, ground.matrix = irc_network, homeserver
    began = time.monotonic()
    run = await killed.short(ground, "short")
    judged(Result(run, ONCE, time.monotonic() - began))


async def test_where_nothing_tells_what_arrived_nothing_is_lost(
    ground: Ground, old_irc_server: Ngircd
) -> None:
    ground.old = old_irc_server
    began = time.monotonic()
    run = await killed.short_old(ground, "short, old")
    judged(Result(run, NEVER_LOST, time.monotonic() - began))


async def test_a_bot_that_doubles_is_noticed(
    ground: Ground, irc_network: IrcNetwork, homeserver: Synapse
) -> None:
    ground.irc, ground.matrix = irc_network, homeserver
    run = await killed.sabotaged(ground, "credulous", "credulous")
    print(*told([Result(run, ONCE, 0.0)]), sep="\n")
    assert run.tally is not None
    assert {copy.room.partition("/")[0] for copy in run.tally.copies} == {"irc", "matrix"}
    assert run.tally.lost == {}
