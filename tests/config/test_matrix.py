"""A network of `kind: matrix`, from its text to what the transport is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from milestonebot.transports.matrix.settings import MatrixSettings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.config.conftest import Load, Wrong

KEY = "2wCx3nRd5pYf7kLm9qAz1sXw4eDc6rFv8tGb0yHn2uJ"
NETWORK = """networks:
- name: m
  kind: matrix
  homeserver: https://example.org
  user: "@bot:example.org"
  password: {env: P}
"""


def settings(load: Load, more: str = "") -> MatrixSettings:
    (network,) = load(NETWORK + more, {"P": "x"}).networks
    assert isinstance(network.settings, MatrixSettings)
    return network.settings


def test_encryption_is_on_and_trusts_all_unless_the_config_says_otherwise(load: Load) -> None:
    assert settings(load).encryption
    assert settings(load).trusted is None
    assert not settings(load, "  encryption: false\n").encryption
    assert settings(load, "  trusted_devices: []\n").trusted == frozenset()


def test_a_device_key_may_be_written_as_clients_show_it(load: Load) -> None:
    spaced = " ".join(KEY[start : start + 4] for start in range(0, len(KEY), 4))
    assert settings(load, f'  trusted_devices: ["{spaced}", {KEY}]\n').trusted == frozenset({KEY})


@pytest.mark.parametrize("key", ["ABCDEFGHIJ", "x" * 44, "-" * 43])
def test_what_is_no_device_key_is_told(wrong: Wrong, key: str) -> None:
    (told,) = wrong(f'{NETWORK}  trusted_devices: ["{key}"]\n', {"P": "x"})
    assert told.startswith("7:21: ")
    assert "is no device key" in told


def two(user: str, room: str) -> str:
    """Return a config of two accounts: @one:x.org in #r:x.org, and another."""
    entries = [
        f"- name: {name}\n"
        "  kind: matrix\n"
        "  homeserver: https://x.org\n"
        f'  user: "{who}"\n'
        "  password: {env: P}\n"
        f'  rooms: ["{where}"]\n'
        for name, who, where in (("a", "@one:x.org", "#r:x.org"), ("b", user, room))
    ]
    return f"networks:\n{''.join(entries)}"


def test_two_accounts_are_two_networks_with_folders_of_their_own(load: Load) -> None:
    config = load(two("@two:x.org", "#other:x.org"), {"P": "x"})
    one, other = (network.settings for network in config.networks)
    assert isinstance(one, MatrixSettings)
    assert isinstance(other, MatrixSettings)
    assert (one.folder, other.folder) == (config.state / "a", config.state / "b")
    assert not config.warnings


@pytest.mark.parametrize("user", ["@one:x.org", "@One:X.org"])
def test_an_account_that_stands_twice_is_an_error_at_its_line(wrong: Wrong, user: str) -> None:
    (told,) = wrong(two(user, "#other:x.org"), {"P": "x"})
    assert told == f"11:9: {user!r} is the account of 'a' already; each network needs its own"


def test_a_room_of_two_accounts_is_told_unless_it_is_bridged(load: Load) -> None:
    both = two("@two:x.org", "#r:x.org")
    (warning,) = load(both, {"P": "x"}).warnings
    assert (warning.line, warning.column) == (13, 11)
    assert "'#r:x.org' is a room of 'a' too" in warning.message
    bridged = f'{both}bridged: [["a/#r:x.org", "b/#r:x.org"]]\n'
    assert not load(bridged, {"P": "x"}).warnings


def test_a_password_in_a_file_is_read_anew(load: Load, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("before\n")
    network = NETWORK.replace("{env: P}", "{file: password}")
    (entry,) = load(f"{network}  access_token: {{env: T}}\n", {"T": "t"}).networks
    assert isinstance(entry.settings, MatrixSettings)
    password, token = entry.settings.password, entry.settings.access_token
    assert password is not None
    assert token is not None
    assert password.reveal() == "before"
    (tmp_path / "password").write_text("after\n")
    assert password.reveal() == "before"
    assert password.renewed().reveal() == "after"
    (tmp_path / "password").unlink()
    assert password.renewed().renewed().reveal() == "before"
    assert token.renewed() is token
