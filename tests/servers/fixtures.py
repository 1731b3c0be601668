"""pytest's fixtures for real servers; docs/testing.md tells how to use them.

Those that last for the session are started when the first test asks for one, and serve all: tests keep out of
each other's way by `unique` names. A test that stops a server or needs a special one starts its own.
"""

import contextlib
import itertools
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Protocol

import pytest

from tests.clients.irc import IrcClient, Sasl
from tests.servers import inspircd, synapse
from tests.servers.linked import LinkedNetwork
from tests.servers.missing import missing_abilities, missing_programs, need
from tests.servers.network import IrcNetwork
from tests.servers.ngircd import Ngircd
from tests.servers.postgres import Postgres
from tests.servers.synapse import Synapse
from tests.servers.tls import Authority
from tests.servers.warden import Warden

NewIrcNetwork = Callable[[inspircd.Settings], IrcNetwork]
NewLinkedNetwork = Callable[..., LinkedNetwork]
"""Takes `far_services`."""
NewOldIrcServer = Callable[[], Ngircd]
NewHomeserver = Callable[[synapse.Settings], Synapse]
NewPostgres = Callable[[], Postgres]


class IrcConnection(Protocol):
    """What the fixture `irc_connection` returns."""

    async def __call__(self, port: int, tls: ssl.SSLContext | None = None) -> IrcClient: ...


class IrcPerson(Protocol):
    """What the fixture `irc_person` returns."""

    async def __call__(
        self,
        port: int,
        word: str = "alice",
        tls: ssl.SSLContext | None = None,
        *,
        capabilities: Sequence[str] = (),
        sasl: Sasl | None = None,
    ) -> IrcClient: ...


NEED_SERVERS = {
    "irc_network",
    "new_irc_network",
    "new_linked_network",
    "old_irc_server",
    "new_old_irc_server",
    "homeserver",
    "new_homeserver",
    "postgres",
    "new_postgres",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a server: nobody has to remember it, and `make test-fast` starts none."""
    for item in items:
        if isinstance(item, pytest.Function) and NEED_SERVERS.intersection(item.fixturenames):
            item.add_marker("server")


def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest) -> None:
    """Start no server where none is wanted, though a test asked for one at run time and has no mark."""
    if fixturedef.argname in NEED_SERVERS and "not server" in request.config.getoption("markexpr"):
        pytest.fail(f"a test that needs {fixturedef.argname} lacks the marker `server`", pytrace=False)


@pytest.fixture(scope="session")
def unique() -> Callable[[str], str]:
    """Return a function that makes a word into one that no other test of this session uses."""
    numbers = itertools.count(1)
    return lambda word: f"{word}{next(numbers)}"


@pytest.fixture(scope="session")
def warden() -> Iterator[Warden]:
    """Watch over the servers: they end with the tests, also when those are killed."""
    need(missing_abilities())
    with Warden() as watching:
        yield watching


@pytest.fixture(scope="session")
def authority(warden: Warden) -> Authority:
    """Issue the certificates of the test servers; clients are told to trust it."""
    need(missing_programs("openssl"))
    return Authority(warden.folder())


@pytest.fixture(scope="session")
def stranger(warden: Warden) -> Authority:
    """Issue certificates that no client trusts."""
    need(missing_programs("openssl"))
    return Authority(warden.folder())


# --- servers for the whole session


@pytest.fixture(scope="session")
def irc_network(warden: Warden, authority: Authority, stranger: Authority) -> Iterator[IrcNetwork]:
    need(IrcNetwork.missing())
    with IrcNetwork.started(warden, authority, stranger) as network:
        yield network


@pytest.fixture(scope="session")
def old_irc_server(warden: Warden, authority: Authority) -> Iterator[Ngircd]:
    need(Ngircd.missing())
    with Ngircd.started(warden, authority) as server:
        yield server


@pytest.fixture(scope="session")
def homeserver(warden: Warden) -> Iterator[Synapse]:
    need(Synapse.missing())
    with Synapse.started(warden) as server:
        yield server


@pytest.fixture(scope="session")
def postgres(warden: Warden) -> Iterator[Postgres]:
    need(Postgres.missing())
    with Postgres.started(warden) as server:
        yield server


# --- servers for one test


@pytest.fixture
def new_irc_network(warden: Warden, authority: Authority, stranger: Authority) -> Iterator[NewIrcNetwork]:
    need(IrcNetwork.missing())
    with contextlib.ExitStack() as running:
        yield lambda settings: running.enter_context(
            IrcNetwork.started(warden, authority, stranger, settings)
        )


@pytest.fixture
async def new_linked_network(
    warden: Warden, authority: Authority, stranger: Authority
) -> AsyncIterator[NewLinkedNetwork]:
    need(IrcNetwork.missing())
    async with contextlib.AsyncExitStack() as running:

        def start(*, far_services: bool = False) -> LinkedNetwork:
            network = LinkedNetwork.started(warden, authority, stranger, far_services=far_services)
            running.push_async_callback(network.close)
            return network

        yield start


@pytest.fixture
def new_old_irc_server(warden: Warden, authority: Authority) -> Iterator[NewOldIrcServer]:
    need(Ngircd.missing())
    with contextlib.ExitStack() as running:
        yield lambda: running.enter_context(Ngircd.started(warden, authority))


@pytest.fixture
def new_homeserver(warden: Warden) -> Iterator[NewHomeserver]:
    need(Synapse.missing())
    with contextlib.ExitStack() as running:
        yield lambda settings: running.enter_context(Synapse.started(warden, settings))


@pytest.fixture
def new_postgres(warden: Warden) -> Iterator[NewPostgres]:
    need(Postgres.missing())
    with contextlib.ExitStack() as running:
        yield lambda: running.enter_context(Postgres.started(warden))


# --- people


@pytest.fixture
async def irc_connection() -> AsyncIterator[IrcConnection]:
    """Connect to an IRC server without a word; the connection is closed after the test."""
    async with contextlib.AsyncExitStack() as connected:

        async def connect(port: int, tls: ssl.SSLContext | None = None) -> IrcClient:
            client = await IrcClient.connect(port, tls)
            connected.push_async_callback(client.close)
            return client

        yield connect


@pytest.fixture
def irc_person(irc_connection: IrcConnection, unique: Callable[[str], str]) -> IrcPerson:
    """Connect to an IRC server as somebody whose nick is a word and a number."""

    async def introduce(
        port: int,
        word: str = "alice",
        tls: ssl.SSLContext | None = None,
        *,
        capabilities: Sequence[str] = (),
        sasl: Sasl | None = None,
    ) -> IrcClient:
        client = await irc_connection(port, tls)
        await client.introduce(unique(word), capabilities=capabilities, sasl=sasl)
        return client

    return introduce
