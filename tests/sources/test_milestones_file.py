from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from milestonebot.errors import ConfigError
from milestonebot.model import Claim, Figure, Kind, Origin, Tag
from milestonebot.sources.yaml import YamlSource
from milestonebot.when import Precision, When
from tests.examples import examples
from tests.sources.written import EXAMPLE, SMALLEST, check_told, day, read, told

if TYPE_CHECKING:
    from pathlib import Path

    from milestonebot.errors import Problem
    from milestonebot.model import Facts


@pytest.fixture
def example(tmp_path: Path) -> Facts:
    return read(tmp_path, EXAMPLE)


def test_a_small_file_is_enough(tmp_path: Path) -> None:
    facts = read(tmp_path, SMALLEST)
    (milestone,) = facts.milestones
    assert (milestone.name, milestone.group, milestone.when) == ("basket-1", "shop", day("2026-03-12"))
    assert milestone.origin == Origin("a.yaml:3")
    assert facts.groups[0].origin == Origin("a.yaml:1")


def test_the_group_and_its_projects(example: Facts) -> None:
    (group,) = example.groups
    assert (group.name, group.title, group.note) == (
        "openstack",
        "OpenStack",
        "Milestones are named by letter and number",
    )
    told = [(each.name, each.title, each.aliases, each.url) for each in example.projects]
    assert told == [
        ("nova", "Compute", (), "https://opendev.org/openstack/nova"),
        ("neutron", "Networking", ("quantum",), None),
        ("glance", None, (), None),
    ]


def test_every_key_of_a_series(example: Facts) -> None:
    essex, diablo = example.series
    assert (essex.name, essex.group, essex.title, essex.version) == ("essex", "openstack", "Essex", "2012.1")
    assert (essex.status, essex.next_status, essex.next_status_from) == (
        "development",
        "maintained",
        date(2012, 4, 5),
    )
    assert (essex.starts, essex.eol) == (day("2011-10-03"), day("2013-05-06"))
    assert (essex.long_term, essex.note, essex.released) == (True, "The first with a dashboard", None)
    believed, roadmap = essex.release
    assert (believed.when, believed.origin.reference) == (day("2012-04-05"), "https://example.org/series")
    assert (roadmap.when, roadmap.note) == (When.month(2012, 4), "Written before the schedule was agreed")
    (summit,) = essex.starts_otherwise
    assert (summit.when, summit.origin.reference) == (When.parse("2011-W41"), "https://example.org/summit")
    assert [(key, origin.reference) for key, origin in essex.origins] == [
        ("version", "https://example.org/numbers")
    ]
    assert (diablo.version, diablo.version_note, diablo.released) == (None, "no common version", True)
    assert diablo.when == day("2011-09-22")


def test_every_key_of_a_milestone(example: Facts) -> None:
    essex_2 = next(each for each in example.milestones if each.name == "essex-2")
    assert (essex_2.series, essex_2.project, essex_2.kind) == ("essex", None, Kind.MILESTONE)
    assert (essex_2.title, essex_2.label, essex_2.released) == ("The second of four", "R-16", True)
    assert essex_2.window == When.parse("2011-12-12..2011-12-16")
    assert essex_2.note == "The notes give the day, the schedule the week"
    line = EXAMPLE.splitlines().index("  essex-2:") + 1
    assert essex_2.origin == Origin(f"a.yaml:{line}", "https://example.org/notes", date(2011, 12, 23), "high")
    believed, mail = essex_2.claims
    assert believed == Claim(day("2011-12-15"), essex_2.origin)
    mail_line = EXAMPLE.splitlines().index("      - date: 2011-12-16") + 1
    assert mail == Claim(
        day("2011-12-16"),
        Origin(f"a.yaml:{mail_line}", "https://example.org/mail", None, "low"),
        "The mail came late",
    )
    assert essex_2.tags == (
        Tag("nova", "essex-2", date(2011, 12, 15), "commit"),
        Tag("glance", "essex-2", date(2011, 12, 14), "tagger"),
    )


