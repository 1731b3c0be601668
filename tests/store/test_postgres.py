"""What only a server has: logins, connections that break, and others who connect."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import TYPE_CHECKING

import asyncpg
import pytest

from milestonebot.errors import StoreError
from milestonebot.outbox import Stage
from milestonebot.store import open_outbox, postgres as store
from milestonebot.store.problems import NothingKept
from tests.servers.ports import HOST, free_ports
from tests.store.made import after, delivery, keys, planned

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.fixtures import NewPostgres
    from tests.servers.postgres import Postgres

SECRET = "very-secret"  # noqa: S105 - of nobody


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no other bot."""
    monkeypatch.setattr(store, "PATIENCE", 0.02)


# --- what is wrong


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda server: server.url("none"), "there is no such database: make it"),
        (lambda server: server.url("postgres", SECRET), "the password or the user is wrong"),
        (lambda _: f"postgresql://bot:{SECRET}@{HOST}:{free_ports(1)[0]}/x", "is PostgreSQL running"),
        (lambda _: f"postgresql://bot:{SECRET}@no-such-host.invalid/x", "cannot be reached"),
        (lambda _: f"postgresql://bot:{SECRET}@{HOST}:port/x", "its URL cannot be used"),
        (lambda _: f"postgres://bot@{HOST}/x?password={SECRET}&sslmode=maybe", "`sslmode` parameter must be"),
    ],
)
async def test_why_it_cannot_be_connected_is_told_without_the_password(
    postgres: Postgres, change: Callable[[Postgres], str], told: str
) -> None:
    with pytest.raises(StoreError, match=told) as raised:
        await open_outbox(change(postgres))
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://bot:very/secret@127.0.0.1:1/x",
        "postgresql://bot:very?secret@127.0.0.1:1/x",
        "postgresql://bot:very#secret@127.0.0.1:1/x",
        "postgresql://bot:very@secret@127.0.0.1:1/x",
        "postgresql://bot:very%secret@127.0.0.1:1/x",
        "postgresql://bot:very:secret@127.0.0.1:1/x",
        "postgresql://bot:very[secret@127.0.0.1:1/x",
        "postgresql://bot@127.0.0.1:1/x?password=very@secret",
        "postgresql://bot:very-secret@127.0.0.1:port/x",
        "postgresql://bot@127.0.0.1:1/x?password=very-secret&sslmode=very-secret",
    ],
)
async def test_a_password_that_breaks_its_url_is_not_told(url: str) -> None:
    with pytest.raises(StoreError, match="the database") as raised:
        await open_outbox(url)
    assert "very" not in str(raised.value)
    assert "secret" not in str(raised.value)


