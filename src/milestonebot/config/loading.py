"""A config is read, checked as a whole, and made into plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.commands import router as all_commands
from milestonebot.config import thirdparty
from milestonebot.config.channels import check_channels
from milestonebot.config.elsewhere import ALL, PLAIN, Surroundings, plain_secrets
from milestonebot.config.loaded import CatalogEntry, Config
from milestonebot.config.logins import check_logins
from milestonebot.config.meant import check_meant, endings
from milestonebot.config.mentions import mentions
from milestonebot.config.models import ConfigFile, YamlEntry
from milestonebot.config.notes import Notes
from milestonebot.config.raw import listed
from milestonebot.config.references import (
    check_accounts,
    check_admins,
    check_announcements,
    check_commands,
    check_paths,
    check_rooms,
)
from milestonebot.config.rooms import networks, settings
from milestonebot.config.rules import announcements
from milestonebot.config.values import is_module
from milestonebot.errors import ConfigError, Problem
from milestonebot.secret import Secret
from milestonebot.yamlfile import read_file, validate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from milestonebot.config.models import OpenStackEntry, ThirdPartyEntry
    from milestonebot.yamlfile import Located


def _read(path: Path) -> Located:
    try:
        path.stat()
    except FileNotFoundError:
        told = "there is no such file: begin with a copy of config.example.yaml, or name yours by --config"
        raise ConfigError((Problem(str(path), 0, 0, told),)) from None
    except OSError:
        # To read it fails too, and tells of it.
        pass
    return read_file(path, go_on=True)


def load_config(path: Path, environ: Mapping[str, str], used: frozenset[str] = ALL) -> Config:
    """Return what the config at `path` says; ConfigError tells every mistake in it.

    `environ` is where `{env: NAME}` is looked up. Of `networks` and `database`, the secrets of those
    in `used` alone are read. Modules of third parties that the config names are imported.
    """
    located = _read(path)
    around = Surroundings(environ, path.parent, used)
    notes = Notes(located)
    file = notes.collect(lambda: validate(located, ConfigFile, around))
    others = _others(notes, around)
    known = all_commands()
    routers = thirdparty.routers(notes, listed(located.data.get("commands")), known)
    check_rooms(notes)
    check_channels(notes)
    check_accounts(notes)
    check_logins(notes, around)
    check_announcements(notes)
    check_admins(notes)
    check_commands(notes, known)
    check_paths(notes, around)
    planned = tuple(announcements(file, notes)) if file is not None else ()
    if file is not None:
        check_meant(file, notes)
    for secret in plain_secrets(ConfigFile, located.data):
        notes.warn(secret, PLAIN)
    notes.settle()
    assert file is not None  # noqa: S101 - else there would be problems
    catalog = [others.get(index) or _entry(entry, around.folder) for index, entry in enumerate(file.catalog)]
    state = path.parent / file.state
    return Config(
        file=path,
        state=state,
        settings=settings(file),
        catalog=tuple(catalog) or (CatalogEntry("openstack"),),
        networks=networks(file, state),
        announcements=planned,
        database=Secret(file.database.get_secret_value()) if file.database is not None else None,
        routers=tuple(routers),
        mentions=tuple(mentions(file, located)),
        endings=tuple(endings(planned, located)),
        warnings=tuple(notes.warnings),
    )


def _others(notes: Notes, around: Surroundings) -> dict[int, CatalogEntry | None]:
    """Return the sources of third parties, by where they stand in the catalog."""
    return {
        index: thirdparty.catalog_entry(notes, index, around)
        for index, entry in enumerate(listed(notes.located.data.get("catalog")))
        if isinstance(entry, dict) and is_module(entry.get("kind"))
    }


def _entry(entry: YamlEntry | OpenStackEntry | ThirdPartyEntry, folder: Path) -> CatalogEntry:
    if isinstance(entry, YamlEntry):
        paths = [entry.path] if isinstance(entry.path, str) else entry.path
        return CatalogEntry(entry.kind, {"paths": tuple(paths), "base": folder}, entry.refresh or None)
    return CatalogEntry(entry.kind)
