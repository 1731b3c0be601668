import pytest

from milestonebot.sources.post.findings import Kind, Mention
from milestonebot.sources.post.mentions import MOST, mentions, of_kind, places, underway
from tests.sources.post.marked import SPEC, blocks_of, linking


def read(markdown: str, milestone: str | None = "aspen-2", doubted: str | None = None) -> list[Mention]:
    return mentions(blocks_of(linking(markdown)), milestone, {}, doubted)


def landed(markdown: str) -> list[str]:
    return [each.target.name for each in read(markdown) if each.doubt is None]


def doubted(markdown: str) -> list[str]:
    return [each.target.name for each in read(markdown) if each.doubt is not None]


def test_what_is_linked_twice_is_mentioned_once_with_the_first_text_that_makes_a_title() -> None:
    (mention,) = read("It [has](a) a [print\nview](a/) now, see [the other text](a?x=1).")
    assert (mention.target.name, mention.words, mention.title) == ("a", "has", "print view")


def test_the_order_is_that_of_the_post() -> None:
    assert landed("[one thing](b) [x](a)\n\n- [two things](c)\n\n# [three](d)\n\n[four things](a)") == [
        *"bacd"
    ]


def test_bugs_and_milestones_are_kept_apart() -> None:
    markdown = (
        "[a](https://launchpad.net/bugs/1) [b](https://launchpad.net/example/+bug/1)"
        " [c](https://launchpad.net/example/+milestone/x-1) [d](https://launchpad.net/example/x/x-1)"
        f" [e](https://example.org/) [f]({SPEC}/g) [top](#top)"
    )
    found = mentions(blocks_of(markdown), None, {})
    assert [len(of_kind(found, kind)) for kind in Kind] == [1, 1, 1, 1]


def test_links_that_stand_side_by_side_are_parts_of_a_phrase_and_no_titles() -> None:
    found = read("The model [has](a) [been made anew](b), with a [print view](c) and [a search](d).")
    assert [each.title for each in found] == [None, None, "print view", "a search"]
    assert [each.title for each in read("A [slow request](a) [queue](b).")] == [None, None]


def test_a_bare_address_has_no_title() -> None:
    (mention,) = mentions(blocks_of(f"New: {SPEC}/a."), None, {})
    assert (mention.target.name, mention.words, mention.title) == ("a", "", None)


@pytest.mark.parametrize(
    ("markdown", "done", "not_done"),
    [
        ("[One](a) was added. [Two](b) will land later.", ["a"], ["b"]),
        ("[One](a) landed, but [two](b) did not make it.", ["a"], ["b"]),
        ("[One](a), [two](b), and [three](c) were deferred.", [], ["a", "b", "c"]),
        ("[One](a) is nearly there, but it will land in July.", [], ["a"]),
        ("[One](a) and [two](b) were begun. They were deferred.", [], ["a", "b"]),
        ("[One](a) was added. The rest was deferred.", ["a"], []),
        ("[One](a) is there, [two](b) comes with aspen-3.", [], ["a", "b"]),
        ("[One](a) is there, since aspen-1.", ["a"], []),
        ("[Deferred deletion](a) was added, and a [planned stop](b).", ["a", "b"], []),
        ("These were put off:\n\n- [One](a)\n- [Two](b)\n\nBut [three](c) is in.", ["c"], ["a", "b"]),
        ("These are in:\n\n- [One](a)\n- [Two](b) (deferred)", ["a"], ["b"]),
        ("| [One](a) | done |\n|---|---|\n| [Two](b) | in progress |", ["a"], ["b"]),
        (
            "# In\n\n[One](a)\n\n# Planned\n\n[Two](b)\n\n## Server\n\n[Three](c)\n\n# Thanks\n\n[Four](d)",
            ["a", "d"],
            ["b", "c"],
        ),
        ("# In aspen-3\n\n[One](a)\n\n# In aspen-2\n\n[Two](b)", ["b"], ["a"]),
        ("[One](a) was added.\n\n# Next\n\nMore of [one](a).", [], ["a"]),
        ("# Next\n\n[One](a) has more.\n\n# In\n\n[One](a) was added.", [], ["a"]),
    ],
)
def test_what_is_not_done_is_doubted(markdown: str, done: list[str], not_done: list[str]) -> None:
    assert (landed(markdown), doubted(markdown)) == (done, not_done)


def test_a_whole_post_may_be_in_doubt() -> None:
    (mention,) = read("[One thing](a) is in.", doubted="Coming up")
    assert mention.doubt == "Coming up"


def test_the_doubts_words_are_the_posts() -> None:
    (mention,) = read("[One thing](a) was deferred to July.")
    assert mention.doubt == "was deferred"


def test_a_mention_tells_the_line_where_the_file_has_it_first() -> None:
    text = f"Title: x\n\n[a]({SPEC}/b)\n[c]({SPEC}/D%2De?x)\n[a]({SPEC}/b)\n"
    assert places(text) == {"b": 3, "d-e": 4}
    found = mentions(blocks_of(text), None, places(text))
    assert [each.line for each in found] == [3, 4]


@pytest.mark.parametrize(
    ("markdown", "begun"),
    [
        ("[One](a) is in progress, and so is [two](b).", "ab"),
        ("# Under way\n\n- [One](a)\n- [Two](b)\n\n# In\n\n[Three](c)", "ab"),
        ("[One](a) landed, and [two](b) is being worked on.", ""),
        ("[One](a) is planned for July.", ""),
        ("[One](a) was begun with [two](b). They are still under way.", "ab"),
        ("- [One](a) (started)\n- [Two](b) (late)", "a"),
        ("[One](a) is in progress. [One](a) was merged in part.", ""),
    ],
)
def test_what_is_begun_is_told_from_what_is_put_off(markdown: str, begun: str) -> None:
    assert [each.target.name for each in read(markdown) if each.begun] == [*begun]


@pytest.mark.parametrize(
    "sentence",
    [
        "The others were busy starting larger transitions.",
        "We began work on a new store.",
        "Work on the new store has begun.",
        "The new store is still being worked on.",
    ],
)
def test_a_sentence_that_tells_of_work_begun_is_shown(sentence: str) -> None:
    markdown = f"Much landed. {sentence} [One](a) is under way. We started with two projects."
    assert underway(blocks_of(linking(markdown))) == (sentence,)
    assert len(underway(blocks_of(f"{sentence} " * 2 * MOST))) == MOST


def test_a_heading_and_a_line_that_leads_in_are_no_such_sentence() -> None:
    assert (
        underway(blocks_of("# The store is still in progress\n\nWork on these has begun:\n\n- moves")) == ()
    )
