"""SASL's mechanisms, and how a response is cut into lines (IRCv3 sasl-3.1 and sasl-3.2)."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from scramp import ScramClient

    from milestonebot.transports.irc.settings import Sasl

_CUT = 400
_MOST_ITERATIONS = 1_000_000
"""Rounds of hashing that a server may ask for; a second or so, and nothing else is done meanwhile."""
_ROUNDS = re.compile(r",i=([0-9]{1,9})(?:,|$)")
_CURVE = "secp256r1"
_CHALLENGE = 32
"""Bytes of ECDSA-NIST256P-CHALLENGE's challenge, which is signed as a SHA-256 digest would be."""


class BadChallenge(Exception):
    """The server asks what it may not ask, or is not who it should be; the message says which."""


class Denied(BadChallenge):
    """The server says that it will not let us in this way; another way may do."""


class Mechanism(Protocol):
    """One way to log in, for one try."""

    @property
    def proved(self) -> bool:
        """Tell whether the server, too, has shown all that it must."""
        ...

    def answer(self, challenge: bytes) -> bytes:
        """Return the response to a challenge; raises BadChallenge."""
        ...


class _Plain:
    """PLAIN (RFC 4616); the identity to act as is named too, since some services insist."""

    proved = True

    def __init__(self, sasl: Sasl) -> None:
        self._sasl = sasl

    def answer(self, challenge: bytes) -> bytes:
        del challenge
        username = self._sasl.username
        return f"{username}\0{username}\0{_password(self._sasl)}".encode()


class _External:
    """EXTERNAL (RFC 4422, appendix A): the certificate of the TLS connection tells who we are."""

    proved = True

    def __init__(self, _: Sasl) -> None:
        pass

    def answer(self, challenge: bytes) -> bytes:
        del challenge
        return b""


class _Ecdsa:
    """ECDSA-NIST256P-CHALLENGE, of Atheme and its kin: the name, then a signature."""

    proved = True

    def __init__(self, sasl: Sasl) -> None:
        self._sasl = sasl
        self._named = False

    def answer(self, challenge: bytes) -> bytes:
        if not self._named:
            self._named = True
            return self._sasl.username.encode()
        if self._sasl.key is None or len(challenge) != _CHALLENGE:
            raise BadChallenge(f"a challenge of {len(challenge)} bytes where {_CHALLENGE} are signed")
        return _signed(self._sasl.key, challenge)


class _Scram:
    """SCRAM (RFC 5802, RFC 7677), where the server proves that it knows the password, too."""

    def __init__(self, sasl: Sasl, name: str) -> None:
        # Loaded where it is used: most networks need none of it.
        from scramp import ScramClient  # noqa: PLC0415 - see above

        self.proved = False
        self._client: ScramClient = ScramClient([name], sasl.username, _password(sasl))
        self._steps = iter((self._first, self._final, self._proof))

    def answer(self, challenge: bytes) -> bytes:
        from scramp import ScramException  # noqa: PLC0415 - as above

        step = next(self._steps, None)
        if step is None:
            raise BadChallenge("one challenge more than SCRAM has")
        if challenge.startswith(b"e="):
            raise Denied(f"SCRAM: {challenge[2:60]!r}")
        try:
            return step(challenge.decode()).encode()
        # What scramp is given comes from a stranger; it lets some errors of its parts through.
        except (ScramException, ValueError, KeyError, IndexError, TypeError) as error:
            raise BadChallenge(f"SCRAM: {error}") from None

    def _first(self, _: str) -> str:
        return self._client.get_client_first()

    def _final(self, challenge: str) -> str:
        rounds = _ROUNDS.search(challenge)
        if rounds is None or not 1 <= int(rounds[1]) <= _MOST_ITERATIONS:
            raise BadChallenge(f"SCRAM: not between 1 and {_MOST_ITERATIONS} rounds are asked for")
        self._client.set_server_first(challenge)
        return self._client.get_client_final()

    def _proof(self, challenge: str) -> str:
        self._client.set_server_final(challenge)
        self.proved = True
        return ""


_MECHANISMS: Mapping[str, Callable[[Sasl], Mechanism]] = {
    "SCRAM-SHA-512": lambda sasl: _Scram(sasl, "SCRAM-SHA-512"),
    "SCRAM-SHA-256": lambda sasl: _Scram(sasl, "SCRAM-SHA-256"),
    "EXTERNAL": _External,
    "ECDSA-NIST256P-CHALLENGE": _Ecdsa,
    "PLAIN": _Plain,
}
MECHANISMS = tuple(_MECHANISMS)


def mechanism(name: str, sasl: Sasl) -> Mechanism:
    """Return one of `MECHANISMS`, ready for its first challenge."""
    return _MECHANISMS[name](sasl)


def chunks(response: bytes) -> list[str]:
    """Return what follows AUTHENTICATE, line by line.

    A chunk of 400 characters says that another follows; `+` is an empty one.
    """
    text = base64.b64encode(response).decode()
    cut = [text[start : start + _CUT] for start in range(0, len(text), _CUT)]
    if not cut or len(cut[-1]) == _CUT:
        cut.append("+")
    return cut


def load_key(pem: bytes) -> EllipticCurvePrivateKey:
    """Return the private key for ECDSA-NIST256P-CHALLENGE; ValueError says what is wrong with it."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - few networks need it
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - likewise

    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise ValueError("no private key in PEM without a password is in it") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != _CURVE:
        raise ValueError("its key is none of the curve NIST P-256 (prime256v1)")
    return key


def _signed(key: EllipticCurvePrivateKey, challenge: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - as in load_key
    from cryptography.hazmat.primitives.asymmetric import ec, utils  # noqa: PLC0415 - likewise

    return key.sign(challenge, ec.ECDSA(utils.Prehashed(hashes.SHA256())))


def _password(sasl: Sasl) -> str:
    return "" if sasl.password is None else sasl.password.reveal()
