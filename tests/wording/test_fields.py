"""The named fields of a `say`: plain names, and nothing that reaches further."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from milestonebot.announcement import Occasion
from milestonebot.wording.fields import FIELDS, UnknownField, fill, pieces

COUNTDOWN = Occasion.COUNTDOWN
OCCASIONS = [each for each in Occasion if each is not Occasion.NOTE]


def test_fields_are_filled_in() -> None:
    values = {"milestone": "essex-3", "when": "in 7 days"}
    assert fill("{milestone} is {when}", COUNTDOWN, values) == "essex-3 is in 7 days"
    assert fill("{{{milestone}}} {{when}}", COUNTDOWN, values) == "{essex-3} {when}"
    assert fill("no field", COUNTDOWN, values) == "no field"


def test_what_is_not_known_leaves_no_gap() -> None:
    assert fill("{project} {milestone} is near", COUNTDOWN, {"milestone": "x"}) == "x is near"


def test_a_value_is_never_read_again() -> None:
    assert fill("{milestone}", COUNTDOWN, {"milestone": "{when} {0.__class__}"}) == "{when} {0.__class__}"


@pytest.mark.parametrize(
    "say",
    [
        *("{milestone.name}", "{milestone[0]}", "{milestone!r}", "{milestone:>99999999999}", "{}", "{0}"),
        *("{ milestone }", "{MILESTONE}", "{milestone", "milestone}", "{mile{stone}}", "{{milestone}", "{é}"),
        *("{__class__}", "{nothing}", "{old}"),
    ],
)
def test_anything_else_is_refused(say: str) -> None:
    with pytest.raises(ValueError, match=r"field|lone"):
        pieces(say, COUNTDOWN)


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(UnknownField) as raised:
        pieces("{milestoen}", COUNTDOWN)
    assert raised.value.field == "milestoen"


@given(st.sampled_from(OCCASIONS), st.text(alphabet=st.sampled_from("{}{}.![]: milestonewhd_0%$\\")))
def test_any_text_is_read_or_refused(occasion: Occasion, say: str) -> None:
    try:
        names = [field for _, field in pieces(say, occasion) if field]
    except ValueError:
        return
    assert set(names) <= set(FIELDS[occasion])
    # What is taken means the same to Python's own formatter, which knows no more of it than names.
    values = dict.fromkeys(FIELDS[occasion], "X")
    assert fill(say, occasion, values) == " ".join(string.Formatter().vformat(say, (), values).split())


@given(st.sampled_from(OCCASIONS), st.data())
def test_every_field_can_be_said(occasion: Occasion, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FIELDS[occasion])))
    text = data.draw(st.text(alphabet="ab ·é", max_size=9))
    value = data.draw(st.text(alphabet="ab{}é", min_size=1))
    filled = fill(f"{text}{{{name}}}", occasion, {name: value})
    assert filled == " ".join(f"{text}{value}".split())


def test_the_reference_explains_every_field() -> None:
    text = (Path(__file__).parents[2] / "docs" / "announcements.md").read_text(encoding="utf-8")
    for occasion in OCCASIONS:
        for field in FIELDS[occasion]:
            assert re.search(rf"\| `\{{{field}\}}` \|", text), field
