"""Two InspIRCds linked to one network, with services on one of them: for netsplits."""

import asyncio
import contextlib
import shutil
from typing import Self

from tests.clients.irc import PATIENCE, IrcClient
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
        self._operators: list[IrcClient] = []
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
        await self._agree(f"CONNECT {FAR}", linked=True)

    async def split(self) -> None:
        """Cut the network in two, and return when both have seen it."""
        await self._agree(f"SQUIT {FAR} :Split", linked=False)

    def far_silent(self) -> contextlib.AbstractContextManager[None]:
        """Let the far server stand still meanwhile: it sees nothing of what goes on."""
        return self._ircds[1].silent()

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
        for each in self._operators:
            await each.close()
        self._end()

    def _end(self) -> None:
        for daemon in (self.services, *self._ircds):
            daemon.kill()
        for folder in self._folders:
            shutil.rmtree(folder)

    async def _agree(self, order: str, *, linked: bool) -> None:
        """Give an order to the near server, and return when both know what it brought about.

        The far one refuses to be linked to a server that it has not yet seen go.
        """
        if not self._operators:
            self._operators = [
                await self._operator(self.near, "operator"),
                await self._operator(self.far, "overseer"),
            ]
        await self._operators[0].send(order)
        try:
            async with asyncio.timeout(PATIENCE):
                for each, other in zip(self._operators, (FAR, SERVER), strict=True):
                    while (other in await servers(each)) is not linked:
                        await each.caught_up()
        except TimeoutError:
            raise AssertionError(f"`{order}` did not come off in {PATIENCE} s") from None

    @staticmethod
    async def _operator(ports: Ports, nick: str) -> IrcClient:
        client = await IrcClient.connect(ports.fast)
        await client.introduce(nick)
        await client.become_operator(OPER, OPER_PASSWORD)
        return client


async def servers(client: IrcClient) -> set[str]:
    """Return the servers that are linked to a client's, and its own (RFC 2812, section 3.4.5)."""
    await client.send("LINKS")
    found = set()
    while (line := await client.until("364", "365")).command == "364":
        found.add(line.parameters[1])
    return found
