"""A run: the bot lives and dies again and again, until everything has arrived; then all is counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from signal import SIGTERM
from typing import TYPE_CHECKING

from tests.chaos.child import Spec
from tests.chaos.lives import Life
from tests.chaos.notes import Note, expected, words_missing
from tests.chaos.points import Failpoint, Passed, Step
from tests.chaos.tally import Tally, tallied

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from tests.chaos.scene import Scene

PATIENCE = 20.0
"""Seconds in which a life meets its failpoint, or is killed where it stands."""
TO_THE_END = 300.0
"""Seconds that the last life has for all that is left."""
_WELL, _PURPOSE = 0.2, 0.7
"""How often it is asked to end where it could be killed at random, and how often a failpoint goes first."""
_TOO_MANY = 5
"""Problems after which a run is given up."""
QUIET = 3.0
"""Seconds of one more life, which has nothing to say."""

_LEAVES_DOUBT = (Step.CLAIMED, Step.WRITTEN, Step.IN_FLIGHT, Step.CONFIRMED, Step.RECORDING)


@dataclass(slots=True)
class Run:
    """One run in a scene."""

    title: str
    scene: Scene
    notes: list[Note]
    random: Random
    spec: Spec = field(default_factory=lambda: Spec("", -1))
    lives: list[Life] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    """How often the bot was killed, and at what."""
    blows: Counter[str] = field(default_factory=Counter)
    """What else was done to it."""
    problems: list[str] = field(default_factory=list)
    tally: Tally | None = None

    def __post_init__(self) -> None:
        self.spec = replace(self.spec, config=str(self.scene.config))
        self.scene.write(self.notes)

    @property
    def passed(self) -> list[Passed]:
        """Return all points of all lives, in order."""
        return [each for life in self.lives for each in life.passed]

    @property
    def deliveries(self) -> int:
        """Return how many there are to be."""
        return sum(len(note.rooms) for note in self.notes)

    def add(self, notes: list[Note]) -> None:
        """Have more to say: the config is edited while no bot runs."""
        self.notes += notes
        self.scene.write(self.notes)

    # --- living and dying

    async def begin(self, failpoint: Failpoint | None = None) -> Life:
        """Start the bot."""
        spec = replace(self.spec, failpoint=failpoint)
        for side in (self.scene.irc, self.scene.matrix):
            if side is not None:
                side.proxy.traps.clear()
        life = await Life.begin(spec, self.scene.folder, self.scene.environ)
        self.lives.append(life)
        return life

    async def live(self, failpoint: Failpoint | None, within: float) -> bool:
        """Let it live until it meets its failpoint or its time is over; return whether it met it."""
        armed = failpoint
        if failpoint is not None and failpoint.step is Step.IN_FLIGHT:
            armed = None
        life = await self.begin(armed)
        if failpoint is not None and armed is None:
            self._arm(life, failpoint)
        if await life.over(within):
            return self._ended(life, failpoint)
        await life.kill()
        self.kills["at random"] += 1
        return False

    def _arm(self, life: Life, failpoint: Failpoint) -> None:
        """Let the proxy kill it when it has passed on what the bot says, before the server's word comes."""
        side = self.scene.irc if failpoint.network == "irc" else self.scene.matrix
        assert side is not None
        side.proxy.arm(lambda: life.strike(failpoint.step))

    def _ended(self, life: Life, failpoint: Failpoint | None) -> bool:
        if failpoint is None or not life.met_its_failpoint:
            self.problems.append(f"the bot ended by itself in life {len(self.lives)}: see its log")
            if len(self.problems) >= _TOO_MANY:
                raise RuntimeError("\n".join([*self.problems, self.log_end()]))
            return False
        self.kills[str(failpoint)] += 1
        return True

    async def die(self, after: float) -> None:
        """Let it live for so many seconds; then kill it or, once in five times, ask it to end."""
        if self.random.random() >= _WELL:
            await self.live(None, after)
            return
        life = await self.begin()
        if await life.over(after):
            self._ended(life, None)
        elif (code := await life.stop()) not in {0, -SIGTERM}:
            self.problems.append(f"TERM ended it with {code} in life {len(self.lives)}")
        self.kills["ended well"] += 1

    async def campaign(
        self, failpoints: Sequence[Failpoint], at_random: int, until: datetime | None = None
    ) -> list[Failpoint]:
        """Kill it at each failpoint, and at random moments between, as long as there is anything to say.

        Returns the failpoints that were not met.
        """
        wanted = self.random.sample(failpoints, len(failpoints))
        while (wanted or at_random) and not await self.complete() and not _past(until):
            # What needs something to say goes first, mostly: a death at random needs nothing.
            if wanted and (not at_random or self.random.random() < _PURPOSE):
                failpoint = wanted.pop(0)
                if not await self._met(failpoint):
                    wanted.append(failpoint)
            else:
                at_random -= 1
                await self.die(self.random.uniform(0.5, 6.0))
        return wanted

    async def _met(self, failpoint: Failpoint) -> bool:
        """Let it die there, and perhaps once more while it settles what is in doubt then."""
        met = await self.live(failpoint, PATIENCE)
        if met and failpoint.step in _LEAVES_DOUBT:
            again = self.random.choice((Step.TRACING, Step.TRACED, None))
            if again:
                await self.live(Failpoint(again, failpoint.network), PATIENCE)
        return met

    async def gauntlet(self, failpoints: Sequence[Failpoint]) -> None:
        """Kill it at each failpoint, one after the other."""
        for each in failpoints:
            if not await self.live(each, PATIENCE):
                self.problems.append(f"never met: {each}")

    async def complete(self) -> bool:
        """Tell whether every room has heard the last that it is to hear."""
        return not words_missing(expected(self.notes), await self.scene.heard())

    async def finish(self, life: Life | None = None) -> Tally:
        """Let it say all that is left, end it well, see that one more life says nothing, and count."""
        life = life or await self.begin()
        wanted = expected(self.notes)
        await self._wait_for_all(life, wanted)
        # Before it is up, TERM ends it at once.
        await life.over(max(0.0, QUIET - life.age))
        if (code := await life.stop()) != 0:
            self.problems.append(f"TERM ended it with {code}")
        last = await self.begin()
        if not await last.over(QUIET):
            await last.kill()
        if said := [each for each in last.passed if each.step is Step.WRITING]:
            self.problems.append(f"after all was over it said: {said[:3]}")
        if "Traceback" in self.log():
            self.problems.append("there is a traceback in the bot's log")
        self.tally = tallied(wanted, await self.scene.heard())
        return self.tally

    async def _wait_for_all(self, life: Life, wanted: dict[str, list[str]]) -> None:
        """Wait until all rooms have heard their last, looking whenever the bot has noted an arrival."""
        noted = -1
        while words_missing(wanted, await self.scene.heard()):
            if _recorded(life) == noted and not await _more_recorded(life, noted):
                self.problems.append("not everything had come when the time was over")
                return
            noted = _recorded(life)

    # --- what the lives tell

    def log(self) -> str:
        """Return all that the bots wrote."""
        return (self.scene.folder / "bot.log").read_text(errors="replace")

    def log_end(self) -> str:
        """Return the last that the bot wrote."""
        return "\n".join(self.log().splitlines()[-20:])

    def history(self) -> list[str]:
        """Return all that the lives passed, a line for each."""
        return [
            f"{number} {each.step} {each.network} {each.key} {each.text}"
            + (f" said={each.said} sure={each.sure}" if each.step is Step.TRACED else "")
            for number, life in enumerate(self.lives)
            for each in life.passed
        ]

    def traces(self) -> Counter[str]:
        """Return how what was in doubt was settled."""
        found: Counter[str] = Counter()
        for each in self.passed:
            if each.step is Step.TRACED:
                how = ("said" if each.said else "not said") if each.sure else "unknown"
                found[f"{each.network}: {how}"] += 1
        return found


def _past(until: datetime | None) -> bool:
    return until is not None and datetime.now(UTC) >= until


async def _more_recorded(life: Life, than: int) -> bool:
    return await life.until(lambda: _recorded(life) > than, TO_THE_END)


def _recorded(life: Life) -> int:
    return sum(each.step is Step.RECORDED for each in life.passed)
