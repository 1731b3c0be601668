import pytest

from milestonebot.sources.post.findings import Head, Named, Target
from milestonebot.sources.post.naming import name
from milestonebot.sources.post.targets import target


def targets(*paths: str) -> list[Target]:
    return [found for path in paths if (found := target(f"https://launchpad.net/{path}")) is not None]


@pytest.mark.parametrize(
    ("title", "named", "series"),
    [
        ("Half way there: the Example Aspen-2 milestone", "aspen-2", "aspen"),
        ("The milestone aspen-2 is out", "aspen-2", "aspen"),
        ("Example Aspen 2 milestone", "aspen-2", "aspen"),
        ("Milestone: 2.0.0-m1", "2.0.0-m1", None),
        ("Version 1.4 milestone", "1.4", None),
        ("Aspen-2 development milestone", "aspen-2", "aspen"),
    ],
)
def test_a_title_names_the_milestone(title: str, named: str, series: str | None) -> None:
    assert name(Head(title=title), "", ()) == Named(named, series, "title")


@pytest.mark.parametrize(
    "title", ["The top-10 of Aspen", "On sha-256", "Aspen-2 in numbers", "A milestone", "Aspen, part-2"]
)
def test_a_number_alone_is_no_milestone(title: str) -> None:
    assert name(Head(title=title), "Nothing.", ()).name is None


def test_a_title_without_the_word_counts_where_the_post_repeats_it() -> None:
    assert name(Head(title="Aspen-2 in numbers"), "The milestone aspen-2 is old.", ()).name == "aspen-2"
    assert name(Head(title="New in aspen-2"), "", targets("example/+milestone/aspen-2")).name == "aspen-2"


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("Aspen-2 released", "aspen-2"),
        ("Example Aspen-2 has been released", "aspen-2"),
        ("Aspen-2 is finally out!", "aspen-2"),
        ("Example Aspen 2 is out", "aspen-2"),
        ("Announcing the Example Aspen-2", "aspen-2"),
        ("Released: Aspen 2", "aspen-2"),
        ("Release of 2.0.0b2", "2.0.0b2"),
        ("v1.4 released", "v1.4"),
        ("Aspen-2 release notes", "aspen-2"),
    ],
)
def test_a_title_that_says_that_it_is_out_names_it_and_is_to_be_looked_at(title: str, named: str) -> None:
    found = name(Head(title=title), "Nothing.", ())
    assert (found.name, found.basis) == (named, "title")
    assert found.remarks == (f"its title says that {named} is out, and not that it is a milestone",)
    linked = name(Head(title=title), "Nothing.", targets(f"example/+milestone/{named}"))
    assert (linked.name, linked.remarks) == (named, ())


@pytest.mark.parametrize("title", ["Version 2 released", "Part 2 is out", "Out of aspen-2", "On 12 releases"])
def test_what_is_out_may_be_no_milestone(title: str) -> None:
    assert name(Head(title=title), "Nothing.", ()).name is None


def test_else_the_address_names_it() -> None:
    assert name(Head("News", slug="half-way-the-aspen-2-milestone"), "", ()) == Named(
        "aspen-2", "aspen", "address"
    )


def test_else_the_links_do_where_they_agree() -> None:
    agreed = targets("example/aspen/m2", "other/+milestone/m2")
    assert name(Head("News"), "", agreed) == Named("m2", "aspen", "links")
    several = name(Head("News"), "", targets("example/+milestone/m2", "example/+milestone/m3"))
    assert several == Named(remarks=("it links several milestones: m2, m3",))


def test_else_the_text_does() -> None:
    text = "The aspen-2 milestone is out. The aspen-2 milestone has more than the aspen-1 milestone."
    assert name(Head("News"), text, ()) == Named("aspen-2", "aspen", "text")


def test_names_that_disagree_are_told() -> None:
    found = name(Head("The aspen-2 milestone"), "", targets("example/+milestone/aspen-3"))
    assert found.name == "aspen-2"
    assert found.remarks == ("its title says aspen-2, and it links the milestone aspen-3",)


def test_a_title_that_names_several_is_to_be_looked_at() -> None:
    found = name(Head("The aspen-1 milestone and Aspen-2 released"), "", ())
    assert found.name == "aspen-1"
    assert found.remarks == ("its title names aspen-2 as well; a post is about one milestone here",)
