"""Secrets are read only by what connects; where they are missing, the rest works and `check` tells it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from milestonebot.cli import main

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
database: {env: NO_DATABASE}
networks:
  - name: irc
    kind: irc
    nick: milestonebot
    servers: [{host: irc.example.org, password: {env: NO_SERVER}}]
    certificate: no-certificate.pem
    sasl: {username: milestonebot, password: {env: NO_SASL}, ecdsa_key: no-key.pem}
    nickserv: {password: {file: no-nickserv}}
    rooms: ["#nova"]
  - {name: matrix, kind: matrix, homeserver: "https://example.org", user: "@bot:example.org",
     password: {env: NO_PASSWORD}, access_token: {file: no-token}, rooms: ["#a:example.org"]}
announcements:
  - {name: days, kind: countdown, for: openstack, before: [7d], at: "14:00", rooms: [irc/#nova]}
"""
NETWORKS = ("NO_SERVER", "NO_SASL", "NO_PASSWORD", "no-nickserv", "no-token", "no-certificate", "no-key")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.yaml"
    file.write_text(CONFIG, encoding="utf-8")
    return file


def test_the_plan_needs_none(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--config", str(config), "--at", "2012-01-19", "--days", "8"]) == 0
    assert "irc/#nova" in capsys.readouterr().out


def test_an_answer_needs_none(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--config", str(config), "--room", "irc/#nova", "!milestone essex-2"]) == 0
    assert "essex-2" in capsys.readouterr().out


def test_the_console_needs_none(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"!milestone essex-2\n")))
    assert main(["console", "--config", str(config)]) == 0
    assert "essex-2" in capsys.readouterr().out


def test_the_outbox_needs_that_of_the_database_alone(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["outbox", "list", "--config", str(config)]) == 2
    told = capsys.readouterr().err
    assert "2:11: error: the environment variable 'NO_DATABASE' is not set" in told
    assert not [name for name in NETWORKS if name in told]
    monkeypatch.setenv("NO_DATABASE", "mysql://somewhere")
    assert main(["outbox", "list", "--config", str(config)]) == 2
    assert "expected the URL of a PostgreSQL database" in capsys.readouterr().err
    config.write_text(CONFIG.replace("database: {env: NO_DATABASE}\n", ""), encoding="utf-8")
    assert main(["outbox", "list", "--config", str(config)]) == 0
    assert "the bot has announced nothing so far" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["check"], ["run"]])
def test_who_connects_and_who_checks_tells_what_is_missing(
    config: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main([*command, "--config", str(config)]) == (1 if command == ["check"] else 2)
    told = "".join(capsys.readouterr())
    assert [name for name in ("NO_DATABASE", *NETWORKS) if name not in told] == []


@pytest.mark.parametrize("wrong", ["{env: 5}", "{name: A}", "7"])
def test_a_secret_of_no_form_is_a_mistake_for_all(
    config: Path, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    config.write_text(CONFIG.replace("{env: NO_SASL}", wrong), encoding="utf-8")
    assert main(["plan", "--config", str(config), "--at", "2012-01-19"]) == 2
    assert "9:46: error: expected " in capsys.readouterr().err
