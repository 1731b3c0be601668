"""Sources and commands from other packages, imported because the config names them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from milestonebot.config.elsewhere import PLAIN, plain_secrets
from milestonebot.config.loaded import CatalogEntry
from milestonebot.config.values import is_module
from milestonebot.router import Router
from milestonebot.yamlfile import validate

if TYPE_CHECKING:
    from types import ModuleType

    from milestonebot.config.elsewhere import Surroundings
    from milestonebot.config.notes import Notes


def catalog_entry(notes: Notes, index: int, around: Surroundings) -> CatalogEntry | None:
    """Return the source that the catalog's entry at `index` names; what is wrong goes to `notes`."""
    loc = ("catalog", index)
    located = notes.located
    entry = located.data["catalog"][index]
    kind: str = entry["kind"]
    module = _module(notes, (*loc, "kind"), kind)
    if module is None:
        return None
    settings = getattr(module, "Settings", None)
    if not (
        isinstance(settings, type) and issubclass(settings, BaseModel) and "kind" in settings.model_fields
    ):
        notes.wrong((*loc, "kind"), f"{kind} has no pydantic model `Settings` with a field `kind`")
        return None
    if not callable(getattr(module, "Source", None)):
        notes.wrong((*loc, "kind"), f"{kind} has no class `Source`")
        return None
    for secret in plain_secrets(settings, entry):
        notes.warn((*loc, *secret), PLAIN)
    checked = notes.collect(lambda: validate(located, settings, around, loc))
    if checked is None:
        return None
    refresh = getattr(checked, "refresh", None)
    again = float(refresh) if isinstance(refresh, int | float) and refresh > 0 else None
    return CatalogEntry(kind, {"settings": checked, "folder": around.folder}, again)


def routers(notes: Notes, names: list[Any], known: Router) -> list[Router]:
    """Return the routers of the modules `names`, and take their commands into `known`."""
    found = []
    for index, name in enumerate(names):
        loc = ("commands", index)
        module = _module(notes, loc, name) if is_module(name) else None
        if module is None:
            continue
        router = getattr(module, "router", None)
        if not isinstance(router, Router):
            notes.wrong(loc, f"{name} has no `router = Router()`")
            continue
        try:
            known.include(router)
        except ValueError as error:
            notes.wrong(loc, f"{name} cannot be taken in: {error}")
            continue
        found.append(router)
    return found


def _module(notes: Notes, loc: tuple[str | int, ...], name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or name
        notes.wrong(loc, f"no module {missing!r}; is its package installed beside milestonebot?")
    except (Exception, SystemExit) as error:  # noqa: BLE001 - other people's code may raise anything
        said = " ".join(str(error).split())[:200]
        notes.wrong(loc, f"{name} cannot be imported: {type(error).__name__}: {said}")
    return None
