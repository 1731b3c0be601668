import pytest

from milestonebot.sources.post.counts import counts, of_blueprints
from milestonebot.sources.post.findings import Count


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It has 57 bugs fixed.", Count("bugs fixed", 57)),
        ("Twelve feature blueprints were done.", Count("feature blueprints", 12)),
        ("More than 1,400 commits went in.", Count("commits", 1400, approximate=True)),
        ("With about 120 bug fixes", Count("bug fixes", 120, approximate=True)),
        ("(399 bugfixes !)", Count("bugfixes", 399)),
    ],
)
def test_what_is_counted_is_told_in_the_posts_words(text: str, found: Count) -> None:
    assert counts([text]) == (found,)


@pytest.mark.parametrize(
    "text",
    ["2.0 features", "essex-2 features", "the two bugs-free days", "12 days and bugs", "12345678901 bugs"],
)
def test_other_numbers_are_not_counts(text: str) -> None:
    assert counts([text]) == ()


def test_what_is_told_twice_is_counted_once() -> None:
    assert counts(["57 bugs", "57 bugs, 58 bugs"]) == (Count("bugs", 57), Count("bugs", 58))


def test_blueprints_are_told_from_bugs() -> None:
    assert of_blueprints(Count("targeted specs", 42))
    assert not of_blueprints(Count("bugs", 42))
