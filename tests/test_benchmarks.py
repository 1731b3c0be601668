"""The benchmarks hold their goals: what is missed is told, and fails. The figures are not tested."""

from __future__ import annotations

import os
import re
import time

import pytest

from benchmarks import __main__ as benchmarks, made, process
from benchmarks.figures import Figure, table
from benchmarks.rounds import Rounds
from milestonebot.catalog import Catalog

FAST = Figure("fast enough", 5.0, "ms", 25.0)
SLOW = Figure("too slow", 26.0, "ms", 25.0)
TOLD = Figure("only told", 123456.0, "MB")


def test_a_goal_is_met_up_to_its_figure() -> None:
    assert FAST.met
    assert Figure("just so", 25.0, "ms", 25.0).met
    assert not SLOW.met
    assert TOLD.met


def test_the_table_tells_each_figure_with_its_share_of_the_goal() -> None:
    lines = table([("some", [FAST, SLOW, TOLD]), ("others", [Figure("none allowed", 1, "of 5", 0.0)])])
    rows = [line.split() for line in lines.splitlines()]
    assert rows[3] == ["fast", "enough", "5", "ms", "25", "ms", "0.20", "met"]
    assert rows[4] == ["too", "slow", "26", "ms", "25", "ms", "1.04", "MISSED"]
    assert rows[5] == ["only", "told", "123,456", "MB"]
    assert rows[-1][-1] == "MISSED"


@pytest.mark.parametrize(
    ("figures", "arguments", "code"),
    [([FAST, TOLD], [], 0), ([FAST, SLOW], [], 1), ([FAST, SLOW], ["--tell"], 0), ([SLOW], ["start"], 1)],
)
def test_a_missed_goal_fails(
    figures: list[Figure],
    arguments: list[str],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(benchmarks, "_SECTIONS", {"start": ("title", lambda: figures)})
    assert benchmarks.main(arguments) == code
    assert ("missed: too slow" in capsys.readouterr().out) == (SLOW in figures)


def test_a_section_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        benchmarks.main(["memroy"])
    assert "there is no section memroy" in capsys.readouterr().err


@pytest.mark.slow
def test_the_made_catalog_has_the_size_that_is_promised() -> None:
    facts = made.facts()
    catalog = Catalog.of(facts)
    sizes = [len(each) for each in (facts.blueprints, facts.milestones, facts.series, facts.projects)]
    assert sizes == [100_000, 1_000, 100, 200]
    assert len(catalog.facts.blueprints) == 100_000
    assert all(len(catalog.blueprints_of(each)) == 100 for each in facts.milestones)
    assert facts == made.facts()


def test_of_several_rounds_the_best_is_told_and_the_median_beside_it() -> None:
    rounds = Rounds()
    for milliseconds, answers in ((30.0, 900.0), (10.0, 1100.0), (20.0, 1000.0)):
        rounds.add("least", {"time, ms": milliseconds, "answers per second": answers})
    rounds.add("ours", {"time, ms": 15.0, "memory, MiB": 56.25})
    assert [line.split("  ") for line in squeezed(rounds.table())] == [
        ["best (median)", "least", "ours"],
        ["time, ms", "10.0 (20.0)", "15.0"],
        ["answers per second", "1,100 (1,000)"],
        ["memory, MiB", "56.2"],
    ]
    assert [line.split("  ") for line in squeezed(rounds.ratios("least"))] == [
        ["times least", "least", "ours"],
        ["time, ms", "1.00", "1.50"],
        ["answers per second", "1.00"],
    ]


def squeezed(table: str) -> list[str]:
    return [re.sub(" {3,}", "  ", line).rstrip() for line in table.splitlines()]


def test_what_a_process_costs_is_read_from_the_system() -> None:
    before = process.cpu(os.getpid())
    begin = time.process_time()
    while time.process_time() - begin < 0.1:
        pass
    assert 0.05 < process.cpu(os.getpid()) - before < 1
    assert 10 < process.memory(os.getpid()) < 10_000
