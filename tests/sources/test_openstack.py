"""What the shipped data says: counts and samples, written down here a second time."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from milestonebot.errors import SourceError
from milestonebot.model import Facts, Kind, Milestone, Series, Tag
from milestonebot.sources.openstack import OpenStackSource
from milestonebot.when import Precision, When
from tests.sources.written import day

if TYPE_CHECKING:
    from pathlib import Path

SERIES = [
    *(
        "austin",
        "bexar",
        "cactus",
        "diablo",
        "essex",
        "folsom",
        "grizzly",
        "havana",
        "icehouse",
        "juno",
        "kilo",
    ),
    *(
        "liberty",
        "mitaka",
        "newton",
        "ocata",
        "pike",
        "queens",
        "rocky",
        "stein",
        "train",
        "ussuri",
        "victoria",
    ),
    *("wallaby", "xena", "yoga", "zed", "antelope", "bobcat", "caracal", "dalmatian", "epoxy", "flamingo"),
    *("gazpacho", "hibiscus", "indri"),
]
NUMBERED = {"diablo": 4, "essex": 4} | dict.fromkeys(SERIES[SERIES.index("folsom") :], 3)
RELEASES = {
    "austin": ("2010.1", "2010-10-21"),
    "bexar": ("2011.1", "2011-02-03"),
    "cactus": ("2011.2", "2011-04-15"),
    "diablo": ("2011.3", "2011-09-22"),
    "essex": ("2012.1", "2012-04-05"),
    "kilo": ("2015.1", "2015-04-30"),
    "liberty": (None, "2015-10-15"),
    "zed": (None, "2022-10-05"),
    "antelope": ("2023.1", "2023-03-22"),
    "hibiscus": ("2026.2", "2026-09-30"),
    "indri": ("2027.1", "2027-03-24"),
}
DAYS = {
    "bexar-gamma-freeze": "2011-01-25",
    "cactus-feature-freeze": "2011-03-24",
    "diablo-release-branch-point": "2011-09-08",
    "essex-1": "2011-11-10",
    "essex-2": "2011-12-15",
    "essex-3": "2012-01-26",
    "essex-4": "2012-03-01",
    "folsom-3": "2012-08-16",
    "grizzly-1": "2012-11-22",
    "havana-3": "2013-09-05",
    "icehouse-2": "2014-01-23",
    "juno-2": "2014-07-24",
    "liberty-3": "2015-09-03",
    "newton-1": "2016-06-02",
    "rocky-2": "2018-06-07",
    "epoxy-2": "2025-01-09",
    "hibiscus-3": "2026-08-27",
    "indri-1": "2026-11-19",
    "indri-2": "2027-01-14",
    "indri-3": "2027-02-18",
}
WEEKS = {
    "ocata-release-week": ("2017-02-20..2017-02-24", "R+0"),
    "rocky-release-week": ("2018-08-27..2018-08-31", "R-0"),
    "yoga-release-week": ("2022-03-28..2022-03-30", "R+0"),
    "wallaby-membership-freeze": ("2021-01-18..2021-01-22", "R-12"),
    "indri-feature-freeze": ("2027-02-15..2027-02-19", "R-5"),
    "indri-rc1-target-week": ("2027-03-01..2027-03-05", "R-3"),
}
NOT_SAID_TO_BE_OUT = [
    *("train-3", "victoria-3", "yoga-1", "yoga-2", "yoga-3", "zed-1", "antelope-1", "caracal-3", "epoxy-3"),
    *("flamingo-2", "flamingo-3", "gazpacho-3", "hibiscus-3", "indri-1", "indri-2", "indri-3"),
]
DISAGREEMENTS = {
    "diablo-3": "2011-07-29",
    "folsom-3": "2012-08-17",
    "grizzly-1": "2012-11-23",
    "havana-3": "2013-09-06",
    "kilo-1": "2014-12-05",
    "kilo-2": "2015-01-23",
    "kilo-3": "2015-03-06",
    "ocata-2": "2016-12-05..2016-12-09",
}
RELEASE_DISAGREEMENTS = {
    "ocata": "2017-02-24",
    "pike": "2017-09-01",
    "queens": "2018-03-02",
    "rocky": "2018-08-29",
    "stein": "2019-04-08",
    "ussuri": "2020-05-15",
    "victoria": "2020-10-16",
}
BLUEPRINTS = {
    "nova": [
        *("nova-rootwrap", "nova-volume-snapshot-backup-api", "separate-nova-metadata"),
        *("bandwidth-rate-limit-multipliers-and-base-limits", "lasterror", "xenapi-ha-nova-network"),
        *(
            "kvm-report-capabilities",
            "quantum-nat-parity",
            "nova-vm-state-management",
            "compute-network-info",
        ),
        *("network-info-model", "internal-uuids", "remove-virt-driver-callbacks"),
    ],
    "glance": ["custom-disk-buffer"],
    "keystone": ["global-templates", "keystone-swift-acls"],
    "horizon": ["cert-download", "migrate-to-bootstrap", "environment-versioning"],
}
POST = "https://ttx.re/ending-the-year-well-openstack-essex-2-milestone.html"


@pytest.fixture(scope="module")
def facts() -> Facts:
    return OpenStackSource().read()


@pytest.fixture(scope="module")
def milestones(facts: Facts) -> dict[str, Milestone]:
    return {each.name: each for each in facts.milestones}


@pytest.fixture(scope="module")
def series(facts: Facts) -> dict[str, Series]:
    return {each.name: each for each in facts.series}


def iso(when: When | None) -> str | None:
    return when.iso() if when else None


def test_all_series_are_there(facts: Facts, series: dict[str, Series]) -> None:
    assert sorted(each.name for each in facts.series) == sorted(SERIES)
    assert all(each.title == each.name.capitalize() for each in facts.series)
    assert {name: (series[name].version, iso(series[name].when)) for name in RELEASES} == RELEASES
    assert sum(each.version is None for each in facts.series) == 15
    assert series["liberty"].version_note == "no coordinated version; per-project semver (nova 12.0.0)"


def test_statuses_and_what_follows(facts: Facts, series: dict[str, Series]) -> None:
    statuses = Counter(each.status for each in facts.series)
    assert statuses == {"end of life": 26, "unmaintained": 4, "maintained": 3, "development": 1, "future": 1}
    indri, yoga = series["indri"], series["yoga"]
    assert (indri.next_status, indri.next_status_from) == ("development", date(2026, 10, 1))
    assert (yoga.next_status, yoga.next_status_from) == ("end of life", None)
    slurp = [each.name for each in facts.series if each.long_term]
    assert sorted(slurp) == ["antelope", "caracal", "epoxy", "gazpacho", "indri"]
    assert sorted(each.name for each in facts.series if each.released is None) == ["hibiscus", "indri"]
    assert sum(each.eol is not None for each in facts.series) == 23  # austin, bexar and cactus have none
    assert iso(series["essex"].eol) == "2013-05-06"


def test_cycles_begin_where_their_headers_say(facts: Facts, series: dict[str, Series]) -> None:
    assert sum(each.starts is not None for each in facts.series) == 21
    assert (iso(series["ocata"].starts), iso(series["indri"].starts)) == ("2016-10-31", "2026-10-01")
    flamingo = series["flamingo"]
    assert iso(flamingo.starts) == "2025-04-02"
    assert [(iso(claim.when), bool(claim.note)) for claim in flamingo.starts_otherwise] == [
        ("2024-04-02", True)
    ]
    origins = dict(flamingo.origins)
    assert "April 2, 2024 - October 1, 2025 (26 weeks)" in (origins["starts"].reference or "")


def test_every_event_is_there_once(facts: Facts) -> None:
    assert len(facts.milestones) == len({each.name for each in facts.milestones}) == 270
    numbered = [each for each in facts.milestones if each.kind is Kind.MILESTONE]
    assert len(numbered) == 98
    assert Counter(each.series for each in numbered) == NUMBERED
    assert {each.name for each in numbered} == {
        f"{name}-{i + 1}" for name, n in NUMBERED.items() for i in range(n)
    }
    kinds = Counter(each.kind for each in facts.milestones)
    assert kinds == {Kind.MILESTONE: 98, Kind.FREEZE: 108, Kind.WEEK: 63, Kind.EVENT: 1}
    assert all(each.name.startswith(f"{each.series}-") for each in facts.milestones)


def test_a_day_is_a_day_and_a_week_is_a_week(facts: Facts, milestones: dict[str, Milestone]) -> None:
    precisions = Counter(each.when.precision for each in facts.milestones if each.when)
    assert precisions == {Precision.DAY: 103, Precision.WEEK: 167}
    assert {name: iso(milestones[name].when) for name in DAYS} == DAYS
    assert {name: (iso(milestones[name].when), milestones[name].label) for name in WEEKS} == WEEKS
    assert (milestones["indri-2"].label, iso(milestones["indri-2"].window)) == (
        "R-10",
        "2027-01-11..2027-01-15",
    )
    assert iso(milestones["mitaka-1"].window) == "2015-12-01..2015-12-03"


def test_what_disagrees_is_kept(
    facts: Facts, milestones: dict[str, Milestone], series: dict[str, Series]
) -> None:
    told = {each.name: iso(each.claims[1].when) for each in facts.milestones if len(each.claims) > 1}
    assert told == DISAGREEMENTS
    assert all(each.note or each.claims[1].note for each in facts.milestones if len(each.claims) > 1)
    doubted = {each.name: iso(each.release[1].when) for each in facts.series if len(each.release) > 1}
    assert doubted == RELEASE_DISAGREEMENTS
    assert all("nova's tag" in (series[name].release[1].note or "") for name in RELEASE_DISAGREEMENTS)
    assert iso(milestones["ocata-2"].when) == "2016-12-15"
    assert milestones["ocata-2"].window is None
    remade = {each.version: iso(each.claims[1].when) for each in facts.releases if len(each.claims) > 1}
    assert remade == {"2010.1": "2018-02-21", "2011.1": "2018-02-21"}
    assert all("2018-02-21" in (series[name].note or "") for name in ("austin", "bexar", "cactus"))
    assert "e-2 is essex-2 (2011) and epoxy-2 (2025)" in (facts.groups[0].note or "")


def test_a_milestone_is_out_only_where_something_shows_it(
    facts: Facts, milestones: dict[str, Milestone]
) -> None:
    silent = [each.name for each in facts.milestones if each.kind is Kind.MILESTONE and each.released is None]
    assert sorted(silent) == sorted(NOT_SAID_TO_BE_OUT)
    assert all(each.tags for each in facts.milestones if each.released)
    assert all(each.released is None for each in facts.milestones if each.kind is not Kind.MILESTONE)
    for name in ("victoria-3", "flamingo-2"):
        assert "no evidence" in (milestones[name].note or "")


def test_tags_are_kept(facts: Facts, milestones: dict[str, Milestone]) -> None:
    assert sum(len(each.tags) for each in facts.milestones) == 342
    assert Tag("nova", "essex-2", date(2011, 12, 15), "commit") in milestones["essex-2"].tags
    assert Tag("heat", "2013.1.g3", date(2013, 2, 22), "tagger") in milestones["grizzly-3"].tags
    assert Tag("neutron", "essex-1", date(2011, 3, 11), "commit") in milestones["essex-1"].tags
    assert "2011-03-10" in (milestones["essex-1"].note or "")


def test_releases_of_projects(facts: Facts) -> None:
    assert Counter(each.project for each in facts.releases) == {"nova": 33, "swift": 2}
    nova = {each.series: each for each in facts.releases if each.project == "nova"}
    assert (nova["essex"].version, iso(nova["essex"].when)) == ("2012.1", "2012-04-05")
    assert (nova["gazpacho"].version, iso(nova["gazpacho"].when)) == ("33.0.0", "2026-04-01")
    assert nova["cactus"].tags == (Tag("nova", "2011.2", date(2011, 4, 15), "commit"),)
    assert iso(nova["austin"].when) == "2010-10-21"


def test_projects(facts: Facts) -> None:
    assert {each.name: each.title for each in facts.projects} == {
        "nova": "Compute",
        "glance": "Image service",
        "swift": "Object Storage",
        "keystone": "Identity",
        "horizon": "Dashboard",
        "neutron": "Networking",
        "cinder": "Block Storage",
        "heat": "Orchestration",
    }
    assert [each.aliases for each in facts.projects if each.name == "neutron"] == [("quantum",)]
    assert [(each.name, each.title) for each in facts.groups] == [("openstack", "OpenStack")]


def test_every_fact_has_its_origin(facts: Facts) -> None:
    parts: list[tuple[Any, ...]] = [getattr(facts, each.name) for each in fields(Facts)]
    origins = [each.origin for part in parts for each in part]
    assert len(origins) == 1 + 8 + 35 + 270 + 35 + 19 + 1
    assert all(origin.source == "openstack" and origin.reference for origin in origins)
    assert all(each.origin.read == date(2026, 8, 21) for each in facts.series)
    for milestone in facts.milestones:
        from_releases = (milestone.origin.reference or "").startswith("openstack/releases")
        assert (milestone.origin.read == date(2026, 8, 21)) is from_releases, milestone.name
    confidence = Counter(each.origin.confidence for each in facts.milestones)
    assert confidence == {None: 167, "high": 88, "medium": 10, "low": 5}
    sampled = "openstack-archive/release-tools@41824e3:create_milestones.sample.yaml"
    assert sampled in [each.origin.reference for each in facts.milestones if each.name == "havana-2"]


def test_essex_2(facts: Facts, milestones: dict[str, Milestone]) -> None:
    essex_2 = milestones["essex-2"]
    assert (essex_2.when, essex_2.window) == (day("2011-12-15"), When.parse("2011-W50"))
    assert essex_2.origin.reference is not None
    assert '"E2 (December 15, 2011)"' in essex_2.origin.reference
    named = [(each.project, each.name) for each in facts.blueprints]
    assert named == [(project, name) for project, names in BLUEPRINTS.items() for name in names]
    for each in facts.blueprints:
        assert (each.milestone, each.series, each.status) == ("essex-2", "essex", "Implemented")
        assert each.url == f"https://blueprints.launchpad.net/{each.project}/+spec/{each.name}"
        assert (each.origin.reference, bool(each.title), bool(each.note)) == (POST, True, True)
    themes = Counter(each.theme for each in facts.blueprints)
    assert themes == {"new feature": 9, "consistency": 3, "under the hood": 7}


def test_the_post_on_essex_2(facts: Facts) -> None:
    (post,) = facts.posts
    assert (post.milestone, post.author, post.url) == ("essex-2", "Thierry Carrez", POST)
    assert post.published == day("2011-12-20")
    assert {each.what: each.value for each in post.figures} == {
        "core projects at start of 2011": 2,
        "releases before 2011": 1,
        "releases in 2011": 3,
        "code contributors, start of 2011": 60,
        "code contributors, end of 2011": 200,
        "core projects added in 2011": 3,
        "design summits in 2011": 2,
        "API extensions in volume blueprint": 2,
    }
    assert [each.value for each in post.figures if each.approximate] == [200]
    assert post.underway == (("keystone", "RBAC"), ("horizon", "new user experience"), ("glance", "2.0 API"))


async def test_loading_is_reading() -> None:
    assert await OpenStackSource().load() == OpenStackSource().read()


def test_data_that_is_not_compiled_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="make install"):
        OpenStackSource(tmp_path / "openstack.json").read()


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff", b"[" * 100_000, b"{}", b'{"format": 1}'])
def test_damaged_data_is_told(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "openstack.json").write_bytes(damage)
    with pytest.raises(SourceError):
        OpenStackSource(tmp_path / "openstack.json").read()


def test_data_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        OpenStackSource(tmp_path).read()


def test_reading_needs_nothing_that_is_slow_to_import() -> None:
    code = (
        "import sys; from milestonebot.sources.openstack import OpenStackSource; OpenStackSource().read();"
        "slow = {'pydantic', 'yaml', 'asyncio', 'rich', 'rapidfuzz', 'zoneinfo', 'importlib.resources'};"
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "[]\n"
