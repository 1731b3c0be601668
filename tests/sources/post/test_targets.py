import pytest
from hypothesis import given, strategies as st

from milestonebot.sources.post.findings import Kind
from milestonebot.sources.post.targets import address, target

SPEC = "https://blueprints.launchpad.net/example-server/+spec/slow-queue"


@pytest.mark.parametrize(
    "href",
    [
        SPEC,
        "http://blueprints.launchpad.net/example-server/+spec/slow-queue",
        "HTTPS://Blueprints.Launchpad.NET/Example-Server/+spec/Slow-Queue/",
        "https://launchpad.net/example-server/+spec/slow-queue",
        "https://www.launchpad.net/example-server//+spec/slow-queue",
        "https://blueprints.edge.launchpad.net/example-server/+spec/slow-queue",
        "https://blueprints.launchpad.net/example-server/aspen/+spec/slow-queue",
        "https://blueprints.launchpad.net/example-server/+spec/slow-queue/+dependency-tree",
        "https://blueprints.launchpad.net/example-server/%2Bspec/slow%2Dqueue?searchtext=a#whiteboard",
        "//blueprints.launchpad.net:443/example-server/+spec/slow-queue",
        " https://blueprints.launchpad.net./example-server/+spec/slow-queue ",
        "http://web.archive.org/web/20190618000000/https://blueprints.launchpad.net/example-server/+spec/slow-queue",
    ],
)
def test_every_way_to_write_a_blueprints_address_leads_to_it(href: str) -> None:
    found = target(href)
    assert found is not None
    assert (found.kind, found.project, found.name, found.url) == (
        Kind.BLUEPRINT,
        "example-server",
        "slow-queue",
        SPEC,
    )


@pytest.mark.parametrize(
    "href",
    [
        "https://bugs.launchpad.net/example-server/+bug/100042",
        "https://bugs.launchpad.net/bugs/100042",
        "https://launchpad.net/bugs/0100042/",
        "https://bugs.launchpad.net/example-server/aspen/+bug/100042/comments/3",
    ],
)
def test_a_bug_is_one_whatever_project_it_is_seen_from(href: str) -> None:
    found = target(href)
    assert found is not None
    assert (found.kind, found.name, found.project) == (Kind.BUG, "100042", None)


@pytest.mark.parametrize(
    ("href", "series"),
    [
        ("https://launchpad.net/example-server/+milestone/aspen-1", None),
        ("https://launchpad.net/example-server/aspen/aspen-1", "aspen"),
        ("https://launchpad.net/example-server/aspen/aspen-1/+download", "aspen"),
    ],
)
def test_a_milestones_address_tells_its_project_and_name(href: str, series: str | None) -> None:
    found = target(href)
    assert found is not None
    assert (found.kind, found.project, found.name) == (Kind.MILESTONE, "example-server", "aspen-1")
    assert found.series == series
    assert found.url == "https://launchpad.net/example-server/+milestone/aspen-1"


@pytest.mark.parametrize(
    "href",
    [
        "https://example.org/example-server/+spec/slow-queue",
        "https://launchpad.net.example.org/example-server/+spec/slow-queue",
        "https://evillaunchpad.net/example-server/+spec/slow-queue",
        "ftp://blueprints.launchpad.net/example-server/+spec/slow-queue",
        "https://blueprints.launchpad.net/example-server/+spec/",
        "https://blueprints.launchpad.net/example-server/+spec/a%20b",
        "https://blueprints.launchpad.net/example-server/+spec/a%2Fb",
        "https://blueprints.launchpad.net/~someone/+spec/x",
        "https://blueprints.launchpad.net/example-server/+specs",
        "https://blueprints.launchpad.net/example-server/aspen",
        "https://launchpad.net/bugs/none",
        "https://launchpad.net/bugs/9999999999999",
        "https://launchpad.net/example-server/+milestone/%00",
        "https://launchpad.net/example-server/aspen/news",
        "https://[bad/",
        "/local",
        f"{SPEC}{'x' * 3000}",
    ],
)
def test_everything_else_is_something_else(href: str) -> None:
    found = target(href)
    assert found is not None
    assert found.kind is Kind.OTHER


@pytest.mark.parametrize(
    "href", ["", " ", "#top", "mailto:someone@example.org", "javascript:void(0)", "data:,x"]
)
def test_some_links_lead_nowhere(href: str) -> None:
    assert target(href) is None


@given(st.text(max_size=80) | st.text(max_size=40).map(lambda text: f"https://launchpad.net/{text}"))
def test_any_text_has_a_target_or_none(href: str) -> None:
    found = target(href)
    assert found is None or found.kind in Kind


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("https://news.example.org/aspen", True),
        ("http://example.org:8080/", True),
        ("https://", False),
        ("https://example.org:x/", False),
        ("https://[x", False),
        ("ftp://example.org/", False),
        ("https://example.org/a b", False),
        ("https://example.org/\x07", False),
        (None, False),
    ],
)
def test_an_address_is_whole_and_of_the_web(text: str | None, sound: bool) -> None:  # noqa: FBT001 - a table's column
    assert address(text) == (text if sound else None)
