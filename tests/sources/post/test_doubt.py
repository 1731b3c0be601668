import pytest

from milestonebot.sources.post.doubt import clauses, cue, heading_cue, is_done, speaks_of_the_last


@pytest.mark.parametrize(
    "prose",
    [
        "____ will land in the next milestone.",
        "____ should only be available later.",
        "____ is expected to arrive soon.",
        "We'll also ship ____ soon.",
        "We hope to have ____ as well.",
        "We plan to finish ____.",
        "____ did not make it.",
        "____ didn't make the cut.",
        "____ couldn't be merged in time: it is not ready.",
        "____ was deferred to the next cycle.",
        "____ had to be postponed.",
        "____ slipped.",
        "____ is still in progress.",
        "____ is planned for July.",
        "Planned work: ____.",
        "____ is under review.",
        "Not everything is in: ____ is missing.",
        "Coming up: ____.",
        "____ was granted an exception.",
        "____ is nearly ready.",
        "The upcoming release has ____.",
        "____ will probably be merged this week.",
        "____ might also sneak in.",
    ],
)
def test_plans_and_what_was_put_off_put_in_doubt(prose: str) -> None:
    assert cue(prose) is not None


@pytest.mark.parametrize(
    "prose",
    [
        "The server now has a ____.",
        "____ was added, which will let people sleep.",
        "What follows is what went into it after the milestone before.",
        "Old hooks have been ____.",
        "Code was pushed to the shared library.",
        "It moved to ____.",
        "It should be easier to upgrade from now on, with ____.",
        "As a first step towards ____, the pages were split.",
        "Lots of changes might go unnoticed, like ____.",
        "Exceptions are logged by ____.",
        "The web pages use a delayed start.",
    ],
)
def test_what_is_done_does_not(prose: str) -> None:
    assert cue(prose) is None


def test_a_verdict_counts_beside_an_item_of_a_list_alone() -> None:
    assert cue("____ (deferred)", item=True) == "deferred"
    assert cue("____ (deferred)") is None


@pytest.mark.parametrize(
    "text", ["Planned for aspen-4", "What's next", "Deferred", "Coming up in Birch", "Not done"]
)
def test_headings_put_in_doubt_what_is_below_them(text: str) -> None:
    assert heading_cue(text) is not None


@pytest.mark.parametrize("text", ["What is new", "Server", "Aspen-2 milestone", "Themes", "Thanks"])
def test_other_headings_do_not(text: str) -> None:
    assert heading_cue(text) is None


def test_a_sentence_may_speak_of_the_one_before() -> None:
    assert speaks_of_the_last("They were deferred.")
    assert speaks_of_the_last("None of them made it.")
    assert not speaks_of_the_last("The rest was deferred.")


def test_halves_that_are_set_against_each_other_speak_for_themselves() -> None:
    prose = "____ landed, but ____ did not make it."
    (start, middle), (_, end) = clauses(prose)
    assert (prose[start:middle], prose[middle:end]) == ("____ landed", ", but ____ did not make it.")
    assert is_done(prose[start:middle])
    assert not is_done(prose[middle:end])
    assert not is_done("____ and ____")
