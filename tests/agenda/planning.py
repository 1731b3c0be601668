"""Announcements in few words, and planning as the bot does it: look, remember, look again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from milestonebot.agenda import look, wake
from milestonebot.announcement import Announcement, Occasion
from milestonebot.catalog import Catalog
from milestonebot.model import Facts
from milestonebot.outbox import Memory, Stage
from milestonebot.ports import Room
from tests import catalogs

if TYPE_CHECKING:
    from milestonebot.model import Milestone
    from milestonebot.outbox import Delivery, Planned

ROOM = Room("oftc", "#essex")
HOUR = 3600.0


def utc(text: str) -> datetime:
    """Return a moment in UTC: `2011-12-20`, `2011-12-20 14:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rule(occasion: Occasion, name: str | None = None, at: str | None = None, **of: Any) -> Announcement:  # noqa: ANN401 - what else it has
    of = {"rooms": (ROOM,), "at": time.fromisoformat(at) if at else None} | of
    return Announcement(name or str(occasion), occasion, **of)


def countdown(*before: int, at: str = "14:00", **of: Any) -> Announcement:  # noqa: ANN401 - likewise
    return rule(Occasion.COUNTDOWN, at=at, before=before, **of)


def released(**of: Any) -> Announcement:  # noqa: ANN401 - likewise
    return rule(Occasion.RELEASED, **of)


def changed(**of: Any) -> Announcement:  # noqa: ANN401 - likewise
    return rule(Occasion.CHANGED, **of)


def digest(cron: str, **of: Any) -> Announcement:  # noqa: ANN401 - likewise
    return rule(Occasion.DIGEST, cron=cron, **of)


def note(*moments: str, **of: Any) -> Announcement:  # noqa: ANN401 - likewise
    return rule(Occasion.NOTE, moments=tuple(map(utc, moments)), text="Thanks.", **of)


def of(*milestones: Milestone, **facts: Any) -> Catalog:  # noqa: ANN401 - what else Facts has
    return Catalog.of(Facts(groups=(catalogs.group(),), milestones=milestones, **facts))


@dataclass
class Planner:
    """What planning remembers, and all that it ever planned, by key: the first of a key stands."""

    catalog: Catalog
    rules: list[Announcement]
    zone: str = "UTC"
    memory: Memory = field(default_factory=Memory)
    all: dict[str, Delivery] = field(default_factory=dict)

    def look(self, now: datetime | str) -> list[Delivery]:
        """Look once; return what is new."""
        moment = utc(now) if isinstance(now, str) else now
        planned = look(self.catalog, self.rules, self.memory, moment, self.zone)
        assert len({each.key for each in planned.deliveries}) == len(planned.deliveries)
        self.memory = remembered(self.memory, planned)
        new = [each for each in planned.deliveries if each.key not in self.all]
        self.all |= {each.key: each for each in new}
        return new

    def looks(self, *moments: str) -> list[str]:
        """Look at each of `moments`; return the keys that the last look gave to be said."""
        return said([self.look(moment) for moment in moments][-1])

    def wakes(self, until: datetime) -> int:
        """Look whenever `wake` says so; return how often."""
        looks = 0
        while (
            now := wake(self.catalog, self.rules, self.memory, self.memory.watermark or until)
        ) is not None:
            if now > until:
                break
            self.look(now)
            looks += 1
        return looks

    @property
    def said(self) -> list[str]:
        return said(self.all.values())


def remembered(memory: Memory, planned: Planned) -> Memory:
    """Return what a store keeps."""
    started, known = {**memory.started, **planned.started}, {**memory.known, **planned.known}
    for name in planned.gone:
        started.pop(name, None)
        known.pop(name, None)
    return replace(memory, watermark=planned.watermark, started=started, known=known)


def said(deliveries: Any) -> list[str]:  # noqa: ANN401 - any of deliveries
    return [each.key for each in deliveries if each.stage is Stage.PLANNED]


def tails(keys: list[str]) -> list[str]:
    """Return keys without their announcement and room."""
    return [key.split("/", 3)[3] for key in keys]
