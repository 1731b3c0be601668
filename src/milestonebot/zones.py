"""Time zones by name: IANA's, and `AoE`."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone, tzinfo

AOE = timezone(timedelta(hours=-12), "AoE")
"""Anywhere on Earth: a day is over when it is over in UTC-12 (IEEE 802.16)."""


def zone(name: str) -> tzinfo:
    """Return the zone called `name`; raise ValueError where there is none."""
    if name.casefold() == "utc":
        return UTC
    if name.casefold() == "aoe":
        return AOE
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - 5 ms that the default zone does not need

    try:
        return ZoneInfo(name)
    except (OSError, LookupError, ValueError):
        msg = f"no time zone is called {name[:40]!r}"
        raise ValueError(msg) from None
