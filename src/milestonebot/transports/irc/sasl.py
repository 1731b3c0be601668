"""SASL's PLAIN, and how a response is cut into lines (RFC 4616; IRCv3 sasl-3.1)."""

from __future__ import annotations

import base64

_CUT = 400


def plain(username: str, password: str) -> bytes:
    """Return PLAIN's response; the identity to act as is named too, since some services insist."""
    return f"{username}\0{username}\0{password}".encode()


def chunks(response: bytes) -> list[str]:
    """Return what follows AUTHENTICATE, line by line.

    A chunk of 400 characters says that another follows; `+` is an empty one.
    """
    text = base64.b64encode(response).decode()
    cut = [text[start : start + _CUT] for start in range(0, len(text), _CUT)]
    if not cut or len(cut[-1]) == _CUT:
        cut.append("+")
    return cut
