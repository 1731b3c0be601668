import pytest
from hypothesis import given, strategies as st

from milestonebot.sources.slips import meant
from milestonebot.when import When


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2026-3-12", "write 2026-03-12"),
        ("2026/03/12", "write 2026-03-12"),
        ("20260312", "write 2026-03-12"),
        ("12.03.2026", "write 2026-03-12"),
        ("3.12.2026", "write 2026-12-03"),
        ("03/12/2026", "write 2026-12-03 or 2026-03-12"),
        ("13/03/2026", "write 2026-03-13"),
        ("03/13/2026", "write 2026-03-13"),
        ("03/03/2026", "write 2026-03-03"),
        ("2026", "write 2026-01-01..2026-12-31"),
        ("Q1 2026", "write 2026-01-01..2026-03-31"),
        ("2026-q4", "write 2026-10-01..2026-12-31"),
        ("March 12th, 2026", "write 2026-03-12"),
        ("March 2026", "write 2026-03"),
        ("TBD", "where no date is set, write none"),
        ("2026-03-12T14:00 UTC", "write 2026-03-12T14:00, and beside it zone: UTC"),
        ("2026-03-12 14:00 Europe/Paris", "write 2026-03-12 14:00, and beside it zone: Europe/Paris"),
    ],
)
def test_what_is_written_otherwise_is_led_back(text: str, hint: str) -> None:
    assert meant(text) == hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-30",
        "32.01.2026",
        "0000",
        "Q5 2026",
        "Q1 0000",
        "mid-March",
        "March 1",
        "by March 12th, 2026",
        "2026-03-12 02:00 PM",
    ],
)
def test_what_may_be_anything_is_not(text: str) -> None:
    assert meant(text) is None


FIGURES = st.from_regex(r"\A(?:\d{1,4}[-/. ]?){1,3}\Z")


@given(FIGURES | st.text(max_size=80) | st.from_regex(r"\A(?:Q\d \d{4}|\d{4}-\d\d-\d\d \d\d:\d\d \w{1,5})\Z"))
def test_a_hint_is_a_date_that_can_be_read(text: str) -> None:
    hint = meant(text)
    if hint is not None and hint.startswith("write ") and "zone:" not in hint:
        for form in hint.removeprefix("write ").split(" or "):
            assert When.parse(form).iso()
