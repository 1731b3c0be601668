"""What is said of a name that is nowhere: at most three that are near it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import phrases
from milestonebot.errors import NotFound
from milestonebot.names import key, near, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from milestonebot.lookup import Lookup
    from milestonebot.settings import RoomSettings

_SHOWN = 80
"""Characters of what was typed that an error repeats."""
_AHEAD = ("next", "series")
"""Commands that tell what there is, where no name is near."""


def milestone(lookup: Lookup, text: str) -> NotFound:
    """Return the error for a milestone, freeze or deadline that is nowhere."""
    catalog = lookup.catalog
    known = list(catalog.milestones)
    nearest = (lookup.nearest_of(catalog.milestones[known[at]]).name for at in near(key(text), known))
    return _error(text, "milestone", nearest, _AHEAD)


def dated(lookup: Lookup, text: str) -> NotFound:
    """Return the error for a date that is asked for and that no source states.

    What has that name in other series is told, else what is akin to it in the current one.
    """
    named, rest = lookup.split(text.split(), lookup.series)
    current = lookup.current()
    if named is not None and rest:
        current, text = named.best, " ".join(rest)
    if current is None:
        return milestone(lookup, text)
    line = f"No source dates {text[:_SHOWN]} in {current.title or current.name}."
    others = lookup.elsewhere(text)[:2]
    if others:
        told = [f"{each.name}, {phrases.dated(each.when)}" for each in others]
        return NotFound(f"{line} In other series: {'; '.join(told)}.", tuple(each.name for each in others))
    near_by = milestone(lookup, text)
    if near_by.suggestions:
        return near_by
    if named is not None and rest:
        return NotFound(line, instead=(f"schedule {current.name}",))
    asked = set(words(text)) - set(words(current.name))
    akin = [each.name for each in lookup.catalog.schedule_of(current) if asked & set(words(each.name))][:3]
    if akin:
        return NotFound(f"{line} It has {phrases.listed(akin)}.", tuple(akin))
    return near_by


def series(lookup: Lookup, text: str) -> NotFound:
    """Return the error for a series that is nowhere."""
    known = list(lookup.catalog.series)
    nearest = (lookup.nearest_of(lookup.catalog.series[known[at]]).name for at in near(key(text), known))
    return _error(text, "series", nearest, ("series",))


def project(lookup: Lookup, text: str) -> NotFound:
    """Return the error for a project that is nowhere."""
    known = list(lookup.catalog.projects)
    return _error(
        text, "project", (lookup.catalog.projects[known[at]][0].name for at in near(key(text), known))
    )


def scope(lookup: Lookup, text: str) -> NotFound:
    """Return the error for what is neither a project, a group nor a series."""
    known = {name: group.name for name, group in lookup.catalog.groups.items()}
    known |= {name: things[0].name for name, things in lookup.catalog.projects.items()}
    known |= {name: things[0].name for name, things in lookup.catalog.series.items()}
    names = list(known)
    nearest = (known[names[at]] for at in near(key(text), names))
    return _error(text, "project, group or series", nearest, _AHEAD)


def blueprint(lookup: Lookup, text: str) -> NotFound:
    """Return the error for a blueprint that is nowhere."""
    known = list(lookup.catalog.blueprints)
    return _error(
        text, "blueprint", (lookup.catalog.blueprints[known[at]][0].name for at in near(key(text), known))
    )


def release(lookup: Lookup, text: str) -> NotFound:
    """Return the error for a version that is nowhere."""
    known = list(lookup.catalog.releases)
    return _error(
        text, "release", (lookup.catalog.releases[known[at]][0].version for at in near(key(text), known))
    )


def command(asked: str, prefix: str, known: Sequence[str]) -> NotFound:
    """Return the error for a command that is not among `known`."""
    nearest = tuple(f"{prefix}{known[at]}" for at in near(asked.casefold(), known))
    hint = f" Did you mean {phrases.listed(list(nearest), 'or')}?" if nearest else ""
    return NotFound(f"There is no command {asked[:40]}.{hint}", nearest, () if nearest else ("help",))


def told(error: NotFound, here: RoomSettings) -> str:
    """Return the line that is said of `error` in a room, with what can be typed there in place of it.

    Commands that are switched off there are left out; without a prefix nothing is typed.
    """
    typed = [each for each in map(here.typed, error.instead) if each is not None]
    return f"{error} Try {phrases.listed(typed, 'or')}." if typed else str(error)


def _error(text: str, what: str, near_names: Iterable[str], instead: tuple[str, ...] = ()) -> NotFound:
    names = list(dict.fromkeys(near_names))
    line = f"No {what} is called {text[:_SHOWN]}."
    if names:
        line += f" Did you mean {phrases.listed(names, 'or')}?"
    return NotFound(line, tuple(names), () if names else instead)
