"""What goes out is clean, judged quickly: a million answers cannot be judged letter by letter.

The rules are those of tests/render/outgoing.py; here they are patterns, and what has once been
found clean is not judged again.
"""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from html import unescape

from tests.render.outgoing import ATTRIBUTES, CODES, PREFIXES, calls, check_html, is_unclean

MARKERS = ("Traceback (most recent call last)", 'File "', "milestonebot/src", "SECRET-OF-THE-ENVIRONMENT")
"""What no answer may tell: tracebacks, places on this machine, secrets."""
_LINE_LIMIT = 512
_ONE_IN = 40
"""Of so many HTML bodies, one is read by a parser too."""

_MARKUP = re.compile(
    r"<(?P<close>/?)(?P<tag>[a-z]+)(?P<attributes>(?: [a-z-]+=\"[^\"<>]*\")*)>"
    r"|&(?:amp|lt|gt|quot|#x27|#[0-9]+);|[^<>&\"']+"
)
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


@cache
def _bad() -> re.Pattern[str]:
    """Return what finds a character that must not go out; made from the rules of `outgoing`."""
    codes = [code for code in range(sys.maxunicode + 1) if is_unclean(chr(code))]
    spans: list[list[int]] = []
    for code in codes:
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return re.compile("[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans) + "]")


class Checks:
    """Judges what renderers return; each method raises AssertionError that tells what is wrong."""

    def __init__(self) -> None:
        self._clean: set[int] = set()
        self._count = 0

    def irc(self, line: str, prefix: str, command: str, target: str, more_prefixes: tuple[str, ...]) -> None:
        """Judge one line as it is said to `target` by a bot whose full name is `prefix`."""
        size = len(f":{prefix} {command} {target} :{line}\r\n".encode())
        assert size <= _LINE_LIMIT, f"a line on IRC has {size} bytes"
        if not self._is_new(line):
            return
        told = line
        for code in CODES:
            assert line.count(code) % 2 == 0, f"a formatting code is left open: {line!r}"
            told = told.replace(code, "")
        self._text(told)
        assert told.strip() == told != "", f"a line on IRC is empty, or has spaces at its ends: {line!r}"
        self._opening(told, more_prefixes)

    def plain(self, text: str, more_prefixes: tuple[str, ...] = ()) -> None:
        """Judge the plain body of a message."""
        if not self._is_new(text):
            return
        for line in text.split("\n"):
            self._text(line)
        self._opening(text.lstrip(), more_prefixes)

    def html(self, html: str, more_prefixes: tuple[str, ...] = ()) -> None:
        """Judge a formatted body."""
        if not self._is_new(html):
            return
        self._count += 1
        if self._count % _ONE_IN == 0:
            check_html(html)
        opened: list[str] = []
        at = 0
        for found in _MARKUP.finditer(html):
            assert found.start() == at, f"nobody may write this into HTML: {html[at : at + 60]!r}"
            at = found.end()
            if found["tag"]:
                self._tag(found, opened)
        assert at == len(html), f"nobody may write this into HTML: {html[at : at + 60]!r}"
        assert opened == [], f"these tags are left open: {opened}"
        self._text(unescape(re.sub("<[^>]*>", " ", html)))
        if not html.startswith(("<ul>", "<table>")):  # a bullet or a cell stands before the text
            self._opening(unescape(re.sub("<[^>]*>", "", html)), more_prefixes)

    def json(self, text: str) -> None:
        """Judge an answer as data."""
        if not self._is_new(text):
            return
        answer = json.loads(text)
        assert list(answer) == ["found", "text", "data"], f"an answer as data has these keys: {list(answer)}"
        assert not (bad := _bad().findall(text.replace("\n", ""))), f"U+{ord(bad[0]):04X} in data"
        assert not re.search(r"(?<!\\)(?:\\\\)*\\(?:u00[01]|u007f|[bfrt])", text), (
            f"a control character in data: {text!r:.300}"
        )
        self._markers(text)
        self.plain(answer["text"])

    def terminal(self, text: str) -> None:
        """Judge what a terminal was sent: colours, links, and nothing else that it obeys.

        It calls nobody: where a long word is folded, a line may begin with what stood behind an `@`.
        """
        without = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b\x07]*\x1b\\", "", text)
        self._seen(without.replace("\n", ""))

    def _is_new(self, text: str) -> bool:
        name = hash(text)
        if name in self._clean:
            return False
        self._clean.add(name)
        return True

    def _text(self, text: str) -> None:
        self._seen(text)
        if "@" in text:
            assert calls(text) == [], f"a call to {calls(text)}"

    def _seen(self, text: str) -> None:
        assert not (bad := _bad().findall(text)), f"U+{ord(bad[0]):04X} in {text!r:.300}"
        self._markers(text)

    def _markers(self, text: str) -> None:
        for marker in MARKERS:
            assert marker not in text, f"an answer tells {marker}"

    def _opening(self, text: str, more_prefixes: tuple[str, ...]) -> None:
        assert not text or text[0] not in PREFIXES, f"begins like a command: {text!r:.60}"
        for prefix in more_prefixes:
            assert not text.startswith(prefix), f"begins with the prefix {prefix}: {text!r:.60}"

    def _tag(self, found: re.Match[str], opened: list[str]) -> None:
        tag, attributes = found["tag"], _ATTRIBUTE.findall(found["attributes"])
        assert tag in ATTRIBUTES, f"the tag {tag} is not allowed"
        if found["close"]:
            assert opened, f"the tag {tag} is closed, and none is open"
            assert opened.pop() == tag, f"the tag {tag} is closed, and another is open"
            return
        opened.append(tag)
        for name, value in attributes:
            assert name in ATTRIBUTES[tag], f"the attribute {name} is not allowed in {tag}"
            assert name != "href" or value.startswith(("http://", "https://")), (
                f"a link leads to {value!r:.60}"
            )
