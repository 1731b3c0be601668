"""The servers' configurations, with places for what differs from run to run."""

from pathlib import Path
from string import Template

from tests.servers.warden import hand_over

FOLDER = Path(__file__).parent


def filled(name: str, **values: object) -> str:
    """Return a template with its places filled; raises KeyError where a value is missing."""
    return Template((FOLDER / name).read_text(encoding="utf-8")).substitute(values)


def write(name: str, folder: Path, **values: object) -> Path:
    """Fill a template with the folder and further values, write it there, and return the file."""
    file = folder / name
    file.write_text(filled(name, folder=folder, **values), encoding="utf-8")
    hand_over(file)
    return file
