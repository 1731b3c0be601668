from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, strategies as st

from milestonebot.merging import merged
from milestonebot.model import Claim, Facts, Figure, Kind, Milestone, Origin, Post, Tag
from milestonebot.when import When
from tests import catalogs

OVERLAY, SHIPPED = Origin("overlay"), Origin("shipped")
DAY = date(2011, 12, 15)


def milestones(*parts: Milestone) -> tuple[Milestone, ...]:
    """Return what is made of milestones that come from a source each."""
    return merged([Facts(milestones=(each,)) for each in parts]).milestones


def test_nothing_is_nothing() -> None:
    assert merged([]) == merged([Facts(), Facts()]) == Facts()


def test_each_thing_once_in_the_order_of_its_first_mention() -> None:
    first = Facts(milestones=catalogs.cycle("essex", "2011-11-10", "2011-12-15"))
    second = Facts(milestones=(*catalogs.cycle("diablo", "2011-06-02"), *first.milestones))
    names = [each.name for each in merged([first, second]).milestones]
    assert names == ["essex-1", "essex-2", "diablo-1"]


@pytest.mark.parametrize("name", ["essex-2", "Essex 2", "essex2", "ESSEX_2"])
def test_a_name_is_one_however_it_is_spelt(name: str) -> None:
    (one,) = milestones(catalogs.milestone("essex-2"), catalogs.milestone(name))
    assert one.name == "essex-2"


def test_the_first_that_states_a_fact_is_believed_and_the_others_are_kept() -> None:
    stated = [replace(catalogs.milestone("essex-2", day), title=day) for day in ("2011-12-15", "2011-12-16")]
    (one,) = milestones(*stated)
    assert one.title == "2011-12-15"
    assert one.when == When.day(DAY)
    assert one.claims == (*stated[0].claims, *stated[1].claims)


def test_no_date_set_is_a_statement_that_can_be_believed() -> None:
    silent = catalogs.milestone("essex-4")
    undated = replace(silent, claims=(Claim(None, OVERLAY),))
    dated = catalogs.milestone("essex-4", "2012-03-01")
    assert milestones(undated, dated)[0].when is None
    assert milestones(silent, dated)[0].when == dated.when


def test_what_the_first_leaves_open_the_others_fill() -> None:
    first = replace(catalogs.blueprint("lasterror", milestone="essex-2"), url=None)
    second = catalogs.blueprint("lasterror", milestone="essex-3", status="Implemented")
    (one,) = merged([Facts(blueprints=(first,)), Facts(blueprints=(second,))]).blueprints
    assert (one.milestone, one.status, one.url) == ("essex-2", "Implemented", second.url)


def test_told_as_not_released_is_not_left_open() -> None:
    (one,) = milestones(
        catalogs.milestone("essex-2", released=False), catalogs.milestone("essex-2", released=True)
    )
    assert one.released is False


def test_names_and_tags_of_all_sources_are_kept() -> None:
    tags = [Tag("nova", "essex-2", date(2011, 12, day), "tagger") for day in (14, 15)]
    (one,) = milestones(*(replace(catalogs.milestone("essex-2"), tags=(tag,)) for tag in (*tags, tags[0])))
    assert one.tags == tuple(tags)
    projects = [catalogs.project("neutron", "quantum"), catalogs.project("neutron", "melange", "quantum")]
    assert merged([Facts(projects=(each,)) for each in projects]).projects[0].aliases == (
        "quantum",
        "melange",
    )


def test_a_freeze_is_still_one_where_a_file_only_moves_its_date() -> None:
    moved = catalogs.milestone("essex-feature-freeze", "2012-02-28")
    known = catalogs.milestone("essex-feature-freeze", "2012-02-24", kind=Kind.FREEZE)
    assert [each.kind for each in milestones(moved, known)] == [Kind.FREEZE]
    assert [each.kind for each in milestones(known, moved)] == [Kind.FREEZE]


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ("2011-12-14", True),
        (None, True),
        ("2011-12-12..2011-12-16", True),
        ("2012-01-12", False),
        ("2011-12-10..2011-12-13", False),
        ("2011-12", False),
    ],
)
def test_a_week_that_does_not_hold_the_believed_day_is_not_taken_over(
    when: str | None, *, fits: bool
) -> None:
    window = When.parse("2011-12-12..2011-12-16")
    known = replace(catalogs.milestone("essex-2", "2011-12-15"), window=window)
    believed = replace(known, window=None, claims=catalogs.claims(when) or (Claim(None, OVERLAY),))
    assert milestones(believed, known)[0].window == (window if fits else None)


