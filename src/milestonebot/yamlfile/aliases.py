"""Aliases (`*name`) are read, within bounds: a page of them can stand for a billion values."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, ScalarNode

from milestonebot.yamlfile.compose import DEPTH
from milestonebot.yamlfile.syntax import Mistake

REPEATED = 10_000
"""Values that the aliases of one file may repeat in all."""


def alias_mistakes(root: Node) -> list[Mistake]:
    """Return what is wrong with the aliases below `root`, without following any of them twice."""
    weighing = _Weighing()
    weighing.weigh(root)
    return weighing.mistakes


class _Weighing:
    """Counts the values below each node as if they were written out."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self._weights: dict[int, tuple[int, int] | None] = {}
        """Values and levels below a list or mapping, by its node's id; None while it is weighed."""
        self._repeated = 0

    def weigh(self, node: Node) -> tuple[int, int]:
        """Return how many values `node` stands for, and on how many levels."""
        if isinstance(node, ScalarNode):
            return 1, 0
        if id(node) not in self._weights:
            return self._weigh_new(node)
        weight = self._weights[id(node)]
        if weight is None:
            self._wrong(node, "an alias in here repeats all of it without end; write it out")
            return 1, 0
        before, self._repeated = self._repeated, self._repeated + weight[0]
        if before <= REPEATED < self._repeated:
            self._wrong(node, f"aliases repeat more than {REPEATED:,} values in all; write them out")
        return weight

    def _weigh_new(self, node: Node) -> tuple[int, int]:
        self._weights[id(node)] = None
        below = [self.weigh(each) for each in _children(node)]
        depth = 1 + max((levels for _, levels in below), default=0)
        if depth == DEPTH + 1:
            self._wrong(node, f"with its aliases this nests lists and mappings more than {DEPTH} deep")
        weight = self._weights[id(node)] = 1 + sum(values for values, _ in below), depth
        return weight

    def _wrong(self, node: Node, message: str) -> None:
        self.mistakes.append(Mistake.at(node.start_mark, message))


def _children(node: Node) -> list[Node]:
    if isinstance(node, MappingNode):
        return [each for pair in node.value for each in pair]
    return list(node.value)
