"""What only a file has: its rights, its locks, its disk."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import sqlite3
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from milestonebot.errors import StoreError
from milestonebot.outbox import Stage
from milestonebot.store import open_outbox, sqlite
from milestonebot.store.problems import NothingKept
from tests.servers.warden import USER
from tests.store.made import after, delivery, keys, planned

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "deliveries.db"
BIG = {"text": "x" * 300_000}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no lock."""
    monkeypatch.setattr(sqlite, "PATIENCE", 0.05)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of a megabyte, where that may be done."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("no disk may be mounted here: that takes CAP_SYS_ADMIN, which few containers have")
    yield folder
    subprocess.run(["umount", folder], check=True)  # noqa: S607 - the system's own


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """Be nobody in particular meanwhile, with a folder of one's own."""
    with tempfile.TemporaryDirectory() as name:
        user = pwd.getpwnam(USER).pw_uid if os.geteuid() == 0 else os.geteuid()
        os.chown(name, user, -1)
        before = os.geteuid()
        os.seteuid(user)
        try:
            yield Path(name)
        finally:
            os.seteuid(before)


@contextlib.contextmanager
def closed(folder: Path) -> Iterator[None]:
    """Let nothing be made in a folder meanwhile."""
    folder.chmod(0o500)
    try:
        yield
    finally:
        folder.chmod(0o700)


# --- the file


async def test_it_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        outbox = await open_outbox(tmp_path / FILE)
        await outbox.add(planned(delivery()))
        rights = {each.name: stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / FILE).parent.iterdir()}
        assert rights == dict.fromkeys([FILE, f"{FILE}-wal", f"{FILE}-shm"], 0o600)
        await outbox.close()
    finally:
        os.umask(before)


async def test_a_file_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    await (await open_outbox(tmp_path / FILE)).close()
    (tmp_path / FILE).chmod(0o644)
    await (await open_outbox(tmp_path / FILE)).close()
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["a b.db", "50%.db", "what?.db", "#1.db", "file:x.db", "ö.db"])
async def test_a_name_may_hold_anything(tmp_path: Path, name: str) -> None:
    outbox = await open_outbox(tmp_path / name)
    await outbox.add(planned(delivery()))
    await outbox.close()
    assert [each.name for each in os.scandir(tmp_path)] == [name]


async def test_it_is_written_ahead_and_to_the_disk(tmp_path: Path) -> None:
    outbox = await open_outbox(tmp_path / FILE)
    connection = outbox._link._writing  # noqa: SLF001 - it is a setting of each connection
    assert connection is not None
    assert await connection.fetch("PRAGMA journal_mode") == [("wal",)]
    assert await connection.fetch("PRAGMA synchronous") == [(2,)]
    await outbox.close()


# --- what is wrong


async def test_without_its_folder_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"none/deliveries\.db cannot be made: its folder is not there"):
        await open_outbox(tmp_path / "none" / "deliveries.db")


async def test_a_folder_that_is_closed_is_told_and_works_when_it_is_open(unprivileged: Path) -> None:
    with (
        closed(unprivileged),
        pytest.raises(StoreError, match=r"deliveries\.db cannot be used: Permission denied"),
    ):
        await open_outbox(unprivileged / FILE)
    assert await _used(unprivileged / FILE) == 0


async def test_a_folder_that_takes_no_log_is_told_and_works_when_it_does(unprivileged: Path) -> None:
    assert await _used(unprivileged / FILE) == 0
    with (
        closed(unprivileged),
        pytest.raises(StoreError, match="see to the rights of the file and of its folder"),
    ):
        await open_outbox(unprivileged / FILE)
    assert await _used(unprivileged / FILE) == 0


@pytest.mark.parametrize("content", [b"no database, but long enough to be taken for one" * 100, b"\0" * 5000])
async def test_another_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(StoreError, match="is no SQLite database, or is damaged"):
        await open_outbox(tmp_path / FILE)
    assert (tmp_path / FILE).read_bytes() == content


async def test_a_damaged_file_is_told_and_works_again_when_it_is_put_back(tmp_path: Path) -> None:
    outbox = await open_outbox(tmp_path / FILE)
    await outbox.add(planned(*(delivery(str(number), about=BIG) for number in range(3))))
    await outbox.close()
    good = (tmp_path / FILE).read_bytes()
    outbox = await open_outbox(tmp_path / FILE)
    assert len(await outbox.pending()) == 3
    with (tmp_path / FILE).open("r+b") as opened:
        opened.seek(8192)
        opened.write(os.urandom(len(good) - 8192))
    await outbox.close()
    with pytest.raises(StoreError, match="is damaged"):
        await _used(tmp_path / FILE)
    (tmp_path / FILE).write_bytes(good)
    assert await _used(tmp_path / FILE) == 3


