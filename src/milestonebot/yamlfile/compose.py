"""PyYAML, told what we read: text → nodes, by its C parser where it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from yaml.composer import Composer
from yaml.error import MarkedYAMLError
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from milestonebot.yamlfile.scalars import FORMS, Form

if TYPE_CHECKING:
    from collections.abc import Callable

    from yaml.nodes import Node

DEPTH = 64
"""How deep lists and mappings may be nested. PyYAML recurses, and its C part has no bound."""


class TooDeepError(MarkedYAMLError):
    """Lists and mappings are nested deeper than DEPTH."""


class _Rules(BaseResolver):
    """Gives each node without a tag its Form; a tag that the file spells stays what it is."""

    # The stubs call these final and bound to instances; PyYAML makes them for subclasses to set.
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]
    DEFAULT_SCALAR_TAG: Any = Form.TEXT  # type: ignore[misc]
    DEFAULT_SEQUENCE_TAG: Any = Form.LIST  # type: ignore[misc]
    DEFAULT_MAPPING_TAG: Any = Form.MAPPING  # type: ignore[misc]

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0

    def descend_resolver(self, current_node: Node | None, current_index: object) -> None:  # noqa: ARG002  PyYAML's signature
        """Count the nesting: both composers call this for each node, before they recurse."""
        self.depth += 1
        if self.depth > DEPTH and current_node is not None:
            raise TooDeepError(None, None, "nested too deep", current_node.start_mark)

    def ascend_resolver(self) -> None:
        self.depth -= 1


for _form, _pattern, _first in FORMS:
    _Rules.add_implicit_resolver(_form, _pattern, _first)


class _Pure(_Rules, Reader, Scanner, Parser, Composer):
    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        _Rules.__init__(self)


def _compose_pure(text: str) -> Node | None:
    return _Pure(text).get_single_node()


compose: Callable[[str], Node | None] = _compose_pure
"""Compose the one document in a text; None where it holds none. YAMLError, and where PyYAML
does not see to it ValueError or OverflowError, where it cannot."""

try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML was built without libyaml
    pass
else:

    class _Fast(_Rules, CParser):
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            _Rules.__init__(self)

    def _compose_fast(text: str) -> Node | None:
        return _Fast(text).get_single_node()

    compose = _compose_fast
