"""An IRC network: InspIRCd with Atheme's services."""

import shutil
from typing import Self

from tests.clients.irc import IrcClient
from tests.servers.atheme import LINKED, atheme
from tests.servers.daemon import started_on_free_ports
from tests.servers.inspircd import SERVICES, Ports, Settings, inspircd
from tests.servers.missing import missing_programs
from tests.servers.ports import free_ports
from tests.servers.tls import Authority
from tests.servers.warden import Warden


class IrcNetwork:
    """One server and its services, running.

    `ircd` and `services` can be stopped, killed and started one by one; `start` then waits until they have
    found each other. What was registered outlives everything but the services being killed.
    """

    def __init__(self, warden: Warden, authority: Authority, stranger: Authority, settings: Settings) -> None:
        self.authority = authority
        self.certificate = authority.server()
        """The certificate of the port `tls`."""
        self._folder = warden.folder()
        self.ports = Ports(*free_ports(len(Ports.__slots__)))
        self.ircd = inspircd(self._folder, self.ports, settings, self.certificate, stranger.server())
        self.services = atheme(self._folder, self.ports)
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    @classmethod
    def started(
        cls, warden: Warden, authority: Authority, stranger: Authority, settings: Settings | None = None
    ) -> Self:
        """Start a network; `stranger` issues the certificate of the port `untrusted`."""
        return started_on_free_ports(lambda: cls(warden, authority, stranger, settings or Settings()))

    @staticmethod
    def missing() -> str | None:
        """Return what this machine lacks for it."""
        return missing_programs("inspircd", "atheme-services", "openssl")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start what is not running, and wait until server and services have found each other."""
        if not self.services.started:
            if not self.ircd.started:
                self.ircd.start()
            self.services.start()
        elif not self.ircd.started:
            before = self.services.log.stat().st_size
            self.ircd.start()
            self.services.wait_for(LINKED, before)

    def stop(self) -> None:
        """Stop both in good order."""
        self.services.stop()
        self.ircd.stop()

    def kill(self) -> None:
        """Let the server crash; the services stay, and wait for it."""
        self.ircd.kill()

    def restart(self) -> None:
        """Stop and start both."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop both for good."""
        self.ircd.kill()
        self.services.kill()
        shutil.rmtree(self._folder)

    async def register(self, account: str, password: str, *, fingerprint: str | None = None) -> None:
        """Register an account with NickServ, perhaps with the certificate that SASL EXTERNAL goes by."""
        client = await IrcClient.connect(self.ports.fast)
        try:
            await client.introduce(account)
            await client.ask_service(
                "NickServ", f"REGISTER {password} {account}@{SERVICES}", expect="is now registered"
            )
            if fingerprint:
                await client.ask_service("NickServ", f"CERT ADD {fingerprint}", expect="Added fingerprint")
        finally:
            await client.close()
