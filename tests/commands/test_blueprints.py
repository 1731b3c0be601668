"""`!blueprints`, `!blueprint`, `!overview`, `!progress`, `!is`, `!search`."""

import pytest

from milestonebot.catalog import Catalog
from milestonebot.model import Blueprint, Facts, Milestone, Origin, Project, ProjectGroup, Series
from tests.asking import ask, document, shipped

NAMES = {
    "nova": [
        "nova-rootwrap",
        "nova-volume-snapshot-backup-api",
        "separate-nova-metadata",
        "bandwidth-rate-limit-multipliers-and-base-limits",
        "lasterror",
        "xenapi-ha-nova-network",
        "kvm-report-capabilities",
        "quantum-nat-parity",
        "nova-vm-state-management",
        "compute-network-info",
        "network-info-model",
        "internal-uuids",
        "remove-virt-driver-callbacks",
    ],
    "glance": ["custom-disk-buffer"],
    "keystone": ["global-templates", "keystone-swift-acls"],
    "horizon": ["cert-download", "migrate-to-bootstrap", "environment-versioning"],
}
ORIGIN = Origin("test")


def small(*blueprints: Blueprint) -> Catalog:
    """Return a catalog of one milestone, with two projects."""
    return Catalog.of(
        Facts(
            groups=(ProjectGroup("example", ORIGIN),),
            projects=(Project("alpha", "example", ORIGIN), Project("beta", "example", ORIGIN)),
            series=(Series("first", "example", ORIGIN),),
            milestones=(Milestone("first-1", "example", ORIGIN, series="first"),),
            blueprints=blueprints,
        )
    )


def blueprint(name: str, project: str, status: str | None = None, url: str | None = None) -> Blueprint:
    return Blueprint(name, project, "example", ORIGIN, milestone="first-1", status=status, url=url)


@pytest.mark.parametrize(
    ("project", "name"), [(project, name) for project in NAMES for name in NAMES[project]]
)
async def test_each_of_the_nineteen_is_found_by_name_with_its_link(project: str, name: str) -> None:
    answer = await ask(f"!blueprint {name}")
    assert answer.startswith(f"{name} <https://blueprints.launchpad.net/{project}/+spec/{name}> ({project})")
    assert "milestone essex-2" in answer


async def test_the_list_is_by_project_the_busiest_first_each_with_its_link() -> None:
    answer = await ask("!blueprints essex-2")
    assert answer.startswith("essex-2: 19 blueprints named: nova 13, horizon 3, keystone 2, glance 1")
    heads = [
        line for line in answer.splitlines() if line in {"nova 13", "horizon 3", "keystone 2", "glance 1"}
    ]
    assert heads == ["nova 13", "horizon 3", "keystone 2", "glance 1"]
    for project, names in NAMES.items():
        for name in names:
            assert f"{name} <https://blueprints.launchpad.net/{project}/+spec/{name}>" in answer


async def test_a_project_and_a_status_narrow_the_list() -> None:
    assert (await ask("!blueprints essex-2 for Keystone")).splitlines()[
        0
    ] == "essex-2, keystone: 2 blueprints, all implemented"
    assert (await ask("!blueprints essex-2 done")).startswith("essex-2, implemented: 19 blueprints named")
    assert (
        await ask("!blueprints essex-2 glance blocked") == "No glance blocked blueprint is named for essex-2."
    )
    assert await ask("!blueprints essex-2 glanse") == "No project is called glanse. Did you mean glance?"


async def test_a_milestone_without_blueprints_says_so() -> None:
    answer = await document("!blueprints essex-3")
    assert not answer.found
    assert await ask("!blueprints essex-3") == "No blueprint is named for essex-3."


async def test_of_two_with_one_name_both_are_told_and_a_project_picks() -> None:
    catalog = small(blueprint("same", "alpha"), blueprint("same", "beta"))
    assert len((await ask("!blueprint same", catalog=catalog)).splitlines()) == 2
    assert await ask("!blueprint beta/same", catalog=catalog) == "same (beta) · milestone first-1"


async def test_a_link_names_a_blueprint_too() -> None:
    answer = await ask("!blueprint https://blueprints.launchpad.net/nova/+spec/nova-rootwrap")
    assert answer.startswith("nova-rootwrap ")


