from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from milestonebot.zones import AOE, zone

SUMMER = datetime(2012, 7, 1)  # noqa: DTZ001 - a zone is asked what it makes of it


@pytest.mark.parametrize("name", ["UTC", "utc", "Utc"])
def test_utc_is_utc_in_any_case(name: str) -> None:
    assert zone(name) is UTC


@pytest.mark.parametrize("name", ["AoE", "aoe", "AOE"])
def test_aoe_is_twelve_hours_behind_the_whole_year(name: str) -> None:
    assert zone(name) is AOE
    assert AOE.utcoffset(SUMMER) == timedelta(hours=-12)
    assert AOE.tzname(None) == "AoE"


def test_an_iana_name_knows_its_summer_time() -> None:
    paris = zone("Europe/Paris")
    assert paris.utcoffset(SUMMER) == timedelta(hours=2)
    assert paris.utcoffset(SUMMER.replace(month=1)) == timedelta(hours=1)


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "Mars/Olympus", "CET+1", "+02:00", "Europe", "Europe/", "/etc/localtime", "../UTC"),
        *("a\0b", "\ud800", "x" * 10_000, "Europe/Paris\n", ".", "tzdata.zi"),
    ],
)
def test_no_zone_is_told_shortly(name: str) -> None:
    with pytest.raises(ValueError, match=r"^no time zone is called ") as caught:
        zone(name)
    assert len(str(caught.value)) < 100


@given(st.text())
def test_any_name_is_a_zone_or_a_value_error(name: str) -> None:
    try:
        found = zone(name)
    except ValueError:
        return
    assert abs(found.utcoffset(SUMMER) or timedelta()) < timedelta(days=1)
