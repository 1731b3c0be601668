import asyncio
import ssl
import subprocess

import pytest

from tests.servers.ports import HOST
from tests.servers.tls import Authority, Certificate


async def subject_seen(certificate: Certificate, client: ssl.SSLContext, name: str) -> str:
    """Return whose certificate a client sees that connects to a server under a name."""
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate.certificate, certificate.key)

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, HOST, 0, ssl=server) as listening:
        port = listening.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection(HOST, port, ssl=client, server_hostname=name)
        subject = writer.get_extra_info("peercert")["subject"]
        writer.close()
    return str(subject[0][0][1])


async def test_clients_that_trust_the_authority_trust_its_servers(authority: Authority) -> None:
    certificate = authority.server("good")
    for name in ("localhost", "127.0.0.1"):
        assert await subject_seen(certificate, authority.trusting(), name) == "good"


async def test_nobody_else_does(authority: Authority, stranger: Authority) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"):
        await subject_seen(stranger.server("strange"), authority.trusting(), "localhost")


async def test_a_server_is_trusted_under_its_names_only(authority: Authority) -> None:
    certificate = authority.server("elsewhere", names=("DNS:irc.test",))
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        await subject_seen(certificate, authority.trusting(), "localhost")


def test_a_fingerprint_is_what_openssl_says(authority: Authority) -> None:
    client = authority.client("known")
    command = ["openssl", "x509", "-in", str(client.pem), "-noout", "-fingerprint", "-sha256"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.partition("=")[2].strip().replace(":", "").lower() == client.fingerprint


def test_keys_are_for_their_owner_alone(authority: Authority) -> None:
    client = authority.client("private")
    assert [file.stat().st_mode & 0o077 for file in (client.key, client.pem)] == [0, 0]


def test_a_certificate_outlives_the_next_of_its_name(authority: Authority) -> None:
    first = authority.server("twice")
    seen = first.fingerprint
    assert authority.server("twice").fingerprint != seen
    assert first.fingerprint == seen
