"""What an announcement is for: a group, some projects, a series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.names import key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from milestonebot.announcement import Scope
    from milestonebot.catalog import Catalog
    from milestonebot.model import Milestone


class Within:
    """A scope, with its names read as the catalog reads them: quantum is neutron, 2012.1 is essex."""

    def __init__(self, scope: Scope, catalog: Catalog) -> None:
        """Find what the names of `scope` mean in `catalog`; what it does not know holds nothing."""
        self._scope = scope
        self._catalog = catalog
        self._group = key(scope.group or "")
        self.projects = {name for each in scope.projects for name in self._called(each, "projects")}
        """The keys of its projects; empty where it names none."""
        self._series = set(self._called(scope.series, "series")) if scope.series else set()

    def holds(self, milestone: Milestone, version: bool = False) -> bool:  # noqa: FBT001, FBT002 - as Thing has it
        """Tell whether `milestone` is within; a `version` is where its project is named.

        What its group has holds for each project that has no milestone of its own by that name; and
        where no project is named, a project's own is left out beside the group's.
        """
        if self._group and key(milestone.group) != self._group:
            return False
        if self._scope.series and key(milestone.series or "") not in self._series:
            return False
        if not self._scope.projects:
            return not version and (milestone.project is None or not self._alike(milestone, None))
        if milestone.project is not None:
            return key(milestone.project) in self.projects
        return any(not self._alike(milestone, project) for project in self.projects)

    def _alike(self, milestone: Milestone, project: str | None) -> bool:
        """Tell whether `project`, or its group, has a milestone of the same name and series."""
        return any(
            key(each.group) == key(milestone.group)
            and key(each.series or "") == key(milestone.series or "")
            and each.kind is milestone.kind
            and (each.project is None if project is None else key(each.project or "") == project)
            for each in self._catalog.milestones.get(key(milestone.name), ())
        )

    def _called(self, name: str, index: str) -> Iterator[str]:
        """Yield the keys of the projects or series that `name` is one name of."""
        things = self._catalog.projects if index == "projects" else self._catalog.series
        known = things.get(key(name), ())
        yield from (key(each.name) for each in known if not self._group or key(each.group) == self._group)
        if not known:
            yield key(name)
