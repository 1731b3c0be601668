"""Whose invitations are accepted.

A user id is taken apart before it is compared: a glob over the raw text could be fooled by an id
that carries a second colon.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_welcome(user: str, allowed: Iterable[str]) -> bool:
    """Tell whether one of the globs in `allowed`, such as `@*:openstack.org`, allows `user`."""
    parts = _parts(user)
    if parts is None:
        return False
    for pattern in allowed:
        wanted = _parts(pattern)
        if wanted is not None and all(map(fnmatchcase, parts, wanted)):
            return True
    return False


def is_user(text: str) -> bool:
    """Tell whether `text` is a user id."""
    return _parts(text) is not None


def _parts(user: str) -> tuple[str, str] | None:
    """Return the local part and the server of a user id (specification, appendix "User identifiers")."""
    local, colon, server = user.removeprefix("@").partition(":")
    if not user.startswith("@") or not local or not colon or not server or "@" in local:
        return None
    return local, server.casefold()
