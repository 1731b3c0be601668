"""What may leave the bot, judged without the code that cleans it.

Every function takes what a renderer returned and fails where something in it must not go out.
"""

from __future__ import annotations

import json
import unicodedata
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

PREFIXES = "!.%~&$@?+-/\\,;:#=<>*^`|"
CODES = "\x02\x1d"
"""The two formatting codes that this bot sends to IRC: bold and italic, each on and off."""

# https://spec.matrix.org/v1.18/client-server-api/#mroommessage-msgtypes
ATTRIBUTES = {
    **dict.fromkeys(("p", "strong", "code", "ul", "li", "details", "summary"), ()),
    **dict.fromkeys(("table", "thead", "tbody", "tr", "th", "td"), ()),
    "a": ("href",),
    "span": ("data-mx-color",),
}
_SHOWS_NOTHING = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"


def unclean(text: str, allowed: Collection[str] = ()) -> list[str]:
    """Name the characters of `text` that nobody sees, or that move or hide what others say."""
    return [f"U+{ord(each):04X}" for each in text if each not in allowed and is_unclean(each)]


def is_unclean(character: str) -> bool:
    """Tell whether `character` is one of them."""
    code, category = ord(character), unicodedata.category(character)
    return (
        category in ("Cc", "Cf", "Cs", "Zl", "Zp")
        or character in _SHOWS_NOTHING
        or (category == "Mn" and "VARIATION SELECTOR" in unicodedata.name(character, ""))
        or code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
        or 0xE0000 <= code <= 0xE0FFF
        or (character.isspace() and character != " ")
    )


def most_marks(text: str) -> int:
    """Return the longest run of combining marks."""
    most = run = 0
    for each in text:
        run = run + 1 if unicodedata.category(each).startswith("M") else 0
        most = max(most, run)
    return most


def calls(text: str) -> list[str]:
    """Name the words of `text` that call a room or a person."""
    called = ("@room", "@here", "@all", "@everyone", "@channel")
    words = [word for word in text.split() if word.startswith("@") and any(map(str.isalnum, word))]
    return words + [word for word in text.split() if word.casefold().endswith(called)]


def check_text(text: str, allowed: Collection[str] = ()) -> None:
    """Fail where `text`, as a person reads it, is not clean."""
    assert unclean(text, allowed) == []
    assert calls(text) == []


def check_irc(line: str, width: int) -> None:
    """Fail where `line` must not be said in a channel as one line of `width` bytes."""
    assert 0 < len(line.encode()) <= width
    check_text(line, CODES)
    for code in CODES:
        assert line.count(code) % 2 == 0
    said = "".join(each for each in line if each not in CODES)
    assert said.strip() == said != ""
    assert said[0] not in PREFIXES


def check_plain(text: str) -> None:
    """Fail where `text` must not be the plain body of a message."""
    for line in text.split("\n"):
        check_text(line)
        assert line.rstrip() == line
    assert text.lstrip()[:1] == "" or text.lstrip()[0] not in PREFIXES


def check_html(html: str) -> str:
    """Fail where `html` is not what Matrix clients show as it stands; return its text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    # Written anew from what a parser read, it is the same: nothing stood there unescaped.
    assert "".join(reader.written) == html
    # Where a server or a client brings it into normal form C, its tags stay tags.
    again = _Reader()
    again.feed(unicodedata.normalize("NFC", html))
    assert again.tags == reader.tags
    for text in reader.texts:
        check_text(text)
    return "".join(reader.texts)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.texts: list[str] = [""]
        self.written: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = ""
        for name, value in attrs:
            assert name in ATTRIBUTES[tag]
            assert value is not None
            assert name != "href" or value.startswith(("http://", "https://"))
            assert unclean(value) == []
            told += f' {name}="{escape(value)}"'
        self.open.append(tag)
        self.tags.append(tag)
        self.texts.append("")
        self.written.append(f"<{tag}{told}>")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.texts.append("")
        self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        assert not set(data) & set("<>&\"'")
        self.texts[-1] += data
        self.written.append(data)

    def handle_entityref(self, name: str) -> None:
        self.texts[-1] += {"amp": "&", "lt": "<", "gt": ">", "quot": '"'}[name]
        self.written.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        character = chr(int(name.removeprefix("x"), 16 if name.startswith("x") else 10))
        assert character == "'" or unicodedata.category(character).startswith("M")
        self.texts[-1] += character
        self.written.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


def check_json(text: str) -> None:
    """Fail where `text` is not the JSON of an answer, or a text in it is not clean."""
    answer = json.loads(text)
    assert list(answer) == ["found", "text", "data"]
    check_plain(answer["text"])
    pending = [answer["data"]]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            pending += value
        elif isinstance(value, str):
            assert unclean(value) == []
    text.encode()
