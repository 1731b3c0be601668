"""A bot to put messages to: over the shipped catalog or hostile facts, on any day, in rooms of all kinds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import TYPE_CHECKING

from milestonebot.bot import Bot
from milestonebot.catalog import Catalog
from milestonebot.clock import at
from milestonebot.commands import router
from milestonebot.ports import Message, Nature, Room, Sender
from milestonebot.settings import RoomSettings, Settings
from tests.asking import shipped
from tests.fuzz.facts import hostile_facts
from tests.fuzz.messages import make

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fuzz.messages import Names

CHANNEL, OTHER, OURS = Room("irc", "#openstack-release"), Room("irc", "#other"), Room("irc", "#nova")
BRIDGED, TERMINAL = Room("matrix", "!release:example.org"), Room("console", "terminal")
ROOMS = (CHANNEL, OTHER, OURS, BRIDGED, TERMINAL)
_DAYS = (
    "2011-12-20",
    "2012-04-05",
    "2010-01-01",
    "2026-11-22T23:59:59+14:00",
    "2019-02-28",
    "0002-01-01",
    "9998-12-31",
)
_ZONES = ("UTC", "UTC", "UTC", "AoE", "Pacific/Kiritimati", "America/St_Johns")
_NATURES = (*[Nature.TEXT] * 60, *Nature)
_SHORT = ("e2", "m2", "feature freeze", "next", "", "essex release", "milestone 3")
_PEOPLE = ("somebody", "@room", "\x02!evil\u202e", "milestonebot", "a" * 300)


@dataclass(frozen=True, slots=True)
class World:
    """A bot, and the names that its catalog knows."""

    over: str
    """What its catalog is."""
    bot: Bot
    names: Names

    def messages(self, random: Random, count: int) -> Iterator[tuple[str, Message]]:
        """Yield `count` messages, each with its kind."""
        for number in range(count):
            room = random.choice(ROOMS)
            private = room is TERMINAL or random.random() < 0.4
            kind, text = make(random, self.names)
            yield (
                kind,
                Message(
                    room,
                    Sender(random.choice(_PEOPLE), random.choice((None, "account"))),
                    text,
                    str(number),
                    self.bot.started,
                    private=private,
                    addressed=random.random() < 0.1,
                    nature=random.choice(_NATURES),
                ),
            )


def settings(zone: str = "UTC", group: str | None = None) -> Settings:
    """Return settings under which nobody is too quick, and rooms differ."""
    usual = RoomSettings(limits=None)
    renamed = {"help": "bothelp", "search": None, "milestone": "essex"}
    rooms = {
        OTHER: RoomSettings(prefix=".", commands=renamed, limits=None),
        OURS: RoomSettings(group=group, projects=("nova",), limits=None),
        TERMINAL: RoomSettings(prefix="", limits=None) if zone == "AoE" else usual,
    }
    return Settings(zone=zone, default=usual, rooms=rooms, bridged=(frozenset({CHANNEL, BRIDGED}),))


def shipped_world(seed: str) -> World:
    """Return a bot over the shipped catalog, on a day of `seed`."""
    return _world("the shipped catalog", Random(seed), shipped(), "openstack")


def hostile_world(seed: str) -> World:
    """Return a bot over hostile facts of one or two sources."""
    random = Random(seed)
    sources = [hostile_facts(random) for _ in range(random.choice((1, 1, 2)))]
    catalog = Catalog.of(*sources, loaded=at("2011-12-20").now())
    groups = [each.name for each in catalog.facts.groups]
    return _world("hostile facts", random, catalog, random.choice((None, *groups)))


def _world(over: str, random: Random, catalog: Catalog, group: str | None) -> World:
    zone = random.choice(_ZONES)
    bot = Bot(router(), settings(zone, group), at(random.choice(_DAYS), zone), catalog)
    return World(over, bot, _names(catalog))


def _names(catalog: Catalog) -> Names:
    """Return the names that people type, by what they name."""
    facts = catalog.facts
    blueprints = [each.name for each in facts.blueprints]
    blueprints += [f"{each.project}/{each.name}" for each in facts.blueprints]
    blueprints += [each.url for each in facts.blueprints if each.url]
    named = {
        "milestone": (*(each.name for each in facts.milestones), *_SHORT),
        "series": (*(each.name for each in facts.series), *(each.version or "" for each in facts.series)),
        "project": (*(each.name for each in facts.projects), *(each.name for each in facts.groups)),
        "blueprint": tuple(blueprints),
        "release": tuple(each.version for each in facts.releases),
    }
    every = {what: names or ("none",) for what, names in named.items()}
    return every | {"any": tuple(chain.from_iterable(every.values()))}
