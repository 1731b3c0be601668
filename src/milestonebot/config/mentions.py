"""Names in the config that should be the catalog's: whether they are is known when it is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.config.loaded import Mention
from milestonebot.config.options import RoomEntry
from milestonebot.errors import Problem
from milestonebot.names import key
from milestonebot.yamlfile import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from milestonebot.config.loaded import Config
    from milestonebot.config.models import ConfigFile
    from milestonebot.config.options import RoomOptions
    from milestonebot.model import Facts
    from milestonebot.yamlfile import Located
    from milestonebot.yamlfile.located import Loc


def mentions(file: ConfigFile, located: Located) -> Iterator[Mention]:
    """Yield the groups and projects that networks and rooms name, in the order of the file."""
    for index, network in enumerate(file.networks):
        loc: Loc = ("networks", index)
        yield from _of(network, located, loc)
        for position, room in enumerate(network.rooms):
            if isinstance(room, RoomEntry):
                yield from _of(room, located, (*loc, "rooms", position))


def _of(options: RoomOptions, located: Located, loc: Loc) -> Iterator[Mention]:
    if options.group:
        yield Mention("group", options.group, *located.place((*loc, "group")))
    for index, project in enumerate(options.projects):
        yield Mention("project", project, *located.place((*loc, "projects", index)))


def unknown_names(config: Config, facts: Facts) -> tuple[Problem, ...]:
    """Return a warning for each group and project that `config` names and `facts` do not hold."""
    known = {
        "group": [group.name for group in facts.groups],
        "project": [name for project in facts.projects for name in (project.name, *project.aliases)],
    }
    keys = {what: {key(name) for name in names} for what, names in known.items()}
    return tuple(
        Problem(
            str(config.file),
            each.line,
            each.column,
            f"the catalog has no {each.what} {each.name!r}{did_you_mean(each.name, known[each.what])}",
            "warning",
        )
        for each in config.mentions
        if key(each.name) not in keys[each.what]
    )
