"""The bots that are measured beside ours, and how each is started."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.clients.matrix import MatrixClient
    from tests.servers.synapse import Synapse

PASSWORD = "of-a-benchmark"  # noqa: S105 - of an account that lives as long as the benchmark
BARE, NIO, MAUBOT, OURS = "bare aiohttp", "minimal nio", "maubot", "milestonebot"
NAMES = (BARE, NIO, MAUBOT, OURS)
_MODULES = {BARE: "bare", NIO: "minimal"}
_PLUGIN = Path(__file__).parent / "maubot_plugin" / "maubot.yaml"
# Beside the environment that the benchmark runs in, as `make peers` makes it.
_MAUBOT = Path(f"{sys.prefix}-maubot")


def missing(name: str) -> str | None:
    """Return why the bot `name` cannot be measured here; None where it can be."""
    if name == MAUBOT and not (_MAUBOT / "maubot.installed").exists():
        return f"{_MAUBOT} is not there or not whole; `make peers` makes it"
    return None


def command(
    name: str, server: Synapse, account: MatrixClient, rooms: Sequence[str], folder: Path
) -> list[str]:
    """Return what starts the bot `name` for `account`, which is in `rooms`; its files go into `folder`."""
    if name == OURS:
        path = _written(folder, account, _our_config(server, account, rooms))
        return [str(Path(sys.executable).with_name("milestonebot")), "run", "--config", str(path)]
    if name == MAUBOT:
        path = _written(folder, account, _maubot_config(server, account, folder))
        return [str(_MAUBOT / "bin/python"), "-m", "maubot.standalone", "-c", str(path), "-m", str(_PLUGIN)]
    module = f"benchmarks.matrix.{_MODULES[name]}"
    return [sys.executable, "-m", module, server.url, account.user, account.token]


def _our_config(server: Synapse, account: MatrixClient, rooms: Sequence[str]) -> object:
    network = {
        "name": "matrix",
        "kind": "matrix",
        "homeserver": server.url,
        "user": account.user,
        "password": {"env": "MATRIX_PASSWORD"},
        "rooms": list(rooms),
    }
    return {"state": f"state-{account.device}", "limits": False, "networks": [network]}


def _maubot_config(server: Synapse, account: MatrixClient, folder: Path) -> object:
    """Return a config without encryption, which needs a library that has to be compiled; it logs little."""
    credentials = {"id": account.user, "homeserver": server.url, "access_token": account.token}
    return {
        "user": {
            "credentials": {**credentials, "device_id": None},
            "sync": True,
            "appservice": False,
            "hs_token": None,
            "autojoin": False,
            "displayname": "disable",
            "avatar_url": "disable",
            "ignore_initial_sync": True,
            "ignore_first_sync": True,
        },
        "database": f"sqlite:{folder / account.device}.db",
        "database_opts": {"min_size": 1, "max_size": 10},
        "crypto_db_pickle_key": "unused",
        "plugin_config": {},
        "logging": {"version": 1, "root": {"level": "WARNING"}},
    }


def _written(folder: Path, account: MatrixClient, config: object) -> Path:
    path = folder / f"config-{account.device}.yaml"
    path.write_text(json.dumps(config), encoding="utf-8")
    return path
