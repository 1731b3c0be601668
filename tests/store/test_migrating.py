"""How a database comes to the tables of this version, and what is refused."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hatchling.builders.wheel import WheelBuilder

from milestonebot.errors import StoreError
from milestonebot.store import migrating, open_outbox
from milestonebot.store.problems import NothingKept
from tests.store.made import delivery, keys, planned

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.postgres import Postgres

ROOT = Path(__file__).parents[2]
MIGRATIONS = ROOT / "src" / "milestonebot" / "store" / "migrations"
KINDS = ("postgresql", "sqlite")
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
    found = sorted(each.name for each in MIGRATIONS.glob("*.sql"))
    assert found == [f"{version}.{kind}.sql" for version in migrating.VERSIONS for kind in KINDS]


async def test_both_databases_have_the_same_columns(tmp_path: Path, postgres: Postgres) -> None:
    file, url = tmp_path / "deliveries.db", postgres.new_database()
    for place in (file, url):
        await (await open_outbox(place)).close()
    asked = (
        "SELECT m.name || '.' || c.name || (CASE WHEN c.\"notnull\" THEN '' ELSE '?' END)"
        " FROM sqlite_master AS m, pragma_table_info(m.name) AS c"
        " WHERE m.type = 'table' ORDER BY m.name, c.cid"
    )
    with closing(sqlite3.connect(file)) as connection:
        here = [column for (column,) in connection.execute(asked)]
    told = postgres.sql(
        url,
        "SELECT table_name || '.' || column_name || (CASE is_nullable WHEN 'YES' THEN '?' ELSE '' END) "
        "FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position",
    )
    assert here == told.splitlines()
    assert {"deliveries.key", "deliveries.since?", "known.turn", "alembic_version.version_num"} <= set(here)


async def test_what_is_there_is_opened_again(place: Path | str) -> None:
    for number in range(3):
        outbox = await open_outbox(place)
        await outbox.add(planned(delivery(str(number))))
        await outbox.close()
    outbox = await open_outbox(place)
    assert keys(await outbox.pending()) == ["0", "1", "2"]
    await outbox.close()


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


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what gives this bot a version 0002, by a text in SQL."""

    def give(text: str) -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, folder)
        for kind in KINDS:
            (folder / f"0002.{kind}.sql").write_text(text)
        monkeypatch.setattr(migrating, "_FOLDER", folder)
        monkeypatch.setattr(migrating, "VERSIONS", (*migrating.VERSIONS, "0002"))

    return give


async def test_an_older_database_is_altered_and_keeps_what_is_in_it(
    place: Path | str, next_version: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    outbox = await open_outbox(place)
    await outbox.add(planned(delivery()))
    await outbox.close()
    caplog.set_level("INFO", "milestonebot")
    next_version("ALTER TABLE known ADD COLUMN more TEXT;\nCREATE INDEX known_more ON known (more);\n")
    for _ in range(2):
        outbox = await open_outbox(place)
        assert keys(await outbox.pending()) == ["countdown/1"]
        await outbox.close()
    (told,) = caplog.messages
    assert told.endswith("has the tables of version 0002 now")


async def test_a_migration_that_fails_leaves_nothing(
    place: Path | str, next_version: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    next_version("ALTER TABLE known ADD COLUMN more TEXT;\nINSERT INTO nowhere VALUES (1);\n")
    with pytest.raises(StoreError, match="nowhere"):
        await open_outbox(place)
    monkeypatch.undo()
    # Not even the tables of the first version are there.
    with pytest.raises(NothingKept, match="there is nothing in the database"):
        await open_outbox(place, exclusive=False)
    outbox = await open_outbox(place)
    assert list(await outbox.pending()) == []
    await outbox.close()


async def test_what_a_migration_does_is_told_in_one_line(
    place: Path | str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await (await open_outbox(place)).close()
    (told,) = caplog.messages
    assert told.endswith(f"has the tables of version {migrating.VERSIONS[-1]} now")


def test_the_wheel_has_them() -> None:
    packed = {each.distribution_path for each in WheelBuilder(str(ROOT)).recurse_included_files()}
    for file in MIGRATIONS.glob("*.sql"):
        assert f"milestonebot/store/migrations/{file.name}" in packed
