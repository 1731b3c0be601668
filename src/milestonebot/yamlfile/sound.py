"""The part of a file that fits its model, so that what a mistake leaves whole is checked as well."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from milestonebot.errors import ConfigError
from milestonebot.yamlfile.fitting import fitting
from milestonebot.yamlfile.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from milestonebot.errors import Problem
    from milestonebot.yamlfile.explain import Error
    from milestonebot.yamlfile.located import Loc, Located

Model = TypeVar("Model", bound=BaseModel)
Lack = tuple[int, int, str | int]
"""The place of a mapping, and a key that it had."""
_Cuts = dict[str | int, Any]
"""What is taken out, by key or position; an empty one is taken out as a whole."""

_ROUNDS = 4
"""Times that something is taken out before nothing is left to look at; each may cost what it stood in."""


@dataclass(frozen=True, slots=True)
class Sound(Generic[Model]):
    """What is left of a file without that which does not fit."""

    model: Model
    located: Located
    """The data that `model` was made of; places are those in the file."""
    problems: tuple[Problem, ...] = ()
    """What does not fit, all of it."""
    lacking: frozenset[Lack] = frozenset()
    """What was taken out though its key is known: that it is not there is no mistake of the file's."""


def sound_part(located: Located, model: type[Model], instead: Mapping[str, object]) -> Sound[Model]:
    """Return as much of a file as makes a `model`, and all that does not fit.

    `instead` holds what stands for keys that the model requires. ConfigError tells all that does
    not fit where nothing can be made of the rest.
    """
    try:
        return Sound(validate(located, model), located)
    except ConfigError as error:
        problems = error.problems
    lacking: set[Lack] = set()
    for _ in range(_ROUNDS):
        try:
            return Sound(model.model_validate(located.data), located, problems, frozenset(lacking))
        except ValidationError as error:
            wrong = list(fitting(error, located.data))
        known = (each.path for each in wrong if each.path and each.type != "extra_forbidden")
        lacking.update((*located.place(path[:-1]), path[-1]) for path in known)
        located = _without(located, wrong)
        located = replace(located, data={**instead, **located.data})
    raise ConfigError(problems)


def _without(located: Located, wrong: Iterable[Error]) -> Located:
    """Return `located` less what is wrong; places and positions in lists are those of what is left."""
    cuts: _Cuts = {}
    for error in wrong:
        _add(cuts, error.path)
    data, root = _cut(located.data, located.root, cuts)
    return replace(located, data=data, root=root, _pairs={})


def _add(cuts: _Cuts, path: Loc) -> None:
    """Add the cut at `path`; what is within another is taken out with it."""
    for i, part in enumerate(path):
        last = i == len(path) - 1
        if last:
            cuts[part] = {}
        elif cuts.get(part) == {}:
            return
        else:
            cuts = cuts.setdefault(part, {})


def _cut(data: Any, node: Node, cuts: _Cuts) -> tuple[Any, Node]:  # noqa: ANN401 - whatever YAML holds
    if isinstance(data, dict) and isinstance(node, MappingNode):
        return _cut_mapping(data, node, cuts)
    if isinstance(data, list) and isinstance(node, SequenceNode):
        pairs = [
            _cut(each, below, cuts[i]) if i in cuts else (each, below)
            for i, (each, below) in enumerate(zip(data, node.value, strict=True))
            if cuts.get(i) != {}
        ]
        items = [below for _, below in pairs]
        return [each for each, _ in pairs], SequenceNode(node.tag, items, node.start_mark, node.end_mark)
    return data, node


def _cut_mapping(data: dict[str, Any], node: MappingNode, cuts: _Cuts) -> tuple[dict[str, Any], MappingNode]:
    left: dict[str, Any] = {}
    nodes: list[tuple[Node, Node]] = []
    # Of a key that stands twice, `data` has the last; a key that is no single value it has not at all.
    pairs = {key.value: (key, below) for key, below in node.value if isinstance(key, ScalarNode)}
    for name, (key, below) in pairs.items():
        if cuts.get(name) != {}:
            left[name], kept = _cut(data[name], below, cuts[name]) if name in cuts else (data[name], below)
            nodes.append((key, kept))
    return left, MappingNode(node.tag, nodes, node.start_mark, node.end_mark)
