"""Who an admin is where messages do not tell: WHOIS does (330, or 307), and never the nick alone.

OFTC, for one, tags no messages and tells of no logins; its WHOIS says who has identified.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError
from milestonebot.transports.irc.reaching import account_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.ports import Message
    from milestonebot.settings import InForce
    from milestonebot.transports.irc.link import Link

_log = logging.getLogger(__name__)

_MOST = 10
"""Questions to the server under way; whoever asks for more is heard without an account."""


class Vouching:
    """Passes messages on; one that an admin may have put to the bot only when the server was asked."""

    def __init__(self, network: str, settings: InForce, heard: Callable[[Message], None]) -> None:
        """Pass messages on to `heard`."""
        self._network = network
        self._settings = settings
        self._heard = heard
        self._asking: set[asyncio.Task[None]] = set()

    def hear(self, link: Link, message: Message) -> None:
        """Take a message that was said on `link`."""
        if len(self._asking) < _MOST and self._may_be_admins(link, message):
            asking = asyncio.ensure_future(self._ask(link, message))
            self._asking.add(asking)
            asking.add_done_callback(self._asking.discard)
        else:
            self._heard(message)

    def _may_be_admins(self, link: Link, message: Message) -> bool:
        """Tell whether the account of the sender matters, and is not known.

        Only a nick that is called like an admin's account is worth a question: elsewhere an account
        is told with each message.
        """
        sender, session = message.sender, link.session
        if sender.account is not None or session.vouches or not self._settings.admins:
            return False
        prefix = self._settings.of(message.room).prefix
        to_us = message.private or message.addressed or (prefix and message.text.startswith(prefix))
        fold = session.features.fold
        admins = {fold(account) for network, account in self._settings.admins if network == self._network}
        return bool(to_us) and fold(sender.name) in admins

    async def _ask(self, link: Link, message: Message) -> None:
        try:
            account = await account_of(link, message.sender.name)
        except NetworkError as error:
            _log.info("%s: who %s is could not be asked: %s", self._network, message.sender.name, error)
            account = None
        self._heard(replace(message, sender=replace(message.sender, account=account)))
