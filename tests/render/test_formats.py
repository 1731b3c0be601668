from __future__ import annotations

import subprocess
import sys

import pytest

from milestonebot.document import Document, Strong, line
from milestonebot.render import CHANNEL_WIDTH, FORMATS

DOCUMENT = Document((line(Strong("essex-3"), ": no date set"),))


def test_every_format_tells_the_answer() -> None:
    assert {name: form(DOCUMENT) for name, form in FORMATS.items()} == {
        "text": "essex-3: no date set",
        "html": "<strong>essex-3</strong>: no date set",
        "irc": "\x02essex-3\x02: no date set",
        "json": '{\n  "found": true,\n  "text": "essex-3: no date set",\n  "data": {}\n}',
    }


def test_irc_is_what_a_channel_sees_first() -> None:
    lines = FORMATS["irc"](Document((line("word " * 1000),))).split("\n")
    assert len(lines) == 3
    assert max(len(each.encode()) for each in lines) <= CHANNEL_WIDTH
    assert lines[-1].endswith("… (more: !more)")


@pytest.mark.parametrize(
    ("used", "absent"),
    [
        ("text", ("json", "html", "rich", "milestonebot.render.irc", "milestonebot.render.html")),
        ("html", ("json", "rich", "milestonebot.render.irc")),
        ("irc", ("json", "html", "rich", "milestonebot.render.html")),
        ("json", ("html", "rich", "asyncio", "pydantic", "milestonebot.render.irc")),
    ],
)
def test_a_format_imports_nothing_that_it_does_not_need(used: str, absent: tuple[str, ...]) -> None:
    code = (
        "import sys; from milestonebot.render import FORMATS; from milestonebot.document import Document;"
        f"FORMATS[{used!r}](Document(())); print([name for name in {absent!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
