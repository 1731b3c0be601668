"""What one answer on the command line costs, beside Python's own start in the same run."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Figure

GOAL = 10.0
"""Times the CPU of `python -c pass`."""
RUNS = 25
FORBIDDEN = frozenset({
    "aiohttp", "aiosqlite", "apscheduler", "asyncio", "irc", "nio", "pydantic", "rich", "yaml",
})  # fmt: skip
"""Packages that an offline answer never imports."""
QUESTIONS = {
    "a milestone": "!milestone essex-2",
    "a near miss": "!milestone esex-2",
    "a question in words": "when is essex-3?",
    "help": "!help",
}
_DAY = ("--at", "2011-12-20")
_END = "-- loaded: "
# `-X importtime` is silent about what importlib.import_module imports: hence the list of what is loaded.
_ASK = f"""
import sys
from milestonebot.cli import main
main(sys.argv[1:])
print("{_END}", *sys.modules, file=sys.stderr)
"""
_IMPORTED = re.compile(r"^import time: +\d+ \| +\d+ \| *(\S+)", re.MULTILINE)


def figures() -> list[Figure]:
    """Return each question's CPU as a multiple of Python's own, the quickest of interleaved runs."""
    bare = [sys.executable, "-c", "pass"]
    commands = {"": bare} | {what: [milestonebot(), "ask", asked, *_DAY] for what, asked in QUESTIONS.items()}
    best = dict.fromkeys(commands, float("inf"))
    for _ in range(RUNS):
        for what, command in commands.items():
            best[what] = min(best[what], cpu(command))
    own = best.pop("")
    told = [Figure("python -c pass", own * 1e3, "ms")]
    told += [Figure(f"ask: {what}", spent / own, "times", GOAL) for what, spent in best.items()]
    return [*told, *(_forbidden(what, asked) for what, asked in QUESTIONS.items())]


def imported(question: str) -> set[str]:
    """Return the modules that are imported to answer `question`, those that were dropped again too."""
    command = [sys.executable, "-X", "importtime", "-c", _ASK, "ask", question, *_DAY]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    told, _, loaded = run.stderr.rpartition(_END)
    return {*_IMPORTED.findall(told), *loaded.split()}


def _forbidden(what: str, question: str) -> Figure:
    modules = imported(question)
    assert "milestonebot.bot" in modules
    found = sorted(name for name in modules if name.partition(".")[0] in FORBIDDEN)
    named = f" ({', '.join(found[:5])})" if found else ""
    return Figure(f"ask: {what}: imports that are not allowed{named}", len(found), f"of {len(modules)}", 0.0)


def milestonebot() -> str:
    """Return the command as it is installed beside this Python."""
    return str(Path(sys.executable).with_name("milestonebot"))


def cpu(command: list[str]) -> float:
    """Return the CPU seconds that `command` takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - our own commands
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
