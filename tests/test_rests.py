"""What is left of long answers is kept for who asked, once."""

from milestonebot.document import say
from milestonebot.rests import Rests


def test_each_asker_has_the_rest_of_the_last_answer_once() -> None:
    rests = Rests()
    first, second, other = say("first"), say("second"), say("other")
    rests.keep("ann", first)
    rests.keep("bob", other)
    rests.keep("ann", second)
    assert [rests.take("ann"), rests.take("ann"), rests.take("bob")] == [second, None, other]


def test_an_answer_without_a_rest_leaves_none() -> None:
    rests = Rests()
    rests.keep("ann", say("first"))
    rests.keep("ann", None)
    assert rests.take("ann") is None
    assert len(rests) == 0


def test_there_is_an_end_to_what_is_kept() -> None:
    rests, document = Rests(), say("rest")
    for number in range(1500):
        rests.keep(number, document)
    assert len(rests) == 1000
    assert rests.take(499) is None
    assert rests.take(500) is document
