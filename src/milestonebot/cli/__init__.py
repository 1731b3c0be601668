"""The command line: `milestonebot` alone is the console.

A command is a file in this folder, imported when it is called for: `ask` costs little more than
Python itself.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from milestonebot import __version__
from milestonebot.errors import ConfigError, MilestonebotError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence
    from pathlib import Path

ANSWERED, NOTHING_FOUND, USAGE = 0, 1, 2
"""Exit codes of `ask`. Every command exits with 2 where its arguments or its config are wrong;
`check` and `import`, whose very matter is what is wrong in files, exit with 1 for that."""
_INTERRUPTED, _NOBODY_READS = 130, 141

_EXAMPLES = """examples:
  milestonebot                                     talk to the bot in this terminal
  milestonebot ask '!milestone essex-2'            one answer
  milestonebot ask '!next' --at 2011-12-20         as on that day
  milestonebot run --config config.yaml            the service, on your networks
  milestonebot check --config config.yaml          every mistake, with its line
  milestonebot plan --config config.yaml           what will be announced, where and when
  milestonebot outbox --config config.yaml         what waits, and what failed and why
  milestonebot import post.md > milestones.yaml    a milestone post becomes data to review
"""
_MOST_DAYS = 3660
_MOST_LISTED = 1_000_000
_OF_ITS_OWN = frozenset({"-h", "--help", "--version"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    said = list(sys.argv[1:] if arguments is None else arguments)
    if not said or (said[0].startswith("-") and said[0] not in _OF_ITS_OWN):
        said.insert(0, "console")
    parsed = _parser(said[0]).parse_args(said)
    command: Callable[[Namespace], int] = import_module(
        f"milestonebot.cli.{_COMMANDS[parsed.command].file}"
    ).run
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no · still gets the answer.
        if callable(reconfigure := getattr(stream, "reconfigure", None)):
            reconfigure(errors="replace")
    try:
        code = command(parsed)
        sys.stdout.flush()
    except MilestonebotError as error:
        print(error if isinstance(error, ConfigError) else f"milestonebot: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has left; Python would complain once more on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOBODY_READS
    return code


def _parser(asked: str) -> ArgumentParser:
    """Return the parser of `asked`, or of every command where it is none: each costs a millisecond."""
    parser = ArgumentParser(
        prog="milestonebot",
        description="A release bot for IRC channels and Matrix rooms, and for this terminal.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"milestonebot {__version__}")
    commands = parser.add_subparsers(
        title="commands", prog=parser.prog, metavar="COMMAND", dest="command", required=True
    )
    for name in [asked] if asked in _COMMANDS else _COMMANDS:
        command = _COMMANDS[name]
        arguments = commands.add_parser(name, help=command.help)
        command.add_arguments(arguments)
        arguments.add_argument("--at", metavar="DATE", help="as on that day, such as 2011-12-20")
    return parser


def _talking(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--config", metavar="FILE", help="your config, in place of the shipped OpenStack data"
    )
    parser.add_argument(
        "--data", metavar="FILE", action="append", help="a milestones file, in place of a config"
    )
    parser.add_argument("--room", metavar="NETWORK/NAME", help="answer as in that room of the config")
    parser.add_argument("--format", choices=("text", "html", "irc", "json"), help="how answers are written")


def _asking(parser: ArgumentParser) -> None:
    parser.add_argument("question", nargs="+", metavar="QUESTION", help="a command, or a question in words")
    _talking(parser)


def _running(parser: ArgumentParser) -> None:
    parser.add_argument("--config", metavar="FILE", help="the config (config.yaml)")
    parser.add_argument("--log-level", choices=("debug", "info", "warning", "error"), default="info")


def _checking(parser: ArgumentParser) -> None:
    parser.add_argument(
        "data", nargs="*", metavar="FILE", help="milestones files to check, in place of a config"
    )
    parser.add_argument("--config", metavar="FILE", help="the config to check (config.yaml)")


def _planning(parser: ArgumentParser) -> None:
    parser.add_argument("--config", metavar="FILE", help="the config (config.yaml)")
    parser.add_argument("--days", metavar="N", type=_days, default=30, help="how far ahead; 30 days")
    parser.add_argument("--json", action="store_true", help="as data, with the whole words")


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:5]) <= _MOST_DAYS:
        raise ArgumentTypeError(f"expected 1 to {_MOST_DAYS} days, not {text!r}")
    return int(text)


def _seeing_to_deliveries(parser: ArgumentParser) -> None:
    from milestonebot.outbox import Stage  # noqa: PLC0415 - a millisecond that other commands do without

    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "show", "retry", "drop"),
        default="list",
        help="list them; show all of one; plan one again that failed, expired or was dropped; drop one",
    )
    parser.add_argument("key", nargs="?", metavar="KEY", help="which one: its key, or how the key begins")
    parser.add_argument("--config", metavar="FILE", help="the config (config.yaml)")
    parser.add_argument(
        "--stage",
        action="append",
        choices=[each.value for each in Stage],
        help="list those alone; may be said again; planned, sending and failed",
    )
    parser.add_argument("--all", action="store_true", help="list those of every stage")
    parser.add_argument("--room", metavar="NETWORK/NAME", help="list those of that room alone")
    parser.add_argument("--most", metavar="N", type=_count, default=100, help="list so many; 100")
    parser.add_argument("--json", action="store_true", help="as data")


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:10]) <= _MOST_LISTED:
        raise ArgumentTypeError(f"expected 1 to {_MOST_LISTED}, not {text!r}")
    return int(text)


def _importing(parser: ArgumentParser) -> None:
    parser.add_argument("posts", nargs="+", metavar="POST", type=_path, help="Markdown or HTML")
    parser.add_argument("--group", metavar="NAME", help="the project group, where the post does not tell it")


def _path(name: str) -> Path:
    from pathlib import Path  # noqa: PLC0415 - 3 ms, with all that it imports, that `ask` does without

    return Path(name)


def _nothing(_parser: ArgumentParser) -> None:
    """Add no argument."""


class _Command(NamedTuple):
    file: str
    """Its file in this folder, which exports `run(parsed) -> exit code`."""
    help: str
    add_arguments: Callable[[ArgumentParser], None]


_COMMANDS = {
    "console": _Command("console", "the bot in this terminal or on a pipe; it needs no command", _talking),
    "ask": _Command("ask", "one answer; exit 0: answered, 1: nothing found, 2: usage or config", _asking),
    "run": _Command("run", "the service: on the networks of a config until it is told to stop", _running),
    "check": _Command("check", "tell every mistake in a config and its data, each with its line", _checking),
    "plan": _Command("plan", "what will be announced, where, when and in which words", _planning),
    "outbox": _Command(
        "outbox", "what waits, failed or was announced; retry it or drop it", _seeing_to_deliveries
    ),
    "import": _Command("importing", "turn milestone posts into YAML for a maintainer to review", _importing),
    "schema": _Command("schema", "print the config's JSON Schema, for editors", _nothing),
}
