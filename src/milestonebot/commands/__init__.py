"""The commands: one file for each behaviour, all of them named here."""

from __future__ import annotations

from importlib import import_module

from milestonebot.router import Router

FILES: dict[str, tuple[str, ...]] = {
    "milestone": ("milestone", "ms"),
    "next": ("next",),
    "when": ("when", "countdown"),
    "schedule": ("schedule", "milestones"),
    "blueprints": ("blueprints", "bps", "blueprint", "bp", "spec"),
    "overview": ("overview",),
    "search": ("search", "find"),
    "help": ("help", "commands"),
    "progress": ("progress",),
    "series": ("series",),
    "whether": ("is",),
    "release": ("release", "version"),
    "project": ("project",),
    "source": ("source", "origin"),
    "more": ("more",),
    "announcements": ("announcements",),
    "announce": ("announce",),
    "networks": ("networks",),
    "rooms": ("join", "part", "leave"),
    "reload": ("reload",),
    "about": ("about",),
}
"""Each file of this folder, in the order of `!help`, with the names that its commands answer to."""


def router() -> Router:
    """Return a router of all commands."""
    return _router(list(FILES))


def router_of(name: str) -> Router:
    """Return a router that knows at least the command `name`, for who asks nothing else.

    One answer needs one file: the others would cost it 20 ms.
    """
    files = [file for file, names in FILES.items() if name in names]
    return _router(files if files and files != ["help"] else list(FILES))


def _router(files: list[str]) -> Router:
    routers: list[Router] = [import_module(f"{__name__}.{file}").router for file in files]
    return Router().include(*routers)
