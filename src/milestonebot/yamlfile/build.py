"""Nodes → plain data, with the mistakes that YAML itself would pass over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from yaml.nodes import MappingNode, Node, ScalarNode

from milestonebot.yamlfile.compose import DEPTH
from milestonebot.yamlfile.scalars import READ, Form, odd, reads_as
from milestonebot.yamlfile.syntax import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.yamlfile.scalars import Value

REPEATED = 10_000
"""Values that aliases may repeat in all: a bound for the file that laughs a billion times."""

_LONE_TAG = re.compile(r"(?:^|[\s\[{,])!(?=[\s,\]}]|\Z)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_Made = tuple[Any, int, int]
"""What a list or mapping became, how many values are in it, and how deep they are nested."""


class Builder:
    """Builds the data of one file; `mistakes` holds what is wrong with it."""

    def __init__(self, text: str) -> None:
        """Build from nodes composed from `text`."""
        self.mistakes: list[Mistake] = []
        self._text = text
        self._lone_tags = _LONE_TAG.search(text) is not None
        self._made: dict[int, _Made | None] = {}
        self._repeated = 0

    def build(self, node: Node) -> object:
        """Return the data of `node` and all below it."""
        return self._value(node)[0]

    def _value(self, node: Node) -> _Made:
        if isinstance(node, ScalarNode):
            return self._scalar(node), 1, 0
        known = id(node) in self._made
        made = self._made.get(id(node))
        if made is None:
            if known:
                self._wrong(node, "an alias repeats what it stands in; write it out")
                return None, 1, 0
            self._made[id(node)] = None
            made = self._made[id(node)] = self._collection(node)
            return made
        self._repeated += made[1]
        if self._repeated - made[1] <= REPEATED < self._repeated:
            self._wrong(node, f"aliases repeat more than {REPEATED} values in all; write them out")
        return made

    def _collection(self, node: Node) -> _Made:
        data: Any
        if isinstance(node, MappingNode):
            data, expected = {}, Form.MAPPING
            size, depth = self._fill_mapping(node, data)
        else:
            data, expected = [], Form.LIST
            size, depth = self._fill_list(node, data)
        tag: Any = node.tag
        if tag is not expected:
            self._wrong(node, _tag(node))
        if depth == DEPTH:
            self._wrong(node, f"aliases nest lists and mappings more than {DEPTH} deep")
        return data, size + 1, depth + 1

    def _fill_list(self, node: Node, data: list[Any]) -> tuple[int, int]:
        size = depth = 0
        for item in node.value:
            value, below, nested = self._value(item)
            data.append(value)
            size += below
            depth = max(depth, nested)
        return size, depth

    def _fill_mapping(self, node: Node, data: dict[str, Any]) -> tuple[int, int]:
        size = depth = 0
        for key, item in node.value:
            value, below, nested = self._value(item)
            name = key.value
            tag: Any = key.tag
            if tag is not Form.TEXT or self._lone_tags or name in data:
                self._check_key(key, node, data)
            if isinstance(key, ScalarNode):
                data[name] = value
            size += below
            depth = max(depth, nested)
        return size, depth

    def _check_key(self, key: Node, node: Node, data: dict[str, Any]) -> None:
        tag: Any = key.tag
        if not isinstance(key, ScalarNode):
            self._wrong(key, "a list or mapping cannot be a key; if this is text, quote it")
        elif tag is Form.TEXT:
            self._scalar(key)
            if key.value in data:
                first = next(other for other, _ in node.value if other.value == key.value)
                line = first.start_mark.line + 1
                self._wrong(key, f"the key {key.value[:60]!r} stands twice, first on line {line}")
        else:
            self._wrong(key, _key(key.value, tag) if isinstance(tag, Form) else _tag(key))

    def _scalar(self, node: ScalarNode) -> Value:
        form: Any = node.tag
        raw: str = node.value
        if self._lone_tags and isinstance(form, Form) and self._text[node.start_mark.index] == "!":
            self._wrong(node, 'a lone ! is a tag to YAML; if it is text, write "!" in quotes')
        elif form is Form.TEXT:
            if node.style == '"' and not raw.isascii() and _SURROGATE.search(raw):
                self._wrong(node, "half of a surrogate pair is no character; take out the \\u escape")
            return raw
        elif form in READ:
            return self._read(node, READ[form])
        else:
            self._wrong(node, odd(raw) if form is Form.ODD else _tag(node))
        return None

    def _read(self, node: Node, read: Callable[[str], Value]) -> Value:
        try:
            return read(node.value)
        except ValueError as error:
            self._wrong(node, f"{node.value[:20]} is no day of the calendar ({error})")
        return None

    def _wrong(self, node: Node, message: str) -> None:
        mark = node.start_mark
        self.mistakes.append(Mistake(mark.line + 1, mark.column + 1, message))


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
    return f'YAML reads the key {raw} as {reads_as(READ[form](raw))}; write "{raw}" in quotes'
