"""Logins that cannot come off, or are hardly meant.

The checks read the plain data, not the models, so that they are made also where something else in the
network is wrong. What only follows from a misspelt key is not told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from milestonebot.config.irc import IrcNetwork
from milestonebot.config.irc_login import BY_PASSWORD, ECDSA, EXTERNAL, PLAIN_TEXT, SaslEntry
from milestonebot.config.matrix import MatrixNetwork
from milestonebot.config.raw import entries, listed, mapping
from milestonebot.config.values import is_here
from milestonebot.yamlfile import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from milestonebot.config.elsewhere import Surroundings
    from milestonebot.config.notes import Notes
    from milestonebot.config.options import Entry
    from milestonebot.yamlfile.located import Loc


def check_logins(notes: Notes, around: Surroundings) -> None:
    """Tell what each network's login lacks, and which parts of it exclude one another."""
    for loc, network in entries(notes.located.data, "networks"):
        if network.get("kind") == "matrix":
            _check_matrix(notes, loc, network)
        elif network.get("kind") == "irc":
            if isinstance(network.get("sasl"), dict):
                _check_sasl(notes, (*loc, "sasl"), network["sasl"], network)
            nickserv = mapping(network.get("nickserv"))
            if _has(nickserv, "command") and _has(nickserv, "server"):
                told = "write command or server, not both: each is a way to reach services alone"
                notes.wrong((*loc, "nickserv", "server"), told)
            _check_servers(notes, loc, network, around)


def _check_matrix(notes: Notes, loc: Loc, network: Mapping[str, Any]) -> None:
    if _has(network, "password") and _has(network, "access_token"):
        told = (
            "access_token counts; this password is for when the homeserver does not know the token any more"
        )
        notes.warn((*loc, "password"), told)
    elif _lacks(network, MatrixNetwork, "password", "access_token"):
        notes.wrong(loc, "a login is missing: write password: {env: NAME}, or access_token")


def _check_sasl(notes: Notes, loc: Loc, sasl: Mapping[str, Any], network: Mapping[str, Any]) -> None:
    password, key = _lacks(sasl, SaslEntry, "password"), _lacks(sasl, SaslEntry, "ecdsa_key")
    certificate = _lacks(network, IrcNetwork, "certificate")
    for index, name in enumerate(listed(sasl.get("mechanisms"))):
        here = (*loc, "mechanisms", index)
        if name in BY_PASSWORD and password:
            notes.wrong(here, f"{name} needs a password: write password: {{env: NAME}}")
        elif name == ECDSA and key:
            notes.wrong(here, f"{name} needs ecdsa_key: the path of a private key in PEM")
        elif name == EXTERNAL and certificate:
            told = "EXTERNAL needs a certificate: write certificate: and the path of its file"
            notes.wrong(here, told)
    if "mechanisms" not in sasl and password and key and certificate:
        notes.wrong(loc, "a password is missing; or ecdsa_key, or the network's certificate")


def _check_servers(notes: Notes, loc: Loc, network: Mapping[str, Any], around: Surroundings) -> None:
    """Warn of passwords and keys that go out in plain text, and not only within this machine."""
    sasl = mapping(network.get("sasl"))
    told_plainly = PLAIN_TEXT in listed(sasl.get("mechanisms", [PLAIN_TEXT]))
    login = _has(mapping(network.get("nickserv")), "password") or (told_plainly and _has(sasl, "password"))
    keys = sum(_has(mapping(room), "key") for room in listed(network.get("rooms")))
    for index, server in enumerate(map(mapping, listed(network.get("servers")))):
        goes = _going(login or _has(server, "password"), keys)
        if server.get("tls") is not False or not goes:
            continue
        host = _text(server.get("host"), around)
        if host and not is_here(host):
            told = f"{goes} to {host[:60]!r} in plain text, for all on the way to read"
            notes.warn((*loc, "servers", index, "tls"), f"{told}: take tls: false out")


def _going(password: bool, keys: int) -> str:  # noqa: FBT001 - what there is of each
    """Return the secrets that a server is told; nothing where there are none."""
    rooms = "the room's key" if keys == 1 else "the rooms' keys"
    if password:
        return f"the password and {rooms} go" if keys else "the password goes"
    return f"{rooms} {'goes' if keys == 1 else 'go'}" if keys else ""


def _text(value: object, around: Surroundings) -> str:
    """Return the text that is meant; nothing where that is told already."""
    try:
        return around.value(value) if isinstance(value, dict) else str(value or "")
    except ValueError:
        return ""


def _has(entry: Mapping[str, Any], key: str) -> bool:
    return entry.get(key) is not None


def _lacks(entry: Mapping[str, Any], model: type[Entry], *keys: str) -> bool:
    """Tell whether `entry` has none of `keys`, nor a key that may be one of them, misspelt."""
    others = (key for key in entry if key not in model.model_fields)
    return not any(_has(entry, key) for key in keys) and not any(did_you_mean(each, keys) for each in others)
