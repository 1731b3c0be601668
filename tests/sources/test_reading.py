from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from milestonebot.model import Claim, Origin
from tests.sources.written import check_told, day, read

if TYPE_CHECKING:
    from pathlib import Path

WRONG = [
    (
        "milestones: {b: {date: ‸2012-01-01T14:00}}",
        "a time needs its zone: add zone: Europe/Paris, or its offset",
    ),
    ("milestones: {b: {released: ‸2012-01-01T14:00}}", "a time needs its zone"),
    ("series: {b: {eol: ‸2012-01-01T14:00}}", "a time needs its zone"),
    (
        "milestones: {b: {date: ‸2012-03-25T02:30, zone: Europe/Paris}}",
        "there is no 2012-03-25 02:30 in Europe/Paris: clocks are set forward over it; write another",
    ),
    (
        "milestones: {b: {date: ‸2012-10-28T02:30, zone: Europe/Paris}}",
        "2012-10-28 02:30 comes twice in Europe/Paris; write the time with its offset, as +02:00",
    ),
    (
        "milestones: {b: {date: ‸2012-01-01T14:00+02:00, zone: Europe/Paris}}",
        "the offset is not that of Europe/Paris at 2012-01-01 14:00; leave one of them out",
    ),
    (
        "milestones: {b: {date: 2012-01-01, disagree: [‸{date: 2012-01-02}]}}",
        "the key 'source' is missing",
    ),
    (
        "milestones: {b: {disagree: [‸{date: 2012-01-02, source: c}]}}",
        "there is no date that this disagrees with: say which one is believed",
    ),
    (
        "series: {b: {date: 2012-01-01, disagree: [‸{of: starts, date: 2012-01-02, source: c}]}}",
        "there is no date that this disagrees with",
    ),
    (
        "releases: [{version: '1', disagree: [‸{date: 2012-01-02, source: c}]}]",
        "there is no date that this disagrees with",
    ),
    (
        "milestones: {b: {date: 2011-12-15, window: ‸2011-W51}}",
        "the window does not hold the date, 2011-12-15; if they disagree, put it under disagree:",
    ),
    (
        "milestones: {b: {date: 2011-12-15..2011-12-19, window: ‸2011-W50}}",
        "the window does not hold the date, 2011-12-15..",
    ),
    (
        "milestones: {b: {window: ‸2011-W51}}",
        "a window stands beside a date; where no day is known, write the window as date:",
    ),
    ("milestones: {b: {date: none, window: ‸2011-W51}}", "a window stands beside a date"),
    (
        "milestones:\n  essex-2:\n  ‸Essex_2:",
        "Essex_2 is on line 3 already (case, hyphens and underscores do not tell names apart)",
    ),
    ("milestones:\n  nova/c:\n  c:\n  C: {project: d}\n  ‸c_:", "c_ is on line 4 already"),
    ("series:\n  b:\n  ‸B:", "B is on line 3 already"),
    ("projects:\n  b: {aliases: [c]}\n  ‸c:", "c is on line 3 already"),
    ("milestones: {b: {blueprints: {nova: [{name: c}, ‸{name: c}]}}}", "c is on line 2 already"),
    (
        "milestones:\n  b: {blueprints: {nova: [{name: c}]}}\n  d: {blueprints: {nova: [‸{name: c}]}}",
        "c is on line 3 already",
    ),
    ("releases:\n - version: '1'\n - ‸version: '1'", "1 is on line 3 already"),
    (
        "milestones: {nova/b: {project: ‸glance}}",
        "its name says that it is nova's, and project: says glance's",
    ),
]


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_what_does_not_fit_together_is_told(tmp_path: Path, text: str, expected: str) -> None:
    check_told(tmp_path, f"group: a\n{text}\n", expected)


def test_the_same_name_for_different_things_is_no_mistake(tmp_path: Path) -> None:
    text = """\
group: a
projects: {a: {aliases: [A]}}
series: {a: }
milestones:
  a: {blueprints: {b: [{name: a}], c: [{name: a}]}}
  b/a:
  c/a:
releases: [{version: a}, {version: a, project: b}, {version: a, project: c}]
"""
    assert len(read(tmp_path, text).releases) == 3


def test_no_date_set_is_a_claim_and_silence_is_none(tmp_path: Path) -> None:
    facts = read(tmp_path, "group: a\nmilestones:\n  b: {date: none}\n  c: {date: }\n  d: {}\n  e:\n")
    told = {each.name: each.claims for each in facts.milestones}
    assert told["b"] == (Claim(None, Origin("a.yaml:3")),)
    assert told["c"] == (Claim(None, Origin("a.yaml:4")),)
    assert told["d"] == told["e"] == ()


def test_no_date_set_may_be_disagreed_with(tmp_path: Path) -> None:
    text = "group: a\nmilestones: {b: {date: none, disagree: [{date: 2012-01-02, source: c}]}}\n"
    (milestone,) = read(tmp_path, text).milestones
    assert [claim.when for claim in milestone.claims] == [None, day("2012-01-02")]


def test_out_or_not_or_unknown(tmp_path: Path) -> None:
    text = (
        "group: a\nmilestones: {b: {released: yes}, c: {released: false}, d: {released: 2012-01-02}, e: }\n"
    )
    assert [each.released for each in read(tmp_path, text).milestones] == [True, False, True, None]


def test_times_in_zones(tmp_path: Path) -> None:
    facts = read(
        tmp_path,
        """\
group: a
zone: AoE
milestones:
  file: {date: "2012-03-01T23:59"}
  own: {date: 2012-07-01 09:00, zone: America/New_York}
  offset: {date: 2012-07-01T09:00-04:00}
  both: {date: 2012-07-01T09:00:30-04:00, zone: America/New_York}
  twice: {date: 2012-11-04T01:30-05:00, zone: America/New_York}
""",
    )
    whens = [each.when for each in facts.milestones]
    assert [(when.iso(), when.zone) for when in whens if when] == [
        ("2012-03-01T23:59-12:00", "AoE"),
        ("2012-07-01T09:00-04:00", "America/New_York"),
        ("2012-07-01T09:00-04:00", "UTC-04:00"),
        ("2012-07-01T09:00-04:00", "America/New_York"),
        ("2012-11-04T01:30-05:00", "America/New_York"),
    ]


def test_an_origin_is_the_files_where_a_fact_has_none(tmp_path: Path) -> None:
    text = """\
group: a
source: the plan
confidence: low
read: 2012-01-01
projects:
  b:
  c: {source: the list, confidence: high, read: 2012-02-02}
  d: {read: none}
"""
    assert [each.origin for each in read(tmp_path, text).projects] == [
        Origin("a.yaml:6", "the plan", date(2012, 1, 1), "low"),
        Origin("a.yaml:7", "the list", date(2012, 2, 2), "high"),
        Origin("a.yaml:8", "the plan", None, "low"),
    ]
