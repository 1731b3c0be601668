"""Sources and commands of other packages, imported because the config names them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.config.conftest import Load, Wrong

SOURCE = """
from pydantic import BaseModel, ConfigDict
from milestonebot.config import Secret
class Settings(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    kind: str
    url: str
    token: Secret | None = None
class Source:
    def __init__(self, settings, folder):
        self.settings = settings
"""
COMMANDS = """
from milestonebot.router import Router
router = Router()
@router.command("lunch", aliases=("eat",))
async def lunch(command):
    '''What is for lunch.'''
"""
MODULES = {
    "jira": SOURCE,
    "lunch": COMMANDS,
    "help": COMMANDS.replace("eat", "help"),
    "norouter": "router = 3",
    "nosettings": "class Source: ...",
    "nokind": SOURCE.replace("kind: str", "sort: str"),
    "nosource": SOURCE.replace("class Source", "class Fountain"),
    "broken": "1 / 0",
    "leaves": "import sys; sys.exit(3)",
    "needs": "import not_there.at_all",
}


@pytest.fixture(autouse=True)
def _package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "theirs"
    package.mkdir()
    (package / "__init__.py").touch()
    for name, text in MODULES.items():
        (package / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "theirs"]:
        monkeypatch.delitem(sys.modules, name)


def test_a_source_has_the_settings_that_its_package_checks(load: Load, tmp_path: Path) -> None:
    config = load(
        "catalog:\n  - kind: openstack\n  - {kind: theirs.jira, url: https://example.org, token: {env: T}}\n",
        {"T": "hunter2"},
    )
    shipped, theirs = config.catalog
    assert shipped.kind == "openstack"
    assert theirs.kind == "theirs.jira"
    source = sys.modules["theirs.jira"].Source(**theirs.arguments)
    assert source.settings.url == "https://example.org"
    assert source.settings.token.get_secret_value() == "hunter2"
    assert theirs.arguments["folder"] == tmp_path
    assert "hunter2" not in repr(config)
    assert config.warnings == ()


def test_a_secret_in_plain_text_is_warned_of(load: Load) -> None:
    config = load("catalog:\n  - kind: theirs.jira\n    url: x\n    token: hunter2\n")
    assert [str(each).removeprefix(str(config.file)) for each in config.warnings] == [
        ":4:12: warning: a secret in plain text; write {env: NAME} or {file: PATH} in its place"
    ]
    assert "hunter2" not in repr(config)


def test_its_mistakes_are_told_as_ours_are(wrong: Wrong) -> None:
    assert wrong(
        "nme: x\ncatalog:\n"
        "  - {kind: theirs.jira, ulr: x, token: 12345}\n"
        "  - {kind: theirs.jira, url: no, token: {env: T}}\n"
    ) == [
        "1:1: unknown key 'nme'; did you mean 'name'?",
        "3:5: the key 'url' is missing",
        "3:25: unknown key 'ulr'; did you mean 'url'?",
        "3:40: expected a secret: write {env: NAME} or {file: PATH}",
        '4:30: expected text, and YAML reads no as false; write "no" in quotes',
        "4:41: the environment variable 'T' is not set, or is empty",
    ]


def test_commands_are_found_and_can_be_renamed(load: Load) -> None:
    config = load(
        "commands: [theirs.lunch]\n"
        "networks: [{name: n, kind: console, rooms: [x], commands: {lunch: food, search: off}}]\n"
    )
    assert [list(router.routes) for router in config.routers] == [["lunch"]]


INSTALLED = "is its package installed beside milestonebot?"
PROBLEMS = {
    "commands: [theirs.none]\n": f"1:12: no module 'theirs.none'; {INSTALLED}",
    "commands: [nowhere.none]\n": f"1:12: no module 'nowhere'; {INSTALLED}",
    "commands: [theirs.needs]\n": f"1:12: no module 'not_there'; {INSTALLED}",
    "commands: [theirs.norouter]\n": "1:12: theirs.norouter has no `router = Router()`",
    "commands: [theirs.help]\n": "1:12: theirs.help cannot be taken in: two commands are called help",
    "commands: [theirs.lunch, theirs.lunch]\n": "1:26: theirs.lunch cannot be taken in: two commands are",
    "commands: [theirs.broken]\n": "1:12: theirs.broken cannot be imported: ZeroDivisionError: division by",
    "commands: [theirs.leaves]\n": "1:12: theirs.leaves cannot be imported: SystemExit: 3",
    "commands: [theirs]\n": "1:12: 'theirs' is no module: write it as package.module",
    "catalog: [{kind: theirs.none}]\n": f"1:18: no module 'theirs.none'; {INSTALLED}",
    "catalog: [{kind: theirs.broken}]\n": "1:18: theirs.broken cannot be imported: ZeroDivisionError",
    "catalog: [{kind: theirs.nosettings}]\n": "1:18: theirs.nosettings has no pydantic model `Settings` with",
    "catalog: [{kind: theirs.nokind}]\n": "1:18: theirs.nokind has no pydantic model `Settings` with a field",
    "catalog: [{kind: theirs.nosource, url: x}]\n": "1:18: theirs.nosource has no class `Source`",
}


@pytest.mark.parametrize(("text", "begins"), PROBLEMS.items(), ids=lambda each: each[:40])
def test_what_cannot_be_used_is_told(wrong: Wrong, text: str, begins: str) -> None:
    (told,) = wrong(text)
    assert told.startswith(begins)


def test_nothing_is_imported_that_the_config_does_not_name(load: Load) -> None:
    load("name: x\n")
    assert not any(name.startswith("theirs") for name in sys.modules)
