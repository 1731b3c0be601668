import pytest

from milestonebot.sources.post.titles import LONGEST, title


@pytest.mark.parametrize(
    "words",
    [
        "queue for slow requests",
        "supports NAT",
        "no longer writes to the log",
        "was extended to the web pages",
        "IPv6",
        "i18n",
        "paste.deploy",
        "high-availability",
    ],
)
def test_words_that_name_a_feature_make_a_title(words: str) -> None:
    assert title(words, "x") == words


@pytest.mark.parametrize(
    "words",
    [
        *(
            "",
            "has",
            "been",
            "been dropped",
            "no longer copied",
            "now shipped",
            "here",
            "see this",
            "several",
            "to",
        ),
        *("gained", "expose", "developer", "Twelve", "support", "new feature", "…", "slow-queue"),
        *("https://launchpad.net/example/+spec/x", "launchpad.net/example/+spec/x", "word " * LONGEST),
    ],
)
def test_other_words_make_none(words: str) -> None:
    assert title(words, "slow-queue") is None


def test_what_stands_around_a_title_is_no_part_of_it() -> None:
    assert title(" “print view”, ", "x") == "print view"
