"""`!networks`: how each network fares, for admins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import phrases
from milestonebot.document import Document, Line, Listing, Strong
from milestonebot.errors import NotFound
from milestonebot.names import near
from milestonebot.ports import State
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from datetime import datetime

    from milestonebot.operating import NetworkReport
    from milestonebot.ports import Room

router = Router()

_SHOWN = 5
_STATES = {
    State.UP: "up",
    State.DOWN: "down",
    State.CONNECTING: "connecting",
    State.STOPPED: "left for good",
}


@router.command("networks", usage="[NAME]", admin=True, private=True)
async def networks(command: Command) -> Document:
    """Tell how each network fares: since when, why it is down, in which rooms I am or am not, and why.

    Of its announcements, how many wait and how many failed. `networks NAME` tells all rooms of one.
    """
    reports = await command.desk.operating.networks()
    if command.text:
        reports = [_named(command.text, list(reports))]
    most = None if command.text else _SHOWN
    items = tuple(_told(each, command.now, most) for each in reports)
    return Document((Listing(items),), {"networks": [_data(each) for each in reports]}, more="networks")


def _named(name: str, reports: list[NetworkReport]) -> NetworkReport:
    for each in reports:
        if each.name.casefold() == name.casefold():
            return each
    known = [each.name for each in reports]
    meant = tuple(known[index] for index in near(name.casefold(), [each.casefold() for each in known]))
    raise NotFound(f"I am on no network {name[:40]}; there are {phrases.listed(known)}.", meant)


def _told(report: NetworkReport, now: datetime, most: int | None) -> Line:
    """Return `libera: up since …; in #a, #b; not in #c (invite only); 2 announcements wait`."""
    since = report.connection.since.astimezone(now.tzinfo)
    state = f"{_STATES[report.connection.state]} since {phrases.day(since.date())}, {since:%H:%M}"
    if report.connection.reason:
        state += f" ({report.connection.reason})"
    told = [state]
    inside = sorted(_called(room, report) for room in report.rooms)
    if inside:
        told.append(f"in {_some(inside, most)}")
    outside = [
        f"{room.name} ({why})" if why else room.name
        for room, why in sorted(report.absent.items(), key=lambda each: str(each[0]))
    ]
    if outside:
        told.append(f"not in {_some(outside, most)}")
    if report.waiting:
        told.append(f"{phrases.count(report.waiting, 'announcement')} yet to be made")
    if report.failed:
        failed = phrases.count(report.failed, "announcement")
        told.append(f"{failed} failed within a week, the last: {report.problem}")
    return Line((Strong(report.name), f": {'; '.join(told)}"))


def _called(room: Room, report: NetworkReport) -> str:
    """Return the room's name; a direct room's is of no use to anybody, and its person's is."""
    person = report.people.get(room)
    return room.name if person is None else f"{person} (private)"


def _some(names: list[str], most: int | None) -> str:
    shown = names if most is None else names[:most]
    others = len(names) - len(shown)
    return phrases.listed([*shown, f"{others} more"] if others else shown)


def _data(report: NetworkReport) -> dict[str, object]:
    return {
        "name": report.name,
        "state": report.connection.state.value,
        "since": report.connection.since.isoformat(timespec="seconds"),
        "reason": report.connection.reason,
        "rooms": sorted(room.name for room in report.rooms),
        "absent": {room.name: why for room, why in report.absent.items()},
        "waiting": report.waiting,
        "failed": report.failed,
    }
