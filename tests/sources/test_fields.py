from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sources.written import check_told, read

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [
    (
        "group: ‸a b",
        "'a b' is no name: it has letters, digits and . _ + - ~ : and begins with a letter or a digit",
    ),
    ("group: ‸-a", "'-a' is no name"),
    ('group: ‸"a\\x02"', "'a\\x02' is no name"),
    ("group: a\nmilestones: {‸essex 2: }", "'essex 2' is no name"),
    ("group: a\nmilestones: {‸a/b/c: }", "'a/b' is no name"),
    ("group: a\nmilestones: {‸/b: }", "'' is no name"),
    (f"group: ‸{'a' * 201}", "expected text of 200 characters at most"),
    (f"group: {{name: a, title: ‸{'a' * 501}}}", "expected text of 500 characters at most"),
    (f"group: {{name: a, note: ‸{'a' * 4001}}}", "expected text of 4000 characters at most"),
    ('group: {name: a, title: ‸"b\\x1b[31m"}', "the character U+001B is no text; take it out"),
    ('group: {name: a, title: ‸"b\\0"}', "the character U+0000 is no text"),
    ('group: {name: a, title: ‸""}', "this is empty; leave the key out"),
    (
        "group: {name: a, title: ‸2012}",
        "expected text",
    ),
    (
        "group: a\nseries: {b: {version: ‸2012.10}}",
        "expected text, and YAML reads 2012.10 as the number 2012.1",
    ),
    ("group: a\nreleases: [{version: ‸1.30}]", "expected text, and YAML reads 1.30 as the number 1.3"),
]
LINKS = [
    (
        "projects: {b: {url: ‸'javascript:alert(1)'}}",
        "'javascript:alert(1)' is no link; it begins with https://",
    ),
    ("projects: {b: {url: ‸'ftp://example.org/'}}", "'ftp://example.org/' is no link"),
    ("projects: {b: {url: ‸'https://'}}", "'https://' is no link"),
    ("projects: {b: {url: ‸'https://[::'}}", "'https://[::' is no link"),
    ("projects: {b: {url: ‸'https://a:99999/'}}", "'https://a:99999/' is no link"),
    ("projects: {b: {url: ‸'https://a b'}}", "'https://a b' is no link"),
    ('projects: {b: {url: ‸"https://a/\\u202e"}}', "'https://a/\\u202e' is no link"),
    (f"projects: {{b: {{url: ‸'https://a/{'b' * 2000}'}}}}", "expected text of 2000 characters at most"),
]
ZONES = [
    ("zone: ‸Europe/Pariss", "no time zone is called 'Europe/Pariss'; did you mean Europe/Paris?"),
    (
        "zone: ‸Middle/Earth",
        "no time zone is called 'Middle/Earth'; write Europe/Paris, UTC, AoE or the like",
    ),
    ("zone: ‸../../etc/passwd", "no time zone is called '../../etc/passwd'"),
    ('zone: ‸"Europe/Paris\\0"', "no time zone is called 'Europe/Paris\\x00'"),
    ("zone: ‸Europe", "no time zone is called 'Europe'"),
]
DATES = [
    ("2012-02-30", "2012-02-30 is no day of the calendar"),
    (
        "12/04/2012",
        "'12/04/2012' is not a date; write 2012-04-12 or 2012-12-04",
    ),
    ("soon", "'soon' is not a date; where no date is set, write none"),
    ("mid-May", "'mid-May' is not a date; write 2011-12-15, 2011-W50, 2011-12-12..2011-12-16, 2011-12 or"),
    ("at some time in May", "'at some time in May' is not a date; write 2011-12-15"),
    ("2012", "2012 is not a date; write 2012-01-01..2012-12-31"),
    ("[2012]", "[2012] is not a date; write 2011-12-15"),
    ("true", "True is not a date; write 2011-12-15"),
    ("1112-01-01", "the year 1112 is none of 1970 to 2199"),
    ("2012-01-01..2212-01-01", "the year 2212 is none of 1970 to 2199"),
    ("1112-01-01T00:00+14:00", "the year 1112 is none of 1970 to 2199"),
    ("2012-01-02..2012-01-01", "'2012-01-02..2012-01-01' is not a date (2012-01-01 is before 2012-01-02)"),
    ("2011-W53", "'2011-W53' is not a date"),
    ("2012-13", "'2012-13' is not a date"),
    ("2012-01-01T25:00", "'2012-01-01T25:00' is not a time (hour must be in 0..23); write 2011-12-15"),
    (
        "2012-01-01T14:00 CET",
        "'2012-01-01T14:00 CET' is not a date; write 2012-01-01T14:00, and beside it zone",
    ),
]
DAYS = [
    ("read: ‸2011-W50", "2011-W50 is not a day; write 2011-12-15"),
    ("read: ‸2011-12-15T14:00Z", "2011-12-15T14:00Z is not a day; write 2011-12-15"),
    ("series: {b: {next_status_from: ‸2012-04}}", "2012-04 is not a day; write 2011-12-15"),
    (
        "milestones: {b: {tags: {c: {tag: b, date: ‸none, kind: commit}}}}",
        "is missing; write a day, as 2011-12-15",
    ),
]
WORDS = [
    (
        "milestones: {b: {kind: ‸frieze}}",
        "'frieze' is not known here; did you mean freeze? It is one of: milestone,",
    ),
    ("milestones: {b: {kind: ‸[freeze]}}", "\"['freeze']\" is not known here"),
    (
        "milestones: {b: {tags: {c: {tag: b, date: 2011-12-15, kind: ‸tagged}}}}",
        "'tagged' is not known here; did you mean tagger? It is one of: tagger, commit",
    ),
    (
        "milestones: {b: {blueprints: {nova: [{name: c, status: ‸implementd}]}}}",
        "'implementd' is not known here; did you mean Implemented? It is one of: Unknown, Not started",
    ),
    (
        "milestones: {b: {blueprints: {nova: [{name: c, priority: ‸1}]}}}",
        "'1' is not known here. It is one of: Not, Undefined, Low, Medium, High, Essential",
    ),
    (
        "milestones: {b: {blueprints: {nova: [{name: c, definition: ‸aproved}]}}}",
        "'aproved' is not known here; did you mean Approved?",
    ),
    ("confidence: ‸sure", "'sure' is not known here. It is one of: high, medium, low"),
    ("milestones: {b: {released: ‸perhaps}}", "expected true, false or a day; 'perhaps' is not"),
    ('milestones: {b: {released: ‸"true"}}', '"true" in quotes is text; take the quotes away'),
    ("milestones: {‸“b”: }", "'“b”' is no name; write straight quotes, or none"),
    (
        "milestones: {b: {date: ‸“2012-01-01”}}",
        "'“2012-01-01”' is not a date; write straight quotes, or none",
    ),
    ("milestones: {b: {released: ‸soon}}", "expected true, false or a day, not 'soon'"),
    (
        "milestones: {b: {released: ‸none}}",
        "this is empty; write true, false or the day, or leave the key out",
    ),
    ("series: {b: {long_term: ‸'yes'}}", 'expected true or false, and "yes" in quotes is text'),
    (
        "series: {b: {sources: {‸versoin: c}}}",
        "'versoin' is not known here; did you mean version? It is one of:",
    ),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_texts(tmp_path: Path, text: str, expected: str) -> None:
    check_told(tmp_path, text, expected)


@pytest.mark.parametrize(("text", "expected"), [*LINKS, *ZONES, *DAYS, *WORDS])
def test_links_zones_days_and_words(tmp_path: Path, text: str, expected: str) -> None:
    check_told(tmp_path, f"group: a\n{text}\n", expected)


@pytest.mark.parametrize(("date", "expected"), DATES)
def test_dates(tmp_path: Path, date: str, expected: str) -> None:
    check_told(tmp_path, f"group: a\nmilestones:\n  b:\n    date: ‸{date}\n", expected)


def test_white_space_is_one_space(tmp_path: Path) -> None:
    (group,) = read(
        tmp_path, 'group:\n  name: a\n  title: "  b\\n c "\n  note: >\n    d\n    e\n\n    f\n'
    ).groups
    assert (group.title, group.note) == ("b c", "d e f")


@pytest.mark.parametrize("name", ["essex-2", "2012.1", "v1.0+build~3", "été", "漢字", "a:b", "A_b"])
def test_names_of_many_kinds(tmp_path: Path, name: str) -> None:
    (milestone,) = read(tmp_path, f'group: a\nmilestones: {{"{name}": }}\n').milestones
    assert milestone.name == name


def test_words_are_taken_in_any_case(tmp_path: Path) -> None:
    facts = read(
        tmp_path,
        """\
group: a
milestones:
  b:
    kind: Freeze
    confidence: HIGH
    blueprints:
      nova: [{name: c, status: needs code-review, priority: ESSENTIAL, definition: pending approval}]
""",
    )
    assert facts.milestones[0].kind == "freeze"
    assert facts.milestones[0].origin.confidence == "high"
    (blueprint,) = facts.blueprints
    assert blueprint.status == "Needs Code Review"
    assert (blueprint.priority, blueprint.definition) == ("Essential", "Pending Approval")