def test_where_sources_disagree_on_a_start_both_are_kept() -> None:
    first = replace(catalogs.series("essex"), starts=When.day(DAY), origin=OVERLAY)
    second = replace(catalogs.series("essex"), starts=When.parse("2011-10"), origin=SHIPPED)
    doubted = Claim(When.parse("2011-W41"), Origin("a third"))
    third = replace(second, starts_otherwise=(doubted,))
    (one,) = merged([Facts(series=(each,)) for each in (first, second, third, first)]).series
    assert one.starts == first.starts
    assert one.starts_otherwise == (Claim(second.starts, SHIPPED), doubted)


def test_a_start_that_is_filled_in_is_believed_and_not_doubted() -> None:
    second = replace(catalogs.series("essex"), starts=When.day(DAY))
    (one,) = merged([Facts(series=(each,)) for each in (catalogs.series("essex"), second)]).series
    assert (one.starts, one.starts_otherwise) == (second.starts, ())


def test_what_is_filled_in_keeps_its_origin() -> None:
    first = replace(catalogs.series("essex", "2012-04-05"), origin=OVERLAY)
    second = replace(
        catalogs.series("essex", version="2012.1", title="Essex"),
        origin=SHIPPED,
        starts=When.day(DAY),
        long_term=True,
        origins=(("starts", Origin("schedule")), ("status", Origin("nobody"))),
    )
    (one,) = merged([Facts(series=(each,)) for each in (first, second)]).series
    assert (one.origin, one.title, one.version, one.long_term) == (OVERLAY, "Essex", "2012.1", True)
    origins = dict(one.origins)
    assert origins["version"] == origins["title"] == origins["long_term"] == SHIPPED
    assert origins["starts"] == Origin("schedule")
    assert "status" not in origins


def test_groups_keep_apart_what_is_called_the_same() -> None:
    parts = [Facts(milestones=(catalogs.milestone("essex-2", group=name),)) for name in ("openstack", "shop")]
    assert len(merged(parts).milestones) == 2


def test_a_project_s_own_milestone_is_not_the_group_s() -> None:
    own = catalogs.milestone("essex-2", project="nova")
    assert len(milestones(catalogs.milestone("essex-2"), own, own)) == 2


def test_a_freeze_of_one_series_is_not_that_of_another() -> None:
    """A file for each series may call its own `feature-freeze`."""
    essex = catalogs.milestone("feature-freeze", "2012-02-24", "essex", kind=Kind.FREEZE)
    folsom = catalogs.milestone("feature-freeze", "2012-08-16", "folsom", kind=Kind.FREEZE)
    nowhere = catalogs.milestone("feature-freeze", "2012-02-25")
    found = milestones(essex, nowhere, folsom, essex)
    assert [(each.series, len(each.claims)) for each in found] == [("essex", 2), ("folsom", 1)]
    assert len(milestones(nowhere, essex)) == 1
    assert len(milestones(essex, replace(essex, series="ESSEX"))) == 1


def test_a_blueprint_is_unique_by_its_exact_name_within_its_project() -> None:
    names = ("vm-state", "vmstate", "VM-state")
    facts = Facts(blueprints=tuple(map(catalogs.blueprint, names)))
    assert [each.name for each in merged([facts]).blueprints] == ["vm-state", "vmstate"]
    apart = [Facts(blueprints=(catalogs.blueprint("lasterror", of),)) for of in ("nova", "Nova", "glance")]
    assert [each.project for each in merged(apart).blueprints] == ["nova", "glance"]


def test_a_former_name_of_a_project_is_that_project() -> None:
    """A post of 2011 names quantum's blueprints; a list of today calls the project neutron."""
    then = Facts(
        milestones=(catalogs.milestone("essex-2", project="Quantum"),),
        releases=(catalogs.release("2012.1", project="quantum"),),
        blueprints=(catalogs.blueprint("api-framework", "quantum"),),
    )
    now = Facts(
        projects=(catalogs.project("neutron", "quantum"),),
        blueprints=(catalogs.blueprint("api-framework", "neutron", status="Implemented"),),
    )
    for facts in (merged([then, now]), merged([now, then])):
        assert (facts.milestones[0].project, facts.releases[0].project) == ("neutron", "neutron")
        assert [(each.project, each.status) for each in facts.blueprints] == [("neutron", "Implemented")]


def test_a_former_name_that_another_project_has_now_is_the_other_s() -> None:
    facts = Facts(
        projects=(catalogs.project("neutron", "melange"), catalogs.project("melange")),
        blueprints=(catalogs.blueprint("ipam", "melange"),),
    )
    assert merged([facts]).blueprints[0].project == "melange"


