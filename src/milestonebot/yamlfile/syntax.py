"""What stops PyYAML, in words for the person who edits the file."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from yaml.error import MarkedYAMLError

from milestonebot.yamlfile.compose import DEPTH, TooDeepError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml.error import Mark

_BARE_HASH = re.compile(r"(?:[\[{,]|[:-][ ])[ ]*(#[^\s,\]}\"']+)")
_BRACKETED = re.compile(r"(?:[:-][ ]+)([\[{])[^\[\]{}]*[\]}][ ]*\Z")
_COMMENT = re.compile(r"(?<=[ \t])#[^\]}]{0,200}([\]}])")
MOST = 1000
"""Mistakes of one file that are looked into: a file may be wrong in every line of millions."""
_LOOK_BACK = 20
"""Lines that are searched for a # that hides a bracket, where the parser does not say what is open."""
_LOOK_ALONG = 2000
"""Characters of a line that are searched for it."""
NAMED_ROOMS = ("announcements", "bridged")
"""Keys of a config below which a room stands with its network."""
_FAR = 1000
"""Lines above a name among which such a key is looked for."""
_NEARBY = 5
"""Lines above a name among which `rooms` tells that it is a room's."""
_INDENT = re.compile(r"[ \t]*")
_MISFIT = "this does not fit the lines above: mind the indentation, and text behind a closing quote"
_PROBLEMS = (
    ("another document", "a second document begins here; a file holds one, so take out the ---"),
    ("undefined alias", "no anchor (&) of this name stands above; a value that begins with * must be quoted"),
    ("tag handle", "YAML tags (!) are not read here; take it out, or quote the text"),
    ("escape", "no such escape in double quotes; write \\\\ for a backslash, or use single quotes"),
    ("incompatible YAML", "this version of YAML cannot be read; take out the %YAML line"),
    ("entries are not allowed", "a list cannot begin here; begin it on the next line, or quote the -"),
    ("keys are not allowed", "a value cannot begin with ? here unless it is quoted"),
    ("<block end>", _MISFIT),
    ("expected key", _MISFIT),
    ("'-' indicator", "this does not fit the list above: mind the indentation"),
    ("node content", "a value was expected here; if this is text, quote it"),
)
"""Phrases that both parsers use, and what we say in their place."""
_CONTEXTS = (
    ("duplicate anchor", "this anchor stands twice"),
    ("scanning an alias", "a value that begins with * must be quoted"),
    ("scanning an anchor", "a value that begins with & must be quoted"),
    ("a tag", "YAML tags (!) are not read here; take it out, or quote the text"),
    ("block scalar", "a value cannot begin with | or > unless it is quoted"),
    ("directive", "a line cannot begin with % here"),
)


class Mistake(NamedTuple):
    """What is wrong at a place; line and column count from 1."""

    line: int
    column: int
    message: str

    @classmethod
    def at(cls, mark: Mark, message: str) -> Mistake:
        """Return the mistake at PyYAML's `mark`, which counts from 0."""
        return cls(mark.line + 1, mark.column + 1, message)


def explain(error: Exception, text: str) -> list[Mistake]:
    """Return what stopped the parser, and the like mistakes further down."""
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    if not isinstance(error, MarkedYAMLError) or mark is None:
        return [Mistake(1, 1, "YAML cannot read this file; an escape or a tag in it has no meaning")]
    if isinstance(error, TooDeepError):
        return [Mistake.at(mark, f"lists and mappings are nested more than {DEPTH} deep")]
    lines = text.splitlines()
    context, problem = error.context or "", error.problem or ""
    if tabs := list(islice(_tabs(lines, mark), MOST)):
        return tabs
    opened = error.context_mark or mark
    if "flow" in context:
        first = opened.line if opened.line < mark.line else max(mark.line - _LOOK_BACK, 0)
        last = mark.line + 1
        hashes = list(islice(_hashes(lines, first, last), MOST))
        if hashes := hashes or list(islice(_hidden(lines, opened.line, last), 1)):
            return hashes
    if message := _unclosed(context, problem):
        return [Mistake.at(opened, message)]
    return [_else(context, problem, lines, mark, opened)]


