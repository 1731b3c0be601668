"""What a single value of the config may be, and what is said where it is not.

Every check raises ValueError with a sentence for the maintainer; `yamlfile.validate` adds the place.
"""

from __future__ import annotations

import re
import unicodedata
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from milestonebot.announcement import KINDS
from milestonebot.config.elsewhere import Unread
from milestonebot.sources.fields import KindWord
from milestonebot.wording.fields import FIELDS, UnknownField, pieces
from milestonebot.yamlfile import did_you_mean

if TYPE_CHECKING:
    from pydantic import SecretStr

    from milestonebot.announcement import Occasion
    from milestonebot.model import Kind

LONGEST_SAYING = 400
"""Characters of a `say`, so that it fits a line of IRC when its fields are filled in."""

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([smhd]?)", re.ASCII)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 366 * 86400
_COMMAND = re.compile(r"[^\W_][\w-]{0,39}")
_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_ANNOUNCEMENT = re.compile(r"[^\W_][\w.-]{0,59}")
_BY_HAND = frozenset(("announce", "here"))
"""What `!announce` says by hand is kept under the first; the second is the room that it is typed in."""
_SIGNS = ("#", "!", "&", "+")
"""What names of rooms begin with."""
_UNSAYABLE = ("Cc", "Cs", "Cn")
"""Unicode's categories of what is no text: controls, surrogates, unassigned."""
_OFF = frozenset(("off", "no", "false", "none", "null", "~", ""))


def _duration(value: object) -> float:
    """Return seconds: a bare number, or a number and s, m, h or d."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = float(value)
    else:
        found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
        if found is None:
            raise ValueError("expected a time: seconds as a number, or 30s, 15m, 2h, 1d")
        seconds = float(found[1]) * _SECONDS[found[2]]
    if not 0 < seconds <= _LONGEST:
        raise ValueError("expected a time of more than nothing, and of a year at most")
    return seconds


def _prefix(text: str) -> str:
    if not 1 <= len(text) <= 3 or any(  # noqa: PLR2004 - three signs are as many as people type
        each.isalnum() or each.isspace() or each == "/" or not each.isprintable() for each in text
    ):
        raise ValueError(
            f'expected one to three signs such as "!" or "%" (no letter, digit, space, /), not {text[:20]!r}'
        )
    return text


def _bot_name(text: str) -> str:
    if not re.fullmatch(r"[^\s:,;@/]{1,40}", text) or not text.isprintable():
        raise ValueError(f"{text[:40]!r} is no name that people can call: no spaces, and none of : , ; @ /")
    return text


def _network_name(text: str) -> str:
    if not re.fullmatch(r"[^\W_][\w.-]{0,39}", text):
        raise ValueError(f"{text[:40]!r} is no name of a network: it has letters, digits and . _ -")
    return text


def room_name(text: str) -> str:
    """Return `text` where it can be the name of a room."""
    names = _several(text)
    if names:
        # Keys may stand behind them, as in `/join #a,#b key`: no more than the names is shown.
        entries = ", ".join(f'"{name[:60]}"' for name in names[:5])
        raise ValueError(f"an entry is one room; write {len(names)} entries: {entries}")
    if not text or len(text) > 255 or not text.isprintable() or " " in text:  # noqa: PLR2004 - Matrix's longest
        raise ValueError(f"{text[:40]!r} is no name of a room: it has no spaces, and 255 characters at most")
    return text


def _several(text: str) -> list[str]:
    """Return the names in `text` where it is several with commas between them, else nothing."""
    for names in (text.partition(" ")[0].split(","), [each.strip() for each in text.split(",")]):
        if len(names) > 1 and all(_begins_a_room(each) for each in names):
            return names
    return []


def _begins_a_room(name: str) -> bool:
    return name[:1] in _SIGNS and name.isprintable() and " " not in name


def _announcement_name(text: str) -> str:
    if not _ANNOUNCEMENT.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is no name of an announcement: it has letters, digits and . _ -")
    if text.casefold() in _BY_HAND:
        raise ValueError(f"{text!r} means something to !announce already; take another name")
    return text


def _written_room(text: str) -> str:
    network, slash, room = text.partition("/")
    if not (network and slash and room) or len(text) > 300:  # noqa: PLR2004 - a network's name and Matrix's longest
        form = (
            f"network/{text[:60]}, by the network's name"
            if text.isprintable() and text and not slash
            else "network/room"
        )
        raise ValueError(f"{text[:80]!r} is no room: write {form}")
    return text


def _note(text: str) -> str:
    """Return the text without what is no text, its lines kept."""
    for character in text:
        if character not in "\n\t" and unicodedata.category(character) in _UNSAYABLE:
            raise ValueError(f"the character U+{ord(character):04X} is no text; take it out")
    lines = [" ".join(each.split()) for each in text.strip().split("\n")]
    if not any(lines):
        raise ValueError("the text is empty; write what is to be said")
    return "\n".join(line for line in lines if line)


def _once(kinds: list[Kind]) -> list[Kind]:
    twice = [each for each in kinds if kinds.count(each) > 1]
    if twice:
        raise ValueError(f"{twice[0]} stands twice")
    return kinds


def _comes_out(kind: Kind) -> Kind:
    if kind not in KINDS:
        raise ValueError(f"a {kind} is never released; it is one of: {', '.join(KINDS)}")
    return kind


def saying(occasion: Occasion) -> AfterValidator:
    """Return the check of a `say` of `occasion`: plain fields, and those that there are."""

    def check(text: str | None) -> str | None:
        if text is None:
            return None
        text = _note(text)
        if "\n" in text or len(text) > LONGEST_SAYING:
            raise ValueError(f"expected one line of at most {LONGEST_SAYING} characters")
        try:
            pieces(text, occasion)
        except UnknownField as error:
            known = FIELDS[occasion]
            hint = did_you_mean(error.field, known)
            raise ValueError(f"{error}{hint}; there are: {', '.join(known)}") from None
        return text

    return AfterValidator(check)


def database_url(url: SecretStr | None) -> SecretStr | None:
    """Return the URL of a PostgreSQL database; what is wrong with another is told without showing it."""
    if isinstance(url, Unread):
        return url
    try:
        parts = urlsplit(url.get_secret_value()) if url is not None else None
        sound = parts is None or (parts.scheme == "postgresql" and parts.port != 0)
        # A host has no @, nor has a path: there stands what is left of a password.
        sound = sound and (parts is None or not (parts.netloc.count("@") > 1 or "@" in parts.path))
    except ValueError:
        sound = False
    if not sound:
        raise ValueError(
            "expected the URL of a PostgreSQL database: postgresql://user:password@host/name, "
            "in which @ : / ? # and % of the password are percent-encoded (@ is %40, / is %2F)"
        )
    return url


def is_here(host: str) -> bool:
    """Tell whether `host` is this machine, where a connection needs no TLS."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _command_name(text: str) -> str:
    if not _COMMAND.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no command: write its name alone, as search")
    return text


