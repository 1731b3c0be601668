"""Each document in each form, as it was last looked at and found good.

The goldens show control characters as their pictures (`␂` is bold on IRC, `␛` starts a terminal
sequence). After a change that is meant, write them anew and look at the difference:

    GOLDEN=update .venv/bin/pytest tests/render/test_golden.py
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from milestonebot.render.data import render_json
from milestonebot.render.html import render_html
from milestonebot.render.irc import render_irc
from milestonebot.render.plain import render_plain
from milestonebot.render.terminal import render_terminal
from tests.render.documents import DOCUMENTS

if TYPE_CHECKING:
    from milestonebot.document import Document

GOLDEN = Path(__file__).parent / "golden"
PICTURES = {code: 0x2400 + code for code in range(0x20) if code != 0x0A}


def irc(document: Document) -> str:
    pages: list[str] = []
    rest: Document | None = document
    while rest is not None:
        page = render_irc(rest, width=400)
        pages.append("\n".join(page.lines))
        rest = page.rest
    return "\n!more\n".join(pages)


def terminal(document: Document) -> str:
    console = Console(
        file=io.StringIO(),
        force_terminal=True,
        color_system="standard",
        width=90,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as shown:
        render_terminal(document, console, links=True)
    # Rich makes up an id for each link, and fills lines up.
    lines = re.sub(r"\x1b]8;id=[0-9-]+;", "\x1b]8;;", shown.get()).splitlines()
    return "\n".join(line.rstrip() for line in lines)


def html(document: Document) -> str:
    return re.sub(r"(</(?:p|li|tr|summary|thead)>|<(?:ul|table|tbody)>)(?!$)", r"\1\n", render_html(document))


FORMS = {
    "irc.txt": irc,
    "matrix.html": html,
    "plain.txt": render_plain,
    "terminal.txt": terminal,
    "data.txt": render_json,
}


@pytest.mark.parametrize("name", FORMS)
def test_documents_look_as_they_did(name: str) -> None:
    form = FORMS[name]
    told = "".join(f"<!-- {title} -->\n{form(each)}\n\n" for title, each in DOCUMENTS.items())
    told = told.translate(PICTURES)
    golden = GOLDEN / name
    if os.environ.get("GOLDEN") == "update":
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8"), "meant? then GOLDEN=update writes it anew"
