"""SASL's PLAIN."""

import base64

import pytest

from milestonebot.transports.irc.sasl import chunks, plain


def test_the_identity_to_act_as_is_filled_in_and_all_is_utf_8() -> None:
    assert plain("jilles", "sésame") == b"jilles\0jilles\0s\xc3\xa9same"


@pytest.mark.parametrize(
    ("size", "cut"), [(0, [1]), (1, [4]), (299, [400, 1]), (300, [400, 1]), (301, [400, 4])]
)
def test_a_response_is_cut_at_400_characters_and_the_end_is_told(size: int, cut: list[int]) -> None:
    lines = chunks(b"x" * size)
    assert [len(line) for line in lines] == cut
    assert all(line == "+" for line in lines if len(line) == 1)
    assert base64.b64decode("".join(line for line in lines if line != "+")) == b"x" * size