async def _used(file: Path) -> int:
    outbox = await open_outbox(file)
    try:
        return len(await outbox.pending())
    finally:
        await outbox.close()


@pytest.mark.usefixtures("impatient")
async def test_a_locked_file_is_told_and_works_again_when_it_is_let_go(tmp_path: Path) -> None:
    outbox = await open_outbox(tmp_path / FILE)
    await outbox.add(planned(delivery()))
    with contextlib.closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is locked by another program"):
            await outbox.finish("countdown/1", Stage.SENT, after(1))
        assert keys(await outbox.pending()) == ["countdown/1"]
        other.execute("ROLLBACK")
        await outbox.finish("countdown/1", Stage.SENT, after(1))
    assert keys(await outbox.pending()) == []
    await outbox.close()


async def test_a_full_disk_is_told_and_works_again_when_there_is_room(small_disk: Path) -> None:
    outbox = await open_outbox(small_disk / "deliveries.db")
    await outbox.add(planned(delivery()))
    memory = await outbox.memory()
    filler = small_disk / "filler"
    _fill(filler)
    with pytest.raises(StoreError, match=r"cannot be written: the disk is full\. Free some space"):
        await outbox.add(planned(delivery("countdown/2", about=BIG), watermark=after(1)))
    with pytest.raises(StoreError, match="the disk is full"):
        await asyncio.gather(*(outbox.add(planned(delivery(str(n), about=BIG))) for n in range(3)))
    assert await outbox.memory() == memory
    assert keys(await outbox.pending()) == ["countdown/1"]
    filler.unlink()
    assert list(await outbox.add(planned(delivery("countdown/2"), watermark=after(1)))) == ["countdown/2"]
    assert keys(await outbox.pending()) == ["countdown/1", "countdown/2"]
    await outbox.close()


async def test_a_disk_that_is_full_from_the_start_is_told(small_disk: Path) -> None:
    _fill(small_disk / "filler")
    with pytest.raises(StoreError, match=r"disk is full|No space left|reports an error"):
        await open_outbox(small_disk / "deliveries.db")
    (small_disk / "filler").unlink()
    outbox = await open_outbox(small_disk / "deliveries.db")
    assert list(await outbox.pending()) == []
    await outbox.close()


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as opened, contextlib.suppress(OSError):
        while opened.write(b"x" * 4096):
            pass


async def test_a_file_that_is_gone_is_not_made_anew_under_a_running_bot(tmp_path: Path) -> None:
    outbox = await open_outbox(tmp_path / FILE)
    await outbox.add(planned(delivery()))
    elsewhere = (tmp_path / FILE).with_name("elsewhere.db")
    (tmp_path / FILE).rename(elsewhere)
    for use in (outbox.pending, lambda: outbox.claim("countdown/1", ["x"], after(1))):
        with pytest.raises(StoreError, match="is gone: put it back"):
            await use()
    assert not (tmp_path / FILE).exists()
    elsewhere.rename(tmp_path / FILE)
    assert keys(await outbox.pending()) == ["countdown/1"]
    assert await outbox.claim("countdown/1", ["x"], after(1))
    await outbox.close()


async def test_a_copy_that_is_put_in_its_place_is_used(tmp_path: Path) -> None:
    outbox = await open_outbox(tmp_path / FILE)
    await outbox.add(planned(delivery()))
    copy = (tmp_path / FILE).with_name("copy.db")
    with (
        contextlib.closing(sqlite3.connect(tmp_path / FILE)) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    await outbox.add(planned(delivery("countdown/2")))
    await outbox.close()
    outbox = await open_outbox(tmp_path / FILE)
    copy.replace(tmp_path / FILE)
    assert keys(await outbox.pending()) == ["countdown/1"]
    await outbox.add(planned(delivery("countdown/3")))
    await outbox.close()
    outbox = await open_outbox(tmp_path / FILE)
    assert keys(await outbox.pending()) == ["countdown/1", "countdown/3"]
    await outbox.close()


# --- beside the bot


async def test_who_only_looks_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(NothingKept, match=r"there is no database .* yet"):
        await open_outbox(tmp_path / FILE, exclusive=False)
    assert not (tmp_path / FILE).exists()
    (tmp_path / FILE).touch()
    with pytest.raises(NothingKept, match="there is nothing in the database"):
        await open_outbox(tmp_path / FILE, exclusive=False)


async def test_an_operator_writes_beside_the_bot(tmp_path: Path) -> None:
    bot = await open_outbox(tmp_path / FILE)
    await bot.add(planned(delivery()))
    operator = await open_outbox(tmp_path / FILE, exclusive=False)
    await operator.finish("countdown/1", Stage.DROPPED, after(1), problem="dropped")
    assert await bot.claim("countdown/1", ["x"], after(2)) is False
    await operator.close()
    await bot.close()
