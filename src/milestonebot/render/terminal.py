"""The terminal, by Rich: colour, links that can be clicked (OSC 8), tables that fit the window.

Everything is made of `Text` objects: Rich reads markup, emoji names and highlights in plain
strings only, so a stranger's `[bold]` stays what it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from rich.table import Table as Grid
from rich.text import Text

from milestonebot.document import Bar, Code, Faint, Line, Link, Listing, Strong
from milestonebot.render.clean import clean_blocks
from milestonebot.render.plain import BAR, render_plain, share

if TYPE_CHECKING:
    from rich.console import Console

    from milestonebot.document import Block, Document, Part, Table

_STRONG = Style(bold=True)
_FAINT = Style(dim=True)
_CODE = Style(color="cyan")
_LINK = Style(color="blue", underline=True)
_FULL = Style(color="green")


def render_terminal(document: Document, console: Console) -> None:
    """Print `document` on `console`.

    Where that is no terminal, or one without styles, it is `render_plain`'s text, so that no link
    is lost.
    """
    if not console.is_terminal or console.color_system is None or console.legacy_windows:
        if text := render_plain(document):
            console.print(Text(text), soft_wrap=True)
        return
    for block in clean_blocks(document):
        _print(block, console)


def _print(block: Block, console: Console) -> None:
    if isinstance(block, Line):
        console.print(_text(block))
        return
    if block.title is not None:
        console.print(_text(block.title))
    console.print(_list(block) if isinstance(block, Listing) else _table(block))


def _list(listing: Listing) -> Grid:
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(style=_FAINT)
    grid.add_column(overflow="fold")
    for item in listing.items:
        grid.add_row(Text("•"), _text(item))
    return grid


def _table(table: Table) -> Grid:
    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=any(table.header))
    width = max((len(row) for row in table.rows), default=0)
    for number in range(max(width, len(table.header))):
        header = table.header[number] if number < len(table.header) else ""
        grid.add_column(Text(header, style=_FAINT), overflow="fold")
    for row in table.rows:
        grid.add_row(*map(_text, row))
    return grid


def _text(line: Line) -> Text:
    text = Text(overflow="fold")
    for part in line.parts:
        if isinstance(part, Bar):
            full, percent = share(part)
            text.append("━" * full, _FULL).append("━" * (BAR - full), _FAINT).append(f" {percent}%")
        else:
            text.append(part if isinstance(part, str) else part.text, _style(part))
    return text


def _style(part: Part) -> Style | None:
    match part:
        case Strong():
            return _STRONG
        case Faint():
            return _FAINT
        case Code():
            return _CODE
        case Link(url=url):
            return _LINK + Style(link=url)
        case _:
            return None
