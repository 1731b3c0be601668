"""Runs in which what is around the bot fails: servers die, connections are cut in the middle of a line."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import TYPE_CHECKING

from tests.chaos.ground import Ground, notes_from_now
from tests.chaos.points import Failpoint, Step
from tests.chaos.proxy import ANNOUNCED, Passage, Trap, Way
from tests.chaos.run import Run
from tests.chaos.scene import IrcSide, MatrixSide, Scene, irc_side, matrix_side

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.chaos.lives import Life

ECHO = re.compile(rb"PRIVMSG #\S+ :n\d{3}w\d{3}[^\n]*\n")
"""What an IRC server echoes."""
ACCEPTED = re.compile(rb'\{"event_id":"\$[^"]+"\}')
"""What a homeserver answers when it has taken a message."""
IRC_KILLED, MATRIX_KILLED = "InspIRCd killed", "Synapse killed"
POSTGRES_KILLED, STANDSTILL = "PostgreSQL killed", "PostgreSQL stood still"
SILENCE = 20.0
"""Seconds for which a database takes and refuses nothing."""
PATIENCE = 90.0
"""Seconds until there is something to strike at."""


async def servers_die(ground: Ground, title: str, *, each: int = 6, times: int = 4, postgres: bool) -> Run:
    """Kill Synapse, InspIRCd and PostgreSQL while something is on its way to them, and start them again."""
    random = ground.random(title)
    async with contextlib.AsyncExitStack() as stack:
        irc = await stack.enter_async_context(irc_side(ground.irc, 5))
        matrix = await stack.enter_async_context(matrix_side(ground.matrix, 5))
        scene = Scene(ground.folder(), irc, matrix)
        blows = [IRC_KILLED, MATRIX_KILLED] * times
        if postgres:
            scene.environ["DATABASE_URL"] = ground.postgres.new_database()
            blows += [POSTGRES_KILLED] * times + [STANDSTILL] * 2
        random.shuffle(blows)
        notes = notes_from_now(random, scene.rooms, each=each, together=5, spacing=10)
        run = Run(title, scene, notes, random)
        life = await run.begin()
        for blow in blows:
            if not await _struck(ground, irc, matrix, life, blow, random.uniform(0.0, 1.6)):
                run.problems.append(f"there was no occasion for: {blow}")
                break
            run.blows[blow] += 1
        await run.finish(life)
    return run


async def _struck(  # noqa: PLR0913, PLR0917 - all that can be struck at
    ground: Ground, irc: IrcSide, matrix: MatrixSide, life: Life, blow: str, passes: float
) -> bool:
    """Strike a server down when it comes to it, and let it stand up again; tell whether it came to it."""
    if blow == IRC_KILLED:
        if reached := await _sprung(irc, Way.UP, ANNOUNCED, passes, _dying(ground.irc.kill)):
            await irc.come_back(ground.irc.start)
    elif blow == MATRIX_KILLED:
        if reached := await _sprung(matrix, Way.UP, ANNOUNCED, passes, _dying(ground.matrix.daemon.kill)):
            await asyncio.to_thread(ground.matrix.daemon.start)
    elif reached := await _claims(life):
        if blow == STANDSTILL:
            with ground.postgres.silent():
                await life.until(lambda: False, SILENCE)
        else:
            ground.postgres.kill()
            await asyncio.to_thread(ground.postgres.start)
    return reached


def _dying(kill: Callable[[], None]) -> Callable[[Passage], None]:
    """Return what kills a server in the middle of a line or behind it.

    The connection ends with it: else a server could confirm a line as its last deed, and die before
    anybody but the bot has heard of it. No bot can know that.
    """

    def die(passage: Passage) -> None:
        kill()
        passage.cut()

    return die


async def _claims(life: Life) -> bool:
    """Wait until something more is claimed."""

    def count() -> int:
        return sum(each.step is Step.CLAIMED for each in life.passed)

    before = count()
    return await life.until(lambda: count() > before, PATIENCE)


async def connections_cut(ground: Ground, title: str, *, each: int = 6, times: int = 4) -> Run:
    """Cut what the bot says in its middle, and what the server answers in its middle."""
    random = ground.random(title)
    async with contextlib.AsyncExitStack() as stack:
        irc = await stack.enter_async_context(irc_side(ground.irc, 5))
        matrix = await stack.enter_async_context(matrix_side(ground.matrix, 5))
        scene = Scene(ground.folder(), irc, matrix)
        notes = notes_from_now(random, scene.rooms, each=each, together=5, spacing=8)
        run = Run(title, scene, notes, random)
        life = await run.begin()
        cuts = _cuts(irc, matrix) * times
        random.shuffle(cuts)
        for name, side, way, pattern in cuts:
            if not await _sprung(side, way, pattern, random.uniform(0.1, 0.9), Passage.cut):
                run.problems.append(f"nothing was left to cut: {name}")
                break
            run.blows[name] += 1
        await run.finish(life)
    return run


def _cuts(irc: IrcSide, matrix: MatrixSide) -> list[tuple[str, IrcSide | MatrixSide, Way, re.Pattern[bytes]]]:
    return [
        ("irc: cut in a line", irc, Way.UP, ANNOUNCED),
        ("irc: cut in its echo", irc, Way.DOWN, ECHO),
        ("matrix: cut in a request", matrix, Way.UP, ANNOUNCED),
        ("matrix: cut in its answer", matrix, Way.DOWN, ACCEPTED),
    ]


async def _sprung(
    side: IrcSide | MatrixSide,
    way: Way,
    pattern: re.Pattern[bytes],
    passes: float,
    then: Callable[[Passage], None],
) -> bool:
    """Set a trap and wait until it is sprung."""
    done = asyncio.Event()

    def act(passage: Passage) -> None:
        then(passage)
        done.set()

    side.proxy.traps.append(Trap(way, pattern, passes, act))
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(done.wait(), PATIENCE)
    return done.is_set()


async def ghosts(ground: Ground, title: str, *, times: int = 4) -> Run:
    """Let what a killed bot had written reach the server after the next bot has come."""
    random = ground.random(title)
    async with irc_side(ground.irc, 3) as irc:
        scene = Scene(ground.folder(), irc)
        notes = notes_from_now(random, scene.rooms, each=times * 2, together=3, spacing=10)
        run = Run(title, scene, notes, random)
        for _ in range(times):
            life = await run.begin()

            def hold(passage: Passage, life: Life = life) -> None:
                passage.hold()
                life.strike(Step.IN_FLIGHT)

            if not await _sprung(irc, Way.UP, ANNOUNCED, 0.0, hold):
                run.problems.append("nothing was said that could be held back")
                break
            await life.over(PATIENCE)
            run.kills[str(Failpoint(Step.IN_FLIGHT, "irc"))] += 1
            await _haunted(run, irc)
        await run.finish()
    return run


async def _haunted(run: Run, irc: IrcSide) -> None:
    """Let the next bot come and look for what is in doubt; then let the old one's last words through."""
    life = await run.begin()
    await life.until(lambda: any(each.step is Step.TRACING for each in life.passed), PATIENCE)
    await life.until(lambda: any(each.step is Step.WRITING for each in life.passed), 3.0)
    for ghost in irc.proxy.ghosts:
        ghost.let_go()
    irc.proxy.ghosts.clear()
    run.blows["last words came late"] += 1
    await life.until(lambda: any(each.step is Step.RECORDED for each in life.passed), PATIENCE)
    await life.kill()
    run.kills["at random"] += 1
