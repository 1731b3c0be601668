"""Text → `Located`: every mistake that YAML hides is told, and nothing is ever executed."""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from yaml.error import YAMLError
from yaml.nodes import MappingNode, ScalarNode

from milestonebot.errors import ConfigError, Problem
from milestonebot.yamlfile import compose as composing
from milestonebot.yamlfile.aliases import alias_mistakes
from milestonebot.yamlfile.build import Builder
from milestonebot.yamlfile.located import Located
from milestonebot.yamlfile.syntax import MOST, Mistake, explain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LARGEST = 32 * 1024 * 1024
"""Bytes that a file may have: 100,000 blueprints need a third of it."""
TOLD = 100
"""Problems that are told of one file; the rest are counted."""

_UNREADABLE = re.compile(
    "[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""YAML's printable characters (YAML 1.2.2, 5.1), less those that break lines for YAML alone."""

_BYTE = re.compile("[\udc80-\udcff]")
"""What surrogateescape makes of a byte that is not UTF-8."""


def read_file(path: Path, shown: str | None = None, *, go_on: bool = False) -> Located:
    """Read the file at `path`, called `shown` in problems; for the rest, see `read_yaml`."""
    name = shown or str(path)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise ConfigError((Problem(name, 0, 0, f"cannot be read: {error.strerror or error}"),)) from None
    return read_yaml(data, name, go_on=go_on)


def read_yaml(text: str | bytes, file: str, *, go_on: bool = False) -> Located:
    """Read one YAML document, a mapping; `file` is its name in problems.

    Unquoted dates become `date`; a date with a time stays text, as written. Raises ConfigError
    with every problem, but what follows a mistake that stops YAML itself. With `go_on`, mistakes
    that do not stop it are left to `validate`, which tells them with its own.
    """
    text = _decode(text, file)
    with _gc_paused():
        try:
            root = composing.compose(text)
        except (YAMLError, ValueError, OverflowError) as error:  # PyYAML's own parser lets the last two out
            tell(explain(error, text), file)
        if root is None or (isinstance(root, ScalarNode) and not root.value and not root.style):
            tell([Mistake(1, 1, "the file is empty; it should hold keys and values")], file)
        mistakes = alias_mistakes(root) if "&" in text else []
        if mistakes:
            tell(mistakes, file)
        builder = Builder(text)
        data: Any = builder.build(root)
    if not isinstance(root, MappingNode):
        found = "one value" if isinstance(root, ScalarNode) else "a list"
        message = f"the file should hold keys and values, not {found}"
        tell([*builder.mistakes, Mistake.at(root.start_mark, message)], file)
    if builder.mistakes and not go_on:
        tell(builder.mistakes, file)
    return Located(data, file, text, root, tuple(builder.mistakes))


def tell(mistakes: Iterable[Mistake], file: str) -> NoReturn:
    """Raise ConfigError with `mistakes` in the order of the file, the first `TOLD` of them."""
    ordered = sorted(set(mistakes))
    problems = [Problem(file, *mistake) for mistake in ordered[:TOLD]]
    if len(ordered) > TOLD:
        last = ordered[TOLD]
        more = f"{'at least ' if len(ordered) >= MOST else ''}{len(ordered) - TOLD:,}"
        problems.append(Problem(file, last.line, last.column, f"and {more} more problems from here on"))
    raise ConfigError(tuple(problems)) from None


@contextmanager
def _gc_paused() -> Iterator[None]:
    """Keep the cyclic collector off: it would walk the growing tree time and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _decode(text: str | bytes, file: str) -> str:
    if len(text) > LARGEST:
        raise ConfigError((Problem(file, 0, 0, f"is larger than {LARGEST >> 20} MiB; split it"),))
    if isinstance(text, bytes):
        if text.startswith((b"\xff\xfe", b"\xfe\xff")):
            tell([Mistake(1, 1, "the file is written in UTF-16; save it as UTF-8")], file)
        data, text = text, text.decode("utf-8", "surrogateescape")
        if b"\0" in data and _BYTE.search(text):
            tell([Mistake(1, 1, "the file is no text")], file)
    text = text.removeprefix("\ufeff")
    mistakes = []
    for found in _UNREADABLE.finditer(text):
        mistakes.append(_unreadable(found[0], text[: found.start()]))
        if len(mistakes) == TOLD:
            break
    if mistakes:
        tell(mistakes, file)
    return text


def _unreadable(char: str, before: str) -> Mistake:
    before = before.replace("\r\n", "\n").replace("\r", "\n")
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004  surrogateescape's range
        message = f"the byte 0x{code - 0xDC00:02X} is not UTF-8; save the file as UTF-8"
    elif char in "\x85\u2028\u2029":
        message = f"U+{code:04X} breaks the line for YAML, and not for most editors; take it out"
    else:
        message = f"the character U+{code:04X} cannot stand in YAML; take it out"
    return Mistake(before.count("\n") + 1, len(before) - before.rfind("\n"), message)
