"""The data that ships with the bot: YAML for maintainers, compiled to JSON for the bot.

`python -m milestonebot.sources.compiled SOURCE_FOLDER TARGET` does it by hand.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from milestonebot.errors import ConfigError
from milestonebot.facts import facts_to_json
from milestonebot.sources.files import read_files

if TYPE_CHECKING:
    from milestonebot.model import Facts

SOURCE = "openstack"
"""Origin.source of every fact that ships with the bot."""


def read_data(folder: Path) -> Facts:
    """Return the facts of all YAML files in `folder`; ConfigError tells every problem of them."""
    files = sorted(folder.glob("*.yaml"))
    return read_files(((path, str(path)) for path in files), lambda _file, _line: SOURCE)


def compile_data(source_dir: Path, target: Path) -> None:
    """Write the facts of the YAML files in `source_dir` to `target`; the same facts give the same bytes.

    The file is replaced as a whole: who reads it meanwhile reads the old or the new one.
    """
    data = facts_to_json(read_data(source_dir))
    unfinished = target.with_name(f"{target.name}.new")
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    unfinished.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    unfinished.replace(target)


def main(arguments: list[str]) -> int:
    """Compile as the command line says; return 1 where the data is wrong, 2 where the arguments are."""
    if len(arguments) != 2:  # noqa: PLR2004 - the folder and the target
        sys.stderr.write("usage: python -m milestonebot.sources.compiled SOURCE_FOLDER TARGET\n")
        return 2
    try:
        compile_data(Path(arguments[0]), Path(arguments[1]))
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
