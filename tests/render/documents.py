"""The documents of the golden tests: what the bot says, and the worst that strangers make it say."""

from __future__ import annotations

from datetime import UTC, date, datetime

from milestonebot.document import Bar, Code, Document, Faint, Line, Link, Listing, Strong, Table, line
from milestonebot.model import Blueprint, Claim, Milestone, Origin, Tag
from milestonebot.when import When

POST = Origin(
    "openstack", "https://ttx.re/ending-the-year-well-openstack-essex-2-milestone.html", date(2011, 12, 20)
)
ESSEX_2 = Milestone(
    "essex-2",
    "openstack",
    Origin("openstack", "openstack/releases", date(2026, 1, 5), "high"),
    series="essex",
    claims=(
        Claim(
            When.day(date(2011, 12, 15)),
            Origin("openstack", "openstack/keystone releases.rst", confidence="high"),
        ),
        Claim(When.days(date(2011, 12, 12), date(2011, 12, 18)), POST, "the post says: last week"),
    ),
    released=True,
    tags=(Tag("nova", "essex-2", date(2011, 12, 15), "commit"),),
)
NAMES = {
    "nova": (
        *("nova-rootwrap", "nova-volume-snapshot-backup-api", "separate-nova-metadata"),
        *("bandwidth-rate-limit-multipliers-and-base-limits", "lasterror", "xenapi-ha-nova-network"),
        *(
            "kvm-report-capabilities",
            "quantum-nat-parity",
            "nova-vm-state-management",
            "compute-network-info",
        ),
        *("network-info-model", "internal-uuids", "remove-virt-driver-callbacks"),
    ),
    "horizon": ("cert-download", "migrate-to-bootstrap", "environment-versioning"),
    "keystone": ("global-templates", "keystone-swift-acls"),
    "glance": ("custom-disk-buffer",),
}


def _url(project: str, name: str) -> str:
    return f"https://blueprints.launchpad.net/{project}/+spec/{name}"


def _milestone() -> Document:
    told = line(
        Strong("essex-2"),
        " (Essex, 2012.1): released Thu 15 Dec 2011, 5 days ago · 19 blueprints named: nova 13, horizon 3, "
        "keystone 2, glance 1 · next: ",
        Strong("essex-3"),
        ", Thu 26 Jan 2012, in 37 days",
    )
    counts = {project: len(names) for project, names in NAMES.items()}
    return Document((told,), {"milestone": ESSEX_2, "days": -5, "counts": counts})


def _error() -> Document:
    told = line("No milestone is called ", Strong("esex-2"), ". Did you mean ", Code("essex-2"), "?")
    return Document((told,), found=False)


def _schedule() -> Document:
    def row(day: str, name: str, far: str) -> tuple[Line, ...]:
        return (line(day), line(Strong(name)), line(Faint(far)))

    past = (row("Thu 10 Nov 2011", "essex-1", "40 days ago"), row("Thu 15 Dec 2011", "essex-2", "5 days ago"))
    ahead = (
        row("Thu 26 Jan 2012", "essex-3", "in 37 days"),
        row("Tue 21 Feb 2012", "essex feature freeze", "in 63 days"),
        row("Thu 1 Mar 2012", "essex-4", "in 72 days"),
        row("week of Mon 19 Mar 2012", "essex-rc1", "in 13 weeks"),
        (line("no date set"), line(Strong("essex-rc2")), line()),
        row("Thu 5 Apr 2012", "essex release", "in 107 days"),
    )
    blocks = (
        line(Strong("Essex, 2012.1"), ": 8 dates"),
        Table(past, line("Past")),
        Table(ahead, line("To come")),
    )
    return Document(
        blocks,
        {
            "series": "essex",
            "dates": [When.month(2012, 4), When.moment(datetime(2012, 4, 5, 14, tzinfo=UTC), "UTC")],
        },
    )


def _blueprints() -> Document:
    listings = (
        Listing(
            tuple(line(Link(name, _url(project, name))) for name in names),
            line(Strong(project), f" {len(names)}"),
        )
        for project, names in NAMES.items()
    )
    data = [
        Blueprint(name, project, "openstack", POST, url=_url(project, name), milestone="essex-2")
        for project, names in NAMES.items()
        for name in names
    ]
    return Document((line(Strong("essex-2"), ": 19 blueprints"), *listings), {"blueprints": data[:2]})


def _progress() -> Document:
    head = line(Strong("essex-3"), ": ", Bar(12, 20), " of 20: 12 implemented, 5 started, 3 not started")
    rows = (
        (line(Strong("nova")), line(Bar(9, 13)), line("9 of 13")),
        (line(Strong("horizon")), line(Bar(3, 3)), line("3 of 3")),
        (line(Strong("keystone")), line(Bar(0, 4)), line("0 of 4")),
    )
    return Document((head, Table(rows, header=("project", "done", "of"))), {"implemented": 12})


def _help() -> Document:
    items = (
        line(Code("!milestone NAME"), " tells one milestone"),
        line(Code("!next"), " tells what comes next"),
        line(Code("!when NAME"), " tells a date"),
    )
    return Document((Listing(items, line("Ask me in words, ", Code("when is essex-3?"), ", or:")),))


def _hostile() -> Document:
    blocks = (
        line("!quit\r\nQUIT :bye \x02bold\x0304,05red\x03 \x1b[31mred\x1b[0m \x01VERSION\x01"),
        line("@room and @everyone: ask @user:example.org or mail a@b.org"),
        line(Strong("<b>not bold</b> [bold]not bold[/bold] :smile: **no** & &amp;")),
        line(
            Link("a pill", "https://matrix.to/#/@user:example.org"),
            " ",
            Link("a trap", "javascript:alert(1)"),
        ),
        line(Link('" onclick="x', "https://example.org/?q=\"'<b>&a=@room#a#b")),
        Listing(
            (
                line("right-to-left \u202eoverride\u202c, zero\u200bwidth, \ufeffmark, \u2067isolate\u2069"),
                line("z\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030algo, \u0338stroke"),
                line("שלום and مرحبا stay, 漢字 and 😀 too"),
            ),
            line("\u200b\x02 .\x02 listing \u2028 of\nlines"),
        ),
        Table(
            ((line("a | b"), line("漢字 wide")), (line("c" * 60), line("=1+1"))), header=("<th>", "\x1b[1mb")
        ),
    )
    return Document(blocks, {"milestone": "essex\u202e-2\x02", "url": "https://example.org/a b"})


DOCUMENTS = {
    "milestone": _milestone(),
    "schedule": _schedule(),
    "blueprints": _blueprints(),
    "progress": _progress(),
    "help": _help(),
    "error": _error(),
    "hostile": _hostile(),
}
