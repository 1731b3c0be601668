"""What the server says of itself in RPL_ISUPPORT (005): modern.ircdocs.horse, "Feature Advertisement"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from milestonebot.ports import Rights

if TYPE_CHECKING:
    from collections.abc import Collection

_ASCII = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_STRICT = _ASCII | str.maketrans("[]\\", "{}|")
_RFC1459 = _STRICT | str.maketrans("~", "^")
_FOLDS = {"ascii": _ASCII, "rfc1459": _RFC1459, "rfc1459-strict": _STRICT, "strict-rfc1459": _STRICT}

_PREFIX = re.compile(r"\(([^()]*)\)(.*)")
_LISTS, _ALWAYS, _SETTING, _PLAIN = "beI", "k", "l", "imnpst"
_MOST_FOLDED = 10_000
_LINE = 512
_LONGEST_LINE = 8192
"""Bytes of a line beyond which LINELEN is not believed."""
_RIGHTS = {"v": Rights.VOICE, "h": Rights.MODERATOR, "o": Rights.MODERATOR, "q": Rights.OWNER}


class Features:
    """The features that matter to the bot; what is malformed keeps its default."""

    def __init__(self) -> None:
        """Begin with what RFC 1459 says."""
        self._told: dict[str, str] = {}
        self._read()

    def load(self, tokens: Collection[str]) -> None:
        """Take `NAME`, `NAME=value` and `-NAME`."""
        for token in tokens:
            name, _, value = token.partition("=")
            if name.startswith("-"):
                self._told.pop(name[1:], None)
            elif name and (name in _KNOWN):
                self._told[name] = value
        self._read()

    def _read(self) -> None:
        told = self._told
        self.line = min(max(_number(told.get("LINELEN", "")) or _LINE, _LINE), _LONGEST_LINE)
        """Bytes of a line with its CR LF."""
        self.channel_types = told.get("CHANTYPES", "#&")
        self.status_prefixes = told.get("STATUSMSG", "")
        self.bot_mode = told.get("BOT", "")[:1]
        self.joins = _joins(told)
        """How many rooms one JOIN may name."""
        self.identified_mode = "R" if told.get("NETWORK", "").upper() == "OFTC" else "r"
        """The mode that services set on those who are logged in: OFTC's hybrid has its own."""
        self.whox = "WHOX" in told
        """Whether WHO can tell accounts."""
        self.history = _number(told.get("CHATHISTORY", ""))
        """How many lines of history may be asked for at once; 0 sets no limit."""
        self.references = told.get("MSGREFTYPES", "timestamp,msgid").split(",")
        """By what a line of history may be referred to."""
        self._denied = told.get("CLIENTTAGDENY", "").split(",")
        self._rights: dict[str, Rights] = {}
        """Those that holders of some modes were found to have."""
        self._passed: dict[str, bool] = {}
        """The tags of our own, which are two, and whether they reach others."""
        self._folded: dict[str, str] = {}
        """What was folded before: the same few names are asked for with each line."""
        self._fold = _FOLDS.get(told.get("CASEMAPPING", "rfc1459").lower())
        found = _PREFIX.fullmatch(told.get("PREFIX", "(ov)@+"))
        letters, signs = (found[1], found[2]) if found else ("ov", "@+")
        self.statuses = dict(zip(signs, letters, strict=False))
        """The modes that a sign before a nick stands for, highest first."""
        kinds = told.get("CHANMODES", "").split(",")
        lists, always, setting = kinds[:3] if len(kinds) > 3 else (_LISTS, _ALWAYS, _SETTING)  # noqa: PLR2004 - A,B,C,D
        self._flags = kinds[3] if len(kinds) > 3 else _PLAIN  # noqa: PLR2004 - likewise
        self._with_parameter = {"+": lists + always + setting + letters, "-": lists + always + letters}

    def fold(self, name: str) -> str:
        """Return `name` as it compares: CASEMAPPING says which characters are the same."""
        folded = self._folded.get(name)
        if folded is None:
            folded = name.casefold() if self._fold is None else name.translate(self._fold)
            if len(self._folded) >= _MOST_FOLDED:
                self._folded.clear()
            self._folded[name] = folded
        return folded

    def is_channel(self, target: str) -> bool:
        """Tell whether `target` is a channel and no nick."""
        return target[:1] in self.channel_types and target != ""

    def passes_on(self, tag: str) -> bool:
        """Tell whether a client-only tag reaches others (IRCv3 message-tags, "CLIENTTAGDENY")."""
        passed = self._passed.get(tag)
        if passed is None:
            name = tag.removeprefix("+")
            passed = f"-{name}" in self._denied or not {"*", name}.intersection(self._denied)
            self._passed[tag] = passed
        return passed

    def has_parameter(self, sign: str, mode: str) -> bool:
        """Tell whether a channel mode that is set (`+`) or taken (`-`) has a parameter."""
        return mode in self._with_parameter[sign]

    def is_flag(self, mode: str) -> bool:
        """Tell whether the server has a channel mode of that letter, and it takes no parameter."""
        return mode in self._flags

    def rights(self, modes: str) -> Rights:
        """Return what the holder of these channel modes may do."""
        if not modes:
            return Rights.NONE
        rights = self._rights.get(modes)
        if rights is None:
            if len(self._rights) >= _MOST_FOLDED:
                self._rights.clear()
            rights = self._rights[modes] = max(map(self._right, modes))
        return rights

    def _right(self, mode: str) -> Rights:
        if mode in _RIGHTS:
            return _RIGHTS[mode]
        order = list(self.statuses.values())
        if mode not in order:
            return Rights.NONE
        # Networks have more of these: what ranks above an operator is at least one.
        ranked = order.index(mode)
        return Rights.MODERATOR if "o" in order and ranked < order.index("o") else Rights.NONE


_KNOWN = frozenset(
    {
        "BOT",
        "CASEMAPPING",
        "CHATHISTORY",
        "CHANMODES",
        "CHANTYPES",
        "CLIENTTAGDENY",
        "LINELEN",
        "MAXTARGETS",
        "MSGREFTYPES",
        "NETWORK",
        "PREFIX",
        "STATUSMSG",
        "TARGMAX",
        "WHOX",
    }
)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0  # noqa: PLR2004 - no limit has seven digits


def _joins(told: dict[str, str]) -> int:
    for pair in told.get("TARGMAX", "").split(","):
        name, _, most = pair.partition(":")
        if name.upper() == "JOIN":
            return _number(most) or _MANY
    return min(_number(told.get("MAXTARGETS", "")) or _MANY, _MANY)


_MANY = 10
