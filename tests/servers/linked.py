"""Two InspIRCds linked to one network, with services on one of them: for netsplits."""

import shutil
from typing import Self

from tests.clients.irc import IrcClient
from tests.servers.atheme import atheme
from tests.servers.daemon import started_on_free_ports
from tests.servers.inspircd import OPER, OPER_PASSWORD, SERVER, Place, Ports, Settings, inspircd
from tests.servers.ports import free_ports
from tests.servers.tls import Authority
from tests.servers.warden import Warden

FAR = "far.test"


class LinkedNetwork:
    """Servers `near` and `far`, both running; `link` makes one network of them, and `split` two again.

    `far_services` tells on which of them the services are.
    """

    def __init__(
        self, warden: Warden, authority: Authority, stranger: Authority, *, far_services: bool = False
    ) -> None:
        self._folders = (warden.folder(), warden.folder())
        count = len(Ports.__slots__)
        ports = free_ports(2 * count)
        self.near, self.far = Ports(*ports[:count]), Ports(*ports[count:])
        places = (
            Place(SERVER, "1AA", ((FAR, self.far.services),)),
            Place(FAR, "2AA", ((SERVER, self.near.services),)),
        )
        self._ircds = [
            inspircd(folder, each, Settings(), authority.server(), stranger.server(), place)
            for folder, each, place in zip(self._folders, (self.near, self.far), places, strict=True)
        ]
        at = int(far_services)
        self.services = atheme(self._folders[at], (self.near, self.far)[at], places[at].name)
        self._with_services = (self.near, self.far)[at]
        self._oper: IrcClient | None = None
        try:
            for ircd in self._ircds:
                ircd.start()
            self.services.start()
        except BaseException:
            self._end()
            raise

    @classmethod
    def started(
        cls, warden: Warden, authority: Authority, stranger: Authority, *, far_services: bool = False
    ) -> Self:
        """Start them, not linked yet."""
        return started_on_free_ports(lambda: cls(warden, authority, stranger, far_services=far_services))

    async def link(self) -> None:
        """Let the two find each other, and return when each knows the other's people."""
        oper = await self._operator()
        await oper.send(f"CONNECT {FAR}")
        while not await self._linked(oper):
            await oper.caught_up()

    async def split(self) -> None:
        """Cut the network in two."""
        oper = await self._operator()
        await oper.send(f"SQUIT {FAR} :Split")
        while await self._linked(oper):
            await oper.caught_up()

    async def register(self, account: str, password: str) -> None:
        """Register an account with NickServ, on its side."""
        client = await IrcClient.connect(self._with_services.fast)
        try:
            await client.introduce(account)
            request = f"REGISTER {password} {account}@services.test"
            await client.ask_service("NickServ", request, expect="is now registered")
        finally:
            await client.close()

    async def close(self) -> None:
        """Stop all for good."""
        if self._oper is not None:
            await self._oper.close()
        self._end()

    def _end(self) -> None:
        for daemon in (self.services, *self._ircds):
            daemon.kill()
        for folder in self._folders:
            shutil.rmtree(folder)

    async def _operator(self) -> IrcClient:
        if self._oper is None:
            self._oper = await IrcClient.connect(self.near.fast)
            await self._oper.introduce("operator")
            await self._oper.become_operator(OPER, OPER_PASSWORD)
        return self._oper

    @staticmethod
    async def _linked(oper: IrcClient) -> bool:
        await oper.send("LINKS")
        servers = set()
        while (line := await oper.receive()).command != "365":
            if line.command == "364":
                servers.add(line.parameters[1])
        return FAR in servers
