"""A network of `kind: matrix`, from its text to what the transport is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from milestonebot.transports.matrix.settings import MatrixSettings

if TYPE_CHECKING:
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
