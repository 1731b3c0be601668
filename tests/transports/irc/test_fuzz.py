"""A little of the fuzzing; `make fuzz-irc` does more."""

from __future__ import annotations

import pytest

from tests.transports.irc.fuzz import fuzz


@pytest.mark.parametrize("seed", range(4))
def test_no_bytes_make_a_session_fail(seed: int) -> None:
    assert fuzz(100_000, seed) > 100
