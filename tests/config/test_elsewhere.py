"""Values and secrets that stand in the environment or in a file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from milestonebot.config import Secret, Surroundings, elsewhere
from milestonebot.config.elsewhere import Given, plain_secrets

if TYPE_CHECKING:
    from pathlib import Path

    from tests.config.conftest import Wrong


class Login(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    password: Secret
    user: Given = ""
    more: dict[str, Secret] = {}
    several: list[Secret] = []
    inner: Login | None = None


def login(around: Surroundings | None, **values: object) -> Login:
    return Login.model_validate(values, context=around)


def why(around: Surroundings, value: object) -> str:
    with pytest.raises(ValidationError) as raised:
        login(around, password=value)
    (error,) = raised.value.errors()
    return error["msg"].removeprefix("Value error, ")


def test_a_secret_is_read_from_the_environment(tmp_path: Path) -> None:
    around = Surroundings({"PASSWORD": "hunter2", "ME": "hal"}, tmp_path)
    read = login(around, password={"env": "PASSWORD"}, user={"env": "ME"})
    assert read.password.get_secret_value() == "hunter2"
    assert read.user == "hal"


def test_a_secret_is_read_from_a_file_without_the_end_of_its_line(tmp_path: Path) -> None:
    around = Surroundings({}, tmp_path)
    for written, secret in ((b"hunter2\n", "hunter2"), (b"hunter2\r\n", "hunter2"), (b" a\nb ", " a\nb ")):
        (tmp_path / "password").write_bytes(written)
        assert login(around, password={"file": "password"}).password.get_secret_value() == secret
        absolute = {"file": str(tmp_path / "password")}
        assert login(around, password=absolute).password.get_secret_value() == secret


def test_credentials_of_the_service_come_before_files_beside_the_config(tmp_path: Path) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (tmp_path / "password").write_text("beside")
    around = Surroundings({"CREDENTIALS_DIRECTORY": str(credentials)}, tmp_path)
    assert login(around, password={"file": "password"}).password.get_secret_value() == "beside"
    (credentials / "password").write_text("given")
    assert login(around, password={"file": "password"}).password.get_secret_value() == "given"


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    read = login(Surroundings({"P": "hunter2"}, tmp_path), password={"env": "P"}, more={"a": "hunter2"})
    for shown in (repr(read), str(read), f"{read.password}", str(read.model_dump()), read.model_dump_json()):
        assert "hunter2" not in shown


def test_what_is_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    around = Surroundings({"EMPTY": ""}, tmp_path)
    assert why(around, {"env": "NONE"}) == "the environment variable 'NONE' is not set, or is empty"
    assert why(around, {"env": "EMPTY"}) == "the environment variable 'EMPTY' is not set, or is empty"
    assert why(around, {"file": "none"}) == f"there is no file 'none' in {tmp_path}"
    assert why(around, {"file": "."}) == f"there is no file '.' in {tmp_path}"
    assert why(around, {"file": "x" * 5000}).endswith("cannot be read: File name too long")
    assert why(around, {"file": "a\0b"}) == f"there is no file 'a\\x00b' in {tmp_path}"
    credentials = Surroundings({"CREDENTIALS_DIRECTORY": "/nowhere"}, tmp_path)
    assert why(credentials, {"file": "none"}) == f"there is no file 'none' in /nowhere and {tmp_path}"
    for content, message in (
        (b"\n", "is empty"),
        (b"\xff", "is no UTF-8 text"),
        (b"x" * 9, "is larger than 0 KiB"),
    ):
        monkeypatch.setattr(elsewhere, "LARGEST", 8)
        (tmp_path / "bad").write_bytes(content)
        assert why(around, {"file": "bad"}) == f"'bad' {message}"


def test_what_is_no_secret_is_told_without_showing_it(tmp_path: Path) -> None:
    around = Surroundings({}, tmp_path)
    for value in (12345, True, ["12345"], 1.5, None):
        assert why(around, value) == "expected a secret: write {env: NAME} or {file: PATH}"
    for reference in ({}, {"env": 3}, {"env": "a", "file": "b"}, {"environ": "12345"}):
        told = why(around, reference)
        assert told == "expected one key, env or file, and text behind it: write {env: NAME} or {file: PATH}"


def test_secrets_in_plain_text_are_found() -> None:
    raw = {
        "password": "plain",
        "more": {"a": {"env": "P"}, "b": "plain"},
        "several": [{"env": "P"}, "plain"],
        "inner": {"password": "plain", "user": "plain is fine"},
    }
    found = list(plain_secrets(Login, raw))
    assert sorted(found, key=str) == [("inner", "password"), ("more", "b"), ("password",), ("several", 1)]


def test_secrets_in_plain_text_are_told_with_the_mistakes_around_them(wrong: Wrong) -> None:
    told = wrong("""database: postgresql://bot:hunter2@db.example.org/bot
zone: Mars/Olympus
networks:
  - name: irc
    kind: irc
    nikc: milestonebot
    servers: [{host: irc.example.org, prot: 6697, password: {env: NONE}}]
    sasl: {username: milestonebot, password: hunter2}
    rooms: ["#nova"]
  - {name: elsewhere, kind: icq, password: of what kind?}
""")
    plain = [each.partition(": ")[0] for each in told if "plain text" in each]
    assert plain == ["1:11", "8:46"]
    assert len(told) > 5
    assert not [each for each in told if "hunter2" in each]
