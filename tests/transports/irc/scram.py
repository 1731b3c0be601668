"""The server's side of SCRAM (RFC 5802, section 3), written from the RFC: it may lie."""

from __future__ import annotations

import base64
import hashlib
import hmac


class ScramServer:
    """Lets in whoever knows the password; `knows` tells whether it does itself."""

    def __init__(self, hash_name: str, password: str, *, iterations: int = 4096, knows: bool = True) -> None:
        self._hash = hash_name
        self._iterations = iterations
        self._salt = b"salt and pepper"
        self._knows = knows
        self._salted = hashlib.pbkdf2_hmac(hash_name, password.encode(), self._salt, iterations)
        self._nonce = ""
        self._said = ""

    def first(self, message: bytes, nonce: str | None = None) -> bytes:
        """Return the server's first message; with `nonce`, it does not go on from the client's."""
        header, bare = message.decode().split(",,", 1)
        assert header == "n"
        self._nonce = nonce or dict(each.split("=", 1) for each in bare.split(","))["r"] + "server"
        told = f"r={self._nonce},s={base64.b64encode(self._salt).decode()},i={self._iterations}"
        self._said = f"{bare},{told}"
        return told.encode()

    def final(self, message: bytes) -> bytes:
        """Check the client's proof, and return ours."""
        without, _, proof = message.decode().rpartition(",p=")
        assert without == f"c=biws,r={self._nonce}"
        said = f"{self._said},{without}".encode()
        client_key = self._hmac(self._salted, b"Client Key")
        signature = self._hmac(hashlib.new(self._hash, client_key).digest(), said)
        expected = bytes(one ^ other for one, other in zip(client_key, signature, strict=True))
        assert base64.b64decode(proof) == expected
        key = self._hmac(self._salted, b"Server Key") if self._knows else b"a guess"
        return b"v=" + base64.b64encode(self._hmac(key, said))

    def _hmac(self, key: bytes, data: bytes) -> bytes:
        return hmac.new(key, data, self._hash).digest()
