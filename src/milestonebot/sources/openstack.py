"""The source `openstack`: the data that ships with the bot, compiled when it is installed.

It is on the way to every offline answer: nothing here is slow to import, pathlib neither, which costs 3 ms.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import milestonebot
from milestonebot.errors import SourceError
from milestonebot.facts import facts_from_json

if TYPE_CHECKING:
    from pathlib import Path

    from milestonebot.model import Facts

DATA = f"{milestonebot.__path__[0]}/data/openstack.json"


class OpenStackSource:
    """OpenStack's series from austin on, with their milestones, freezes and releases."""

    def __init__(self, path: str | Path = DATA) -> None:
        """Take the compiled data at `path`."""
        self.path = path

    def __str__(self) -> str:
        """Return its kind."""
        return "openstack"

    async def load(self) -> Facts:
        """Return all facts; SourceError tells what to do where the compiled data is not there."""
        return self.read()

    def read(self) -> Facts:
        """Do the same at once; it takes a few milliseconds."""
        try:
            with open(self.path, "rb") as file:  # noqa: PTH123 - see above
                data = json.load(file)
        except FileNotFoundError:
            raise SourceError(
                "The shipped data is not compiled yet (openstack.json is missing): run `make install`."
            ) from None
        except OSError as error:
            raise SourceError(f"The shipped data cannot be read: {error.strerror}.") from error
        except (ValueError, RecursionError) as error:
            raise SourceError("The shipped data is damaged: install milestonebot anew.") from error
        return facts_from_json(data)
