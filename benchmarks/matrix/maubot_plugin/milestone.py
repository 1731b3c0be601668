"""The least plugin of maubot that answers, as its documentation shows; it knows one answer.

maubot imports it in an environment of its own, where nothing of this project is.
"""

from maubot import MessageEvent, Plugin  # type: ignore[import-not-found]  # it has its own environment
from maubot.handlers import command  # type: ignore[import-not-found]  # likewise
from mautrix.types import Format, MessageType, TextMessageEventContent  # type: ignore[import-not-found]  # likewise


class Milestone(Plugin):  # type: ignore[misc]  # its base is not known here
    """Answers `!milestone essex-2`."""

    @command.new("milestone")  # type: ignore[untyped-decorator]  # likewise
    @command.argument("name")  # type: ignore[untyped-decorator]  # likewise
    async def milestone(self, event: MessageEvent, name: str) -> None:
        """Say in a notice, written out beforehand, when it was; Markdown would cost maubot more."""
        if name == "essex-2":
            content = TextMessageEventContent(
                msgtype=MessageType.NOTICE,
                body="essex-2 (Essex, 2012.1): released Thu 15 Dec 2011",
                format=Format.HTML,
                formatted_body="<strong>essex-2</strong> (Essex, 2012.1): released Thu 15 Dec 2011",
            )
            await event.reply(content, extra_content={"m.mentions": {}})
