from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from milestonebot.document import Document, line
from milestonebot.model import Claim, Kind, Milestone, Origin
from milestonebot.render.data import render_json
from milestonebot.when import When
from tests.render.outgoing import check_json
from tests.strategies import documents

if TYPE_CHECKING:
    from collections.abc import Mapping


def data(**given: object) -> Mapping[str, object]:
    encoded: Mapping[str, object] = json.loads(render_json(Document((), given)))["data"]
    return encoded


def test_an_answer_is_found_text_and_data() -> None:
    document = Document((line("!a"), line("é\u202e")), {"b": 1, "a": None}, found=False)
    assert json.loads(render_json(document)) == {
        "found": False,
        "text": "» !a\né",
        "data": {"b": 1, "a": None},
    }
    assert list(data(b=1, a=2)) == ["b", "a"]
    assert "é" in render_json(document)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (When.day(date(2011, 12, 15)), {"date": "2011-12-15", "precision": "day"}),
        (
            When.parse("2011-W50"),
            {
                "date": "2011-12-12..2011-12-18",
                "precision": "week",
                "first": "2011-12-12",
                "last": "2011-12-18",
            },
        ),
        (
            When.month(2012, 4),
            {"date": "2012-04", "precision": "month", "first": "2012-04-01", "last": "2012-04-30"},
        ),
        (
            When.moment(datetime(2012, 4, 5, 14, tzinfo=UTC)),
            {"date": "2012-04-05T14:00+00:00", "precision": "moment", "zone": "UTC"},
        ),
    ],
)
def test_a_date_tells_its_precision(when: When, expected: object) -> None:
    assert data(when=when) == {"when": expected}


def test_an_object_of_the_model_tells_all_that_is_known_of_it() -> None:
    origin = Origin("openstack", read=date(2026, 1, 5))
    claims = (Claim(When.day(date(2011, 12, 15)), origin),)
    told = data(
        milestone=Milestone("essex-2", "openstack", origin, kind=Kind.FREEZE, claims=claims, released=False)
    )
    known = {"source": "openstack", "read": "2026-01-05"}
    assert told["milestone"] == {
        "name": "essex-2",
        "group": "openstack",
        "origin": known,
        "kind": "freeze",
        "claims": [{"when": {"date": "2011-12-15", "precision": "day"}, "origin": known}],
        "released": False,
        "tags": [],
    }


def test_plain_values_stay_what_they_are() -> None:
    told = data(a=True, b=[1, (2, 3)], c={"x": {Kind.WEEK: 1, 2: date(2012, 1, 1)}}, d=time(14, 5), e=0.5)
    assert told == {
        "a": True,
        "b": [1, [2, 3]],
        "c": {"x": {"week": 1, "2": "2012-01-01"}},
        "d": "14:05:00",
        "e": 0.5,
    }


def test_texts_are_clean_and_urls_stay_urls() -> None:
    told = data(a=" \x02x\u202e\n", b="https://e.org/@x y", c={"k\x00": "@room"})
    assert told == {"a": "x", "b": "https://e.org/%40x%20y", "c": {"k": "@ room"}}


@pytest.mark.parametrize("unknown", [object(), {1, 2}, b"bytes", When])
def test_what_has_no_form_is_refused(unknown: object) -> None:
    with pytest.raises(TypeError, match="no form in JSON"):
        data(x=[unknown])


@given(documents())
def test_it_may_go_out(document: Document) -> None:
    check_json(render_json(document))
