"""How many examples Hypothesis tries where a test names a number of its own."""

from hypothesis import settings

_FULL = settings().max_examples >= 100


def examples(number: int) -> int:
    """Return `number`; a part of it for `make test-fast`, whose profile it would override."""
    return number if _FULL else max(number // 20, 3)
