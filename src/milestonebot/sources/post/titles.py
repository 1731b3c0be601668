"""Whether the text of a link makes a title: "secure root wrapper" does, "has" does not."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 200
"""Characters of a title; a longer text is a sentence, or several."""

_WORDS = """
    a about added after again all allowed already also an and another any are as at be been being
    better blueprint blueprints both but by can changed click come completed could did do does done
    each feature features few finally find finished fixed for from gained get got had has have here
    how i implemented improved improvement improvements in integrated into introduced is it its just
    landed like link longer made many may merged might migrated more moved much new no not now of on
    one only or other our out over own page ported post read refactored removed reworked see several
    shipped should so some spec support supported supports than that the their them then there these
    they this those to too up updated us use used uses using various was way ways we were what when
    which while will with work would you your
"""
_EMPTY: Final = frozenset(_WORDS.split())
"""Words that name no feature, however many of them stand together."""
_ADDRESS = re.compile(r"https?:|\S+\.(?:net|org|com)/", re.IGNORECASE)
_PROPER = re.compile(r"\w*(?:\d|\w[A-Z]|\w[.-]\w)")
"""A single word that names something by its form: i18n, IPv6, paste.deploy, high-availability."""
_AROUND = " .,;:!?()[]{}\"'\u2018\u2019\u201c\u201d*`"


def title(words: str, name: str) -> str | None:
    """Return the text of a link to the blueprint `name` as a title; None where it makes none."""
    text = words.strip(_AROUND)
    if not text or len(text) > LONGEST or text.lower() == name or _ADDRESS.match(text):
        return None
    each = [word.strip(_AROUND).lower() for word in text.split()]
    if len(each) == 1:
        return text if each[0] not in _EMPTY and _PROPER.match(text) else None
    return text if any(word and word not in _EMPTY and not word.endswith("ed") for word in each) else None
