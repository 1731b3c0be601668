"""What admins have done, for the log: who, where, what, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from milestonebot.document import say

if TYPE_CHECKING:
    from milestonebot.document import Document
    from milestonebot.router import Command

_MOST = 300
"""Characters of what was typed, and of the answer, that are worth a place in the log."""


def record(command: Command, answer: Document) -> None:
    """Log on one line that an admin used `command`, and that it was answered `answer`."""
    from logging import getLogger  # noqa: PLC0415 - 8 ms that `milestonebot ask` would pay for nothing

    where = "in private" if command.desk.private else f"in {command.room.name}"
    getLogger(__name__).info(
        "%s/%s, %s: %s: %s",
        command.room.network,
        command.sender.account,
        where,
        _one_line(say(f"{command.name} {_typed(command)}")),
        _one_line(answer),
    )


def _typed(command: Command) -> str:
    """Return what stands behind the command; behind a room to join, only a channel's key would stand."""
    return command.said.partition(" ")[0] if command.name == "join" else command.said


def _one_line(document: Document) -> str:
    from milestonebot.render.plain import render_plain  # noqa: PLC0415 - likewise: it answers in another form

    # Of a reload, the mistakes and changes are in the log already.
    first = render_plain(replace(document, private=True)).partition("\n")[0]
    text = " ".join(first.split()).removeprefix("» ")
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
