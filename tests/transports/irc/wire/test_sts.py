"""Strict transport security: what a server asks for, what is kept of it, and that nothing goes around it."""

from __future__ import annotations

import json
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from milestonebot.ports import State
from milestonebot.secret import Secret
from milestonebot.transports.irc.settings import Sasl, Server
from milestonebot.transports.irc.wire.sts import Policies, Upgrade, told
from tests.transports.irc.playing import Play
from tests.transports.irc.running import became, irc_settings, running, until
from tests.transports.irc.scripted import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.servers.tls import Authority, Certificate

NOW = datetime(2026, 5, 1, tzinfo=UTC)
PLAIN = Server("IRC.example.org", 6667, tls=False, fingerprints=("ab" * 32,))
SECURE = replace(PLAIN, tls=True, port=7000)
SECRET = Sasl("account", Secret("hunter2"))


# --- what is told


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("port=6697", (6697, None)),
        ("duration=10", (None, 10)),
        ("duration=10,port=12345,preload", (12345, 10)),
        ("port=0,duration=0", (None, 0)),
        ("port=65536,duration=-1", (None, None)),
        ("port=x,duration=1e9", (None, None)),
        ("port=,duration", (None, None)),
        ("", (None, None)),
        ("duration=" + "9" * 400, (None, None)),
    ],
)
def test_a_policy_is_read(value: str, expected: tuple[int | None, int | None]) -> None:
    assert told(value) == expected


def test_over_plain_text_it_leaves_before_anything_else_is_said() -> None:
    play = Play(sasl=SECRET)
    assert play.server(":s CAP * LS * :sasl sts=duration=10,port=7000", ":s CAP * LS :batch") == []
    assert isinstance(play.session.failure, Upgrade)
    assert play.session.failure.port == 7000
    assert play.policies == []
    assert play.server("AUTHENTICATE +", "PING :x") == []


@pytest.mark.parametrize("value", ["duration=10", "port=0", "port=99999,duration=9", ""])
def test_a_policy_without_a_port_changes_nothing_over_plain_text(value: str) -> None:
    play = Play()
    assert play.server(f":s CAP * LS :sts={value} batch") == ["CAP REQ :batch"]
    assert play.session.failure is None
    assert play.policies == []


def test_over_tls_the_duration_is_kept_the_port_is_not_and_nothing_is_requested() -> None:
    play = Play()
    play.session.secure = True
    assert play.server(":s CAP * LS :sts=duration=10,port=12345 cap-notify") == ["CAP REQ :cap-notify"]
    play.server(":s CAP * ACK :cap-notify", ":s CAP relbot NEW :sts=duration=20", ":s CAP relbot DEL :sts")
    assert play.policies == [10, 20]
    assert play.session.failure is None


def test_it_may_be_asked_for_later_too() -> None:
    play = Play()
    play.server(":s CAP * LS :cap-notify", ":s CAP * ACK :cap-notify", ":s CAP * NEW :sts=port=7000")
    assert isinstance(play.session.failure, Upgrade)


# --- what is kept


def test_a_host_that_asked_is_reached_over_tls_until_the_policy_ends(tmp_path: Path) -> None:
    policies = Policies(tmp_path)
    assert policies.secured(PLAIN, NOW) == PLAIN
    policies.learn(SECURE, 10, NOW)
    for each in (policies, Policies(tmp_path)):
        assert each.secured(PLAIN, NOW + timedelta(seconds=9)) == SECURE
        assert each.secured(replace(PLAIN, host="irc.EXAMPLE.org"), NOW).port == 7000
        assert each.secured(replace(PLAIN, host="other.example.org"), NOW).tls is False
        assert each.secured(replace(PLAIN, port=6668), NOW).port == 7000
        assert each.secured(PLAIN, NOW + timedelta(seconds=10)) == PLAIN
    mine = Server("irc.example.org", 9999, tls=True)
    assert policies.secured(mine, NOW) == mine


def test_it_lasts_from_the_end_of_the_connection(tmp_path: Path) -> None:
    policies = Policies(tmp_path)
    policies.learn(SECURE, 10, NOW)
    policies.left(SECURE, NOW + timedelta(days=100))
    assert Policies(tmp_path).secured(PLAIN, NOW + timedelta(days=100, seconds=9)) == SECURE
    policies.left(Server("other.example.org"), NOW)


def test_a_duration_of_nothing_is_the_end_of_it(tmp_path: Path) -> None:
    policies = Policies(tmp_path)
    policies.upgraded(PLAIN.host, 7000)
    policies.learn(SECURE, 10, NOW)
    policies.learn(SECURE, 0, NOW)
    for each in (policies, Policies(tmp_path)):
        assert each.secured(PLAIN, NOW) == PLAIN