def test_every_key_of_a_blueprint(example: Facts) -> None:
    rootwrap, lasterror = example.blueprints
    assert (rootwrap.name, rootwrap.project, rootwrap.group) == ("nova-rootwrap", "nova", "openstack")
    assert (rootwrap.milestone, rootwrap.series) == ("essex-2", "essex")
    assert rootwrap.title == "A wrapper around what runs as root"
    assert rootwrap.url == "https://blueprints.launchpad.net/nova/+spec/nova-rootwrap"
    assert (rootwrap.status, rootwrap.priority, rootwrap.definition) == ("Implemented", "High", "Approved")
    assert (rootwrap.assignee, rootwrap.theme) == ("ttx", "security")
    assert rootwrap.summary == "Nova calls few commands as root, and each of them through one wrapper."
    assert rootwrap.note == "The status is what the post says"
    assert rootwrap.origin.reference == "https://example.org/post"
    assert (lasterror.title, lasterror.status) == (None, None)
    assert (lasterror.origin.reference, lasterror.origin.confidence) == (
        "https://example.org/schedule",
        "medium",
    )


def test_dates_are_as_exact_as_they_are_stated(example: Facts) -> None:
    told = {each.name: each for each in example.milestones if each.project is None}
    assert told["essex-3"].when == When.month(2012, 1)
    assert told["essex-feature-freeze"].when == When.parse("2012-02-20..2012-02-26")
    assert told["essex-feature-freeze"].kind is Kind.FREEZE
    meeting = told["essex-release-meeting"].when
    assert meeting is not None
    assert (meeting.precision, meeting.iso(), meeting.zone) == (
        Precision.MOMENT,
        "2012-03-29T21:00+00:00",
        "UTC",
    )


def test_the_day_it_went_out_is_believed_before_the_plan(example: Facts) -> None:
    essex_1 = example.milestones[0]
    assert essex_1.released is True
    assert [(claim.when, claim.note) for claim in essex_1.claims] == [
        (day("2011-11-11"), None),
        (day("2011-11-10"), "as planned"),
    ]


def test_a_projects_own_milestone(example: Facts, tmp_path: Path) -> None:
    own = example.milestones[-1]
    assert (own.project, own.name, own.when, own.released) == ("nova", "essex-2", day("2011-12-14"), False)
    (other,) = read(tmp_path, "group: a\nmilestones: {essex-2: {project: nova}}\n").milestones
    assert (other.project, other.name) == ("nova", "essex-2")


def test_releases_and_posts(example: Facts) -> None:
    (release,) = example.releases
    assert (release.project, release.version, release.series) == ("nova", "2011.3", "diablo")
    assert (release.url, release.note) == (
        "https://example.org/nova-2011.3.tar.gz",
        "The tarball was made anew later",
    )
    assert [claim.when for claim in release.claims] == [day("2011-09-22"), day("2011-09-23")]
    assert release.tags == (Tag("nova", "2011.3", date(2011, 9, 22), "tagger"),)
    (post,) = example.posts
    assert (post.title, post.milestone, post.author) == ("What is in Essex-2", "essex-2", "The release team")
    assert post.url == "https://example.org/post"
    assert post.published is not None
    assert (post.published.iso(), post.published.zone) == ("2011-12-20T17:03+01:00", "Europe/Paris")
    assert post.figures == (Figure("contributors", 200, approximate=True), Figure("blueprints", 2))
    assert post.underway == (("nova", "live upgrades"),)


WRONG = [
    ("‸milestones: {}", "the key 'group' is missing"),
    ("group: a\nmilestones:\n  ‸[b]: {date: 2012-01-01}", "a list or mapping cannot be a key"),
    ("group:‸", "expected the group's name, or {name: …"),
    ("group: a\n‸serie: {}", "unknown key 'serie'; did you mean 'series'?"),
    ("group: a\nmilestones:\n  b: {‸dat: x}", "unknown key 'dat'; did you mean 'date'?"),
    (
        "group: a\nseries: {b: {date: 2012-01-01, disagree: [{of: ‸stars, date: 2012-01-02, source: c}]}}",
        "'stars' is not known here; it is release or starts; did you mean 'starts'?",
    ),
    (
        "group: a\nposts: [{title: b, milestone: c, figures: [{what: d, value: ‸1.5}]}]",
        "expected a whole number",
    ),
    (
        "group: a\nposts: [{title: b, milestone: c, figures: [{what: d, value: ‸10000000000000000}]}]",
        "expected 1000000000000000 or less",
    ),
    ("group: a\nmilestones: ‸[b]", "expected keys and values, not a list"),
    ("group: a\nreleases: ‸{b: c}", "expected a list"),
    (f"group: a\nprojects: {{b: {{aliases: ‸[{'c, ' * 201}]}}}}", "expected 200 aliases at most"),
    ("group: [\n‸", "a value was expected here"),
    ("‸", "the file is empty"),
    ("group: a\nmilestones: {b: , ‸b: }", "the key 'b' stands twice, first on line 2"),
]


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_what_is_no_milestones_file_is_told(tmp_path: Path, text: str, expected: str) -> None:
    check_told(tmp_path, text, expected)