def _else(context: str, problem: str, lines: list[str], mark: Mark, opened: Mark) -> Mistake:
    if context.startswith("while parsing a block") and mark.column < _LOOK_ALONG:
        found = _BRACKETED.search(_line(lines, mark)[: mark.column])
        if found is not None:
            return Mistake(mark.line + 1, found.start(1) + 1, begins_with(found[1]))
    if context.startswith(("while scanning an a", "while scanning a tag", "while scanning a block")):
        mark = opened
    return Mistake.at(mark, _say(context, problem, _line(lines, mark)[: mark.column + 1]))


def _unclosed(context: str, problem: str) -> str | None:
    """Say what opens at the context's mark and is never closed, where that is what is wrong."""
    if "flow sequence" in context:
        return "the list that opens here is not closed: a comma or ] is missing"
    if "flow mapping" in context:
        return "the mapping that opens here is not closed: a comma or } is missing"
    if "quoted" in context and "end of stream" in problem:
        return "the quote that opens here is never closed"
    return None


def _say(context: str, problem: str, line: str) -> str:
    """Choose the words; `line` ends with the character that the parser stopped at."""
    if "cannot start any token" in problem:
        return f"a value cannot begin with {line[-1:]} unless it is quoted"
    if "values are not allowed" in problem:
        if ": " in line[:-1]:
            return "text that holds a colon and a space must be quoted"
        return "this line is indented too far, or the one above lacks its colon"
    places = [(phrase in problem, words) for phrase, words in _PROBLEMS]
    places += [(phrase in context, words) for phrase, words in _CONTEXTS]
    return next((words for fits, words in places if fits), f"YAML cannot read this: {problem[:80]!r}")


def _tabs(lines: list[str], mark: Mark) -> Iterator[Mistake]:
    """Find the tabs that indent, from the line on at which the parser stopped."""
    here = _line(lines, mark)
    indent = _INDENT.match(here)
    if here[mark.column : mark.column + 1] != "\t" and (indent is None or "\t" not in indent[0]):
        return
    for number, line in enumerate(lines[mark.line :], start=mark.line + 1):
        indent = _INDENT.match(line)
        column = indent[0].find("\t") if indent else -1
        if column < 0 and number == mark.line + 1:
            column = mark.column
        if column >= 0:
            yield Mistake(number, column + 1, "a tab stands here; YAML is indented with spaces alone")


def _hidden(lines: list[str], first: int, last: int) -> Iterator[Mistake]:
    """Find each # that begins a comment and takes a closing bracket with it."""
    for number, line in enumerate(lines[first:last], start=first + 1):
        for found in _COMMENT.finditer(line[:_LOOK_ALONG]):
            before = line[: found.start()]
            if before.count('"') % 2 == before.count("'") % 2 == 0:
                told = f"a comment begins at this #, and hides the {found[1]} behind it; quote the text"
                yield Mistake(number, found.start() + 1, told)


def _hashes(lines: list[str], first: int, last: int) -> Iterator[Mistake]:
    """Find what an unquoted # took away: it begins a comment, and hides the closing bracket."""
    for number, line in enumerate(lines[first:last], start=first + 1):
        if (found := _BARE_HASH.search(line)) is not None:
            room = any("rooms" in each for each in lines[max(number - _NEARBY, 0) : number])
            named = _section(lines, number) in NAMED_ROOMS
            name = f"network/{found[1]}" if named else found[1]
            yield Mistake(number, found.start(1) + 1, bare_hash(name, room=room or named))


def _section(lines: list[str], number: int) -> str:
    """Return the key at the left edge that the line `number` stands below."""
    above = (line for line in reversed(lines[max(number - _FAR, 0) : number]) if line[:1].isalpha())
    return next(above, "").partition(":")[0]


def bare_hash(name: str, *, room: bool) -> str:
    """Say that `name`, which begins with #, is a comment to YAML; it may stand behind the network's."""
    what = "a room's name" if room else "text"
    return f'{what} that begins with # must be quoted: write "{name[:60]}"; unquoted, it is a comment to YAML'


def begins_with(bracket: str) -> str:
    """Say that what begins with `bracket` is no text to YAML."""
    return f"a value that begins with {bracket} must be quoted, if it is text"


def _line(lines: list[str], mark: Mark) -> str:
    return lines[mark.line] if mark.line < len(lines) else ""
