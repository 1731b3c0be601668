from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.servers.inspircd import SERVER, SERVICES
from tests.servers.linked import FAR, servers

if TYPE_CHECKING:
    from tests.servers.fixtures import IrcPerson, NewLinkedNetwork


async def test_a_network_is_linked_and_split_only_when_both_servers_know(
    new_linked_network: NewLinkedNetwork, irc_person: IrcPerson
) -> None:
    network = new_linked_network()
    near, far = await irc_person(network.near.fast), await irc_person(network.far.fast)
    await network.link()
    whole = {SERVER, FAR, SERVICES}
    assert await servers(near) == await servers(far) == whole
    with network.far_silent():
        splitting = asyncio.create_task(network.split())
        while FAR in await servers(near):
            pass
        # Whoever linked them again now would be refused.
        await near.caught_up()
        assert not splitting.done()
    await splitting
    assert (await servers(near), await servers(far)) == ({SERVER, SERVICES}, {FAR})
    await network.link()
    assert await servers(near) == await servers(far) == whole
