from __future__ import annotations

import json
import time
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from milestonebot.errors import SourceError
from milestonebot.facts import FORMAT, facts_from_json, facts_to_json
from milestonebot.model import (
    Blueprint,
    Claim,
    Facts,
    Figure,
    Kind,
    Milestone,
    Origin,
    Post,
    Project,
    ProjectGroup,
    Release,
    Series,
    Tag,
)
from milestonebot.when import Precision, When

DAYS = st.dates(date(1970, 1, 1), date(2199, 12, 31))
TEXTS = st.text(max_size=12)
WORDS = st.none() | TEXTS
FLAGS = st.none() | st.booleans()
ZONES = st.sampled_from(
    [UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-12), "AoE")]
)


def _pairs(days: tuple[date, date]) -> When:
    return When.days(min(days), max(days))


WHENS = st.one_of(
    DAYS.map(When.day),
    st.tuples(DAYS, DAYS).map(_pairs),
    DAYS.map(lambda day: When.month(day.year, day.month)),
    st.builds(When.moment, st.builds(datetime.combine, DAYS, st.times(), ZONES), WORDS),
    # What no written form says: a week of one day, part of a month.
    st.builds(When, DAYS, DAYS, st.sampled_from(Precision), zone=WORDS),
)
MAYBE = st.none() | WHENS
ORIGINS = st.builds(Origin, TEXTS, WORDS, st.none() | DAYS, WORDS)
CLAIMS = st.lists(st.builds(Claim, MAYBE, ORIGINS, WORDS), max_size=3).map(tuple)
TAGS = st.lists(st.builds(Tag, TEXTS, TEXTS, DAYS, TEXTS), max_size=2).map(tuple)
STRINGS = st.lists(TEXTS, max_size=2).map(tuple)

SERIES = st.builds(
    Series,
    *(TEXTS, TEXTS, ORIGINS, WORDS, WORDS, WORDS, WORDS, WORDS),
    next_status_from=st.none() | DAYS,
    starts=MAYBE,
    release=CLAIMS,
    released=FLAGS,
    eol=MAYBE,
    long_term=st.booleans(),
    note=WORDS,
    starts_otherwise=CLAIMS,
    origins=st.lists(st.tuples(TEXTS, ORIGINS), max_size=2).map(tuple),
)
MILESTONES = st.builds(
    Milestone,
    *(
        TEXTS,
        TEXTS,
        ORIGINS,
        WORDS,
        WORDS,
        st.sampled_from(Kind),
        WORDS,
        WORDS,
        CLAIMS,
        FLAGS,
        WORDS,
        TAGS,
        MAYBE,
    ),
)
POSTS = st.builds(
    Post,
    *(TEXTS, TEXTS, TEXTS, ORIGINS, WORDS, MAYBE, WORDS),
    figures=st.lists(st.builds(Figure, TEXTS, st.integers(), st.booleans()), max_size=2).map(tuple),
    underway=st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple),
)
FACTS = st.builds(
    Facts,
    st.lists(st.builds(ProjectGroup, TEXTS, ORIGINS, WORDS, WORDS), max_size=2).map(tuple),
    st.lists(st.builds(Project, TEXTS, TEXTS, ORIGINS, WORDS, STRINGS, WORDS), max_size=2).map(tuple),
    st.lists(SERIES, max_size=2).map(tuple),
    st.lists(MILESTONES, max_size=2).map(tuple),
    st.lists(
        st.builds(Release, TEXTS, TEXTS, ORIGINS, WORDS, WORDS, CLAIMS, WORDS, WORDS, TAGS), max_size=2
    ).map(tuple),
    st.lists(st.builds(Blueprint, TEXTS, TEXTS, TEXTS, ORIGINS, *[WORDS] * 11), max_size=2).map(tuple),
    st.lists(POSTS, max_size=2).map(tuple),
)
ORIGIN = Origin("milestones/essex.yaml:3", "the schedule", date(2026, 8, 21), "high")
ESSEX_2 = Milestone(
    "essex-2",
    "openstack",
    ORIGIN,
    claims=(Claim(When.day(date(2011, 12, 15)), ORIGIN), Claim(None, Origin("elsewhere"), "none is set")),
    released=False,
    window=When.parse("2011-W50"),
    tags=(Tag("nova", "essex-2", date(2011, 12, 15), "commit"),),
)
FEW = Facts(milestones=(ESSEX_2,))
SECTIONS = [each.name for each in fields(Facts)]


@given(FACTS)
def test_what_is_written_is_read_back(facts: Facts) -> None:
    written = json.dumps(facts_to_json(facts))
    assert facts_from_json(json.loads(written)) == facts
    assert json.dumps(facts_to_json(facts)) == written


