"""Digests and notes: by cron, or at moments that the config names."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from milestonebot.agenda import cron
from milestonebot.agenda.due import Due
from milestonebot.announcement import Occasion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from milestonebot.announcement import Announcement

_MOST = 50
"""Firings by cron that one look reports as missed: after a year, nobody reads more."""


def due(announcement: Announcement, after: datetime, until: datetime) -> Iterator[Due]:
    """Yield each firing after `after`, up to `until`.

    `about` has `fire`, the moment in UTC; that of a note has `text` besides.
    """
    if announcement.cron is not None:
        for fire in cron.fires(announcement.cron, announcement.zone, after, until):
            yield _due(announcement, fire)
    for moment in announcement.moments:
        if after < moment <= until:
            yield _due(announcement, moment.astimezone(UTC))


def missed(announcement: Announcement, after: datetime, until: datetime) -> Iterator[Due]:
    """Yield the same, of the firings by cron the last ones alone."""
    if announcement.cron is not None:
        for fire in cron.latest(announcement.cron, announcement.zone, after, until, _MOST):
            yield _due(announcement, fire)
    for moment in announcement.moments:
        if after < moment <= until:
            yield _due(announcement, moment.astimezone(UTC))


def following(announcement: Announcement, now: datetime) -> datetime | None:
    """Return the first moment after `now` at which it fires."""
    ahead = [moment.astimezone(UTC) for moment in announcement.moments if moment > now]
    if announcement.cron is not None:
        ahead += [
            fire for fire in [next(cron.fires(announcement.cron, announcement.zone, now), None)] if fire
        ]
    return min(ahead, default=None)


def _due(announcement: Announcement, fire: datetime) -> Due:
    whole = fire.second == fire.microsecond == 0
    written = fire.replace(tzinfo=None).isoformat(timespec="minutes" if whole else "auto") + "Z"
    about = {"fire": written}
    if announcement.occasion is Occasion.NOTE:
        about["text"] = announcement.text or ""
    return Due(fire, written, about)
