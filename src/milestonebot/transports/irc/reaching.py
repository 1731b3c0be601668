"""Finding the person behind a services account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError
from milestonebot.transports.irc.said import inquiries

if TYPE_CHECKING:
    from milestonebot.transports.irc.link import Link


async def holder(link: Link, account: str) -> str:
    """Return the nick that the server says is logged in to `account`.

    Where the server can tell the accounts of a whole room (WHOX), it is somebody who shares one with
    us; elsewhere it is the nick of that name, if it is logged in. Raises NetworkError where nobody is.
    """
    features = link.session.features
    wanted = features.fold(account)
    if features.whox:
        for room in sorted(link.session.rooms):
            for line in await link.ask(inquiries.accounts(features, room)):
                if features.fold(line.param(3)) == wanted and line.param(3) != "0":
                    return line.param(2)
        raise NetworkError(f"nobody in its rooms is logged in as {account}")
    if features.fold(await account_of(link, account) or "") == wanted:
        return account
    raise NetworkError(f"nobody is there who is logged in as {account}")


async def account_of(link: Link, nick: str) -> str | None:
    """Return the account that the server says `nick` is logged in to; None where it says of none.

    330 names it; 307 says that who has the nick has identified for it, so that it is the nick's own.
    """
    lines = await link.ask(inquiries.whois(link.session.features, nick))
    named = [line.param(2) for line in lines if line.command == inquiries.WHOIS_ACCOUNT]
    own = any(line.command == inquiries.WHOIS_REGISTERED for line in lines)
    return named[0] if named else nick if own else None
