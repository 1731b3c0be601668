"""Strict transport security: who asked for TLS once is never spoken to in plain text (IRCv3 sts).

Policies outlive the process, in a file of the network's folder.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from milestonebot.errors import NetworkError

if TYPE_CHECKING:
    from pathlib import Path

    from milestonebot.transports.irc.settings import Server

_log = logging.getLogger(__name__)

_FILE = "sts.json"
_LONGEST = timedelta(days=3650)
"""For which a policy is kept at the most, whatever the server says."""
_LAST_PORT = 65_535
_MOST = 1000


class Upgrade(NetworkError):
    """The server wants to be spoken to over TLS, at `port`."""

    def __init__(self, port: int) -> None:
        """Keep the port beside the message."""
        super().__init__(f"the server asks for TLS at port {port}")
        self.port = port


def told(value: str) -> tuple[int | None, int | None]:
    """Return port and duration, in seconds, of the capability's value; None for what is missing or wrong."""
    pairs = dict(pair.partition("=")[::2] for pair in value.split(","))
    port, duration = _number(pairs.get("port")), _number(pairs.get("duration"))
    return (port if port and port <= _LAST_PORT else None), duration


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None  # noqa: PLR2004 - digits


@dataclass(frozen=True, slots=True)
class _Policy:
    port: int
    until: datetime
    duration: int

    def renewed(self, now: datetime) -> _Policy:
        """Return the policy as it is when it is told at `now`."""
        return replace(self, until=now + min(timedelta(seconds=self.duration), _LONGEST))


class Policies:
    """What servers asked for, by host."""

    def __init__(self, folder: Path | None) -> None:
        """Keep it in a file of `folder`; None keeps it for this process alone."""
        self._path = None if folder is None else folder / _FILE
        self._kept: dict[str, _Policy] = {} if self._path is None else _read(self._path)
        self._upgraded: dict[str, int] = {}
        """Ports that were asked for over plain text in this process; they may lead nowhere yet."""

    def secured(self, server: Server, now: datetime) -> Server:
        """Return how `server` is to be reached: over TLS where it asked for that."""
        if server.tls:
            return server
        host = server.host.lower()
        policy = self._kept.get(host)
        port = policy.port if policy is not None and now < policy.until else self._upgraded.get(host)
        return server if port is None else replace(server, tls=True, port=port)

    def upgraded(self, host: str, port: int) -> None:
        """Take note that `host` asked for TLS at `port`, over plain text."""
        if len(self._upgraded) < _MOST:
            self._upgraded[host.lower()] = port

    def learn(self, server: Server, duration: int, now: datetime) -> None:
        """Take note that `server`, reached over TLS, asks for it for `duration` seconds; 0 is no more."""
        host = server.host.lower()
        if duration == 0:
            self._upgraded.pop(host, None)
            if self._kept.pop(host, None) is not None:
                self._write()
            return
        self._kept[host] = _Policy(server.port, now, duration).renewed(now)
        self._write()

    def left(self, server: Server, now: datetime) -> None:
        """Take note that a connection has ended: its policy lasts on from then."""
        policy = self._kept.get(server.host.lower())
        if policy is not None:
            self._kept[server.host.lower()] = policy.renewed(now)
            self._write()

    def _write(self) -> None:
        if self._path is None:
            return
        data = {
            host: {"port": policy.port, "until": policy.until.isoformat(), "duration": policy.duration}
            for host, policy in self._kept.items()
        }
        new = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with new.open("w", encoding="utf-8") as file:
                json.dump(data, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            _log.error(
                "%s cannot be kept: %s; TLS is not insisted on after a restart", self._path, error.strerror
            )


def _read(path: Path) -> dict[str, _Policy]:
    try:
        data: dict[str, Any] = json.loads(path.read_bytes())
        kept = {
            host: _Policy(int(each["port"]), datetime.fromisoformat(each["until"]), int(each["duration"]))
            for host, each in data.items()
        }
        if all(policy.until.tzinfo is not None for policy in kept.values()):
            return kept
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        _log.error("%s cannot be read: %s", path, error)
        return {}
    _log.error("%s cannot be read: a moment without its zone", path)
    return {}
