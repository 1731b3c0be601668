"""Pydantic's errors, led back from the model to the data; of unions, only what is worth telling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from milestonebot.yamlfile.explain import EXPECTED, Error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import ValidationError

    from milestonebot.yamlfile.located import Loc


def fitting(error: ValidationError, data: object) -> Iterator[Error]:
    """Yield the errors worth telling of `data`, in pydantic's order.

    Pydantic reports every alternative of a union. Alternatives that the value's type rules out
    are left out; where it rules out all, they become one error that names what they take.
    """
    found = error.errors(include_url=False, include_input=False)
    yield from _of_unions([_lead_back(details, data) for details in found], 0)


def _lead_back(details: Any, data: Any) -> Error:  # noqa: ANN401  pydantic's ErrorDetails, and whatever YAML holds
    """Tell the path in `data` from the labels that pydantic puts between: `str`, a kind, a model."""
    loc, ctx = details["loc"], dict(details.get("ctx", {}))
    kind = details["type"]
    if kind == "missing":
        *loc, ctx["key"] = loc
    path: Loc = ()
    labels: list[tuple[Loc, object]] = []
    for part in loc:
        if (part in data) if isinstance(data, dict) else isinstance(data, list) and part in range(len(data)):
            path, data = (*path, part), data[part]
        elif part != "[key]":
            labels.append((path, part))
    expected = (EXPECTED[kind],) if kind in EXPECTED else ()
    if kind == "literal_error" and ctx["expected"] == "False":
        expected = ("off",)
    of_key = kind == "extra_forbidden" or "[key]" in loc
    return Error(kind, path, details["msg"], ctx, expected, tuple(labels), of_key)


def _of_unions(errors: list[Error], level: int) -> Iterator[Error]:
    """Settle the unions that are `level` unions deep, and then those within them."""
    unions: dict[Loc, dict[object, list[Error]]] = {}
    for error in errors:
        if len(error.labels) > level:
            site, label = error.labels[level]
            unions.setdefault(site, {}).setdefault(label, []).append(error)
    for error in errors:
        if len(error.labels) <= level:
            yield error
        elif (alternatives := unions.pop(error.labels[level][0], None)) is not None:
            yield from _of_unions(_settle(error.labels[level][0], alternatives), level + 1)


def _settle(site: Loc, alternatives: dict[object, list[Error]]) -> list[Error]:
    fits = [errors for errors in alternatives.values() if not all(_misfit(error, site) for error in errors)]
    if fits:
        best = min(fits, key=len)
        return [_beside(best[0], site, alternatives)] if len(best) == 1 else best
    every = [error for errors in alternatives.values() for error in errors]
    return [every[0]._replace(expected=tuple(word for error in every for word in error.expected), labels=())]


def _beside(error: Error, site: Loc, alternatives: dict[object, list[Error]]) -> Error:
    """Return `error`; where it is none of some words, with what else might stand there."""
    if error.type != "literal_error" or error.path != site:
        return error
    others = [word for errors in alternatives.values() for each in errors for word in each.expected]
    return error._replace(details={**error.details, "besides": others})


def _misfit(error: Error, site: Loc) -> bool:
    return error.path == site and bool(error.expected)