def _other_name(value: object) -> str | None:
    if value is False:
        return None
    if not isinstance(value, str) or value.casefold() in _OFF:
        raise ValueError("expected the name that the command has here, or off (without quotes)")
    return _command_name(value).casefold()


def is_module(name: object) -> bool:
    """Tell whether `name` is written as a third party's module is: `package.module`."""
    return isinstance(name, str) and _MODULE.fullmatch(name) is not None


def _module(text: str) -> str:
    if not is_module(text):
        raise ValueError(f"{text[:60]!r} is no module: write it as package.module")
    return text


Duration = Annotated[
    float,
    BeforeValidator(_duration),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0},
                {"type": "string", "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*[smhd]?\s*$"},
            ]
        }
    ),
]
"""Seconds."""
Prefix = Annotated[str, AfterValidator(_prefix), Field(json_schema_extra={"minLength": 1, "maxLength": 3})]
BotName = Annotated[str, AfterValidator(_bot_name)]
NetworkName = Annotated[str, AfterValidator(_network_name)]
RoomName = Annotated[str, AfterValidator(room_name)]
AnnouncementName = Annotated[str, AfterValidator(_announcement_name)]
RoomWritten = Annotated[str, AfterValidator(_written_room)]
"""A room as `network/room`."""
NoteText = Annotated[str, Field(max_length=4000), AfterValidator(_note)]
Kinds = Annotated[list[KindWord], Field(min_length=1), AfterValidator(_once)]
"""Kinds of dated things, each once."""
KindsOut = Annotated[
    list[Annotated[KindWord, AfterValidator(_comes_out)]], Field(min_length=1), AfterValidator(_once)
]
"""Those that can be out."""
CommandName = Annotated[str, AfterValidator(_command_name)]
OtherName = Annotated[
    str | None,
    BeforeValidator(_other_name),
    WithJsonSchema({"anyOf": [{"const": False}, {"type": "string"}]}),
]
"""A command's name in a room; None where it is switched off."""
ModuleName = Annotated[str, AfterValidator(_module), Field(json_schema_extra={"pattern": r"^\w+(\.\w+)+$"})]
