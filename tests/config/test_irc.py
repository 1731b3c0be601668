"""A network of `kind: irc`, from its text to what the transport is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from milestonebot.ports import Room
from milestonebot.secret import Secret
from milestonebot.transports.irc.settings import IrcSettings, NickServ, Pace, Sasl, Server, Waits

if TYPE_CHECKING:
    from pathlib import Path

    from milestonebot.config import Config
    from tests.config.conftest import Load, Wrong

WHOLE = """
networks:
  - name: libera
    kind: irc
    nick: relbot
    username: rel
    realname: The release bot
    servers:
      - host: irc.example.org
      - {host: "::1", port: 6667, tls: false, password: {env: SERVER}}
      - {host: other.example.org, tls_fingerprints: ["%s"]}
    sasl: {mechanisms: [PLAIN], username: account, password: {env: SASL}, required: true}
    nickserv: {password: {env: NICKSERV}, account: other}
    prefix: "%%"
    rooms: ["#a", {name: "#b", prefix: "~"}]
    notices: false
    formatting: false
    pace: libera
    reconnect: {initial: 1s, max: 1m}
"""
PIN = ":".join(["AB"] * 32)
ENVIRON = {"SERVER": "one", "SASL": "two", "NICKSERV": "three"}
LEAST = 'networks: [{name: n, kind: irc, nick: relbot, servers: [{host: irc.example.org}], rooms: ["#a"]}]'


def test_the_transport_is_told_what_the_config_says(load: Load, tmp_path: Path) -> None:
    config = load(WHOLE % PIN, ENVIRON)
    (network,) = config.networks
    assert network.settings == IrcSettings(
        name="libera",
        nick="relbot",
        username="rel",
        realname="The release bot",
        servers=(
            Server("irc.example.org"),
            Server("::1", 6667, tls=False, password=Secret("one")),
            Server("other.example.org", fingerprints=("ab" * 32,)),
        ),
        sasl=Sasl("account", Secret("two"), required=True),
        nickserv=NickServ(Secret("three"), "other"),
        folder=tmp_path / "state" / "libera",
        pace=Pace(4, 0.6),
        rooms=("#a", "#b"),
        notices=False,
        formatting=False,
        waits=Waits(reconnect=1.0, longest_reconnect=60.0),
    )
    assert network.rooms == (Room("libera", "#a"), Room("libera", "#b"))
    assert [config.settings.of(room).prefix for room in network.rooms] == ["%", "~"]


def test_what_is_left_out_has_its_default_and_tls_is_on(load: Load, tmp_path: Path) -> None:
    (network,) = load(LEAST).networks
    assert network.settings == IrcSettings(
        "n",
        "relbot",
        (Server("irc.example.org", 6697, tls=True),),
        folder=tmp_path / "state" / "n",
        rooms=("#a",),
    )
    assert network.settings.waits == Waits(reconnect=2.0, longest_reconnect=300.0)


@pytest.mark.parametrize(
    ("written", "pace"),
    [
        ("standard", Pace(5, 2.0)),
        ("oftc", Pace(4, 1.2)),
        ("libera", Pace(4, 0.6)),
        ("off", None),
        ("{burst: 10, every: 0.5}", Pace(10, 0.5)),
        ("{every: 1s}", Pace(5, 1.0)),
    ],
)
def test_the_pace_is_that_of_a_network_or_numbers(load: Load, written: str, pace: Pace | None) -> None:
    settings = irc(load(LEAST.replace("nick: relbot", f"nick: relbot, pace: {written}")))
    assert settings.pace == pace


def test_without_mechanisms_all_that_are_possible_are_tried_the_safest_first(
    load: Load, tmp_path: Path
) -> None:
    write_certificate(tmp_path)
    by_password = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")
    for keys, network, mechanisms in (
        ("password: {env: A}", "", by_password),
        ("ecdsa_key: bot.pem", "", ("ECDSA-NIST256P-CHALLENGE",)),
        ("required: true", "certificate: bot.pem, ", ("EXTERNAL",)),
        (
            "password: {env: A}, ecdsa_key: bot.pem",
            "certificate: bot.pem, ",
            ("EXTERNAL", "ECDSA-NIST256P-CHALLENGE", *by_password),
        ),
    ):
        written = f"nick: relbot, {network}sasl: {{username: a, {keys}}}"
        settings = irc(load(LEAST.replace("nick: relbot", written), {"A": "b"}))
        assert settings.sasl is not None
        assert settings.sasl.mechanisms == mechanisms
        assert (settings.sasl.key is not None) is ("ecdsa" in keys)
        assert settings.certificate == (tmp_path / "bot.pem" if network else None)


def test_files_are_looked_for_among_the_credentials_first(load: Load, tmp_path: Path) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    write_certificate(credentials)
    written = LEAST.replace("nick: relbot", "nick: relbot, certificate: bot.pem")
    settings = irc(load(written, {"CREDENTIALS_DIRECTORY": str(credentials)}))
    assert settings.certificate == credentials / "bot.pem"


def test_a_certificate_whose_key_needs_a_password_is_told(wrong: Wrong, tmp_path: Path) -> None:
    write_certificate(tmp_path, b"password")
    problems = wrong(LEAST.replace("nick: relbot", "nick: relbot, certificate: bot.pem"))
    assert any("without a password" in each for each in problems), problems


def irc(config: Config) -> IrcSettings:
    """Return the settings of the only network."""
    (network,) = config.networks
    assert isinstance(network.settings, IrcSettings)
    return network.settings


def write_certificate(folder: Path, password: bytes | None = None) -> None:
    """Write `bot.pem`: a certificate, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relbot")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(begin).not_valid_after(begin + timedelta(days=3650))
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    (folder / "bot.pem").write_bytes(
        made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    )


