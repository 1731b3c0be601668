"""How a database comes to the tables of this version, and what is refused."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hatchling.builders.wheel import WheelBuilder

from milestonebot.errors import StoreError
from milestonebot.store import migrating, open_outbox
from milestonebot.store.tables import metadata
from tests.store.made import delivery, keys, planned

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from milestonebot.store.database import DatabaseOutbox
    from tests.servers.postgres import Postgres

ROOT = Path(__file__).parents[2]
MIGRATIONS = ROOT / "src" / "milestonebot" / "store" / "migrations"
CHILD = """
import asyncio, sys
from tests.store.made import delivery, planned
from milestonebot.store import open_outbox

async def main(where, name):
    outbox = await open_outbox(where)
    await outbox.add(planned(delivery(name)))
    await outbox.close()

sys.stdin.readline()
asyncio.run(main(*sys.argv[1:]))
"""


def test_this_version_knows_all_migrations() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert [each.revision for each in script.walk_revisions()][::-1] == list(migrating.VERSIONS)


async def test_migrations_lead_to_the_tables(outbox: DatabaseOutbox) -> None:
    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with outbox._link._engine.connect() as connection:  # noqa: SLF001 - the tables show nowhere else
        assert await connection.run_sync(differences) == []


async def test_what_is_there_is_opened_again(place: Path | str) -> None:
    for number in range(3):
        outbox = await open_outbox(place)
        await outbox.add(planned(delivery(str(number))))
        await outbox.close()
    outbox = await open_outbox(place)
    assert keys(await outbox.pending()) == ["0", "1", "2"]
    await outbox.close()


@pytest.mark.slow
async def test_where_all_is_as_needed_alembic_is_not_even_imported(place: Path | str) -> None:
    await (await open_outbox(place)).close()
    program = """
import asyncio, sys
from milestonebot.store import open_outbox
outbox = asyncio.run(open_outbox(sys.argv[1]))
assert "alembic" not in sys.modules
"""
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", program, str(place)], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("times", range(3))
def test_two_that_begin_at_once_do_not_clash(tmp_path: Path, times: int) -> None:
    file = str(tmp_path / f"deliveries{times}.db")
    assert _at_once(file) == [(0, ""), (0, "")]
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM deliveries").fetchone() == (2,)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (migrating.VERSIONS[-1],)
        ]


def test_of_two_that_begin_at_once_on_postgresql_one_is_refused_at_most(postgres: Postgres) -> None:
    url = postgres.new_database()
    outcomes = _at_once(url)
    assert any(code == 0 for code, _ in outcomes)
    assert all(code == 0 or "another milestonebot" in said for code, said in outcomes)
    kept = sum(code == 0 for code, _ in outcomes)
    assert postgres.sql(url, "SELECT count(*) FROM deliveries") == str(kept)
    assert postgres.sql(url, "SELECT version_num FROM alembic_version") == migrating.VERSIONS[-1]


def _at_once(where: str) -> list[tuple[int, str]]:
    """Open a database in two processes at once; return how each ended, and the last line it said."""
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, where, name],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "other")
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    told = [child.communicate(timeout=30)[1].strip() for child in children]
    return [(child.returncode, said.rpartition("\n")[2]) for child, said in zip(children, told, strict=True)]


async def test_a_database_of_a_newer_bot_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "deliveries.db"
    await (await open_outbox(file)).close()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = _read(file)
    for exclusive in (True, False):
        with pytest.raises(StoreError, match=r"made by a newer milestonebot: its tables are version 9999"):
            await open_outbox(file, exclusive=exclusive)
    assert _read(file) == before


def _read(file: Path) -> bytes:
    return file.read_bytes()


async def test_who_only_looks_does_not_alter_older_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "deliveries.db"
    await (await open_outbox(file)).close()
    monkeypatch.setattr(migrating, "VERSIONS", (*migrating.VERSIONS, "0002"))
    with pytest.raises(
        StoreError, match=r"version 0001, and this milestonebot needs 0002: `milestonebot run`"
    ):
        await open_outbox(file, exclusive=False)


async def test_a_migration_that_fails_leaves_nothing(
    place: Path | str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "migrations"
    _copy_with_a_broken_one(broken)
    monkeypatch.setattr(migrating, "_FOLDER", broken)
    monkeypatch.setattr(migrating, "VERSIONS", (*migrating.VERSIONS, "0002"))
    with pytest.raises(RuntimeError, match="half way"):
        await open_outbox(place)
    monkeypatch.undo()
    outbox = await open_outbox(place)
    assert list(await outbox.pending()) == []
    await outbox.close()


def _copy_with_a_broken_one(folder: Path) -> None:
    (folder / "versions").mkdir(parents=True)
    for name in ("env.py", "versions/v0001.py"):
        (folder / name).write_text((MIGRATIONS / name).read_text())
    (folder / "versions" / "v0002.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\nrevision, down_revision = '0002', '0001'\n"
        "def upgrade():\n"
        "    op.add_column('known', sa.Column('more', sa.Text))\n"
        "    raise RuntimeError('half way')\n"
    )


async def test_logging_stays_as_it_was(place: Path | str, caplog: pytest.LogCaptureFixture) -> None:
    def state() -> object:
        loggers = [logging.getLogger(name) for name in (None, "milestonebot", "alembic", "sqlalchemy")]
        return [(list(each.handlers), each.level, each.disabled, each.propagate) for each in loggers]

    caplog.set_level("INFO")
    before = state()
    await (await open_outbox(place)).close()
    assert state() == before
    (told,) = caplog.messages
    assert told.endswith(f"has the tables of version {migrating.VERSIONS[-1]} now")


def test_the_wheel_has_them() -> None:
    packed = {each.distribution_path for each in WheelBuilder(str(ROOT)).recurse_included_files()}
    for file in ("env.py", *(f"versions/v{version}.py" for version in migrating.VERSIONS)):
        assert f"milestonebot/store/migrations/{file}" in packed
