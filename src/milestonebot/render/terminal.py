"""The terminal, by Rich: colour, links that can be clicked (OSC 8), tables that fit the window.

Everything is made of `Text` objects: Rich reads markup, emoji names and highlights in plain
strings only, so a stranger's `[bold]` stays what it is.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.table import Table as Grid
from rich.text import Text

from milestonebot.document import Bar, Code, Faint, Line, Link, Listing, Strong
from milestonebot.render.clean import clean_blocks
from milestonebot.render.plain import BAR, render_plain, share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from milestonebot.document import Block, Document, Part, Table

_STRONG = Style(bold=True)
_FAINT = Style(dim=True)
_CODE = Style(color="cyan")
_LINK = Style(color="bright_blue", underline=True)
_FULL = Style(color="green")

_WITHOUT_LINKS = ("screen", "tmux", "linux", "vt")


def render_terminal(document: Document, console: Console, *, links: bool | None = None) -> None:
    """Print `document` on `console`.

    Where `links` can be clicked (None: as the environment says), a link is its text alone; else
    its URL is told beside it. On what is no terminal it is `render_plain`'s text.
    """
    if not console.is_terminal or console.color_system is None or console.legacy_windows:
        if text := render_plain(document):
            console.print(Text(text), soft_wrap=True)
        return
    shown = shows_links(os.environ) if links is None else links
    for block in clean_blocks(document):
        _print(block, console, links=shown)


def printer() -> Callable[[Document], None]:
    """Return what prints documents on standard output."""
    console = Console()

    def show(document: Document) -> None:
        render_terminal(document, console)

    return show


def shows_links(environ: Mapping[str, str]) -> bool:
    """Tell whether the terminal of `environ` may show OSC 8 links; those known to drop them do not."""
    return not (
        environ.get("TERM", "").startswith(_WITHOUT_LINKS) or environ.get("TERM_PROGRAM") == "Apple_Terminal"
    )


def _print(block: Block, console: Console, *, links: bool) -> None:
    if isinstance(block, Line):
        console.print(_text(block, links=links))
        return
    if block.title is not None:
        console.print(_text(block.title, links=links))
    if isinstance(block, Listing):
        console.print(_list(block, links=links))
    else:
        console.print(Padding.indent(_table(block, links=links), 2))


def _list(listing: Listing, *, links: bool) -> Grid:
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(style=_FAINT)
    grid.add_column(overflow="fold")
    for item in listing.items:
        grid.add_row(Text("•"), _text(item, links=links))
    return grid


def _table(table: Table, *, links: bool) -> Grid:
    grid = Grid(
        box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=any(table.header), header_style=_FAINT
    )
    for number in range(max(map(len, (table.header, *table.rows)))):
        header = table.header[number] if number < len(table.header) else ""
        grid.add_column(Text(header), overflow="fold")
    for row in table.rows:
        grid.add_row(*(_text(cell, links=links) for cell in row))
    return grid


def _text(line: Line, *, links: bool) -> Text:
    text = Text(overflow="fold")
    for part in line.parts:
        if isinstance(part, Bar):
            full, percent = share(part)
            text.append("━" * full, _FULL).append("─" * (BAR - full), _FAINT).append(f" {percent}%")
        else:
            text.append(part if isinstance(part, str) else part.text, _style(part, links=links))
        if isinstance(part, Link) and part.text != part.url and not links:
            text.append(f" <{part.url}>", _FAINT)
    return text


def _style(part: Part, *, links: bool) -> Style | None:
    match part:
        case Strong():
            return _STRONG
        case Faint():
            return _FAINT
        case Code():
            return _CODE
        case Link(url=url):
            return _LINK + Style(link=url) if links else _LINK
        case _:
            return None
