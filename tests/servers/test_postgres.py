import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from asyncpg.exceptions import InterfaceError, InternalClientError, InvalidPasswordError, PostgresError

from tests.servers.fixtures import NewPostgres
from tests.servers.postgres import USER, Postgres


def test_databases_are_apart(postgres: Postgres) -> None:
    one, other = postgres.new_database(), postgres.new_database()
    postgres.sql(one, "CREATE TABLE things (name text)")
    postgres.sql(one, "INSERT INTO things VALUES ('a thing')")
    assert postgres.sql(one, "SELECT name FROM things") == "a thing"
    assert postgres.sql(other, "SELECT count(*) FROM pg_tables WHERE tablename = 'things'") == "0"


async def test_it_asks_for_the_password(postgres: Postgres) -> None:
    connection = await asyncpg.connect(postgres.new_database())
    assert await connection.fetchval("SELECT current_user") == USER
    await connection.close()
    with pytest.raises(InvalidPasswordError):
        await asyncpg.connect(postgres.url("postgres", "wrong"))


@pytest.mark.parametrize("end", [Postgres.stop, Postgres.kill])
async def test_what_is_committed_is_there_after_it_ended(
    new_postgres: NewPostgres, end: Callable[[Postgres], None]
) -> None:
    server = new_postgres()
    url = server.new_database()
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE things (name text)")
    await asyncio.to_thread(end, server)
    # What asyncpg calls it depends on how much of the end it has read by now.
    with pytest.raises((InterfaceError, InternalClientError, OSError, PostgresError)):
        await connection.execute("SELECT 1")
    await asyncio.to_thread(server.start)
    assert server.sql(url, "SELECT count(*) FROM things") == "0"


async def test_it_can_go_silent(new_postgres: NewPostgres) -> None:
    server = new_postgres()
    connection = await asyncpg.connect(server.new_database())
    with server.silent(), pytest.raises(TimeoutError):
        await connection.execute("SELECT 1", timeout=0.1)
    assert await connection.fetchval("SELECT 1", timeout=10) == 1
    await connection.close()
