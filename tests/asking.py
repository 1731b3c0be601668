"""The real bot asked in tests: over the shipped catalog, or any other, on any day."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING

from milestonebot.bot import Bot
from milestonebot.catalog import Catalog
from milestonebot.clock import at
from milestonebot.commands import router
from milestonebot.ports import Message, Nature, Room, Sender
from milestonebot.render.plain import render_plain
from milestonebot.settings import RoomSettings, Settings
from milestonebot.sources.openstack import OpenStackSource

if TYPE_CHECKING:
    from milestonebot.document import Document

ROOM = Room("oftc", "#openstack-release")
UNLIMITED = Settings(default=RoomSettings(limits=None))
_ids = count(1)


@cache
def shipped() -> Catalog:
    return Catalog.of(OpenStackSource().read(), loaded=at("2011-12-20").now())


def bot(day: str = "2011-12-20", settings: Settings = UNLIMITED, catalog: Catalog | None = None) -> Bot:
    return Bot(router(), settings, at(day, settings.zone), catalog or shipped())


def message(  # noqa: PLR0913 - a message has that many sides
    text: str,
    *,
    room: Room = ROOM,
    who: str = "somebody",
    private: bool = False,
    addressed: bool = False,
    nature: Nature = Nature.TEXT,
    name: str | None = None,
) -> Message:
    when = at("2011-12-20").now()
    return Message(
        room,
        Sender(who),
        text,
        name or str(next(_ids)),
        when,
        private=private,
        addressed=addressed,
        nature=nature,
    )


async def document(text: str, day: str = "2011-12-20", catalog: Catalog | None = None) -> Document:
    answer = await bot(day, catalog=catalog).answer(message(text, private=True))
    assert answer is not None
    return answer


async def ask(text: str, day: str = "2011-12-20", catalog: Catalog | None = None) -> str:
    return render_plain(await document(text, day, catalog))