def test_a_moment_keeps_its_zone_and_its_seconds() -> None:
    paris = When.moment(datetime(2012, 4, 5, 14, 0, 30, tzinfo=ZoneInfo("Europe/Paris")), "Europe/Paris")
    facts = Facts(milestones=(replace(ESSEX_2, claims=(Claim(paris, ORIGIN),)),))
    (milestone,) = facts_from_json(json.loads(json.dumps(facts_to_json(facts)))).milestones
    assert milestone.when == paris
    assert milestone.when is not None
    assert milestone.when.at is not None
    assert milestone.when.at.isoformat() == "2012-04-05T14:00:30+02:00"


def test_an_unknown_is_not_a_no() -> None:
    written = json.loads(json.dumps(facts_to_json(FEW)))
    assert written["milestones"][0]["released"] is False
    assert "released" not in json.loads(
        json.dumps(facts_to_json(Facts(milestones=(replace(ESSEX_2, released=None),))))
    )


def test_an_origin_is_written_once_however_many_facts_have_it() -> None:
    written = facts_to_json(Facts(milestones=(ESSEX_2, replace(ESSEX_2, name="essex-3"))))
    assert written["origins"] == [
        ["milestones/essex.yaml:3", "the schedule", "2026-08-21", "high"],
        ["elsewhere", None, None, None],
    ]


@pytest.mark.parametrize("data", [None, [], "facts", 7, {}])
def test_what_is_no_facts_is_refused(data: object) -> None:
    with pytest.raises(SourceError, match=f"no facts of format {FORMAT}"):
        facts_from_json(data)


@pytest.mark.parametrize("number", [None, 0, "1", FORMAT + 1])
def test_another_format_is_refused(number: object) -> None:
    with pytest.raises(SourceError, match=f"no facts of format {FORMAT} .found '{number}'"):
        facts_from_json({**facts_to_json(FEW), "format": number})


@pytest.mark.parametrize(
    "damage",
    [
        {"origins": None},
        {"origins": [["a", "b"]]},
        {"origins": [[1, None, None, None]]},
        {"origins": [["a", None, "2011-13-01", None]]},
        {"milestones": None},
        {"milestones": ""},
        {"milestones": {}},
        {"milestones": {"name": "essex-2"}},
        {"milestones": "essex-2"},
        {"milestones": [{}]},
        {"milestones": [{"name": "essex-2", "group": "openstack", "origin": -1}]},
        {"milestones": [{"name": "essex-2", "group": "openstack", "origin": 2}]},
        {"milestones": [{"name": None, "group": "openstack", "origin": 0}]},
        {"milestones": [{"name": "essex-2", "group": "openstack", "origin": 0, "title": 5}]},
        {"milestones": [{"name": "essex-2", "group": "openstack", "origin": 0, "kind": "party"}]},
        {"milestones": [{"name": "essex-2", "group": "openstack", "origin": 0, "released": "yes"}]},
        {"milestones": [{"name": "essex-2", "group": "openstack", "origin": 0, "window": "soon"}]},
        {"milestones": [{"name": "essex-2", "group": "openstack", "origin": 0, "window": 2011}]},
        {"milestones": [{"name": "essex-2", "group": "openstack", "origin": 0, "window": []}]},
        {"milestones": [{"name": "essex-2", "group": "openstack", "origin": 0, "colour": "red"}]},
        {"series": [{"name": "essex", "group": "openstack", "origin": 0, "long_term": None}]},
        {
            "posts": [
                {
                    "title": "",
                    "group": "",
                    "milestone": "",
                    "origin": 0,
                    "figures": [{"what": "a", "value": 1.5}],
                }
            ]
        },
        {"parties": []},
    ],
)
def test_damaged_facts_are_refused(damage: dict[str, object]) -> None:
    data = {**facts_to_json(FEW), **damage}
    with pytest.raises(SourceError, match="damaged"):
        facts_from_json(data)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXTS
    | st.sampled_from(["2011-12-15", "2011-W50"]),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from([*SECTIONS, "name"]) | TEXTS, inner)
    ),
    max_leaves=20,
)


@given(
    st.sampled_from([*SECTIONS, "origins", "format"]),
    JSON,
    st.sampled_from([None, "name", "claims", "origin"]),
)
def test_any_json_is_facts_or_refused(section: str, value: object, inner: str | None) -> None:
    data = json.loads(json.dumps(facts_to_json(FEW)))
    if inner is not None and section == "milestones":
        data["milestones"][0][inner] = value
    else:
        data[section] = value
    try:
        facts = facts_from_json(data)
    except SourceError:
        return
    assert facts_from_json(facts_to_json(facts)) == facts


@pytest.mark.slow
def test_ten_thousand_blueprints_load_in_a_moment() -> None:
    blueprints = tuple(
        Blueprint(f"feature-{i}", "nova", "openstack", ORIGIN, title="A feature", milestone="essex-2")
        for i in range(10_000)
    )
    data = facts_to_json(Facts(blueprints=blueprints))
    begun = time.process_time()
    assert len(facts_from_json(data).blueprints) == 10_000
    assert time.process_time() - begun < 1  # 0.06 s where this was written
