"""What a config says, checked: plain values, without pydantic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from milestonebot.announcement import Announcement
    from milestonebot.errors import Problem
    from milestonebot.ports import Room
    from milestonebot.router import Router
    from milestonebot.secret import Secret
    from milestonebot.settings import Settings
    from milestonebot.transports.irc.settings import IrcSettings
    from milestonebot.transports.matrix.settings import MatrixSettings


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One source of facts."""

    kind: str
    """`yaml`, `openstack`, or a third party's `package.module`."""
    arguments: Mapping[str, object] = field(default_factory=dict)
    """What the source's class is called with. Of a third party: its `settings`, and the config's `folder`."""
    refresh: float | None = None
    """Seconds after which it is read again; None where what it says does not change while the bot runs."""


@dataclass(frozen=True, slots=True)
class Network:
    """One chat network and the rooms that the bot is in there."""

    name: str
    kind: str
    rooms: tuple[Room, ...]
    settings: IrcSettings | MatrixSettings | None = None
    """What its transport is told; the console is told nothing."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that the config takes for one of the catalog."""

    what: str
    """`group`, `project` or `series`."""
    name: str
    line: int
    column: int
    alone: bool = False
    """Whether it stands where a mapping could tell what it is the name of."""


@dataclass(frozen=True, slots=True)
class Ending:
    """When the last date of a note is, and where its dates stand."""

    last: datetime
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Config:
    """A whole config."""

    file: Path
    state: Path
    """The folder for what must outlive the bot."""
    settings: Settings
    catalog: tuple[CatalogEntry, ...]
    """The most believed one first; never empty."""
    networks: tuple[Network, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    database: Secret | None = None
    """The URL of the PostgreSQL database that holds the deliveries; None is a file in `state`."""
    routers: tuple[Router, ...] = ()
    """The commands of third parties."""
    mentions: tuple[Mention, ...] = ()
    endings: tuple[Ending, ...] = ()
    warnings: tuple[Problem, ...] = ()
    """What works but should be mended."""
