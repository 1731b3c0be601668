from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from rich.console import Console

from milestonebot.document import Bar, Document, Faint, Line, Link, Listing, Strong, Table, line
from milestonebot.render.plain import render_plain
from milestonebot.render.terminal import printer, render_terminal, shows_links
from tests.render.outgoing import check_text
from tests.strategies import documents

SEQUENCE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^;\x1b]*;[!-~\u00a1-\U0010ffff]*\x1b\\")


def shown(document: Document, *, width: int = 80, links: bool | None = True, terminal: bool = True) -> str:
    file = io.StringIO()
    console = Console(
        file=file,
        force_terminal=terminal,
        color_system="truecolor" if terminal else None,
        width=width,
        _environ={},
    )
    render_terminal(document, console, links=links)
    return file.getvalue()


def terminal(*blocks: Line | Listing | Table, links: bool = True) -> str:
    return re.sub(r"id=[0-9-]+", "", shown(Document(blocks), links=links))


def test_parts_have_styles() -> None:
    assert terminal(line(Strong("a"), " ", Faint("b"))) == "\x1b[1ma\x1b[0m \x1b[2mb\x1b[0m\n"
    assert terminal(line(Bar(1, 2))) == "\x1b[32m━━━━━\x1b[0m\x1b[2m─────\x1b[0m 50%\n"


def test_a_link_can_be_clicked() -> None:
    told = terminal(line(Link("nova", "https://e.org/")))
    assert told == "\x1b]8;;https://e.org/\x1b\\\x1b[4;94mnova\x1b[0m\x1b]8;;\x1b\\\n"


def test_where_links_cannot_be_clicked_the_url_is_told() -> None:
    told = terminal(line(Link("nova", "https://e.org/")), links=False)
    assert SEQUENCE.sub("", told) == "nova <https://e.org/>\n"
    assert "\x1b]8" not in told


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({}, True),
        ({"TERM": "tmux-256color"}, False),
        ({"TERM": "screen"}, False),
        ({"TERM": "linux"}, False),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, False),
    ],
)
def test_links_are_shown_where_the_terminal_can(environ: dict[str, str], *, expected: bool) -> None:
    assert shows_links(environ) is expected


def test_the_environment_decides_where_nobody_says(monkeypatch: pytest.MonkeyPatch) -> None:
    document = Document((line(Link("nova", "https://e.org/")),))
    monkeypatch.delenv("TERM_PROGRAM", raising=False)
    for term, told in (("tmux", True), ("xterm", False)):
        monkeypatch.setenv("TERM", term)
        assert ("<https://e.org/>" in shown(document, links=None)) is told


def test_richs_own_markup_in_facts_is_only_text() -> None:
    text = "[bold]x[/bold] [link=https://evil.example]y[/link] :smile: 2011-12-15 [/] \\["
    told = terminal(line(text), Listing((line(text),)), Table(((line(text),),), header=("[red]h",)))
    said = [each.rstrip() for each in SEQUENCE.sub("", told).splitlines()]
    assert said == [text, f"• {text}", "  [red]h", f"  {text}"]
    assert set(SEQUENCE.findall(told)) == {"\x1b[2m", "\x1b[0m"}


def test_nothing_is_lost_where_the_window_is_narrow() -> None:
    rows = ((line("a" * 50), line("b" * 50)),)
    told = shown(Document((line("c" * 50), Listing((line("d" * 50),)), Table(rows))), width=30)
    assert all(told.count(letter) == 50 for letter in "abcd")


def test_elsewhere_it_is_plain_text() -> None:
    document = Document((line(Strong("a"), " ", Link("nova", "https://e.org/")), line("x " * 100)))
    assert shown(document, terminal=False) == render_plain(document) + "\n"
    assert shown(Document(()), terminal=False) == ""


def test_the_printer_writes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    printer()(Document((line(Strong("a")),)))
    assert capsys.readouterr().out == "a\n"


@given(documents())
def test_only_our_own_sequences_reach_the_terminal(document: Document) -> None:
    for each in SEQUENCE.sub("", shown(document)).split("\n"):
        check_text(each.strip())
    for each in shown(document, terminal=False).split("\n"):
        check_text(each.strip())
