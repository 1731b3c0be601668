"""ngIRCd 26: an old-style IRC server, with no SASL, no services and hardly any capability.

A lone CR ends a line for it: what a client lets through is carried out as a second command.
"""

import shutil
from typing import Self

from scripts.setup_servers import find
from tests.servers import templates
from tests.servers.daemon import Daemon, Program, started_on_free_ports
from tests.servers.missing import missing_programs
from tests.servers.ports import free_ports
from tests.servers.tls import Authority
from tests.servers.warden import Warden, unprivileged

NETWORK = "OldNet"
SERVER = "old.test"
OPER = "oper"
OPER_PASSWORD = "oper-password"  # noqa: S105 - of a server on loopback that lives for one test run


class Ngircd:
    """One ngIRCd, running, with a port for plain text and one for TLS."""

    def __init__(self, warden: Warden, authority: Authority) -> None:
        program = find("ngircd")
        assert program is not None
        self.authority = authority
        self._folder = warden.folder()
        self.plain, self.tls = free_ports(2)
        certificate = authority.server()
        config = templates.write(
            "ngircd.conf",
            self._folder,
            network=NETWORK,
            server=SERVER,
            oper=OPER,
            oper_password=OPER_PASSWORD,
            plain=self.plain,
            tls=self.tls,
            certificate=certificate.certificate,
            key=certificate.key,
        )
        self.ircd = Daemon(
            Program(
                "ngircd",
                [program, "--nodaemon", "--config", config],
                self._folder,
                ready='") ready.',
                user=unprivileged(),
            )
        )
        try:
            self.ircd.start()
        except BaseException:
            self.close()
            raise

    @classmethod
    def started(cls, warden: Warden, authority: Authority) -> Self:
        """Start one."""
        return started_on_free_ports(lambda: cls(warden, authority))

    @staticmethod
    def missing() -> str | None:
        """Return what this machine lacks for it."""
        return missing_programs("ngircd", "openssl")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop it for good."""
        self.ircd.kill()
        shutil.rmtree(self._folder)
