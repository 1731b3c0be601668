"""Names in the config that should be the catalog's: whether they are is known when it is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.config.announcements import ScopedEntry
from milestonebot.config.loaded import Mention
from milestonebot.config.options import RoomEntry
from milestonebot.errors import Problem
from milestonebot.names import key
from milestonebot.yamlfile import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from milestonebot.config.announcements import ScopeEntry
    from milestonebot.config.loaded import Config
    from milestonebot.config.models import ConfigFile
    from milestonebot.config.options import RoomOptions
    from milestonebot.model import Facts
    from milestonebot.yamlfile import Located
    from milestonebot.yamlfile.located import Loc


def mentions(file: ConfigFile, located: Located) -> Iterator[Mention]:
    """Yield the groups, projects and series that networks, rooms and announcements name."""
    for index, network in enumerate(file.networks):
        loc: Loc = ("networks", index)
        yield from _of(network, located, loc)
        for position, room in enumerate(network.rooms):
            if isinstance(room, RoomEntry):
                yield from _of(room, located, (*loc, "rooms", position))
    for index, entry in enumerate(file.announcements):
        if isinstance(entry, ScopedEntry):
            yield from _for(entry.for_, located, ("announcements", index, "for"))


def _of(options: RoomOptions, located: Located, loc: Loc) -> Iterator[Mention]:
    if options.group:
        yield Mention("group", options.group, *located.place((*loc, "group")))
    for index, project in enumerate(options.projects):
        yield Mention("project", project, *located.place((*loc, "projects", index)))


def _for(scope: str | ScopeEntry | None, located: Located, loc: Loc) -> Iterator[Mention]:
    if isinstance(scope, str):
        yield Mention("group", scope, *located.place(loc), alone=True)
    elif scope is not None:
        if scope.group is not None:
            yield Mention("group", scope.group, *located.place((*loc, "group")))
        for index, project in enumerate(scope.projects):
            yield Mention("project", project, *located.place((*loc, "projects", index)))
        if scope.series is not None:
            yield Mention("series", scope.series, *located.place((*loc, "series")))


def unknown_names(config: Config, facts: Facts) -> tuple[Problem, ...]:
    """Return a warning for each group, project and series that `config` names and `facts` do not hold."""
    known = {
        "group": [group.name for group in facts.groups],
        "project": [name for project in facts.projects for name in (project.name, *project.aliases)],
        "series": [
            name
            for series in facts.series
            for name in (series.name, series.title, series.version)
            if name is not None
        ],
    }
    keys = {what: {key(name) for name in names} for what, names in known.items()}
    return tuple(
        Problem(
            str(config.file),
            each.line,
            each.column,
            f"the catalog has no {each.what} {each.name!r}{_meant(each, known)}",
            "warning",
        )
        for each in config.mentions
        if key(each.name) not in keys[each.what]
    )


def _meant(mention: Mention, known: Mapping[str, Sequence[str]]) -> str:
    """Return what may be meant: another kind of thing of that name, or a near one."""
    others = [what for what, names in known.items() if key(mention.name) in map(key, names)]
    if others:
        form = f"{{projects: [{mention.name}]}}" if others[0] == "project" else f"{{series: {mention.name}}}"
        return f"; it has a {others[0]} of that name{f': write {form}' if mention.alone else ''}"
    return did_you_mean(mention.name, known[mention.what])
