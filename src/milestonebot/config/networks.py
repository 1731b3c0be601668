"""The kinds of chat networks, each with its keys: one file each, named here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from milestonebot.config.irc import IrcNetwork
from milestonebot.config.matrix import MatrixNetwork
from milestonebot.config.options import RoomEntry, RoomOptions, known_kinds
from milestonebot.config.values import NetworkName, RoomName


class ConsoleNetwork(RoomOptions):
    """The terminal as a chat network, to try out settings."""

    name: Annotated[NetworkName, Field(description="The network's name, as `network/room` begins with.")]
    kind: Annotated[Literal["console"], Field(description="A terminal.")]
    rooms: Annotated[
        list[RoomName | RoomEntry],
        Field(min_length=1, description="The rooms: names, or names with what is set for them."),
    ]


def _kind(entry: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    kind = entry.get("kind") if isinstance(entry, dict) else getattr(entry, "kind", None)
    return kind if isinstance(kind, str) else "console"


AnyNetwork = Annotated[
    Annotated[ConsoleNetwork, Tag("console")]
    | Annotated[IrcNetwork, Tag("irc")]
    | Annotated[MatrixNetwork, Tag("matrix")],
    Discriminator(_kind),
    known_kinds(_kind, "console", "irc", "matrix"),
]
