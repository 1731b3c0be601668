"""Small catalogs of model objects: what a source would give, without its file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from milestonebot.catalog import Catalog
from milestonebot.lookup import Lookup
from milestonebot.model import (
    Blueprint,
    Claim,
    Facts,
    Kind,
    Milestone,
    Origin,
    Project,
    ProjectGroup,
    Release,
    Series,
)
from milestonebot.when import When

if TYPE_CHECKING:
    from collections.abc import Iterable

    from milestonebot.lookup import Found

ORIGIN = Origin("test")
OPENSTACK = "openstack"
POST_DAY = date(2011, 12, 20)

ESSEX_BLUEPRINTS = {
    "nova": (
        "nova-rootwrap",
        "nova-volume-snapshot-backup-api",
        "separate-nova-metadata",
        "bandwidth-rate-limit-multipliers-and-base-limits",
        "lasterror",
        "xenapi-ha-nova-network",
        "kvm-report-capabilities",
        "quantum-nat-parity",
        "nova-vm-state-management",
        "compute-network-info",
        "network-info-model",
        "internal-uuids",
        "remove-virt-driver-callbacks",
    ),
    "glance": ("custom-disk-buffer",),
    "keystone": ("global-templates", "keystone-swift-acls"),
    "horizon": ("cert-download", "migrate-to-bootstrap", "environment-versioning"),
}


def claims(when: str | None, origin: Origin = ORIGIN) -> tuple[Claim, ...]:
    """Return what one source says of a date, in its written form; None is that it says nothing."""
    return () if when is None else (Claim(When.parse(when), origin),)


def group(name: str = OPENSTACK) -> ProjectGroup:
    return ProjectGroup(name, ORIGIN)


def project(name: str, *aliases: str, group: str = OPENSTACK) -> Project:
    return Project(name, group, ORIGIN, aliases=aliases)


def series(
    name: str,
    released: str | None = None,
    version: str | None = None,
    *,
    title: str | None = None,
    group: str = OPENSTACK,
) -> Series:
    return Series(name, group, ORIGIN, title=title, version=version, release=claims(released))


def milestone(  # noqa: PLR0913 - a milestone has that many sides
    name: str,
    when: str | None = None,
    series: str | None = None,
    *,
    kind: Kind = Kind.MILESTONE,
    project: str | None = None,
    group: str = OPENSTACK,
    released: bool | None = None,
) -> Milestone:
    return Milestone(name, group, ORIGIN, series, project, kind=kind, claims=claims(when), released=released)


def release(
    version: str, when: str | None = None, *, project: str | None = None, series: str | None = None
) -> Release:
    return Release(version, OPENSTACK, ORIGIN, project, series, claims(when))


def blueprint(  # noqa: PLR0913 - likewise
    name: str,
    project: str = "nova",
    *,
    milestone: str | None = None,
    status: str | None = None,
    title: str | None = None,
    group: str = OPENSTACK,
) -> Blueprint:
    url = f"https://blueprints.launchpad.net/{project}/+spec/{name}"
    return Blueprint(name, project, group, ORIGIN, title=title, url=url, milestone=milestone, status=status)


def cycle(name: str, *days: str, group: str = OPENSTACK) -> tuple[Milestone, ...]:
    """Return the numbered milestones of a series, one for each of `days`."""
    return tuple(milestone(f"{name}-{at}", day, name, group=group) for at, day in enumerate(days, 1))


def essex_facts() -> Facts:
    """Essex as it was, the series before and after it, and epoxy, whose letter is the same."""
    return Facts(
        groups=(group(),),
        projects=(*map(project, ESSEX_BLUEPRINTS), project("neutron", "quantum")),
        series=(
            series("diablo", "2011-09-22", "2011.3"),
            series("essex", "2012-04-05", "2012.1", title="Essex"),
            series("folsom", "2012-09-27", "2012.2"),
            series("antelope", "2023-03-22", "2023.1"),
            series("epoxy", "2025-04-02", "2025.1"),
        ),
        milestones=(
            *cycle("essex", "2011-11-10", "2011-12-15", "2012-01-26", "2012-03-01"),
            *cycle("epoxy", "2024-11-14", "2025-01-09", "2025-02-27"),
            milestone("essex-feature-freeze", "2012-02-24", "essex", kind=Kind.FREEZE),
            milestone("epoxy-feature-freeze", "2025-02-24..2025-02-28", "epoxy", kind=Kind.FREEZE),
            milestone("epoxy-soft-string-freeze", "2025-02-24..2025-02-28", "epoxy", kind=Kind.FREEZE),
        ),
        releases=(
            release("2012.1", "2012-04-05", project="nova", series="essex"),
            release("1.4.4", "2011-11-24", project="swift"),
        ),
        blueprints=tuple(
            blueprint(name, of, milestone="essex-2")
            for of, names in ESSEX_BLUEPRINTS.items()
            for name in names
        ),
    )


def essex() -> Catalog:
    return Catalog.of(essex_facts())


def two_groups() -> Catalog:
    """Two groups that plan by the same names: openstack, and shop a month later."""
    names = ("openstack", "2012-01-26", "2012-04-05"), ("shop", "2012-02-26", "2012-05-05")
    return Catalog.of(*(_planned(*each) for each in names))


def _planned(name: str, third: str, released: str) -> Facts:
    return Facts(
        groups=(group(name),),
        projects=(project(f"{name}-client", group=name),),
        series=(series("essex", released, "2012.1", group=name),),
        milestones=(milestone("essex-3", third, "essex", group=name),),
        blueprints=(blueprint("lasterror", f"{name}-client", milestone="essex-3", group=name),),
    )


def own_milestones() -> Catalog:
    """A group's essex-2, nova's own a week before it, and a beta that nova and swift each have."""
    return Catalog.of(
        Facts(
            groups=(group(),),
            projects=(project("nova"), project("swift"), project("glance")),
            series=(series("essex", "2012-04-05", "2012.1"),),
            milestones=(
                milestone("essex-2", "2011-12-15", "essex"),
                milestone("essex-2", "2011-12-08", "essex", project="nova"),
                milestone("essex-beta", "2012-03-08", "essex", project="nova"),
                milestone("essex-beta", "2012-03-15", "essex", project="swift"),
            ),
            blueprints=(
                blueprint("lasterror", "nova", milestone="essex-2"),
                blueprint("global-templates", "glance", milestone="essex-2"),
            ),
        )
    )


def undated(*names: str) -> Catalog:
    """A series whose milestones have names and no dates."""
    return Catalog.of(
        Facts(
            groups=(group(),),
            series=(series("essex"),),
            milestones=tuple(milestone(name, series="essex") for name in names),
        )
    )


def of_blueprints(blueprints: Iterable[Blueprint]) -> Catalog:
    return Catalog.of(Facts(groups=(group(),), blueprints=tuple(blueprints)))


def looking_at(*milestones: Milestone, **facts: Any) -> Lookup:  # noqa: ANN401 - what else Facts has
    """Return how names are read, on the day of the post, among these."""
    return Lookup(Catalog.of(Facts(milestones=milestones, **facts)), POST_DAY)


def told(found: Found[Any] | None) -> list[str]:
    """Return the names of what is found, the best first."""
    return [] if found is None else [each.name for each in (found.best, *found.others)]
