"""SASL's mechanisms, and what goes over the wire."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given, strategies as st

from milestonebot.secret import Secret
from milestonebot.transports.irc.login.sasl import (
    MECHANISMS,
    BadChallenge,
    Denied,
    chunks,
    load_key,
    mechanism,
)
from milestonebot.transports.irc.settings import Sasl
from tests.transports.irc.scram import ScramServer

SASL = Sasl("relbot", Secret("correct horse"))
SCRAMS = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512"}
CHALLENGE = bytes(range(32))


def pem(key: ec.EllipticCurvePrivateKey, password: bytes | None = None) -> bytes:
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, encryption
    )


def test_plain_names_the_account_twice_and_the_password_in_utf_8() -> None:
    plain = mechanism("PLAIN", Sasl("relbot", Secret("pässwörd")))
    assert plain.answer(b"") == b"relbot\0relbot\0p\xc3\xa4ssw\xc3\xb6rd"
    assert plain.proved


def test_external_says_nothing() -> None:
    assert chunks(mechanism("EXTERNAL", SASL).answer(b"")) == ["+"]


# --- ECDSA-NIST256P-CHALLENGE


def test_ecdsa_names_the_account_and_signs_the_challenge_itself() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    loaded = load_key(
        b"\n-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + pem(key)
    )
    ecdsa = mechanism("ECDSA-NIST256P-CHALLENGE", Sasl("relbot", key=loaded))
    assert ecdsa.answer(b"") == b"relbot"
    signature = ecdsa.answer(CHALLENGE)
    key.public_key().verify(signature, CHALLENGE, ec.ECDSA(utils.Prehashed(hashes.SHA256())))


@pytest.mark.parametrize("challenge", [b"", b"short", bytes(33)])
def test_ecdsa_signs_nothing_else(challenge: bytes) -> None:
    ecdsa = mechanism("ECDSA-NIST256P-CHALLENGE", Sasl("relbot", key=ec.generate_private_key(ec.SECP256R1())))
    ecdsa.answer(b"")
    with pytest.raises(BadChallenge, match="32 are signed"):
        ecdsa.answer(challenge)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "no private key"),
        (b"-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n", "no private key"),
        (pem(ec.generate_private_key(ec.SECP256R1()), b"password"), "without a password"),
        (pem(ec.generate_private_key(ec.SECP384R1())), "NIST P-256"),
    ],
    ids=["nothing", "damaged", "encrypted", "another curve"],
)
def test_what_is_no_such_key_is_told(text: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        load_key(text)


# --- SCRAM


@pytest.mark.parametrize("name", SCRAMS)
def test_scram_proves_itself_and_makes_the_server_prove_itself(name: str) -> None:
    scram, server = mechanism(name, SASL), ScramServer(SCRAMS[name], "correct horse")
    final = scram.answer(server.first(scram.answer(b"")))
    assert not scram.proved
    assert scram.answer(server.final(final)) == b""
    assert scram.proved


def test_scram_prepares_the_password_as_the_rfc_wants() -> None:
    # SASLprep (RFC 4013, section 3): a soft hyphen is nothing, a no-break space is a space.
    scram = mechanism("SCRAM-SHA-256", Sasl("relbot", Secret("I\u00adX\u00a0y")))
    server = ScramServer("sha256", "IX y")
    scram.answer(server.final(scram.answer(server.first(scram.answer(b"")))))
    assert scram.proved


@pytest.mark.parametrize("name", SCRAMS)
def test_a_server_that_does_not_know_the_password_is_found_out(name: str) -> None:
    scram, server = mechanism(name, SASL), ScramServer(SCRAMS[name], "correct horse", knows=False)
    final = scram.answer(server.first(scram.answer(b"")))
    with pytest.raises(BadChallenge, match="signature"):
        scram.answer(server.final(final))
    assert not scram.proved
    with pytest.raises(BadChallenge, match="one challenge more"):
        scram.answer(b"")


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"\xff\xfe",
        b"r=,s=,i=",
        b"r=another,s=c2FsdA==,i=4096",
        b"r={nonce},s=c2FsdA==,i=4096",
        b"r={nonce}x,s=c2FsdA==,i=0",
        b"r={nonce}x,s=c2FsdA==,i=-1",
        b"r={nonce}x,s=c2FsdA==,i=2147483647",
        b"r={nonce}x,s=c2FsdA==,i=many",
        b"r={nonce}x,s=not base64,i=4096",
        b"m=extension,r={nonce}x,s=c2FsdA==,i=4096",
    ],
)
def test_a_first_message_that_is_none_is_not_answered(first: bytes) -> None:
    scram = mechanism("SCRAM-SHA-256", SASL)
    nonce = scram.answer(b"").rpartition(b"r=")[2]
    with pytest.raises(BadChallenge):
        scram.answer(first.replace(b"{nonce}", nonce))


@pytest.mark.parametrize(
    "final", [b"", b"\0\0\0", b"v=", b"v=AAAA", b"e", b"v=nubmM3QHWcJQi9pMgtqKSKPrVnyI6sqNO6I7pE/0oyGc="]
)
def test_a_last_message_that_is_no_proof_is_none(final: bytes) -> None:
    scram, server = mechanism("SCRAM-SHA-256", SASL), ScramServer("sha256", "correct horse")
    scram.answer(server.first(scram.answer(b"")))
    with pytest.raises(BadChallenge):
        scram.answer(final)
    assert not scram.proved


def test_a_server_that_says_no_says_no() -> None:
    scram, server = mechanism("SCRAM-SHA-256", SASL), ScramServer("sha256", "correct horse")
    scram.answer(server.first(scram.answer(b"")))
    with pytest.raises(Denied, match="invalid-proof"):
        scram.answer(b"e=invalid-proof")


@given(st.sampled_from(MECHANISMS), st.lists(st.binary(max_size=80), max_size=5))
def test_no_challenges_make_a_mechanism_fail(name: str, challenges: list[bytes]) -> None:
    one = mechanism(name, Sasl("relbot", Secret("x"), key=KEY))
    for challenge in challenges:
        try:
            one.answer(challenge)
        except BadChallenge:
            break


KEY = ec.generate_private_key(ec.SECP256R1())


# --- the wire


@pytest.mark.parametrize(
    ("length", "sizes"),
    [(0, [1]), (1, [4]), (299, [400, 1]), (300, [400, 1]), (301, [400, 4]), (600, [400, 400, 1])],
)
def test_a_response_is_cut_at_400_characters(length: int, sizes: list[int]) -> None:
    lines = chunks(b"x" * length)
    assert [len(line) for line in lines] == sizes
    assert base64.b64decode("".join(line for line in lines if line != "+")) == b"x" * length