def test_no_secret_shows(load: Load) -> None:
    shown = repr(load(WHOLE % PIN, {"SERVER": "hunter1", "SASL": "hunter2", "NICKSERV": "hunter3"}))
    assert "hunter" not in shown


@pytest.mark.parametrize(
    ("key", "written", "told"),
    [
        ("nick: relbot", "nick: 9bot", "'9bot' is no nick"),
        ("nick: relbot", 'nick: "a b"', "is no nick"),
        ("nick: relbot", 'nick: "a\\r\\nQUIT"', "is no nick"),
        ("host: irc.example.org", 'host: "irc.example.org QUIT"', "is no server"),
        ("host: irc.example.org", "host: irc.example.org, port: 0", "expected 1 or more"),
        ("host: irc.example.org", 'host: x, tls: "no"', "true or false"),
        ("host: irc.example.org", "host: x, tls_fingerprints: [abc]", "64 hexadecimal digits"),
        ('"#a"', '"#a,b"', "is no channel"),
        ('"#a"', '"a"', "is no channel"),
        ('"#a"', '{name: "#a b"}', "ends at a space"),
        ("nick: relbot", "nick: relbot, nickserv: {}", "password"),
        (
            "nick: relbot",
            "nick: relbot, nickserv: {password: {env: A}, command: NS, server: a.test}",
            "not both",
        ),
        (
            "nick: relbot",
            'nick: relbot, nickserv: {password: {env: A}, command: "NS x"}',
            "no command of a server",
        ),
        (
            "nick: relbot",
            "nick: relbot, nickserv: {password: {env: A}, server: services}",
            "as WHOIS NickServ tells it",
        ),
        ("nick: relbot", 'nick: relbot, realname: "a\\nb"', "one line"),
        ("nick: relbot", "nick: relbot, username: a@b", "is no username"),
        ("nick: relbot", "nick: relbot, sasl: {username: a b, password: {env: A}}", "is no name"),
        ("nick: relbot", "nick: relbot, sasl: {username: a, mechanisms: [MD5]}", "SCRAM-SHA-512"),
        ("nick: relbot", "nick: relbot, sasl: {username: a, mechanisms: [PLAIN]}", "PLAIN needs a password"),
        ("nick: relbot", "nick: relbot, sasl: {username: a}", "a password is missing"),
        (
            "nick: relbot",
            "nick: relbot, sasl: {username: a, mechanisms: [EXTERNAL]}",
            "EXTERNAL needs a certificate",
        ),
        (
            "nick: relbot",
            "nick: relbot, sasl: {username: a, mechanisms: [ECDSA-NIST256P-CHALLENGE]}",
            "needs ecdsa_key",
        ),
        ("nick: relbot", "nick: relbot, certificate: none.pem", "there is no file 'none.pem'"),
        ("nick: relbot", "nick: relbot, certificate: config.yaml", "does not hold a certificate and its key"),
        (
            "nick: relbot",
            "nick: relbot, sasl: {username: a, ecdsa_key: config.yaml}",
            "no private key in PEM",
        ),
        ("nick: relbot", "nick: relbot, pace: fast", "libera"),
        ("nick: relbot", "nick: relbot, pace: {burst: 0}", "expected 1 or more"),
        ("nick: relbot", "nick: relbot, chanels: []", "unknown key 'chanels'"),
        ("servers: [{host: irc.example.org}]", "servers: []", "1:56: expected 1 or more"),
    ],
)
def test_mistakes_are_told_at_their_place(wrong: Wrong, key: str, written: str, told: str) -> None:
    assert key in LEAST
    problems = wrong(LEAST.replace(key, written), {"A": "b"})
    assert any(told in each for each in problems), problems


def test_a_password_in_plain_text_is_warned_of(load: Load) -> None:
    config = load(LEAST.replace("nick: relbot", "nick: relbot, nickserv: {password: plain}"))
    assert ["plain text" in each.message for each in config.warnings] == [True]


@pytest.mark.parametrize(
    ("written", "command", "server", "password_first"),
    [
        ("", "", "", False),
        ("services: oftc", "NICKSERV", "", True),
        ("services: libera", "NICKSERV", "", False),
        ("command: ns", "NS", "", False),
        ("server: services.example.org", "", "services.example.org", False),
        ("services: oftc, server: services.example.org", "", "services.example.org", True),
        ("services: oftc, command: NS", "NS", "", True),
    ],
)
def test_how_nickserv_is_told(
    load: Load,
    written: str,
    command: str,
    server: str,
    password_first: bool,  # noqa: FBT001 - a column
) -> None:
    entry = f"nick: relbot, nickserv: {{password: {{env: NICKSERV}}, {written}}}"
    (network,) = load(LEAST.replace("nick: relbot", entry), ENVIRON).networks
    assert isinstance(network.settings, IrcSettings)
    told = NickServ(Secret("three"), command=command, server=server, password_first=password_first)
    assert network.settings.nickserv == told
