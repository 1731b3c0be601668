"""`!help`: what can be asked, told from the commands' own docstrings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import missing, phrases, telling
from milestonebot.document import Code, Document, Line, Listing, Strong, say
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from collections.abc import Mapping

    from milestonebot.document import Part
    from milestonebot.router import Route

router = Router()


@router.command("help", usage="[COMMAND or all]", aliases=("commands",), main=True)
async def help_(command: Command) -> Document:
    """List the commands, or tell all about one."""
    prefix, here = command.settings.prefix, command.desk.commands()
    asked = command.text.removeprefix(prefix).strip().casefold()
    if asked in ("", "all"):
        example = telling.example(command.lookup, command.now)
        return _list(prefix, here, example, everything=asked == "all")
    route = here.get(asked)
    if route is None:
        raise missing.command(asked, prefix, list(here))
    return _one(route, prefix, here)


def _list(prefix: str, here: Mapping[str, Route], example: str, *, everything: bool) -> Document:
    names = _names(here)
    shown = [route for route in dict.fromkeys(here.values()) if route.main or everything]
    main, others = (
        tuple(
            Line((Code(_typed(route, prefix, names)), f" {route.summary}"))
            for route in shown
            if route.main is wanted
        )
        for wanted in (True, False)
    )
    blocks: list[Line | Listing] = [
        Listing(main, Line(("Ask in words, as in ", Code(example), ", or by command")))
    ]
    if others:
        blocks.append(Listing(others, Line(("And also",))))
    elif "help" in names:
        blocks.append(Line((Code(f"{prefix}{names['help']} all"), " lists the others")))
    return Document(tuple(blocks), {"commands": {names[route.name]: route.summary for route in shown}})


def _one(route: Route, prefix: str, here: Mapping[str, Route]) -> Document:
    names = _names(here)
    others = [f"{prefix}{name}" for name, of in here.items() if of is route and name != names[route.name]]
    parts: list[Part] = [Strong(names[route.name]), ": ", route.summary]
    parts += [f" {paragraph.replace('`', '')}" for paragraph in route.details]
    parts += [" Typed as ", Code(_typed(route, prefix, names))]
    if others:
        parts.append(f" (also {phrases.listed(others)})")
    return say(*parts, data={"command": names[route.name], "usage": route.usage, "aliases": others})


def _typed(route: Route, prefix: str, names: Mapping[str, str]) -> str:
    return f"{prefix}{names[route.name]} {route.usage}".strip()


def _names(here: Mapping[str, Route]) -> dict[str, str]:
    """Return what each command is called in the room: its own name, the one it was given, an alias."""
    names: dict[str, str] = {}
    for name, route in here.items():
        if names.get(route.name) != route.name and (route.name not in names or name not in route.aliases):
            names[route.name] = name
    return names
