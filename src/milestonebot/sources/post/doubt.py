"""Which of a post's links are to things that it does not say are done.

A link is doubted where the post crosses it out, or where its sentence, the sentence behind it,
the line that leads in its list, or a heading above it speaks of plans, of what was put off, or
of a later milestone. The words of the links themselves do not count: "deferred deletion" is a
feature. Where one half of a sentence says what is done and the other what is not, as in "a
landed, but b did not make it", each half speaks for itself.
"""

from __future__ import annotations

import re
from typing import Final

_LAND: Final = (
    r"(?:land\w*|arriv\w+|appear\w*|come|coming|ship\w*|follow|make it|slip|go in|happen"
    r"|(?:be|get) (?:\w+ ){0,2}?(?:added|available|merged|included|shipped|done|ready|implemented"
    r"|supported|released|proposed|finished|completed|delivered|finali[sz]ed))\b"
)
_WILL: Final = (
    r"\b(?:(?:will|shall|would|should|could|may|might|going to|expected to|due to|set to|likely to)|\w+'ll)"
)
_WERE: Final = r"\b(?:is|are|was|were|be|being|been|remains?|still|currently|got|get|also)"
_NOT: Final = r"\b(?:did|do|does|could|have|has|was|were|is|are|will|would|ca|wo)(?:n't| not)"
_PLANS: Final = (
    rf"{_WILL} (?:\w+ ){{0,3}}?{_LAND}",
    r"\b(?:we|i|they)(?:'ll| will| should| also)* (?:also )?(?:hope|plan|intend|aim|want|need)(?: to\b|:)",
    r"\b(?:hopefully|we hope|may or may not|might (?:also )?sneak)\b",
    rf"{_WERE} (?:\w+ )?(?:planned|proposed|targeted|scheduled|expected|in progress|under ?way)\b",
    r"\b(?:planned|scheduled|targeted|slated|proposed|expected) (?:for|in|at|features?|work|to)\b",
    r"\b(?:being worked on|under (?:review|development)|work(?:s|ing)? in progress|ongoing|on track)\b",
    r"\b(?:almost|nearly|not) (?:\w+ )?(?:ready|finished|complete|completed|merged)\b",
    r"\b(?:next|upcoming|later|future|following) (?:\w+ )?(?:milestone|release|cycle|series|version)s?\b",
    r"\b(?:coming (?:up|soon|next|in)|upcoming|look(?:ing)? (?:ahead|forward)|next up|what's next)\b",
    r"\b(?:stay tuned|road ?map|in preparation|granted (?:an )?exceptions?|freeze exceptions?)\b",
)
_PUT_OFF: Final = (
    rf"{_NOT} (?:\w+ )?(?:make|made|land|landed|merged?|included?|implemented|ship|fit|ready|in time)\b",
    r"\b(?:not (?:everything|all)|missed (?:the|this|out)|not make it|failed to (?:make|land|merge))\b",
    rf"{_WERE} (?:\w+ )?(?:deferred|postponed|delayed|put off|pushed back|retargeted|reverted|rejected)\b",
    r"\b(?:deferred|postponed|delayed|pushed|bumped|slips|retargeted) (?:back |out )?(?:until|till|past)\b",
    r"\b(?:deferred|postponed|delayed|bumped|slips|retargeted) (?:back |out )?to\b",
    r"\b(?:slipped|too late|left out)\b",
)
_BARE: Final = (
    r"\b(?:deferred|postponed|planned|proposed|blocked|started|in progress|good progress|slow progress)\b",
    r"\b(?:needs code review|under review|incomplete|unfinished|reverted|late)\b",
)
"""Words that are a verdict where they stand beside a link in a list or a table."""
_HEADINGS: Final = (
    r"\b(?:plan(?:s|ned)?|next|deferred|postponed|delayed|future|in progress|under ?way|coming|to come)\b",
    r"\b(?:ahead|not done|what's left|remaining|late|proposed|missed|will be|themes? for)\b",
)


def _one_of(*patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(pattern for each in patterns for pattern in each), re.IGNORECASE)


_SENTENCE = _one_of(_PUT_OFF, _PLANS)
_ITEM = _one_of((r"\A\[ ?\]",), _PUT_OFF, _PLANS, _BARE)
"""The first is a box that nobody has ticked (a task list of GitHub's Markdown)."""
_HEADING = _one_of(_PUT_OFF, _PLANS, _HEADINGS)
_DONE = re.compile(
    r"\b(?:landed|added|merged|gained|completed|done|made it|implemented|introduced|delivered|shipped"
    r"|finished|released|ported|supports?|supported|can now|now|was|were|saw|got|grew)\b",
    re.IGNORECASE,
)
_LANDED = re.compile(
    r"\b(?:landed|added|merged|gained|completed|done|made it|implemented"
    r"|introduced|delivered|shipped|finished)\b",
    re.IGNORECASE,
)
_BEGUN = re.compile(
    r"\b(?:in progress|(?:good|slow) progress|under ?way|being worked on|ongoing|started|on track"
    r"|under (?:review|development)|needs code review|unfinished|incomplete"
    r"|(?:almost|nearly) (?:\w+ )?\w+)\b",
    re.IGNORECASE,
)
_BEGINNING = re.compile(
    r"\b(?:(?:busy|been) (?:\w+ )?(?:starting|working on)"
    r"|(?:started|began|begun|starting) (?:to )?(?:work|implement)(?:ing)? on"
    r"|work (?:\w+ ){0,6}?(?:(?:has|have|was|is|are) )?(?:started|begun|began|under ?way|in progress|ongoing)"
    r"|(?:is|are|still|currently|now) (?:\w+ )?(?:under ?way|in progress|ongoing|being worked on))\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"[,;:\u2013\u2014]? (?:but|while|whereas|although|though|however|yet)\b|; ", re.IGNORECASE
)
_BACK = re.compile(
    r"(?:they|these|those|both|it|this|that|(?:all|none) of (?:them|these|those))\b", re.IGNORECASE
)


def cue(prose: str, *, item: bool = False) -> str | None:
    """Return the words of `prose` that say that something is not done; None where none do."""
    found = (_ITEM if item else _SENTENCE).search(prose)
    return found[0].strip() if found else None


def heading_cue(text: str) -> str | None:
    """Return the words of a heading that do so."""
    found = _HEADING.search(text)
    return found[0].strip() if found else None


def speaks_of_the_last(prose: str) -> bool:
    """Tell whether a sentence is about what the one before it named: "They were deferred"."""
    return _BACK.match(prose) is not None


def is_begun(words: str) -> bool:
    """Tell whether the words that put something in doubt say that it is begun."""
    return _BEGUN.search(words) is not None


def tells_of_landing(prose: str) -> bool:
    """Tell whether a sentence says that something is done, beside what it may say of other things."""
    return _LANDED.search(prose) is not None


def tells_of_work(prose: str) -> bool:
    """Tell whether a sentence speaks of work that is begun, without a link to it."""
    return _BEGINNING.search(prose) is not None


def clauses(prose: str) -> list[tuple[int, int]]:
    """Return the parts of a sentence that are set against each other."""
    cuts = [found.start() for found in _CONTRAST.finditer(prose)]
    return list(zip((0, *cuts), (*cuts, len(prose)), strict=True))


def is_done(prose: str) -> bool:
    """Tell whether a clause says that something is done, and nothing of plans."""
    return _DONE.search(prose) is not None and cue(prose) is None
