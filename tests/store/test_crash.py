"""A process that is killed while it writes leaves all that it was told is durable, and no half."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from milestonebot.outbox import Known, Stage
from milestonebot.store import open_outbox
from tests.store.made import after, delivery, planned

ROOT = Path(__file__).parents[2]
EACH = 20
CHILD = f"""
import asyncio, sys
from milestonebot.outbox import Known, Stage
from milestonebot.store import open_outbox
from tests.store.made import after, delivery, planned

async def main(where):
    outbox = await open_outbox(where)
    for look in range(1, 10_000):
        keys = [f"{{look}}/{{number}}" for number in range({EACH})]
        known = {{"subject": Known(None, out=False, turn=look)}}
        await outbox.add(planned(*map(delivery, keys), watermark=after(look), known=known))
        print("added", look, flush=True)
        assert all(await asyncio.gather(*(outbox.claim(key, ["x"], after(look)) for key in keys)))
        print("claimed", look, flush=True)
        await asyncio.gather(*(outbox.finish(key, Stage.SENT, after(look)) for key in keys))
        print("finished", look, flush=True)

asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.parametrize("lines", [9, *(pytest.param(each, marks=pytest.mark.slow) for each in (2, 16, 25))])
async def test_all_that_was_durable_is_there(place: Path | str, lines: int) -> None:
    told = _killed_after(str(place), lines)
    outbox = await open_outbox(place)
    memory = await outbox.memory()
    found = {each.key: each for each in await outbox.listed(most=100_000)}
    looks = len(found) // EACH
    # A look is there whole: its deliveries, the watermark and what is known.
    assert set(found) == {f"{look}/{number}" for look in range(1, looks + 1) for number in range(EACH)}
    assert memory.watermark == after(looks)
    assert memory.known == {"subject": Known(None, out=False, turn=looks)}
    stages = {"added": tuple(Stage), "claimed": (Stage.SENDING, Stage.SENT), "finished": (Stage.SENT,)}
    for what, look in told:
        assert {found[f"{look}/{number}"].stage for number in range(EACH)} <= set(stages[what])
    # It goes on from there.
    assert list(await outbox.add(planned(delivery("next"), watermark=after(looks + 1)))) == ["next"]
    await outbox.close()


def _killed_after(where: str, lines: int) -> list[tuple[str, int]]:
    """Let a process write, kill it after so many steps, and return the steps that it told of."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, where], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    told = []
    with contextlib.closing(child.stdout) as said:
        for line in said:
            told.append(line.split())
            if len(told) == lines:
                child.kill()
    child.wait()
    return [(what, int(look)) for what, look in told if look.isdigit()]
