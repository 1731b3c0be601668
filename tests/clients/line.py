"""IRC's lines, read to the letter of RFC 1459 and IRCv3's message tags."""

from collections.abc import Mapping
from dataclasses import dataclass

ESCAPES = {":": ";", "s": " ", "\\": "\\", "r": "\r", "n": "\n"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it came, and its parts."""

    raw: bytes
    """Without the CR LF at its end."""
    tags: Mapping[str, str]
    source: str
    """nick!user@host, a server's name, or nothing."""
    command: str
    """A word in capitals, or three digits."""
    parameters: tuple[str, ...]

    @property
    def nick(self) -> str:
        """Return who said it."""
        return self.source.partition("!")[0]

    @property
    def text(self) -> str:
        """Return the last parameter, which is what was said where something was said."""
        return self.parameters[-1] if self.parameters else ""


def unescaped(value: str) -> str:
    """Return a tag's value as it was meant (IRCv3 message-tags, "Escaping values")."""
    out, letters = "", iter(value)
    for letter in letters:
        if letter == "\\":
            follower = next(letters, "")
            out += ESCAPES.get(follower, follower)
        else:
            out += letter
    return out


def parse(raw: bytes) -> Line:
    """Take a line apart; what is no UTF-8 is kept as replacement characters."""
    rest = raw.decode("utf-8", "replace")
    tags, source = "", ""
    if rest.startswith("@"):
        tags, _, rest = rest[1:].partition(" ")
    if rest.startswith(":"):
        source, _, rest = rest[1:].partition(" ")
    head, colon, last = f" {rest}".partition(" :")
    command, *parameters = [*head.split(), *([last] if colon else [])] or [""]
    pairs = (tag.partition("=") for tag in tags.split(";") if tag)
    return Line(
        raw=raw,
        tags={name: unescaped(value) for name, _, value in pairs},
        source=source,
        command=command.upper(),
        parameters=tuple(parameters),
    )
