"""What a post links, each thing once, with what makes it doubtful whether it landed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from milestonebot.sources.post import doubt
from milestonebot.sources.post.findings import Kind, Mention
from milestonebot.sources.post.sentences import sentences
from milestonebot.sources.post.targets import target
from milestonebot.sources.post.text import cut
from milestonebot.sources.post.titles import title

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from milestonebot.sources.post.blocks import Block, Span
    from milestonebot.sources.post.findings import Target
    from milestonebot.sources.post.sentences import Sentence

LONGEST = 100
"""Characters of a link's text that a reviewer is shown."""
SENTENCE = 300
"""The same of a sentence."""
MOST = 10
"""Sentences on work begun that a reviewer is shown."""

_SPEC = re.compile(r"\+spec/([^\s/?#)>\]\"'&]{1,300})")
_NUMBERED = re.compile(r"([a-z]+)-(\d+)\Z")


def places(text: str) -> dict[str, int]:
    """Return the first line of each blueprint's name in the file."""
    found: dict[str, int] = {}
    line, at = 1, 0
    for each in _SPEC.finditer(text):
        line += text.count("\n", at, each.start())
        at = each.start()
        found.setdefault(unquote(each[1]).lower(), line)
    return found


def mentions(
    blocks: Sequence[Block], milestone: str | None, lines: Mapping[str, int], doubted: str | None = None
) -> list[Mention]:
    """Return all that `blocks` link, in order, each thing once.

    What is doubted once is doubted; `milestone` is the one that the post is about, and `doubted`
    is what puts all of it in doubt.
    """
    gathered = _Gathered(_later(milestone), lines, headings=[(0, doubted)])
    for block in blocks:
        gathered.read(block)
    return list(gathered.found.values())


def _later(milestone: str | None) -> tuple[re.Pattern[str], int] | None:
    """Return what finds milestones of the same series, and the number of this one."""
    found = _NUMBERED.match(milestone or "")
    if found is None:
        return None
    return re.compile(rf"\b{found[1]}[- ]?(\d{{1,3}})\b", re.IGNORECASE), int(found[2])


@dataclass(slots=True)
class _Gathered:
    later: tuple[re.Pattern[str], int] | None
    lines: Mapping[str, int]
    found: dict[tuple[Kind, str | None, str], Mention] = field(default_factory=dict)
    headings: list[tuple[int, str | None]] = field(default_factory=list)
    """The headings above, and what each of them puts in doubt."""
    lead: str | None = None
    """What the line before a list puts in doubt."""

    def read(self, block: Block) -> None:
        """Take in one block after the other."""
        if block.heading:
            self.headings = [each for each in self.headings if each[0] < block.heading]
            self.headings.append(
                (block.heading, doubt.heading_cue(block.text) or self._names_later(block.text))
            )
        above = next((words for _, words in reversed(self.headings) if words), None)
        if not block.item:
            self.lead = None
        around = (self.lead if block.item else None) or above
        last: list[Mention] = []
        for sentence in sentences(block):
            prose = sentence.prose()
            words = doubt.cue(prose, item=block.item) or self._names_later(prose)
            if words and not sentence.links and doubt.speaks_of_the_last(prose):
                self._doubt(last, words)
            mixed = doubt.tells_of_landing(prose)
            last = [self._take(*each, around, mixed=mixed) for each in _links(sentence, words)]
            if not block.item:
                self.lead = (words or above) if sentence.text.rstrip().endswith(":") else None

    def _names_later(self, prose: str) -> str | None:
        if self.later is None:
            return None
        pattern, number = self.later
        return next((found[0] for found in pattern.finditer(prose) if int(found[1]) > number), None)

    def _take(  # noqa: PLR0913 - what is told of one link
        self,
        to: Target,
        words: str,
        made: str | None,
        doubted: str | None,
        around: str | None,
        *,
        mixed: bool,
    ) -> Mention:
        """Take in one link; in a sentence that is `mixed`, what is begun cannot be told from what is done."""
        key = (to.kind, to.project, to.name or to.url)
        line = self.lines.get(to.name, 0) if to.kind is Kind.BLUEPRINT else 0
        known = self.found.get(key) or Mention(to, cut(words, LONGEST), line=line)
        cue = known.doubt or doubted or around
        begun = cue is not None and doubt.is_begun(cue) and not mixed
        self.found[key] = replace(known, title=known.title or made, doubt=cue, begun=begun)
        return self.found[key]

    def _doubt(self, mentioned: Sequence[Mention], words: str) -> None:
        for each in mentioned:
            key = (each.target.kind, each.target.project, each.target.name or each.target.url)
            cue = self.found[key].doubt or words
            self.found[key] = replace(self.found[key], doubt=cue, begun=doubt.is_begun(cue))


def _links(sentence: Sentence, words: str | None) -> Iterator[tuple[Target, str, str | None, str | None]]:
    """Yield what each link of a sentence leads to, its text, its title, and what puts it in doubt."""
    prose = sentence.prose() if words else ""
    sure = [clause for clause in doubt.clauses(prose) if doubt.is_done(prose[slice(*clause)])]
    for i, link in enumerate(sentence.links):
        to = target(link.href)
        if to is None:
            continue
        text = "" if link.bare else sentence.text[link.start : link.end].strip()
        part = link.bare or _adjoins(sentence, i, i + 1) or (i > 0 and _adjoins(sentence, i - 1, i))
        doubted = words if not any(start <= link.start < end for start, end in sure) else None
        yield to, text, None if part else title(text, to.name), "crossed out" if link.struck else doubted


def _adjoins(sentence: Sentence, i: int, j: int) -> bool:
    """Tell whether nothing but blanks stands between two links: parts of a phrase, as "has" and "been"."""
    if j >= len(sentence.links):
        return False
    one, other = sentence.links[i], sentence.links[j]
    return one.href != other.href and not sentence.text[one.end : other.start].strip()


def underway(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the sentences that tell of work begun, and link no blueprint, the first `MOST`.

    A heading, or a line that leads in a list, tells of what stands below it.
    """
    found = (
        cut(sentence.text.strip(), SENTENCE)
        for block in blocks
        if not block.heading
        for sentence in sentences(block)
        if not sentence.text.rstrip().endswith(":")
        and doubt.tells_of_work(sentence.prose())
        and not any(map(_is_blueprint, sentence.links))
    )
    return tuple(islice(found, MOST))


def _is_blueprint(link: Span) -> bool:
    to = target(link.href)
    return to is not None and to.kind is Kind.BLUEPRINT


def of_kind(found: Sequence[Mention], kind: Kind) -> tuple[Mention, ...]:
    """Return the mentions of one kind, in order."""
    return tuple(each for each in found if each.target.kind is kind)
