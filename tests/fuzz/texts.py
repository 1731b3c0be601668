"""Texts that no one should send, from a seed: any Unicode, up to 64 KiB of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.strategies import FRAGMENTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

LONGEST = 65_536
"""Characters; in UTF-8 some texts are four times as many bytes."""

# Ranges of code points, so that each kind comes up more often than by its share of Unicode.
_RANGES = (
    (0x20, 0x7E),
    (0x00, 0x1F),
    (0x7F, 0x9F),
    (0xA0, 0x24F),
    (0x300, 0x36F),
    (0x590, 0x6FF),
    (0xE00, 0xE7F),
    (0x2000, 0x206F),
    (0x3040, 0x30FF),
    (0xD800, 0xDFFF),
    (0xFB00, 0xFDFF),
    (0xFE00, 0xFFFF),
    (0x1F300, 0x1FAFF),
    (0xE0000, 0xE01EF),
    (0x00, 0x10FFFF),
)
# Characters that become others, or more, when they are normalised or their case is folded.
_SHIFTY = "İıſßẞŉǰΐΰﬁﬃﷺ㎨㏂Ⅷ①½ªºµΩKÅ１２ａＺ．﹫＠！｡…‼⁇℡™㈱\u0345\u1fb3\u0390\u2126"
_SPACES = (" ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u3000", "\u2028", "\x0b", "\x85", "\u200b")
_ZALGO = "".join(map(chr, (*range(0x300, 0x370), *range(0x483, 0x48A), *range(0x1AB0, 0x1AC0))))


def any_text(random: Random, most: int = 60) -> str:
    """Return a text of at most about `most` characters: random ones, fragments of what does harm, or both."""
    return random.choice(_KINDS)(random, random.randint(0, most))


def long_text(random: Random, longest: int = LONGEST) -> str:
    """Return a text of up to `longest` characters: a few that come again and again, or all different."""
    size = int(longest ** random.uniform(0.5, 1.0))
    piece = any_text(random, random.choice((1, 3, 40, 2000))) or "\u0301"
    return (piece * (size // len(piece) + 1))[:size]


def mutated(random: Random, text: str) -> str:
    """Return `text` with a few edits, such as slips, line ends, look-alikes and what is not seen."""
    for _ in range(random.choice((0, 1, 1, 1, 2, 3, 6))):
        text = random.choice(_EDITS)(random, text)
    return text


def _characters(random: Random, size: int) -> str:
    return "".join(chr(random.randint(*random.choice(_RANGES))) for _ in range(size))


def _of_one_range(random: Random, size: int) -> str:
    first, last = random.choice(_RANGES)
    return "".join(map(chr, random.choices(range(first, last + 1), k=size)))


def _fragments(random: Random, size: int) -> str:
    return "".join(random.choices(FRAGMENTS, k=size // 10))


def _shifty(random: Random, size: int) -> str:
    return "".join(random.choices(_SHIFTY, k=size))


def _zalgo(random: Random, size: int) -> str:
    return "".join(
        letter + "".join(random.choices(_ZALGO, k=random.randint(0, 9)))
        for letter in random.choices("milestone ", k=size // 6)
    )


def _one_word(random: Random, size: int) -> str:
    return random.choice("aé漢😀\u0301#<&-/.:") * size


_KINDS: tuple[Callable[[Random, int], str], ...] = (
    _characters,
    _of_one_range,
    _fragments,
    _fragments,
    _shifty,
    _zalgo,
    _one_word,
)


def _leave_out(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + text[at + 1 :]


def _swap(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _insert(random: Random, text: str, what: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + what + text[at:]


def _insert_letter(random: Random, text: str) -> str:
    return _insert(random, text, random.choice("aeinorst0123456789-/. "))


def _insert_character(random: Random, text: str) -> str:
    return _insert(random, text, _characters(random, 1))


def _insert_fragment(random: Random, text: str) -> str:
    return _insert(random, text, random.choice(FRAGMENTS))


def _change_case(random: Random, text: str) -> str:
    return random.choice((text.upper, text.lower, text.title, text.swapcase, text.casefold))()


def _other_spaces(random: Random, text: str) -> str:
    return text.replace(random.choice(" -"), random.choice((*_SPACES, "", "_", "-", "\u2011")))


def _look_alikes(random: Random, text: str) -> str:
    """Write some of its ASCII in full width: it is the same when it is normalised."""
    return "".join(
        chr(ord(each) + 0xFEE0) if "!" <= each <= "~" and random.random() < 0.3 else each
        for each in text[:300]
    )


def _repeat(random: Random, text: str) -> str:
    return text[:100] * random.randint(2, 12)


def _cut(random: Random, text: str) -> str:
    return text[: random.randint(0, len(text))]


def _reverse(_random: Random, text: str) -> str:
    return text[::-1]


_EDITS: tuple[Callable[[Random, str], str], ...] = (
    *(_leave_out, _swap, _insert_letter, _insert_character, _insert_fragment),
    *(_change_case, _other_spaces, _look_alikes, _repeat, _cut, _reverse),
)
