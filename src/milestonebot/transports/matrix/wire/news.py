"""What a sync tells, read without trust. Pure: JSON in, JSON of the form that is expected out.

One malformed event must not hide the others, nor come back with every sync for ever; so what is not of
the form that the specification gives is left out here, before any library sees it. Source:
client-server API, `GET /sync`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RoomNews:
    """What is told of a room that the account is in, or was."""

    state: list[Json] = field(default_factory=list)
    """State events up to the beginning of `timeline`."""
    timeline: list[Json] = field(default_factory=list)
    limited: bool = False
    """Whether events between the last sync and `timeline` were left out."""
    before: str | None = None
    """The position before `timeline`."""
    summary: Json = field(default_factory=dict)

    @property
    def state_events(self) -> list[Json]:
        """Return all that changes the room itself, in order."""
        return [*self.state, *(event for event in self.timeline if "state_key" in event)]

    def why_out(self, user: str) -> str:
        """Return why `user` is not in the room, as far as that is told: `banned by @op:server: spam`."""
        for event in reversed(self.state_events):
            if (event["type"], event["state_key"]) != ("m.room.member", user):
                continue
            if event["sender"] == user:
                return "left by the account itself"
            done = "banned" if event["content"].get("membership") == "ban" else "made to leave"
            reason = event["content"].get("reason")
            return f"{done} by {event['sender']}" + (f": {reason}" if isinstance(reason, str) else "")
        return "made to leave"


@dataclass(frozen=True, slots=True)
class News:
    """What is new since the last sync."""

    position: str
    joined: dict[str, RoomNews]
    left: dict[str, RoomNews]
    invited: dict[str, list[Json]]
    """The stripped state of rooms that the account is invited to."""
    keys: Json
    """What is told of devices and their keys, and what they say to this one."""


def news_of(told: Json) -> News | None:
    """Return what the answer to a sync tells; None where it is no such answer."""
    position = told.get("next_batch")
    if not isinstance(position, str) or not position:
        return None
    rooms = _object(told.get("rooms"))
    return News(
        position,
        joined={name: _room(each) for name, each in _objects(rooms.get("join"))},
        left={name: _room(each) for name, each in _objects(rooms.get("leave"))},
        invited={
            name: _events(_object(each.get("invite_state")).get("events"))
            for name, each in _objects(rooms.get("invite"))
        },
        keys=_keys(told),
    )


def _room(told: Json) -> RoomNews:
    timeline = _object(told.get("timeline"))
    before = timeline.get("prev_batch")
    summary = _object(told.get("summary"))
    counts = {
        name: summary[name]
        for name in ("m.joined_member_count", "m.invited_member_count")
        if isinstance(summary.get(name), int)
    }
    return RoomNews(
        state=_events(_object(told.get("state")).get("events")),
        timeline=_events(timeline.get("events")),
        limited=timeline.get("limited") is True,
        before=before if isinstance(before, str) else None,
        summary=counts,
    )


def _keys(told: Json) -> Json:
    counts = _object(told.get("device_one_time_keys_count"))
    lists = _object(told.get("device_lists"))
    to_device = _object(told.get("to_device")).get("events")
    return {
        "device_one_time_keys_count": {name: each for name, each in counts.items() if isinstance(each, int)},
        "device_lists": {name: _texts(lists.get(name)) for name in ("changed", "left")},
        "to_device": [
            event
            for event in (to_device if isinstance(to_device, list) else [])
            if isinstance(event, dict)
            and isinstance(event.get("type"), str)
            and isinstance(event.get("sender"), str)
            and isinstance(event.get("content"), dict)
        ],
    }


def _events(given: object) -> list[Json]:
    """Return the events of a list that have a type, a sender and a content."""
    return [
        event
        for event in (given if isinstance(given, list) else [])
        if isinstance(event, dict)
        and isinstance(event.get("type"), str)
        and isinstance(event.get("sender"), str)
        and isinstance(event.get("content"), dict)
        and isinstance(event.get("state_key", ""), str)
    ]


def _object(given: object) -> Json:
    return given if isinstance(given, dict) else {}


def _objects(given: object) -> list[tuple[str, Json]]:
    return [(name, each) for name, each in _object(given).items() if isinstance(each, dict)]


def _texts(given: object) -> list[str]:
    return [each for each in given if isinstance(each, str)] if isinstance(given, list) else []
