"""A plugin of Sopel that knows one answer: as its tutorial has it, and no more.

It runs in Sopel's environment. The answer and the news are in the process's environment variables.
"""

import os
from typing import Any

from sopel import plugin  # type: ignore[import-not-found]  # it has its own environment

# What Sopel does not ask for by itself of what all bots of the benchmark read.
BATCH = plugin.capability("batch")
INVITE_NOTIFY = plugin.capability("invite-notify")
LABELED_RESPONSE = plugin.capability("labeled-response")
SETNAME = plugin.capability("setname")


@plugin.command("milestone")  # type: ignore[untyped-decorator]  # likewise
def milestone(bot: Any, trigger: Any) -> None:  # noqa: ANN401 - its types are not known here
    """Tell when it is."""
    if trigger.group(2) == "essex-2":
        bot.notice(os.environ["ANSWER"], trigger.sender)


@plugin.command("everywhere")  # type: ignore[untyped-decorator]  # likewise
def everywhere(bot: Any, _trigger: Any) -> None:  # noqa: ANN401 - likewise
    """Say the news in all channels for news."""
    for channel in list(bot.channels):
        if channel.startswith(os.environ["NEWSROOM"]):
            bot.say(os.environ["NEWS"], channel)
