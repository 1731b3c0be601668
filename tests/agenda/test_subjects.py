"""A subject's name: unique, and the same however a name is spelt."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from milestonebot.agenda import subject
from milestonebot.agenda.subjects import told
from milestonebot.model import Kind
from milestonebot.names import key
from tests.catalogs import milestone


@pytest.mark.parametrize(
    ("name", "series", "project", "expected"),
    [
        ("essex-2", "essex", None, "openstack/essex/essex-2"),
        ("Essex 2", "Essex", None, "openstack/essex/essex-2"),
        ("essex-2", "essex", "nova", "openstack/essex/nova/essex-2"),
        ("summit", None, None, "openstack/-/summit"),
        ("a/b%", "essex", None, "openstack/essex/a%2Fb%25"),
        ("a@freeze", "essex", None, "openstack/essex/a%40freeze"),
    ],
)
def test_it_tells_group_series_project_and_name(
    name: str, series: str | None, project: str | None, expected: str
) -> None:
    assert subject(milestone(name, series=series, project=project)) == expected


def test_of_what_is_no_milestone_and_no_release_it_tells_the_kind() -> None:
    freeze = subject(milestone("feature-freeze", series="essex", kind=Kind.FREEZE))
    assert freeze == "openstack/essex/feature-freeze@freeze"
    assert (told(freeze)["milestone"], told(freeze)["kind"]) == ("feature-freeze", Kind.FREEZE)
    assert subject(milestone("final", series="essex", kind=Kind.RELEASE)) == "openstack/essex/final"
    assert told("openstack/essex/a%40freeze")["kind"] is Kind.MILESTONE


NAMES = st.text(st.sampled_from("ab-/% 2_@\u00e9\u200b."), min_size=1, max_size=4).filter(key)
OWNERS = st.none() | NAMES


@given(st.tuples(NAMES, OWNERS, OWNERS), st.tuples(NAMES, OWNERS, OWNERS))
def test_two_have_the_same_only_where_the_catalog_takes_them_for_one(
    one: tuple[str, str | None, str | None], other: tuple[str, str | None, str | None]
) -> None:
    first, second = (milestone(name, series=of, project=project) for name, of, project in (one, other))
    if subject(first) == subject(second):
        assert [key(part or "") for part in one] == [key(part or "") for part in other]


@given(NAMES, OWNERS, OWNERS)
def test_it_can_be_read_again(name: str, series: str | None, project: str | None) -> None:
    read = told(subject(milestone(name, series=series, project=project)))
    assert [key(read[part] or "") for part in ("group", "series", "project", "milestone")] == [
        key(part or "") for part in ("openstack", series, project, name)
    ]


def test_long_names_make_no_long_keys_and_stay_apart() -> None:
    long = "\N{CJK UNIFIED IDEOGRAPH-4E2D}" * 400
    one, other = (
        subject(milestone(long[:150], series=long, project=long)),
        subject(milestone(f"{long[:150]}a", series=long)),
    )
    assert len(one.encode()) < 3 * 241 + len("openstack/")
    assert one.split("/")[-1] != other.split("/")[-1]
    assert told(one)["milestone"] is not None
    assert long.startswith(str(told(one)["milestone"])[:70])
    assert "\N{REPLACEMENT CHARACTER}" not in one
