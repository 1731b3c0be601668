"""What a delivery is about, as it is told now: as the catalog has it, else as it was planned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from milestonebot import phrases, telling
from milestonebot.agenda import found
from milestonebot.lookup import Lookup
from milestonebot.model import Claim, Milestone, Origin
from milestonebot.names import key
from milestonebot.when import When
from milestonebot.zones import zone as zone_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from milestonebot.announcement import Announcement, Scope
    from milestonebot.catalog import Catalog
    from milestonebot.model import Blueprint
    from milestonebot.settings import RoomSettings


@dataclass(frozen=True, slots=True)
class Told:
    """How things stand where and when an announcement is said."""

    catalog: Catalog
    now: datetime
    """In the zone of the announcement."""
    zone: str | None
    """The name of that zone; None where the announcement is gone."""
    settings: RoomSettings

    @classmethod
    def of(
        cls, announcement: Announcement | None, catalog: Catalog, now: datetime, settings: RoomSettings
    ) -> Told:
        """Return how things stand `now`, on the calendar of the announcement's zone."""
        if announcement is None:
            return cls(catalog, now, None, settings)
        return cls(catalog, now.astimezone(zone_of(announcement.zone)), announcement.zone, settings)

    @property
    def lookup(self) -> Lookup:
        """The catalog as names are read in the room."""
        return Lookup(self.catalog, self.now.date(), self.settings.group)

    def name(self, milestone: Milestone) -> str:
        """Return what `milestone` is called in the room."""
        return telling.name(milestone, self.catalog, self.settings.group)

    def here(self, when: When | None) -> When | None:
        """Return `when`; a moment as clocks show it in the zone of the announcement."""
        if when is None or when.at is None or self.zone is None or when.zone == self.zone:
            return when
        try:
            return When.moment(when.at.astimezone(zone_of(self.zone)), self.zone)
        except OverflowError:  # on the calendar's first and last day, not every zone has one
            return when

    def dated(self, when: When | None) -> str:
        """Return `Thu 26 Jan 2012`; of a moment, its local time and zone."""
        return phrases.dated(self.here(when))

    def here_as_well(self, milestone: Milestone) -> Milestone:
        """Return `milestone` with its believed date as it is told here."""
        if not milestone.claims:
            return milestone
        believed, *others = milestone.claims
        return replace(milestone, claims=(replace(believed, when=self.here(believed.when)), *others))


def blueprints(milestone: Milestone, scope: Scope, catalog: Catalog) -> list[Blueprint]:
    """Return the blueprints of `milestone`, of the projects of `scope` alone where it names any."""
    wanted = {key(name) for name in scope.projects}
    wanted |= {key(each.name) for name in wanted for each in catalog.projects.get(name, ())}
    return [each for each in catalog.blueprints_of(milestone) if not wanted or key(each.project) in wanted]


def subject(about: Mapping[str, Any], catalog: Catalog) -> Milestone:
    """Return the milestone or release that `about` names; what the catalog has no more, as `about` has it."""
    known = found(about, catalog) if _text(about.get("subject")) else None
    if known is not None:
        return known
    origin = Origin(_text(about.get("source")) or "")
    name = _text(about.get("milestone")) or _text(about.get("subject")) or "a milestone"
    when = date(about.get("new") or about.get("date"))
    return Milestone(
        name,
        _text(about.get("group")) or "",
        origin,
        series=_text(about.get("series")),
        project=_text(about.get("project")),
        claims=() if when is None else (Claim(when, origin),),
    )


def date(written: object) -> When | None:
    """Return the date that `written` states; None where it states none."""
    try:
        return When.parse(written) if isinstance(written, str) else None
    except ValueError:
        return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
