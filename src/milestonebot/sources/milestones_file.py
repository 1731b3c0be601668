"""One milestones file, checked, becomes facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import model
from milestonebot.sources import schema
from milestonebot.sources.reading import Reading
from milestonebot.yamlfile import sound_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from milestonebot.sources.reading import Loc
    from milestonebot.when import When
    from milestonebot.yamlfile import Located

_INSTEAD = {"group": "unknown"}
"""What stands for a group that is wrong or missing, so that the rest of the file is checked."""


def read_milestones(located: Located, source_of: Callable[[str, int], str]) -> tuple[model.Facts, Reading]:
    """Return the facts of a file, and its Reading: the problems and the names to compare with others.

    `source_of` gives Origin.source for a file's name and a line. Where there are problems, the facts
    are those of the rest. ConfigError tells every problem of a file of which there is no rest.
    """
    sound = sound_part(located, schema.MilestonesFile, _INSTEAD)
    reading = Reading(sound.located, sound.model, source_of, sound.lacking, problems=list(sound.problems))
    return _facts(reading), reading


def _facts(reading: Reading) -> model.Facts:
    file = reading.file
    return model.Facts(
        groups=(_group(reading),),
        projects=tuple(_project(reading, name, each) for name, each in file.projects.items()),
        series=tuple(_series(reading, name, each) for name, each in file.series.items()),
        milestones=tuple(_milestone(reading, name, each) for name, each in file.milestones.items()),
        releases=tuple(_release(reading, i, each) for i, each in enumerate(file.releases)),
        blueprints=tuple(
            blueprint
            for name, each in file.milestones.items()
            for blueprint in _blueprints(reading, name, each)
        ),
        posts=tuple(_post(reading, i, each) for i, each in enumerate(file.posts)),
    )


def _group(reading: Reading) -> model.ProjectGroup:
    entry = reading.file.group
    return model.ProjectGroup(
        name=entry.name, origin=reading.origin(entry, ("group",)), title=entry.title, note=entry.note
    )


def _project(reading: Reading, name: str, entry: schema.Project) -> model.Project:
    loc: Loc = ("projects", name)
    for known in (name, *entry.aliases):
        reading.declare("project", known, loc)
    return model.Project(
        name=name,
        group=reading.file.group.name,
        origin=reading.origin(entry, loc),
        title=entry.title,
        aliases=tuple(entry.aliases),
        url=entry.url,
    )


def _series(reading: Reading, name: str, entry: schema.Series) -> model.Series:
    loc: Loc = ("series", name)
    reading.declare("series", name, loc)
    origin = reading.origin(entry, loc)
    believed = reading.claims(entry, loc, origin, entry.released)
    starts = reading.when(entry.starts, entry.zone, (*loc, "starts"))
    doubts = list(enumerate(entry.disagree))
    return model.Series(
        name=name,
        group=reading.file.group.name,
        origin=origin,
        title=entry.title,
        version=entry.version,
        version_note=entry.version_note,
        status=entry.status,
        next_status=entry.next_status,
        next_status_from=entry.next_status_from,
        starts=starts,
        release=believed
        + reading.others(((i, d) for i, d in doubts if d.of == "release"), loc, beside=believed),
        released=_is_out(entry.released),
        eol=reading.when(entry.eol, entry.zone, (*loc, "eol")),
        long_term=entry.long_term,
        note=entry.note,
        starts_otherwise=reading.others(((i, d) for i, d in doubts if d.of == "starts"), loc, beside=starts),
        origins=tuple((each, reading.origin(entry, loc, cited)) for each, cited in entry.sources.items()),
    )


def _milestone(reading: Reading, written: str, entry: schema.Milestone) -> model.Milestone:
    loc: Loc = ("milestones", written)
    owner, name = _split(written)
    if owner and entry.project and owner != entry.project:
        reading.problem(
            (*loc, "project"), f"its name says that it is {owner}'s, and project: says {entry.project}'s"
        )
    project = owner or entry.project
    reading.declare("milestone", name, loc, project or "")
    reading.mention("series", entry.series, (*loc, "series"))
    if owner:
        reading.mention_key("project", owner, loc)
    else:
        reading.mention("project", entry.project, (*loc, "project"))
    origin = reading.origin(entry, loc)
    believed = reading.claims(entry, loc, origin, entry.released)
    return model.Milestone(
        name=name,
        group=reading.file.group.name,
        origin=origin,
        series=entry.series,
        project=project,
        kind=entry.kind,
        title=entry.title,
        label=entry.label,
        claims=believed + reading.others(enumerate(entry.disagree), loc, beside=believed),
        released=_is_out(entry.released),
        note=entry.note,
        tags=reading.tags(entry.tags, loc),
        window=_window(reading, entry, loc, believed[0].when if believed else None),
    )


def _window(reading: Reading, entry: schema.Milestone, loc: Loc, when: When | None) -> When | None:
    here: Loc = (*loc, "window")
    window = reading.when(entry.window, entry.zone, here)
    if reading.lacks(loc, "date", "released"):
        return window
    if window and when is None:
        reading.problem(
            here, "a window stands beside a date; where no day is known, write the window as date:"
        )
    elif window and when and not (window.covers(when.first) and window.covers(when.last)):
        reading.problem(
            here, f"the window does not hold the date, {when.iso()}; if they disagree, put it under disagree:"
        )
    return window


def _blueprints(reading: Reading, written: str, milestone: schema.Milestone) -> Iterator[model.Blueprint]:
    _, milestone_name = _split(written)
    for project, entries in milestone.blueprints.items():
        reading.mention_key("project", project, ("milestones", written, "blueprints", project))
        for i, entry in enumerate(entries):
            loc: Loc = ("milestones", written, "blueprints", project, i)
            reading.declare("blueprint", entry.name, loc, project)
            yield model.Blueprint(
                name=entry.name,
                project=project,
                group=reading.file.group.name,
                origin=reading.origin(entry, loc),
                title=entry.title,
                url=entry.url,
                milestone=milestone_name,
                series=milestone.series,
                priority=entry.priority,
                definition=entry.definition,
                status=entry.status,
                assignee=entry.assignee,
                theme=entry.theme,
                summary=entry.summary,
                note=entry.note,
            )


def _release(reading: Reading, i: int, entry: schema.Release) -> model.Release:
    loc: Loc = ("releases", i)
    reading.declare("release", entry.version, loc, entry.project or "")
    reading.mention("project", entry.project, (*loc, "project"))
    reading.mention("series", entry.series, (*loc, "series"))
    origin = reading.origin(entry, loc)
    believed = reading.claims(entry, loc, origin)
    return model.Release(
        version=entry.version,
        group=reading.file.group.name,
        origin=origin,
        project=entry.project,
        series=entry.series,
        claims=believed + reading.others(enumerate(entry.disagree), loc, beside=believed),
        url=entry.url,
        note=entry.note,
        tags=reading.tags(entry.tags, loc),
    )


def _post(reading: Reading, i: int, entry: schema.Post) -> model.Post:
    loc: Loc = ("posts", i)
    reading.mention("milestone", entry.milestone, (*loc, "milestone"))
    for j, work in enumerate(entry.underway):
        reading.mention("project", work.project, (*loc, "underway", j, "project"))
    return model.Post(
        title=entry.title,
        group=reading.file.group.name,
        milestone=entry.milestone,
        origin=reading.origin(entry, loc),
        author=entry.author,
        published=reading.when(entry.published, entry.zone, (*loc, "published")),
        url=entry.url,
        figures=tuple(model.Figure(each.what, each.value, each.approximate) for each in entry.figures),
        underway=tuple((each.project, each.what) for each in entry.underway),
    )


def _split(written: str) -> tuple[str | None, str]:
    """Return the project and the name of a milestone's key: `nova/essex-2` is nova's own essex-2."""
    owner, _, name = written.rpartition("/")
    return owner or None, name


def _is_out(released: bool | When | datetime | None) -> bool | None:  # noqa: FBT001 - as the file states it
    return released if isinstance(released, bool) or released is None else True