async def test_who_only_looks_makes_nothing(postgres: Postgres) -> None:
    url = postgres.new_database()
    with pytest.raises(NothingKept, match="there is nothing in the database"):
        await open_outbox(url, exclusive=False)
    assert postgres.sql(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0"


async def test_a_database_that_may_only_be_read_is_told(postgres: Postgres) -> None:
    url = postgres.new_database()
    await (await open_outbox(url)).close()
    name = url.rpartition("/")[2]
    postgres.sql("postgres", f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    outbox = await open_outbox(url, exclusive=False)
    with pytest.raises(StoreError, match="it may only be read"):
        await outbox.add(planned(delivery()))
    postgres.sql("postgres", f"ALTER DATABASE {name} RESET default_transaction_read_only")
    assert list(await outbox.add(planned(delivery()))) == ["countdown/1"]
    await outbox.close()


async def test_a_row_that_another_holds_is_told_and_written_when_it_is_let_go(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(store._SETTINGS, "lock_timeout", "50ms")  # noqa: SLF001 - nobody waits five seconds here
    url = postgres.new_database()
    outbox = await open_outbox(url)
    await outbox.add(planned(delivery()))
    other = await asyncpg.connect(url)
    async with other.transaction():
        await other.execute("SELECT * FROM deliveries FOR UPDATE")
        with pytest.raises(StoreError, match="another program has held it locked"):
            await outbox.finish("countdown/1", Stage.SENT, after(1))
    await other.close()
    await outbox.finish("countdown/1", Stage.SENT, after(1))
    assert list(await outbox.pending()) == []
    await outbox.close()


# --- one bot on one database


@pytest.mark.usefixtures("impatient")
async def test_a_second_bot_is_refused_until_the_first_has_left(postgres: Postgres) -> None:
    url = postgres.new_database()
    first = await open_outbox(url)
    with pytest.raises(StoreError, match=r"another milestonebot \(from 127\.0\.0\.1, .*\) uses it"):
        await open_outbox(url)
    operator = await open_outbox(url, exclusive=False)
    await first.add(planned(delivery()))
    await operator.finish("countdown/1", Stage.DROPPED, after(1), problem="dropped")
    assert await first.claim("countdown/1", ["x"], after(2)) is False
    await operator.close()
    await first.close()
    await (await open_outbox(url)).close()


async def test_a_bot_that_is_just_leaving_is_waited_for(postgres: Postgres) -> None:
    url = postgres.new_database()
    first = await open_outbox(url)
    second = asyncio.create_task(open_outbox(url))
    await asyncio.to_thread(_until_somebody_waits, postgres, url)
    await first.close()
    await (await second).close()


def _until_somebody_waits(server: Postgres, url: str) -> None:
    asked = "SELECT bool_or(NOT granted) FROM pg_locks WHERE locktype = 'advisory'"
    while server.sql(url, asked) != "t":
        pass


async def test_schemas_of_one_database_are_apart(postgres: Postgres) -> None:
    url = postgres.new_database()
    postgres.sql(url, "CREATE SCHEMA other")
    first = await open_outbox(url)
    second = await open_outbox(f"{url}?search_path=other")
    await first.add(planned(delivery()))
    assert list(await second.listed()) == []
    await first.close()
    await second.close()


@pytest.mark.usefixtures("impatient")
async def test_a_lock_that_was_lost_is_taken_again(postgres: Postgres) -> None:
    url = postgres.new_database()
    outbox = await open_outbox(url)
    await outbox.add(planned(delivery()))
    postgres.sql(url, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    assert await outbox.claim("countdown/1", ["x"], after(1))
    with pytest.raises(StoreError, match="another milestonebot"):
        await open_outbox(url)
    await outbox.close()


@pytest.mark.usefixtures("impatient")
async def test_a_session_of_its_own_that_outlived_its_connection_is_ended(postgres: Postgres) -> None:
    outbox = await open_outbox(postgres.new_database())
    await outbox.add(planned(delivery()))
    # As after a cut that the server has not noticed: the session lives on, with the lock.
    before, outbox._link._writing = outbox._link._writing, None  # noqa: SLF001 - no server can be made to do it
    assert before is not None
    assert await outbox.claim("countdown/1", ["x"], after(1))
    await before.leave()
    await outbox.close()


@pytest.mark.usefixtures("impatient")
async def test_who_has_lost_the_lock_to_another_writes_nothing(postgres: Postgres) -> None:
    url = postgres.new_database()
    first = await open_outbox(url)
    await first.add(planned(delivery()))
    postgres.sql(url, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    second = await open_outbox(url)
    with pytest.raises(StoreError, match="another milestonebot"):
        await first.claim("countdown/1", ["x"], after(1))
    assert [each.attempts for each in await second.pending()] == [0]
    await second.close()
    assert await first.claim("countdown/1", ["x"], after(2))
    await first.close()


async def test_a_key_that_no_index_takes_takes_no_other_call_with_it(postgres: Postgres) -> None:
    outbox = await open_outbox(postgres.new_database())
    long = "".join(sha256(str(number).encode()).hexdigest() for number in range(100))
    kept, failed = await asyncio.gather(
        outbox.add(planned(delivery())), outbox.add(planned(delivery(long))), return_exceptions=True
    )
    assert kept == ["countdown/1"]
    assert isinstance(failed, StoreError)
    await outbox.close()


# --- a server that goes away


async def test_a_restart_is_not_even_noticed(new_postgres: NewPostgres) -> None:
    server = new_postgres()
    outbox = await open_outbox(server.new_database())
    await outbox.add(planned(delivery()))
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)
    assert keys(await outbox.pending()) == ["countdown/1"]
    assert await outbox.claim("countdown/1", ["x"], after(1))
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)
    await outbox.finish("countdown/1", Stage.SENT, after(1))
    assert keys(await outbox.pending()) == []
    await outbox.close()


async def test_a_crash_is_told_and_works_again_when_it_is_back(new_postgres: NewPostgres) -> None:
    server = new_postgres()
    outbox = await open_outbox(server.new_database())
    await outbox.add(planned(delivery()))
    await asyncio.to_thread(server.kill)
    for use in (outbox.memory, outbox.pending, lambda: outbox.claim("countdown/1", ["x"], after(1))):
        with pytest.raises(StoreError, match="is PostgreSQL running"):
            await asyncio.wait_for(use(), 5)
    await asyncio.to_thread(server.start)
    assert await outbox.claim("countdown/1", ["x"], after(1))
    assert [each.attempts for each in await outbox.pending()] == [1]
    await outbox.close()


async def test_a_server_that_says_nothing_is_told_in_time(
    new_postgres: NewPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "CONNECT", 0.3)
    monkeypatch.setattr(store.Postgres, "bound", 0.5)
    server = new_postgres()
    outbox = await open_outbox(server.new_database())
    await outbox.add(planned(delivery()))
    with server.silent():
        for use in (outbox.pending, lambda: outbox.claim("countdown/1", ["x"], after(1)), outbox.memory):
            with pytest.raises(StoreError, match="PostgreSQL does not answer"):
                await asyncio.wait_for(use(), 5)
    monkeypatch.setattr(store, "CONNECT", 5.0)
    monkeypatch.setattr(store.Postgres, "bound", 10.0)
    # Its own session of before, which nobody has told that it is over, holds the lock.
    assert await outbox.claim("countdown/1", ["x"], after(2))
    await outbox.close()
