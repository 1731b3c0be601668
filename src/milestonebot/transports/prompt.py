"""A person at a terminal: line editing, history, and completion of commands and names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer, Completion, ThreadedCompleter
from prompt_toolkit.history import FileHistory, InMemoryHistory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document as Typed
    from prompt_toolkit.history import History

_MOST = 50
"""Completions that are offered at once."""


class NameCompleter(Completer):
    """Completes a line's first word to a command, the others to names."""

    def __init__(self, commands: Sequence[str], names: Mapping[str, str], prefix: str) -> None:
        """Take `names` with a word on what each is."""
        self._commands = sorted(commands)
        self._names = sorted(names.items())
        self._prefix = prefix

    def get_completions(self, document: Typed, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield what begins with the word before the cursor."""
        del complete_event
        before = document.text_before_cursor.lstrip()
        word = before.rpartition(" ")[2].casefold()
        if " " in before:
            return self._named(word)
        bare = word.removeprefix(self._prefix)
        commands = (
            Completion(name, -len(bare), display_meta="command")
            for name in self._commands
            if name.startswith(bare)
        )
        return [*commands, *(self._named(word) if word else ())]

    def _named(self, word: str) -> list[Completion]:
        begin = [(name, what) for name, what in self._names if name.casefold().startswith(word)]
        return [Completion(name, -len(word), display_meta=what) for name, what in begin[:_MOST]]


class PromptReader:
    """Reads lines from a terminal."""

    def __init__(self, completer: Completer, history: Path | None) -> None:
        """Keep what is typed in the file `history`, readable by its owner alone; None keeps nothing."""
        self._session: PromptSession[str] = PromptSession(
            completer=ThreadedCompleter(completer), history=_history(history), complete_while_typing=False
        )

    async def line(self) -> str | None:
        """Return the next line; None at the end of input. What Ctrl-C interrupts is an empty line."""
        try:
            return await self._session.prompt_async("> ")
        except EOFError:
            return None
        except KeyboardInterrupt:
            return ""


def history_file(environ: Mapping[str, str]) -> Path | None:
    """Return where the history is kept, by the XDG base directory specification; None without a home."""
    state = environ.get("XDG_STATE_HOME", "")
    home = environ.get("HOME", "")
    if not Path(state).is_absolute():
        state = str(Path(home) / ".local" / "state") if home else ""
    return Path(state) / "milestonebot" / "history" if state else None


def _history(path: Path | None) -> History:
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
    except OSError:
        # Nowhere to keep it: the terminal works all the same.
        return InMemoryHistory()
    return FileHistory(path)
