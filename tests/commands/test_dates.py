"""`!milestone`, `!next`, `!when`, `!schedule`, as COMMANDS promise them on 2011-12-20."""

import pytest

from milestonebot.catalog import Catalog
from milestonebot.model import Claim, Facts, Milestone, Origin, ProjectGroup
from milestonebot.when import When
from tests.asking import ask, document

ESSEX_2 = (
    "essex-2 (Essex, 2012.1): released Thu 15 Dec 2011, 5 days ago"
    " · 19 blueprints named: nova 13, horizon 3, keystone 2, glance 1"
    " · next: essex-3, Thu 26 Jan 2012, in 37 days"
)


@pytest.mark.parametrize(
    "typed",
    [
        "!milestone essex-2",
        "!milestone Essex 2",
        "!ms ESSEX_2",
        "!milestone essex2",
        "essex-2",
        "milestone essex 2?",
    ],
)
async def test_a_milestone_tells_its_day_its_blueprints_and_what_is_next(typed: str) -> None:
    assert await ask(typed) == ESSEX_2


async def test_its_data_are_the_same_facts() -> None:
    data = (await document("!milestone essex-2")).data
    assert isinstance(data["milestone"], Milestone)
    assert data["milestone"].when == When.parse("2011-12-15")
    assert (data["status"], data["days"]) == ("released", -5)
    assert data["blueprints"] == {
        "total": 19,
        "projects": {"nova": 13, "horizon": 3, "keystone": 2, "glance": 1},
    }


async def test_history_is_followed_by_what_followed_it() -> None:
    answer = await ask("!milestone essex-2", "2026-11-22")
    assert answer.endswith(" · then essex-3, released Thu 26 Jan 2012, 14 years ago")


async def test_letters_come_round_again_and_the_nearer_is_meant() -> None:
    assert (await ask("!milestone e-2")).endswith("e-2 is also epoxy-2 (Thu 9 Jan 2025)")
    later = await ask("!milestone e2", "2025-01-02")
    assert later.startswith("epoxy-2 (Epoxy, 2025.1): Thu 9 Jan 2025, in 7 days")
    assert later.endswith("e2 is also essex-2 (Thu 15 Dec 2011)")


async def test_a_near_miss_is_named() -> None:
    answer = await document("!milestone esex-2")
    assert not answer.found
    assert (await ask("!milestone esex-2")).startswith("No milestone is called esex-2. Did you mean essex-2")


async def test_a_milestone_with_a_project_lists_its_blueprints() -> None:
    assert await ask("!milestone essex-2 nova") == await ask("!blueprints essex-2 nova")


async def test_next_without_a_name_is_the_groups() -> None:
    essex_3 = (
        "essex-3: Thu 26 Jan 2012, in 37 days"
        " · then essex-4, Thu 1 Mar 2012; Essex 2012.1 release, Thu 5 Apr 2012"
    )
    assert await ask("!next") == essex_3
    assert await ask("!milestone") == essex_3
    assert (await ask("!next", "2026-11-22")).startswith(
        "indri-2: Thu 14 Jan 2027, in 53 days · then indri-3"
    )


@pytest.mark.parametrize("what", ["openstack", "essex", "nova", "quantum", "2012.1"])
async def test_next_of_a_group_a_series_or_a_project(what: str) -> None:
    assert (await ask(f"!next {what}")).startswith("essex-3: Thu 26 Jan 2012, in 37 days")


async def test_next_of_a_series_that_is_over_says_so() -> None:
    answer = await document("!next essex", "2026-11-22")
    assert not answer.found
    assert "The last was Essex 2012.1 release: released Thu 5 Apr 2012" in await ask(
        "!next essex", "2026-11-22"
    )


async def test_next_of_nothing_known_suggests() -> None:
    assert await ask("!next novva") == "No project, group or series is called novva. Did you mean nova?"


async def test_the_day_itself_is_still_next() -> None:
    assert (await ask("!next", "2027-01-14")).startswith("indri-2: Thu 14 Jan 2027, today")


async def test_freezes_and_weeks_are_not_next() -> None:
    assert (await ask("!next", "2027-01-15")).startswith("indri-3: ")


