"""The promises of the files around the code: locks, Makefile, tools, decisions."""

import io
import os
import re
import subprocess
import sys
import tarfile
import tokenize
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CODE = sorted(
    path
    for folder in ("src", "tests", "scripts", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)

PIN = re.compile(r"(?P<name>[a-z0-9._-]+)==(?P<version>[^ ;]+)( ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
# Spelled apart, so that this file passes its own test.
REGISTRIES = ("py" + "pi.org", "python" + "hosted.org", "deb." + "debian.org", "npm" + "js.org")


def pins(lock: Path) -> dict[str, str]:
    matches = (PIN.fullmatch(line) for line in lock.read_text().splitlines())
    return {match["name"]: match["version"] for match in matches if match}


def requirements(lines: list[str]) -> list[Requirement]:
    return [Requirement(line) for line in lines]


def environment() -> dict[str, str]:
    """Return the environment less what an outer make says to an inner one."""
    outer = {"MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS", "PYTHON", "VENV", "ARGS", "TESTS"}
    return {name: value for name, value in os.environ.items() if name not in outer}


def make(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],  # noqa: S607 - whichever make the person has
        cwd=ROOT,
        env=environment(),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


# --- locks


def test_there_is_a_lock_for_the_bot_and_for_each_group_of_tools() -> None:
    assert {lock.stem for lock in LOCKS} == {"run", *PROJECT["dependency-groups"]}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_pins_with_hashes_and_nothing_else(lock: Path) -> None:
    lines = [line for line in lock.read_text().splitlines() if not line.lstrip().startswith("#")]
    for before, line in zip(["", *lines], lines, strict=False):
        assert PIN.fullmatch(line) or HASH.fullmatch(line), line
        assert bool(HASH.fullmatch(line)) == before.endswith(" \\"), f"{before!r} stands before {line!r}"
    assert HASH.fullmatch(lines[-1])
    assert not lines[-1].endswith("\\")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_place_in_its_comments(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"(^|\s)/\w|index-url|find-links|trusted-host", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_dependency_is_locked_at_a_version_that_fits(lock: Path) -> None:
    bot, group = PROJECT["project"]["dependencies"], PROJECT["dependency-groups"].get(lock.stem, [])
    needed = bot + group if lock.stem in {"run", "dev"} else group
    locked = pins(lock)
    assert needed
    for requirement in requirements(needed):
        name = canonicalize_name(requirement.name)
        assert name in locked, f"{name} is not in {lock.name}: run `make lock`"
        assert requirement.specifier.contains(locked[name]), f"{lock.name} is old: run `make lock`"


def test_developers_run_the_bot_on_the_packages_that_users_have() -> None:
    run, dev = pins(ROOT / "requirements/run.txt"), pins(ROOT / "requirements/dev.txt")
    assert run.items() <= dev.items()


def test_developers_can_build_without_fetching() -> None:
    dev = pins(ROOT / "requirements/dev.txt")
    assert {
        requirement.name for requirement in requirements(PROJECT["build-system"]["requires"])
    } <= dev.keys()


def test_no_file_names_a_package_registry() -> None:
    folders = ("src", "tests", "scripts", "benchmarks", "docs", "deploy", "requirements", ".ci")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    files += [path for path in ROOT.iterdir() if path.is_file()]
    for path in files:
        if "__pycache__" not in path.parts:
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not [host for host in REGISTRIES if host in text], path


# --- reasons


def test_every_rule_that_ruff_ignores_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lint = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.flake8-type-checking]")]
    codes = [line for line in lint.splitlines() if re.match(r'\s+"', line)]
    told = PROJECT["tool"]["ruff"]["lint"]
    assert len(codes) == len(told["ignore"]) + sum(map(len, told["per-file-ignores"].values()))
    assert [line for line in codes if not re.fullmatch(r'    "[A-Z]+\d*", # \w.{9,}', line)] == []


def comments(text: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


def test_every_exception_in_the_code_has_its_reason() -> None:
    bare = re.compile(
        r"# (noqa|type: ignore|pragma: no cover)(: ?[A-Z0-9, ]+|\[[a-z, -]+\])?\s*$", re.MULTILINE
    )
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        # To tell comments from strings takes long, and most files have nothing of the kind.
        told = comments(text) if bare.search(text) else {}
        for number, comment in told.items():
            # One reason serves a run of lines: it stands on the first, or above it.
            assert number - 1 in told or not bare.fullmatch(comment), f"{path}:{number} gives no reason"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs/decisions").glob("*.md")), ids=lambda path: str(path.name)
)
def test_a_decision_tells_its_status_context_and_outcome(path: Path) -> None:
    headings = re.findall(r"^(#+ .+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0].startswith("# ")
    assert headings[1:4] == ["## Status", "## Context", "## Decision"]


# --- what ships


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "src/milestonebot/py.typed").exists()


def test_a_readme_is_the_packages_description() -> None:
    assert (ROOT / "README.md").exists() == (PROJECT["project"].get("readme") == "README.md")


def test_bot_py_is_three_lines() -> None:
    lines = [line for line in (ROOT / "bot.py").read_text(encoding="utf-8").splitlines() if line]
    assert len(lines) == 3


def test_bot_py_is_the_command_and_the_module() -> None:
    starts = [["python", "bot.py"], ["python", "-m", "milestonebot"], ["milestonebot"]]
    answers = []
    for name, *rest in starts:
        command = [str(Path(sys.executable).with_name(name)), *rest, "ask", "!milestone essex-2"]
        answers.append(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert "essex-2" in answers[0]
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.slow
def test_the_wheel_made_from_the_sdist_carries_the_compiled_data(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    (sdist,) = tmp_path.glob("*.tar.gz")
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert {"milestonebot/data/openstack.json", "milestonebot/py.typed"} <= packed
    assert not [name for name in packed if not name.startswith(("milestonebot/", "milestonebot-"))]
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "hatch_build.py", "Makefile", "requirements/run.txt"} <= names
    assert "src/milestonebot/data/openstack.json" not in names


# --- hooks


def test_the_commit_hooks_fetch_nothing() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    hooks = config["repos"][0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    tools = {hook["entry"].split()[0] for hook in hooks} - {"make"}
    assert [tool for tool in tools if not Path(sys.executable).with_name(Path(tool).name).exists()] == []


def test_ci_runs_the_checks_and_every_test_and_stops_at_a_failure() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    lines = script.read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert [line for line in lines if line.startswith("step ")] == ["step make check", "step make test"]


# --- make


def test_make_alone_tells_what_can_be_made() -> None:
    told = make()
    assert told.returncode == 0
    targets = set(re.findall(r"^  ([a-z-]+) ", told.stdout, re.MULTILINE))
    everyday = {"help", "run", "install", "test", "test-fast", "check", "format", "clean"}
    assert everyday | {"fuzz", "bench", "lock"} <= targets


def test_every_target_that_is_told_is_phony() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
    phony = " ".join(re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)).split()
    assert told <= set(phony)


@pytest.mark.slow
@pytest.mark.skipif(not Path(sys.prefix, "made-by").exists(), reason="needs the environment that make made")
def test_make_run_puts_the_answer_alone_on_standard_output() -> None:
    question = "!milestone essex-2\n"
    run = make("run", f"VENV={sys.prefix}", stdin=question)
    bot = [sys.executable, "-m", "milestonebot"]
    alone = subprocess.run(bot, input=question, capture_output=True, text=True, check=True)
    assert run.returncode == 0, run.stderr
    assert "essex-2" in run.stdout
    assert run.stdout == alone.stdout


def test_a_python_that_is_too_old_is_told_in_one_line(tmp_path: Path) -> None:
    old = tmp_path / "python2"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    for python in (old, tmp_path / "missing"):
        run = make("run", f"PYTHON={python}", f"VENV={tmp_path}/venv")
        ours, *makes = run.stderr.splitlines()
        assert run.returncode != 0
        assert run.stdout == ""
        assert re.match(r"milestonebot: Python 3\.11 or newer is needed", ours)
        assert all(line.startswith("make: ***") for line in makes)
        assert not (tmp_path / "venv").exists()
