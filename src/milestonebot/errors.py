"""The whole error tree.

::

    MilestonebotError
    ├── UserError            the asker can mend it: told in the room as one polite line
    │   ├── NotFound         nothing is called that; carries at most three near misses
    │   └── Usage            the command was understood, its arguments were not
    ├── UnknownCommand       no command has that name; whether that is told is the caller's to decide
    ├── ConfigError          config.yaml or a milestones file: every Problem at once
    ├── SourceError          a source of facts cannot be read now
    ├── StoreError           the database cannot be used: it is full, locked, damaged, not there
    └── NetworkError         a network cannot be used now; trying again may help
        ├── InDoubt          something was written, and nobody knows whether it arrived
        └── Refused          it refuses for good: banned, the room is gone, the password is wrong

Anything else that is raised is a bug: it is logged with its traceback and apologised for
without detail.
"""

from __future__ import annotations

from dataclasses import dataclass
from os import strerror


class MilestonebotError(Exception):
    """Base of all errors that this package raises on purpose."""


class UserError(MilestonebotError):
    """The message is the line that the asker reads: what was wrong, and what to type instead."""


class NotFound(UserError):
    """Nothing in the catalog is called that.

    `suggestions` holds at most three names that are near. `instead` holds commands that tell what there
    is, by their own names and without a prefix, each with its arguments.
    """

    def __init__(
        self, message: str, suggestions: tuple[str, ...] = (), instead: tuple[str, ...] = ()
    ) -> None:
        """Keep `suggestions` for renderings as data, `instead` for whoever knows the room."""
        super().__init__(message)
        self.suggestions = suggestions[:3]
        self.instead = instead


class Usage(UserError):
    """The command's arguments do not fit; the message says what would."""


class UnknownCommand(MilestonebotError):
    """No command has that name; the message is the name."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file, for the person who edits it."""

    file: str
    line: int
    """1 is the first line; 0 when the mistake has no place in the file (it cannot be read)."""
    column: int
    """1 is the first column; 0 as for `line`."""
    message: str
    """What is wrong, what was expected, and the near miss where there is one."""
    severity: str = "error"
    """`error`, or `warning` for what works but should be mended (a secret in plain text)."""

    def __str__(self) -> str:
        """Tell it as compilers do: `file:line:column: error: message`."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.severity}: {self.message}"


class ConfigError(MilestonebotError):
    """A config or milestones file is wrong; `problems` names every mistake in it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep all problems; the message is one line for each."""
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class SourceError(MilestonebotError):
    """A source of facts could not be read; the message says which, and why."""


class StoreError(MilestonebotError):
    """The database cannot be used; the message says why and what to do, and holds no secret."""


class NetworkError(MilestonebotError):
    """A network cannot be used now; trying again later may help. The message never holds a secret."""

    def __init__(self, message: str, after: float | None = None) -> None:
        """Keep `after`: the seconds that the network asks to wait, where it asks."""
        super().__init__(message)
        self.after = after


class InDoubt(NetworkError):
    """Something was written to the network, and whether it arrived is not known."""


class Refused(NetworkError):
    """The network refuses for good: banned from a room, the room is gone, the login is wrong.

    Where it tells `after`, it may be asked again then: somebody may have mended what was wrong.
    """


def reason(error: BaseException) -> str:
    """Return why a connection failed, as the system says it: `Connection refused`.

    Where a connection cannot be made, asyncio has `Connect call failed` and the address in place of that.
    """
    told = getattr(error, "strerror", None) or str(error) or type(error).__name__
    if isinstance(error, OSError) and error.errno and str(told).startswith("Connect call failed"):
        return strerror(error.errno)
    return str(told)
