from time import process_time

import pytest
from hypothesis import given, strategies as st

from milestonebot.sources.post.blocks import Block, Span
from milestonebot.sources.post.sentences import LONGEST, sentences
from tests.sources.post.marked import sentences_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two! Three? (Four.) Five… Six", ["One.", "Two!", "Three?", "(Four.)", "Five…", "Six"]),
        ("It is in aspen-3... due in July.", ["It is in aspen-3... due in July."]),
        ("Version 2.0 is out, e.g. for the web.", ["Version 2.0 is out, e.g. for the web."]),
        ("“One.” “Two.”", ["“One.”", "“Two.”"]),
        ("Happy to all ! 2012 is here.", ["Happy to all !", "2012 is here."]),
    ],
)
def test_a_sentence_ends_before_a_capital(text: str, found: list[str]) -> None:
    assert [sentence.text.strip() for sentence in sentences_of(text)] == found


def test_a_link_belongs_to_the_sentence_that_it_begins_in() -> None:
    one, two = sentences_of("A [b](x) c. [D](y) e [f. G](z)h.")[:2]
    assert [one.text[link.start : link.end] for link in one.links] == ["b"]
    assert [two.text[link.start : link.end] for link in two.links] == ["D", "f. "]


def test_prose_hides_the_links_words_and_keeps_the_places() -> None:
    (sentence,) = sentences_of("It’s [deferred deletion](x) of “files”.")
    assert sentence.prose() == 'It\'s _________________ of "files".'
    assert len(sentence.prose()) == len(sentence.text)


def test_a_sentence_without_end_is_cut() -> None:
    text = "word " * 3000
    found = list(sentences(Block(text, (Span(9000, 9004, "x"),))))
    assert "".join(each.text for each in found) == text
    assert max(len(each.text) for each in found) <= LONGEST
    assert [len(each.links) for each in found] == [0, 0, 1, 0]


@given(st.text(alphabet='aB. !"', max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_no_text_and_no_link_is_lost(text: str, places: list[int]) -> None:
    spans = [Span(each, each, str(i)) for i, each in enumerate(sorted(places)) if each <= len(text)]
    found = list(sentences(Block(text, tuple(spans))))
    assert "".join(each.text for each in found) == text
    assert [link.href for each in found for link in each.links] == [span.href for span in spans]


def test_what_is_crossed_out_is_not_said() -> None:
    text = "One two. Three four. Five."
    block = Block(text, (Span(9, 14, "x"),), struck=((4, 7), (15, 23)))
    one, two, three = sentences(block)
    assert [each.said() for each in (one, two, three)] == ["One ___. ", "Three ______", "__ve."]
    assert two.prose() == "_____ ______"


def test_many_stretches_that_are_crossed_out_take_no_long_time() -> None:
    count = 30_000
    struck = tuple((4 * i, 4 * i + 1) for i in range(count))
    before = process_time()
    found = list(sentences(Block("Ab. " * count, struck=struck)))
    assert len(found) == count
    assert process_time() - before < 5
