"""A certificate authority for the tests, and certificates of servers and clients."""

import hashlib
import itertools
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scripts.setup_servers import find
from tests.servers.warden import hand_over

# Written out whole, so that the system's openssl.cnf has no say. Python 3.13 checks by RFC 5280 to the letter
# (VERIFY_X509_STRICT): key identifiers, and keyUsage for an authority.
CONFIG = """\
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {names}
[client]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
"""
SERVER_NAMES = ("DNS:localhost", "IP:127.0.0.1")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its private key, both as PEM."""

    certificate: Path
    key: Path

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the certificate (its DER form) in lower-case hex, as IRC services take it."""
        der = ssl.PEM_cert_to_DER_cert(self.certificate.read_text())
        return hashlib.sha256(der).hexdigest()

    @property
    def pem(self) -> Path:
        """Return a file with certificate and key in it, as many IRC clients want it."""
        both = self.certificate.with_suffix(".pem")
        both.touch(mode=0o600)
        both.write_text(self.certificate.read_text() + self.key.read_text())
        return both


class Authority:
    """A certificate authority in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = itertools.count(1)
        self._own = self._make("authority", "authority", signed=False)

    @property
    def certificate(self) -> Path:
        """Return the file of what clients are to trust."""
        return self._own.certificate

    def server(self, label: str = "server", names: tuple[str, ...] = SERVER_NAMES) -> Certificate:
        """Issue a server's certificate for names as `subjectAltName` has them: DNS:localhost."""
        return self._make(label, "server", names=names)

    def client(self, label: str) -> Certificate:
        """Make a client's certificate, signed by itself: services go by its fingerprint alone."""
        return self._make(label, "client", signed=False)

    def trusting(self, client: Certificate | None = None) -> ssl.SSLContext:
        """Return what a client needs that trusts this authority alone and perhaps has a certificate."""
        context = ssl.create_default_context(cafile=self.certificate)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        if client:
            context.load_cert_chain(client.certificate, client.key)
        return context

    def _make(
        self, label: str, kind: str, *, names: tuple[str, ...] = SERVER_NAMES, signed: bool = True
    ) -> Certificate:
        # Files of its own for each: a running server goes on with the certificate that it was given.
        file = self._folder / f"{label}-{next(self._made)}"
        made = Certificate(file.with_suffix(".crt"), file.with_suffix(".key"))
        config = file.with_suffix(".cnf")
        config.write_text(CONFIG.format(name=label, names=", ".join(names)))
        openssl = find("openssl")
        assert openssl is not None
        command: list[str | Path] = [openssl, "req", "-x509", "-config", config, "-extensions", kind]
        command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        command += ["-out", made.certificate, "-keyout", made.key]
        if signed:
            command += ["-CA", self._own.certificate, "-CAkey", self._own.key]
        subprocess.run(command, check=True, capture_output=True)
        hand_over(made.certificate)
        hand_over(made.key)
        return made