async def test_what_no_source_says_is_left_out() -> None:
    answer = await ask("!blueprint nova-rootwrap")
    assert "assignee" not in answer
    assert "priority" not in answer


async def test_a_near_miss_of_a_blueprint_is_named() -> None:
    assert await ask("!blueprint nova-rootwarp") == (
        "No blueprint is called nova-rootwarp. Did you mean nova-rootwrap?"
    )


async def test_the_overview_tells_what_landed_since_the_previous_milestone() -> None:
    lines = (await ask("!overview essex-2")).splitlines()
    assert lines[0].startswith(
        "essex-2, released Thu 15 Dec 2011, 5 days ago · since essex-1 (Thu 10 Nov 2011)"
    )
    heads = [line for line in lines if line in {"nova 13", "horizon 3", "keystone 2", "glance 1"}]
    assert heads == ["nova 13", "horizon 3", "keystone 2", "glance 1"]
    assert any(line.startswith("Next: essex-3, Thu 26 Jan 2012, in 37 days") for line in lines)
    assert any("keystone (RBAC)" in line for line in lines)


async def test_the_overview_without_a_name_is_of_the_latest_that_landed() -> None:
    assert (await ask("!overview")).startswith("essex-2, ")


async def test_an_overview_of_nothing_says_so() -> None:
    assert not (await document("!overview essex-3")).found


async def test_progress_counts_what_sources_say() -> None:
    assert (await ask("!progress essex-2 nova")).endswith("of 13 blueprints: 13 implemented")
    catalog = small(
        blueprint("a", "alpha", "Implemented"),
        blueprint("b", "alpha", "Needs Code Review"),
        blueprint("c", "beta", "Blocked"),
        blueprint("d", "beta"),
    )
    answer = await ask("!progress first-1", catalog=catalog)
    assert "of 4 blueprints: 1 implemented, 1 started, 1 blocked, 1 unknown" in answer
    data = (await document("!progress first-1", catalog=catalog)).data
    assert data["projects"] == {
        "alpha": {"implemented": 1, "total": 2},
        "beta": {"implemented": 0, "total": 2},
    }


async def test_progress_of_nothing_says_so() -> None:
    assert await ask("!progress essex-3") == "No source names blueprints for essex-3."
    assert (await ask("!progress essex-2 nowa")).startswith("No project is called nowa.")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!is essex-2 out", "Yes: essex-2, released Thu 15 Dec 2011, 5 days ago"),
        ("!is essex-3 out", "Not yet: essex-3, Thu 26 Jan 2012, in 37 days"),
        ("!is nova-rootwrap in essex-2", "Yes: nova-rootwrap "),
        ("!is nova-rootwrap in essex-3", "Not by any source: nova-rootwrap "),
        ("!is zzzzzz in essex-2", "No blueprint is called zzzzzz."),
        ("!is nova-rootwrap in", "Say of what, as in: !is essex-2 out, or: !is nova-rootwrap in essex-2"),
    ],
)
async def test_is_answers_yes_or_no(typed: str, answer: str) -> None:
    assert (await ask(typed)).startswith(answer)


async def test_what_nobody_says_is_out_is_not_said_to_be() -> None:
    assert (await ask("!is indri-1 out", "2026-11-22")).startswith("No source says so: indri-1, was due")


async def test_search_finds_by_words_of_names_and_titles() -> None:
    assert "nova-vm-state-management" in (await ask("!search vm state")).splitlines()[0]
    assert not (await document("!search qqqqqq")).found


async def test_search_reads_a_misspelt_word() -> None:
    assert "migrate-to-bootstrap" in await ask("!search bootstrp")


def test_the_shipped_nineteen_are_no_more() -> None:
    assert len(shipped().facts.blueprints) == 19


async def test_what_is_not_done_is_not_told_as_landed() -> None:
    catalog = small(blueprint("a", "alpha", "Implemented"), blueprint("b", "beta", "Deferred"))
    lines = (await ask("!overview first-1", catalog=catalog)).splitlines()
    assert "1 blueprint named: alpha 1" in lines[0]
    assert lines[-2:] == ["Not done", "• b (beta, Deferred)"]
    nothing = small(blueprint("b", "beta", "Blocked"))
    assert "nothing is said to be done" in await ask("!overview first-1", catalog=nothing)