def test_all_mistakes_of_a_file_are_told(tmp_path: Path) -> None:
    mistakes = told(
        tmp_path, "group: {}\nzone: Mars\nmilestones:\n  b: {date: soon, kind: fast}\n  c: {dat: x}\n"
    )
    assert [line.split()[0] for line in mistakes] == ["1:8", "2:7", "4:13", "4:25", "5:7"]


TOGETHER = """\
zone: Mars
series: {essex: }
milestones:
  a-1: {date: 2011-02-30, relased: true, window: 2011-W50, disagree: [{date: none, source: b}]}
  a_1: {kind: fast, series: esex}
  b: {titel: x, window: 2011-W51}
  c: {date: "2011-01-01T12:00", zone: [], titel: x}
  d: {date: "2011-01-01T12:00", titel: x}
  nova/a-1: {project: glance, label: ""}
  a-2: {project: "!"}
  A-2: {}
  a_2: {project: nova}
  a__2: {blueprints: {nova: [{name: e, status: fine}, {name: e}, {titel: x}, {name: e}]}}
releases:
  - {version: 1}
  - {version: "2"}
  - {version: "2"}
"""


def test_what_does_not_fit_hides_nothing_of_the_rest(tmp_path: Path) -> None:
    """Nor is what was wrong, and so is left out, told once more as lacking."""
    assert [" ".join(line.split()[:5]) for line in told(tmp_path, TOGETHER)] == [
        "1:1 the key 'group' is",
        "1:7 no time zone is",
        "4:15 2011-02-30 is no day",
        "4:27 unknown key 'relased'; did",
        "5:3 a_1 is on line",
        "5:15 'fast' is not known",
        "5:29 no series is called",
        "6:7 unknown key 'titel'; did",
        "6:25 a window stands beside",
        "7:39 expected text, not a",
        "7:43 unknown key 'titel'; did",
        "8:33 unknown key 'titel'; did",
        "9:23 its name says that",
        "9:38 this is empty; leave",
        "10:18 '!' is no name:",
        "13:3 a__2 is on line",
        "13:48 'fine' is not known",
        "13:55 e is on line",
        "13:66 the key 'name' is",
        "13:67 unknown key 'titel'; did",
        "13:78 e is on line",
        "15:15 expected text, not the",
        "17:5 2 is on line",
    ]


LINES = EXAMPLE.splitlines(keepends=True)
PIECES = (
    *(
        "[",
        "]",
        "{",
        "}",
        ":",
        ": ",
        "- ",
        "&a ",
        "*a",
        "|",
        ">",
        "#",
        "'",
        '"',
        "!!int ",
        "<<",
        "?",
        "%",
        "@",
        "-",
    ),
    *("\t", "\n", "  ", "none", "true", "2012-13-01", "2012-W54", "1.30", "0", "9" * 30),
    *("\x00", "\x1b", "\ud800", "\u202e", "é"),
)


@st.composite
def mutilated(draw: st.DrawFn) -> str:
    """Return the example with lines lost, moved and doubled, and with pieces put in anywhere."""
    lines = list(LINES)
    for _ in range(draw(st.integers(0, 4))):
        first, second = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        change = draw(st.sampled_from(["drop", "swap", "copy", "indent"]))
        if change == "drop" and len(lines) > 1:
            del lines[first]
        elif change == "swap":
            lines[first], lines[second] = lines[second], lines[first]
        elif change == "copy":
            lines.insert(first, lines[second])
        else:
            lines[first] = f"  {lines[first]}"
    text = "".join(lines)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 6))
        text = text[:at] + draw(st.sampled_from(PIECES) | st.text(max_size=3)) + text[at + length :]
    return text


@settings(max_examples=examples(300), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutilated())
def test_any_file_gives_facts_or_told_problems(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        found = YamlSource(["a.yaml"], tmp_path).read().groups
        problems: tuple[Problem, ...] = ()
    except ConfigError as error:
        found, problems = (), error.problems
    assert bool(found) != bool(problems)
    lines = text.count("\n") + text.count("\r") + 2
    assert all(1 <= problem.line <= lines and problem.column >= 1 for problem in problems)
    assert all(problem.message.isprintable() for problem in problems)