def test_what_was_asked_for_over_plain_text_holds_for_this_process_alone(tmp_path: Path) -> None:
    policies = Policies(tmp_path)
    policies.upgraded(PLAIN.host, 7000)
    assert policies.secured(PLAIN, NOW) == SECURE
    assert Policies(tmp_path).secured(PLAIN, NOW) == PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"irc.example.org": 1}',
        '{"irc.example.org": {"port": 7000}}',
        '{"irc.example.org": {"port": "x", "until": "2027-01-01T00:00:00+00:00", "duration": 1}}',
        '{"irc.example.org": {"port": 7000, "until": "2027-01-01T00:00:00", "duration": 1}}',
        '{"irc.example.org": {"port": 7000, "until": "soon", "duration": 1}}',
    ],
)
def test_a_damaged_file_is_told_of_and_written_anew(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "sts.json").write_text(text, encoding="utf-8")
    policies = Policies(tmp_path)
    assert policies.secured(PLAIN, NOW) == PLAIN
    assert "cannot be read" in caplog.text
    policies.learn(SECURE, 10, NOW)
    assert set(json.loads((tmp_path / "sts.json").read_text(encoding="utf-8"))) == {"irc.example.org"}


def test_a_folder_that_cannot_be_written_is_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    policies = Policies(tmp_path / "file" / "below")
    policies.learn(SECURE, 10, NOW)
    assert "cannot be kept" in caplog.text
    assert policies.secured(PLAIN, NOW) == SECURE


def test_no_duration_is_longer_than_ten_years(tmp_path: Path) -> None:
    policies = Policies(tmp_path)
    policies.learn(SECURE, 999_999_999_999, NOW)
    assert policies.secured(PLAIN, NOW + timedelta(days=3649)) == SECURE
    assert policies.secured(PLAIN, NOW + timedelta(days=3650)) == PLAIN


# --- on the wire


@pytest.fixture
def certificate(authority: Authority, unique: Callable[[str], str]) -> Certificate:
    return authority.server(unique("sts"))


@pytest.fixture
async def plain() -> AsyncIterator[ScriptedServer]:
    async with ScriptedServer() as listening:
        yield listening


@pytest.fixture
async def secure(certificate: Certificate) -> AsyncIterator[ScriptedServer]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.certificate, certificate.key)
    async with ScriptedServer(context) as listening:
        yield listening


async def ask_for_tls(plain: ScriptedServer, secure: ScriptedServer) -> None:
    guest = await plain.guest()
    await guest.until("CAP LS 302")
    await guest.send(f"CAP * LS :sasl sts=port={secure.port}")
    await guest.gone()
    assert not any(line.startswith(("CAP REQ", "AUTHENTICATE")) for line in guest.lines)


async def test_it_comes_back_over_tls_and_after_a_restart_begins_there(
    plain: ScriptedServer, secure: ScriptedServer, certificate: Certificate, tmp_path: Path
) -> None:
    pinned = Server("localhost", plain.port, tls=False, fingerprints=(certificate.fingerprint,))
    settings = irc_settings(servers=(pinned,), folder=tmp_path / "net")
    async with running(settings) as transport:
        await ask_for_tls(plain, secure)
        guest = await secure.guest()
        await guest.until("CAP LS 302")
        await guest.send("CAP * LS :sts=duration=10,port=12345")
        await guest.until("CAP END")
        await guest.send("ERROR :closing link")
        await guest.gone()
        await (await secure.guest()).let_in()
        assert transport.connection.state is State.UP
    async with running(settings):
        await (await secure.guest()).let_in()
    assert plain.empty


async def test_a_certificate_that_is_not_trusted_is_the_end_and_plain_text_no_way_around_it(
    plain: ScriptedServer, secure: ScriptedServer, tmp_path: Path
) -> None:
    settings = irc_settings(servers=(Server("localhost", plain.port, tls=False),), folder=tmp_path)
    async with running(settings) as transport:
        await ask_for_tls(plain, secure)
        for _ in range(3):
            await until(lambda: "certificate is not trusted" in transport.connection.reason)
            await became(transport, State.CONNECTING)
        assert plain.empty
        while not secure.empty:
            assert await (await secure.guest()).line() == ""
    assert not (tmp_path / "sts.json").exists(), "over plain text no policy is made"


async def test_what_a_policy_forbids_is_not_done_where_tls_is_gone(
    plain: ScriptedServer, tmp_path: Path
) -> None:
    gone = 1  # nobody listens at tcpmux
    Policies(tmp_path).learn(Server("localhost", gone), 3600, datetime.now(UTC))
    settings = irc_settings(servers=(Server("localhost", plain.port, tls=False),), folder=tmp_path)
    async with running(settings) as transport:
        for _ in range(3):
            await became(transport, State.DOWN)
            await became(transport, State.CONNECTING)
        assert plain.empty