def test_a_series_may_be_named_by_its_version() -> None:
    facts = Facts(
        series=(catalogs.series("essex", version="2012.1"), catalogs.series("1", version="essex")),
        milestones=tuple(catalogs.milestone(name, series=name) for name in ("2012.1", "Essex", "folsom")),
        releases=(catalogs.release("1", series="2012.1"),),
    )
    together = merged([facts])
    assert [each.series for each in together.milestones] == ["essex", "essex", "folsom"]
    assert together.releases[0].series == "essex"


def test_posts_are_told_apart_by_their_links_and_else_by_their_titles() -> None:
    told = [("a", "x"), ("b", "x"), ("a", "y"), ("c", None), ("d", None), ("c", None)]
    posts = [Post(title, "openstack", "essex-2", SHIPPED, url=url) for title, url in told]
    (facts,) = [merged([Facts(posts=tuple(posts))])]
    assert [(each.title, each.url) for each in facts.posts] == [
        ("a", "x"),
        ("a", "y"),
        ("c", None),
        ("d", None),
    ]


def test_lists_that_the_first_leaves_empty_are_filled() -> None:
    first = Post("a", "openstack", "essex-2", SHIPPED)
    second = replace(first, figures=(Figure("contributors", 200),), underway=(("nova", "more"),))
    assert merged([Facts(posts=(each,)) for each in (first, second)]).posts == (second,)


def test_releases_are_told_apart_by_project_and_version() -> None:
    releases = [catalogs.release(version, project=of) for version in ("1", "2") for of in ("nova", None)]
    assert merged([Facts(releases=(*releases, *releases))]).releases == tuple(releases)


NAMES = st.sampled_from(["essex-1", "essex-2", "Essex 2", "rc1", "nova", "Nova", "quantum"])
GROUPS = st.sampled_from(["openstack", "shop"])
MAYBE = st.none() | NAMES
CLAIMS = st.lists(
    st.builds(Claim, st.none() | st.dates().map(When.day), st.sampled_from([OVERLAY, SHIPPED])), max_size=2
).map(tuple)
MILESTONES = st.builds(
    Milestone,
    *(NAMES, GROUPS, st.just(SHIPPED), MAYBE, MAYBE),
    kind=st.sampled_from(Kind),
    title=MAYBE,
    claims=CLAIMS,
)
SERIES = st.builds(
    lambda series, claims, starts: replace(series, release=claims, starts=starts),
    st.builds(catalogs.series, NAMES, version=MAYBE, title=MAYBE, group=GROUPS),
    CLAIMS,
    st.none() | st.dates().map(When.day),
)
FACTS = st.builds(
    Facts,
    projects=st.lists(st.builds(catalogs.project, NAMES, NAMES, group=GROUPS), max_size=3).map(tuple),
    series=st.lists(SERIES, max_size=4).map(tuple),
    milestones=st.lists(MILESTONES, max_size=5).map(tuple),
    blueprints=st.lists(st.builds(catalogs.blueprint, NAMES, NAMES, group=GROUPS), max_size=4).map(tuple),
)
SOURCES = st.lists(FACTS, max_size=3)


@given(SOURCES)
def test_merging_what_is_merged_changes_nothing(sources: list[Facts]) -> None:
    together = merged(sources)
    assert merged([together]) == together
    assert merged([*sources, *sources]) == together


@given(SOURCES)
def test_no_claim_is_lost(sources: list[Facts]) -> None:
    together = merged(sources)
    kept = {claim for each in together.milestones for claim in each.claims}
    assert kept == {claim for facts in sources for each in facts.milestones for claim in each.claims}
    kept = {claim for each in together.series for claim in each.release}
    assert kept == {claim for facts in sources for each in facts.series for claim in each.release}
    starts = {each.starts for each in together.series}
    starts |= {claim.when for each in together.series for claim in each.starts_otherwise}
    assert starts >= {each.starts for facts in sources for each in facts.series if each.starts}


@given(SOURCES)
def test_the_first_source_has_the_last_word(sources: list[Facts]) -> None:
    # Other names of projects and series may make one thing of two, and say nothing of whom to believe.
    sources = [replace(facts, projects=(), series=()) for facts in sources]
    for mine, ours in zip(merged(sources[:1]).milestones, merged(sources).milestones, strict=False):
        assert mine.name == ours.name
        assert mine.claims == ours.claims[: len(mine.claims)]
        assert mine.title in (None, ours.title)
