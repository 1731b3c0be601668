"""What fuzzing has found, and the code has mended since: each is put to the bot in every test run."""

from __future__ import annotations

from datetime import MINYEAR, date, datetime, timedelta, timezone

from milestonebot.model import Claim, Facts, Milestone, Origin, ProjectGroup, Series
from milestonebot.when import When

_ORIGIN = Origin("found")
_EARLIEST = When.moment(datetime(MINYEAR, 1, 1, tzinfo=timezone(timedelta(hours=14))))


def _dated(when: When) -> Facts:
    claims = (Claim(when, _ORIGIN),)
    return Facts(
        groups=(ProjectGroup("group", _ORIGIN),),
        series=(Series("essex", "group", _ORIGIN, release=claims),),
        milestones=(Milestone("essex-2", "group", _ORIGIN, series="essex", claims=claims),),
    )


def _noted(note: str) -> Facts:
    claims = (Claim(When.day(date(2011, 12, 15)), _ORIGIN, note),)
    return Facts(milestones=(Milestone("essex-2", "group", _ORIGIN, claims=claims, note=note),))


FACTS = {
    # In UTC, the first moment of the calendar in a zone east of it is none.
    "a moment that only its own zone has": (
        _dated(_EARLIEST),
        ("essex-2", "!schedule essex", "is essex out?"),
    ),
}
"""Facts, and what is asked about them."""
