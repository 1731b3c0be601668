"""Plain data, and where in its file each part of it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from yaml.error import Mark

    from milestonebot.yamlfile.syntax import Mistake

_HASH = re.compile(r"[ ]*:?[ ]*(#[^\s,\]}]+)")
Loc = tuple[str | int, ...]
"""A path into the data: keys of mappings and positions in lists."""


@dataclass(frozen=True, slots=True)
class Located:
    """What a file says."""

    data: Any
    """Mappings, lists, text, int, float, bool, date or None, as `dict`, `list`, `str` …"""
    file: str
    """The file's name, as problems tell it."""
    text: str = field(repr=False)
    root: Node = field(repr=False)
    mistakes: tuple[Mistake, ...] = ()
    """What `read_yaml` was asked to leave to `validate`; where they stand, `data` has the text."""
    _pairs: dict[int, dict[str, tuple[Node, Node]]] = field(default_factory=dict, repr=False, compare=False)
    """The key and value nodes of a mapping node, by its id; filled as places are asked for."""

    def place(self, loc: Loc = ()) -> tuple[int, int]:
        """Return line and column, from 1, of the value at `loc`, or of its nearest parent.

        Where nothing is written, it is the place right behind the colon, or of an unquoted `#name`.
        """
        key, node = self._walk(loc)
        if not _is_empty(node):
            return _place(node.start_mark)
        if (hidden := self.hidden(loc)) is not None:
            return hidden[:2]
        return _place(node.start_mark) if key is node else _place(key.end_mark, 1)

    def key_place(self, loc: Loc) -> tuple[int, int]:
        """Return line and column of the key at `loc`; of an item of a list, where it begins."""
        return _place(self._walk(loc)[0].start_mark)

    def raw(self, loc: Loc) -> str:
        """Return the single value at `loc` as written, without quotes; "" for anything else."""
        node = self._walk(loc)[1]
        return str(node.value) if isinstance(node, ScalarNode) else ""

    def quoted(self, loc: Loc) -> bool:
        """Tell whether the value at `loc` stands in quotes, or in a block of its own."""
        node = self._walk(loc)[1]
        return isinstance(node, ScalarNode) and bool(node.style)

    def flow(self, loc: Loc) -> bool:
        """Tell whether a list or mapping in brackets stands at `loc`."""
        return bool(getattr(self._walk(loc)[1], "flow_style", False))

    def hidden(self, loc: Loc) -> tuple[int, int, str] | None:
        """Return place and name of an unquoted `#name` that stands where the value at `loc` should."""
        key, node = self._walk(loc)
        mark = node.start_mark if key is node else key.end_mark
        found = _HASH.match(self.text, mark.index) if _is_empty(node) else None
        return (*_place(mark, found.start(1) - mark.index), found[1]) if found else None

    def _walk(self, loc: Loc) -> tuple[Node, Node]:
        """Return the key and value nodes at `loc`, or the last on the way there."""
        key = node = self.root
        for part in loc:
            pair = self._child(node, part)
            if pair is None:
                break
            key, node = pair
        return key, node

    def _child(self, node: Node, part: str | int) -> tuple[Node, Node] | None:
        if isinstance(node, SequenceNode) and isinstance(part, int):
            items = node.value
            return (items[part], items[part]) if 0 <= part < len(items) else None
        if isinstance(node, MappingNode) and isinstance(part, str):
            pairs = self._pairs.get(id(node))
            if pairs is None:
                singles = (pair for pair in node.value if isinstance(pair[0], ScalarNode))
                pairs = self._pairs[id(node)] = {key.value: (key, value) for key, value in singles}
            return pairs.get(part)
        return None


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.value and not node.style


def _place(mark: Mark, further: int = 0) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1 + further
