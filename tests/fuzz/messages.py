"""What people and others might type, from a seed: commands, questions and names, as they are and mutated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from milestonebot.commands import FILES
from milestonebot.statuses import IMPLEMENTATION
from tests.fuzz.texts import LONGEST, any_text, long_text, mutated

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

COMMANDS = tuple(name for names in FILES.values() for name in names)
PREFIXES = (*["!"] * 30, ".", ".", ".", "", "!!", "/", "@")
_NAME = "milestonebot"
_CALLS = (
    f"{_NAME}: ",
    f"{_NAME}, ",
    f"@{_NAME} ",
    f"{_NAME} ",
    f"{_NAME}:",
    _NAME.upper() + ": ",
    f"{_NAME}\u200b: ",
)
QUESTIONS = (
    *("when is {}?", "what is the next milestone?", "how long until {}?", "is {} in {}?", "any ETA for {}"),
    *("what landed in {} for {}?", "is {} out?", "is there any expected date for {} ?", "so when is {}?"),
    *("Is {} really due by October 15 ?", "do you have an ETA for the next release ?", "who works on {}"),
    *(
        "Will the next release {} in this month?",
        "when are the {} changes due to appear?",
        "what's new in {}",
    ),
    *(
        "close to a release?",
        "is it okay to get the {} fixes into this release?",
        "how is {} going",
        "status of {}",
    ),
    *("Milestone {} is still open, but {} had already been released", "what date is {} due", "show me {}"),
    *(
        "Cuando sale el siguiente release...?",
        "one place says {}, another the {}",
        "what about {}",
        "{}",
        "the {}",
    ),
    *(
        "when will {} be released",
        "how far away is {}",
        "what can you do",
        "tell me about {}",
        "help",
        "{} {} {}",
    ),
)
# Words of the patterns themselves: where they come in crowds, a careless pattern takes for ever.
_CROWDS = (
    *(
        "is ",
        "in ",
        "be ",
        "is in ",
        "when ",
        "the ",
        "so ",
        "and ",
        "will be ",
        "landed ",
        "what is ",
        "next ",
    ),
    *(
        "due out ",
        "of the ",
        "how long until ",
        "for ",
        "a ",
        "'s ",
        "please ",
        "progress ",
        "..",
        "?",
        "!more ",
    ),
)


Names: TypeAlias = Mapping[str, Sequence[str]]
"""The names of a catalog by what they name: `milestone`, `series` …; `any` holds all of them."""

_TAKES = {
    "milestone": ("milestone", "project"),
    "when": ("milestone", "series"),
    "next": ("project", "series"),
    "schedule": ("series",),
    "blueprints": ("milestone", "project", "status"),
    "overview": ("milestone",),
    "search": ("any", "any"),
    "progress": ("milestone", "project"),
    "series": ("series",),
    "whether": ("blueprint", "in", "milestone"),
    "release": ("project", "release"),
    "project": ("project",),
    "source": ("milestone",),
}
"""What the commands of each file take; `is` and `blueprint` among them have files with others."""
_STATUSES = (*IMPLEMENTATION, "done", "implemented", "started")


def make(random: Random, names: Names) -> tuple[str, str]:
    """Return what kind of message it is, and its text; `names` are those of the catalog."""
    if random.random() < 0.005:
        return "long ones", _called(random, _opened(random, long_text(random)))[:LONGEST]
    kind = random.choices(_KINDS, _WEIGHTS)[0]
    return _TOLD[kind], _called(random, kind(random, names))[:LONGEST]


def _called(random: Random, text: str) -> str:
    """Return `text`, often put to the bot by its name."""
    return random.choice(_CALLS) + text if random.random() < 0.3 else text


def _opened(random: Random, text: str) -> str:
    """Return `text`, mostly as the arguments of a command."""
    command = random.choice(COMMANDS) if random.random() < 0.95 else any_text(random, 12)
    return random.choice((f"{random.choice(PREFIXES)}{command} {text}", text))


def _name(random: Random, names: Names, what: str = "any") -> str:
    if what == "in":
        return "in"
    name = random.choice(_STATUSES if what == "status" else names[what])
    return mutated(random, name) if random.random() < 0.15 else name


def _command(random: Random, names: Names) -> str:
    """Return a command, mostly with what it takes."""
    file = random.choice(tuple(FILES))
    command = random.choice(FILES[file])
    takes = ("blueprint",) if command in ("blueprint", "bp", "spec") else _TAKES.get(file, ("any",))
    if random.random() < 0.2:
        takes = ("any",) * random.choice((0, 1, 2, 3, 9))
    arguments = (_name(random, names, what) for what in takes[: random.randint(0, len(takes))] or takes[:1])
    return f"{random.choice(PREFIXES)}{command} {' '.join(arguments)}"


def _mutated_command(random: Random, names: Names) -> str:
    return mutated(random, _command(random, names))


def _question(random: Random, names: Names) -> str:
    asked = random.choice(QUESTIONS)
    asked = asked.format(*(_name(random, names) for _ in range(3)))
    return mutated(random, asked) if random.random() < 0.4 else asked


def _crowd(random: Random, names: Names) -> str:
    words = random.choices(_CROWDS, k=random.randint(1, 3))
    crowd = "".join(words) * random.choice((1, 3, 10, 80, 400))
    return random.choice((crowd, crowd + _name(random, names), _opened(random, crowd)))


def _noise(random: Random, _names: Names) -> str:
    return any_text(random, random.choice((10, 40, 300)))


def _noisy_command(random: Random, _names: Names) -> str:
    return _opened(random, any_text(random, random.choice((10, 40, 300))))


def _bare_name(random: Random, names: Names) -> str:
    return _name(random, names)


_CHOICES: dict[Callable[[Random, Names], str], tuple[int, str]] = {
    _command: (45, "commands"),
    _mutated_command: (11, "commands, mutated"),
    _question: (20, "questions in words"),
    _crowd: (3, "crowds of the words of questions"),
    _noise: (6, "noise"),
    _noisy_command: (6, "commands with noise behind them"),
    _bare_name: (9, "names alone"),
}
_KINDS = tuple(_CHOICES)
_WEIGHTS = [weight for weight, _ in _CHOICES.values()]
_TOLD = {kind: told for kind, (_, told) in _CHOICES.items()}
