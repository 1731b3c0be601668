"""Questions in words: a small set of patterns over the catalog's own names.

Each pattern turns what was asked into a command of the router. What none of them is sure of is
not guessed at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from milestonebot.names import LONGEST
from milestonebot.router import Asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.lookup import Lookup


def understand(text: str, lookup: Lookup) -> Asked | None:
    """Return the command that `text` asks for, or None where that is not sure."""
    said = _plain(text)
    for pattern, meaning in _PATTERNS:
        # Compiled when it is first tried, and kept by `re`: all of them would cost an `ask` 10 ms.
        found = re.fullmatch(pattern, said)
        if found is not None:
            asked = meaning(found, lookup)
            if asked is not None:
                return asked
    return _bare(said, lookup)


_OPENING = re.compile(
    r"(?:(?:so|and|ok|okay|hey|hi|hello|please|well|um|but|also|now|do you know|can you tell (?:me|us)"
    r"|could you tell (?:me|us)|tell (?:me|us)|does anyone know|anyone know|i wonder|any idea"
    r"|remind me)\b[ ,:]*)+"
)
_FILLING = re.compile(
    r"(?<!\S)(?:the|a|an|really|actually|currently|exactly|still|already|our|this|please|again|expected"
    r"|then|yet)(?!\S)"
)
_SLOPPY = (("whats ", "what's "), ("whens ", "when's "), ("wen ", "when "))


def _plain(text: str) -> str:
    """Return `text` without case, politeness and closing punctuation, cut to what is read."""
    said = " ".join(text[:LONGEST].casefold().replace("\u2019", "'").split())
    said = said.strip(" ?!.,;:\u00bf\u00a1\u2026")
    if (start := _OPENING.match(said)) and start.end() < len(said):
        said = said[start.end() :]
    for typed, meant in _SLOPPY:
        if said.startswith(typed):
            said = meant + said.removeprefix(typed)
    return re.sub(r",? (?:please|then|exactly|again|now|folks|all)$", "", said)


def _name(text: str) -> str:
    """Return the name in `text`: without articles, and without the words people put around names."""
    name = " ".join(_FILLING.sub(" ", text).split()).strip(" ?!.,\"'")
    name = re.sub(r"^(?:milestone|series|version|release(?! candidate)|v\.) (?=\S)", "", name)
    return re.sub(r"(?<=\S) (?:changes?|features?|milestone|series|cycle|date|deadline)$", "", name)


_MOST_IN_A_NAME = 3
_NEXT = re.compile(r"(?:next|upcoming|coming|following|siguiente|pr[o\u00f3]xim[oa])\b ?(.*)")
_RELEASE = frozenset({"release", "releases", "version"})
_ANY_TARGET = frozenset({"", "milestone", "milestones", "one", "thing", "date"}) | _RELEASE


def _when(found: re.Match[str], lookup: Lookup) -> Asked | None:
    """Answer a date: of what is next, or of the thing that is named."""
    name = _name(found["x"])
    following = _NEXT.fullmatch(name)
    if following is None:
        return Asked("when", tuple(name.split())) if name else None
    about = _name(following[1])
    if about in _ANY_TARGET:
        return Asked("next", ("release",) if about in _RELEASE else ())
    if any(character.isdigit() for character in about):
        return Asked("when", tuple(about.split()))
    words = tuple(word for word in about.split() if word not in _ANY_TARGET | {"of", "for"})
    if lookup.milestone(" ".join(words)) is not None:
        return Asked("when", words)
    return Asked("next", (*words, "release") if _RELEASE & set(about.split()) else words)


def _cycle(found: re.Match[str], lookup: Lookup) -> Asked | None:
    """Answer when a cycle began or came to its end by telling of the series."""
    name = re.sub(r" cycle$", "", _name(found["x"]))
    return Asked("series", tuple(name.split())) if lookup.series(name) is not None else None


def _landed(found: re.Match[str], lookup: Lookup) -> Asked | None:
    """Answer what landed in a milestone, of one project where one is named."""
    milestone, rest = lookup.split(_name(found["x"]).split(), lookup.milestone)
    project, left = lookup.split(rest, lookup.project)
    if milestone is None:
        # What is surely meant to be one is looked up as it was typed: the command tells what is near it.
        return Asked("overview", left) if _like_a_milestone(left, lookup) else None
    name = milestone.best.name
    return Asked("blueprints", (name, project.best.name)) if project else Asked("overview", (name,))


def _is_in(found: re.Match[str], lookup: Lookup) -> Asked | None:
    """Answer whether a blueprint is in a milestone."""
    blueprint, milestone = _name(found["x"]), _name(found["y"])
    if lookup.milestone(milestone) is None or not blueprint:
        if lookup.dated(blueprint) is not None:
            return _when(found, lookup)
        words = tuple(milestone.split())
        sure = lookup.blueprints(blueprint) and _like_a_milestone(words, lookup)
        return Asked("is", (*blueprint.split(), "in", *words)) if sure else None
    if lookup.milestone(blueprint) is None and (
        lookup.blueprints(blueprint) or len(blueprint.split()) <= _MOST_IN_A_NAME
    ):
        return Asked("is", (*blueprint.split(), "in", *milestone.split()))
    return Asked("when", tuple(blueprint.split())) if lookup.milestone(blueprint) is not None else None


def _is_out(found: re.Match[str], lookup: Lookup) -> Asked | None:
    """Answer whether a milestone is out."""
    name = _name(found["x"])
    if lookup.dated(name) is not None:
        return Asked("is", (*name.split(), "out"))
    return Asked("blueprint", (name,)) if lookup.blueprints(name) else None


def _dated(found: re.Match[str], lookup: Lookup) -> Asked | None:
    """Answer the date of what is named; whether it is "by October" the asker reads there."""
    return _if_dated("when", found, lookup)


def _progress(found: re.Match[str], lookup: Lookup) -> Asked | None:
    return _if_dated("progress", found, lookup)


def _if_dated(command: str, found: re.Match[str], lookup: Lookup) -> Asked | None:
    """Give the words to `command`, where they name something dated."""
    words = tuple(_name(found["x"]).split())
    if lookup.blueprints(" ".join(words)):
        return Asked("blueprint", words)
    if _NEXT.match(" ".join(words)):
        return _when(found, lookup)
    named, _ = lookup.split(words, lookup.dated)
    return Asked(command, words) if named is not None or _like_a_version(words) else None


def _like_a_version(words: tuple[str, ...]) -> bool:
    """Tell whether it is surely a name, though the catalog does not have it: `v1.1`, `zed-4`."""
    return len(words) == 1 and any(character.isdigit() for character in words[0])


def _like_a_milestone(words: tuple[str, ...], lookup: Lookup) -> bool:
    """Tell whether it is surely the name of one: `zed-4`, or a series and what is numbered, `essex rc 9`."""
    if not words or len(words) > _MOST_IN_A_NAME or not words[-1][-1].isdigit():
        return _like_a_version(words)
    return len(words) == 1 or lookup.series(words[0]) is not None


def _next(_found: re.Match[str], _lookup: Lookup) -> Asked:
    return Asked("next")


def _describe(found: re.Match[str], lookup: Lookup) -> Asked | None:
    return _when(found, lookup) if _NEXT.match(_name(found["x"])) else _bare(_name(found["x"]), lookup)


def _help(_found: re.Match[str], _lookup: Lookup) -> Asked:
    return Asked("help")


def _bare(said: str, lookup: Lookup) -> Asked | None:
    """Answer a name that stands alone by what it names."""
    name = _name(said)
    following = _NEXT.fullmatch(name)
    if following is not None and following[1] in _ANY_TARGET:
        return Asked("next", ("release",) if following[1] in _RELEASE else ())
    words = tuple(name.split())
    for command, read in (
        ("milestone", lookup.milestone),
        ("series", lookup.series),
        ("blueprint", lookup.blueprints),
        ("project", lookup.project),
        ("release", lookup.releases),
    ):
        if name and read(name):
            return Asked(command, words)
    return Asked("next", words) if name and lookup.project_group(name) is not None else None


_X = r"(?P<x>.{1,150}?)"
_AFTER = (
    r"(?: (?:is|are|was|ships?|due|out|released|happen(?:ing)?|planned|scheduled|coming(?: out)?|be|being"
    r"|tagged|land(?:ing)?|cut|expected|appear|to|come out|ship(?:ped|ping)?|start(?:ing)?|end(?:ing)?"
    r"|going|ready|available|published|over))*"
)
_UNTIL = r"(?:until|till|til|to|before|for|since)"
_LEFT = r"(?: is| are| left| it| there)*"
_HAVE = r"(?:do you have |is there |have you got |got )?(?:an?y? )?"
_GOT = r"(?:be |been |go |get |make it |landed |land |gone )*"
_LANDED = r"(?:has |have )?(?:landed|went|got|made it|is|are|was|were|merged)(?: new)?"
_CYCLE = r"(?: (?:in|on) .{1,40})?"
_IS_OUT = r"(?:out|released|done|tagged|published|shipped)(?: yet)?"
_BY = r"(?: (?:by|on|in|before|for) .{1,60})?"

_Meaning: TypeAlias = "Callable[[re.Match[str], Lookup], Asked | None]"


_PATTERNS: tuple[tuple[str, _Meaning], ...] = (
    (rf"when(?:'s| is| was| does| did| will) {_X} (?:start|begin|began|started){_CYCLE}", _cycle),
    (rf"when(?:'s| is| was| does| did| will) {_X} (?:reach |go |be )?(?:eol|end of life)", _cycle),
    (rf"when(?:'s| is| are| was| were| will| does| do| did)? {_X}{_AFTER}", _when),
    (rf"(?:on )?(?:what|which) (?:date|day|week) (?:is|was|does|did|will) {_X}{_AFTER}", _when),
    (rf"(?:what(?:'s| is) )?(?:the )?(?:release )?(?:date|day) (?:of|for) {_X}", _when),
    (rf"{_X} release date", _when),
    (rf"how many blueprints (?:are |were |landed )*(?:in|for) {_X}", _landed),
    (rf"is {_X} implemented", _progress),
    (rf"how (?:long|much time|many (?:days|weeks)){_LEFT} {_UNTIL} {_X}{_AFTER}", _when),
    (rf"how far (?:away )?(?:is|are) {_X}(?: away| off)?", _when),
    (rf"{_HAVE}(?:eta|expected date|date|estimate) (?:for|of|on) {_X}", _when),
    (r"(?:are we )?close to (?:(?:the )?next|a|the) (?:release|milestone)", _next),
    (rf"cu[a\u00e1]ndo (?:sale|es|ser[a\u00e1]) (?:el |la )?{_X}", _when),
    (rf"(?:is|was|will|does|did|has) {_X} {_GOT}(?:in|into|for|part of) (?P<y>.{{1,80}})", _is_in),
    (rf"(?:is|was|has|did|will) {_X} (?:been |be |come |get )*{_IS_OUT}", _is_out),
    (rf"(?:is|are|will) {_X} (?:be )*(?:really )?(?:due|planned|out|released|ready){_BY}", _dated),
    (rf"will {_X} (?:be )?in (?:this|next) (?:week|month|year)", _dated),
    (rf"(?:what|which blueprints?|which features?) {_LANDED} (?:in|into|for) {_X}", _landed),
    (rf"what's (?:new )?in {_X}", _landed),
    (rf"(?:what(?:'s| is) )?(?:the )?(?:progress|status|state) (?:of|on|for) {_X}", _progress),
    (rf"(?:what(?:'s| is| are)|who (?:works|is working) on|what about) {_X}", _describe),
    (rf"(?:tell me about|describe|show(?: me)?|about) {_X}", _describe),
    (rf"(?:how (?:is|are) )?{_X} (?:going|doing|progress(?:ing)?)", _progress),
    (r"(?:what can (?:you|i) (?:do|ask).*|help.*|how do (?:you|i) .*|usage|commands)", _help),
)
"""The patterns and what each means, the surer first."""
