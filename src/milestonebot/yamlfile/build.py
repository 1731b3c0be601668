"""Nodes → plain data, with the mistakes that YAML itself would pass over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from yaml.nodes import MappingNode, Node, ScalarNode

from milestonebot.yamlfile.scalars import READ, Form, is_secret, odd, reads_as
from milestonebot.yamlfile.syntax import MOST, Mistake

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.yamlfile.scalars import Value

_LONE_TAG = re.compile(r"!(?<=[\s\[{,]!)(?=[\s,\]}]|\Z)")
_WIDE_ESCAPE = re.compile(r"\\[uU]")
_LOOK_BACK = 200
"""Characters before a value among which a word tells that it may be a secret."""
_SURROGATE = re.compile("[\ud800-\udfff]")


class Builder:
    """Builds the data of one file; `mistakes` holds what is wrong with it.

    A value that is a mistake is built as the text that it is written as: most often it was meant so.
    """

    def __init__(self, text: str) -> None:
        """Build from nodes composed from `text`."""
        self.mistakes: list[Mistake] = []
        self._text = text
        suspicious = text.startswith("!") or _LONE_TAG.search(text) or _WIDE_ESCAPE.search(text)
        self._plain = None if suspicious else Form.TEXT
        """The form whose values need no second look."""
        self._lines: dict[int, dict[str, int]] = {}
        """The first line of each key of a mapping, by its node's id, for the mappings that needed it."""

    def build(self, node: Node) -> object:
        """Return the data of `node` and all below it; aliases are written out."""
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        data: Any
        if isinstance(node, MappingNode):
            data, expected = self._mapping(node), Form.MAPPING
        else:
            data, expected = self._list(node), Form.LIST
        tag: Any = node.tag
        if tag is not expected:
            self._wrong(node, self._tag(node))
        return data

    def _list(self, node: Node) -> list[Any]:
        plain = self._plain
        return [item.value if item.tag is plain else self.build(item) for item in node.value]

    def _mapping(self, node: Node) -> dict[str, Any]:
        data: dict[str, Any] = {}
        plain = self._plain
        for key, item in node.value:
            name = key.value
            if key.tag is not plain or name in data:
                self._check_key(key, node, data)
            built = item.value if item.tag is plain else self.build(item)
            if isinstance(name, str):
                data[name] = built
        return data

    def _check_key(self, key: Node, node: Node, data: dict[str, Any]) -> None:
        tag: Any = key.tag
        if not isinstance(key, ScalarNode):
            self._wrong(key, "a list or mapping cannot be a key; if this is text, quote it")
        elif tag is Form.TEXT:
            self._scalar(key)
            if key.value in data:
                line = self._first_line(node, key.value)
                self._wrong(key, f"the key {key.value[:60]!r} stands twice, first on line {line}")
        else:
            self._wrong(key, _key(key.value, tag) if isinstance(tag, Form) else _tag(key))

    def _first_line(self, node: Node, name: str) -> int:
        """Return the first line on which the mapping `node` has the key `name`."""
        lines = self._lines.get(id(node))
        if lines is None:
            keys = [key for key, _ in reversed(node.value) if isinstance(key, ScalarNode)]
            lines = self._lines[id(node)] = {key.value: key.start_mark.line + 1 for key in keys}
        return lines[name]

    def _scalar(self, node: ScalarNode) -> Value:
        form: Any = node.tag
        raw: str = node.value
        if isinstance(form, Form) and not node.style and self._text.startswith("!", node.start_mark.index):
            self._wrong(node, 'a lone ! is a tag to YAML; if it is text, write "!" in quotes')
            return raw or "!"
        if form is Form.TEXT:
            if _SURROGATE.search(raw):
                self._wrong(node, "half of a surrogate pair is no character; take out the \\u escape")
        elif form in READ:
            return self._read(node, READ[form])
        else:
            self._wrong(node, self._odd(node) if form is Form.ODD else self._tag(node))
        return raw

    def _odd(self, node: ScalarNode) -> str:
        if len(self.mistakes) == MOST:
            return ""
        return "YAML reads this as a number; write it in quotes" if self._hides(node) else odd(node.value)

    def _tag(self, node: Node) -> str:
        return "YAML tags are not read here; quote the text" if self._hides(node) else _tag(node)

    def _hides(self, node: Node) -> bool:
        """Tell whether what stands before `node` in its line says that it may be a secret."""
        index = node.start_mark.index
        line = self._text.rfind("\n", 0, index) + 1
        return is_secret([self._text[max(line, index - _LOOK_BACK) : index]])

    def _read(self, node: ScalarNode, read: Callable[[str], Value]) -> Value:
        try:
            return read(node.value)
        except ValueError as error:
            self._wrong(node, f"{node.value[:20]} is no day of the calendar ({error})")
            return str(node.value)

    def _wrong(self, node: Node, message: str) -> None:
        if len(self.mistakes) < MOST:
            self.mistakes.append(Mistake.at(node.start_mark, message))


def _tag(node: Node) -> str:
    short = node.tag.replace("tag:yaml.org,2002:", "!!")
    return f"YAML tags are not read here; take out {short[:60]!r}, or quote the text"


def _key(raw: str, form: Form) -> str:
    """Say what YAML makes of a key that is not text."""
    if form is Form.MERGE:
        return "merge keys (<<) are not read here; write the keys out"
    if not raw:
        return "a key is missing before the colon"
    if form is Form.ODD:
        return odd(raw)
    # A date as a key may be one that no calendar has.
    reading = "a date" if form is Form.DATE else reads_as(READ[form](raw))
    return f'YAML reads the key {raw} as {reading}; write "{raw}" in quotes'
