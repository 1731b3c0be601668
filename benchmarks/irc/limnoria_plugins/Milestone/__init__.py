"""A plugin of Limnoria that knows one answer: as its tutorial has it, and no more.

It runs in Limnoria's environment. The answer and the news are in the process's environment variables.
"""

import os
from typing import Any

from supybot import callbacks, ircmsgs  # type: ignore[import-not-found]  # it has its own environment
from supybot.commands import wrap  # type: ignore[import-not-found]  # likewise
from supybot.irclib import Irc  # type: ignore[import-not-found]  # likewise

# The same as all bots of the benchmark read; cap-notify comes with version 302 of the negotiation.
Irc.REQUEST_CAPABILITIES = set(os.environ["CAPABILITIES"].split()) - {"cap-notify"}


class Milestone(callbacks.Plugin):  # type: ignore[misc]  # its base is not known here
    """Answers `!milestone essex-2`, and says one line everywhere."""

    def milestone(self, irc: Any, _msg: Any, _args: Any, name: str) -> None:  # noqa: ANN401 - Limnoria has no types
        """<name>

        Tells when it is.
        """  # noqa: D400 - its first line names the arguments, for Limnoria's help
        if name == "essex-2":
            irc.reply(os.environ["ANSWER"])

    milestone = wrap(milestone, ["something"])

    def everywhere(self, irc: Any, _msg: Any, _args: Any) -> None:  # noqa: ANN401 - likewise
        """Take no arguments.

        Says the news in all channels for news.
        """
        for channel in irc.state.channels:
            if channel.startswith(os.environ["NEWSROOM"]):
                irc.queueMsg(ircmsgs.privmsg(channel, os.environ["NEWS"]))

    everywhere = wrap(everywhere)


Class = Milestone
