"""Why a delivery that waits to be said is not true any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.agenda.countdown import is_over
from milestonebot.agenda.dated import dated
from milestonebot.agenda.news import same
from milestonebot.announcement import Occasion
from milestonebot.telling import is_out
from milestonebot.zones import zone

if TYPE_CHECKING:
    from datetime import datetime

    from milestonebot.agenda.dated import Dated, Thing
    from milestonebot.announcement import Announcement
    from milestonebot.catalog import Catalog
    from milestonebot.outbox import Delivery


def withdrawal(
    delivery: Delivery, rule: Announcement | None, catalog: Catalog, now: datetime, *, here: bool
) -> str | None:
    """Return why `delivery` is not to be made any more `now`; None where it stands.

    `rule` is the announcement that has its name now, and `here` is whether that is for its room. What an
    admin announced by hand always stands.
    """
    if not delivery.announcement:
        return None
    if rule is None or rule.occasion is not delivery.occasion:
        return f"the config has no {delivery.occasion} {delivery.announcement} any more"
    if not here:
        return f"{delivery.announcement} is no longer announced in {delivery.room}"
    if delivery.occasion in {Occasion.COUNTDOWN, Occasion.RELEASED}:
        return _untrue(delivery, rule, dated(catalog), now)
    return None


def _untrue(delivery: Delivery, rule: Announcement, index: Dated, now: datetime) -> str | None:
    name = delivery.about["milestone"]
    thing = index.things.get(delivery.about["subject"])
    if thing is None:
        return f"{name} is gone from the catalog"
    if not index.holds(rule, thing):
        return f"{delivery.announcement} is not for {name} any more"
    if delivery.occasion is Occasion.COUNTDOWN:
        return _not_counted(delivery, thing, rule, now)
    return _not_out(delivery, thing, rule)


def _not_counted(delivery: Delivery, thing: Thing, rule: Announcement, now: datetime) -> str | None:
    old = delivery.about["date"]
    if not same(old, thing.milestone.when):
        moved = f"moved from {old} to {thing.iso}" if thing.iso else f"has no date any more; it was {old}"
        return f"{delivery.about['milestone']} {moved}"
    if delivery.about["days"] not in rule.before:
        return f"{rule.name} does not count at {delivery.about['days']} days any more"
    if is_over(rule, thing, delivery.about["days"], now):
        return f"{delivery.about['milestone']} is out already"
    return None


def _not_out(delivery: Delivery, thing: Thing, rule: Announcement) -> str | None:
    if is_out(thing.milestone, delivery.due.astimezone(zone(rule.zone))):
        return None
    return f"{delivery.about['milestone']} is not out"