async def test_when_tells_weeks_too() -> None:
    assert await ask("!when essex-3") == "essex-3: Thu 26 Jan 2012, in 37 days (5 weeks and 2 days)"
    assert await ask("!countdown essex-3") == await ask("!when essex-3")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!when feature freeze", "indri-feature-freeze: the week of Mon 15 to Fri 19 Feb 2027, in 85 days"),
        ("!when Feature_Freeze", "indri-feature-freeze: the week of Mon 15 to Fri 19 Feb 2027"),
        ("!when rc1", "indri-rc1-target-week: the week of Mon 1 to Fri 5 Mar 2027"),
        (
            "!when ocata feature freeze",
            "ocata-feature-freeze: the week of Mon 23 to Fri 27 Jan 2017, 9 years ago",
        ),
        ("!when feature freeze of 2023.1", "antelope-feature-freeze: the week of"),
        ("!when indri", "Indri 2027.1 release: Wed 24 Mar 2027, in 122 days"),
        ("!when 2027.1", "Indri 2027.1 release: Wed 24 Mar 2027, in 122 days"),
        ("!when essex", "Essex 2012.1 release: released Thu 5 Apr 2012, 14 years ago"),
        ("!when indri-1", "indri-1: was due Thu 19 Nov 2026, 3 days ago; no source says that it is out"),
        ("!when m2", "indri-2: Thu 14 Jan 2027"),
    ],
)
async def test_when_reads_names_in_the_current_series(typed: str, answer: str) -> None:
    assert (await ask(typed, "2026-11-22")).startswith(answer)


async def test_what_the_current_series_does_not_date_is_told_so() -> None:
    answer = await ask("!when feature freeze")
    assert answer.startswith(
        "No source dates feature freeze in Essex. In other series: cactus-feature-freeze, Thu 24 Mar 2011"
    )
    assert (await ask("so when is code freeze?", "2026-11-22")).startswith(
        "No source dates code freeze in Indri. It has "
    )


async def test_when_without_a_name_says_what_to_type() -> None:
    assert await ask("!when") == "Say what: a milestone, a freeze, a series, as in: !when essex-3"


async def test_a_schedule_tells_past_and_to_come_apart() -> None:
    lines = (await ask("!schedule")).splitlines()
    assert lines[0] == "Essex, 2012.1: 5 dates"
    past, ahead = lines.index("Past"), lines.index("To come")
    assert [line.split()[4] for line in lines[past + 1 : ahead]] == ["essex-1", "essex-2"]
    assert [line.split()[4] for line in lines[ahead + 1 :]] == ["essex-3", "essex-4", "Essex"]


async def test_a_schedule_holds_freezes_and_weeks_in_order() -> None:
    answer = await document("!milestones indri", "2026-11-22")
    schedule = answer.data["schedule"]
    assert isinstance(schedule, list)
    assert len(schedule) == 12
    days = [entry["milestone"].when.first for entry in schedule]
    assert days == sorted(days)
    assert {entry["milestone"].kind for entry in schedule} == {"milestone", "freeze", "week", "release"}


async def test_a_series_that_is_not_known_suggests() -> None:
    assert await ask("!schedule esex") == "No series is called esex. Did you mean essex?"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!when nova 14.0.0", "nova 14.0.0 (newton): released Thu 6 Oct 2016"),
        ("!when nova-rootwrap", "nova-rootwrap <https://blueprints.launchpad.net/nova/+spec/nova-rootwrap>"),
        ("!milestone essex", "Essex (2012.1): "),
        ("!when R-10", "indri-membership-freeze: "),
        ("!next release", "Indri 2027.1 release: Wed 24 Mar 2027, in 122 days"),
        ("!next milestone", "indri-2: Thu 14 Jan 2027"),
        ("!when feature freeze for essex", "No source dates feature freeze in Essex."),
    ],
)
async def test_what_is_asked_by_another_name_is_answered_too(typed: str, answer: str) -> None:
    assert (await ask(typed, "2026-11-22")).startswith(answer)


async def test_on_the_release_day_the_answers_agree() -> None:
    assert (await ask("!when essex", "2012-04-05")).endswith("released Thu 5 Apr 2012, today")
    assert "To come" not in await ask("!schedule essex", "2012-04-05")
    assert "then Essex 2012.1 release" in await ask("!milestone essex-4", "2012-04-05")


async def test_a_catalog_without_series_has_a_schedule_too() -> None:
    origin = Origin("test")
    dated = Milestone("party", "club", origin, claims=(Claim(When.parse("2027-01"), origin),))
    catalog = Catalog.of(Facts(groups=(ProjectGroup("club", origin),), milestones=(dated,)))
    assert "Jan 2027  party  in 2 months" in await ask("!schedule", "2026-11-22", catalog)
    assert await ask("!when party", "2026-11-22", catalog) == "party: January 2027, no day set, in 2 months"
    assert (await ask("!overview", "2026-11-22", catalog)).startswith("No source names what landed")
