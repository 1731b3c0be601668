"""deploy/: the systemd unit and the container, and what docs/operating.md tells of them."""

import asyncio
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from milestonebot import service
from milestonebot.cli import USAGE, main
from tests.containerfile import Replay, environment, instructions, is_let_through, stages, texts
from tests.servers.missing import need

ROOT = Path(__file__).resolve().parent.parent
UNIT = ROOT / "deploy/milestonebot.service"
CONTAINERFILE = ROOT / "deploy/Containerfile"
IGNORED = ROOT / ".dockerignore"
GUIDE = (ROOT / "docs/operating.md").read_text()
CONFIG, CATALOG = re.findall(r"^```yaml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
SECRETS = re.findall(r"\{file: ([\w.-]+)\}", CONFIG)
MILESTONES = "group: {name: example, title: Example}\nseries: {first: {version: '1.0', date: 2027-03-01}}\n"
STATE = "/var/lib/milestonebot"
ANALYZE = shutil.which("systemd-analyze")


def settings(name: str) -> list[str]:
    """Return what the unit sets `name` to, each time that it does."""
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(), re.MULTILINE)


def secrets_in(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in SECRETS:
        (folder / name).write_text("very-secret\n")
    return folder


# --- systemd


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    missing = "systemd-analyze is not installed; on Debian, as root: apt-get install systemd"
    need(None if ANALYZE is not None else missing)
    assert ANALYZE is not None
    return subprocess.run([ANALYZE, *arguments], capture_output=True, text=True, check=False)


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    (command,) = settings("ExecStart")
    program = command.split()[0]
    # It has to be there, and is not where it will be.
    copy.write_text(UNIT.read_text().replace(program, sys.executable))
    told = analyze("verify", str(copy)).stderr.splitlines()
    newer = re.compile(r"Unknown key.* '(RestartSteps|RestartMaxDelaySec)' in section \[?'?Service")
    assert [line for line in told if UNIT.name in line and not newer.search(line)] == []


def test_the_sandbox_leaves_the_bot_little_to_do_harm_with() -> None:
    judged = analyze("security", "--offline=yes", "--threshold=15", str(UNIT))
    assert judged.returncode == 0, judged.stdout


def test_the_unit_and_the_bot_agree_on_what_an_exit_means_and_how_long_leaving_takes() -> None:
    assert settings("RestartPreventExitStatus") == [str(USAGE)]
    (patience,) = settings("TimeoutStopSec")
    # Its own limit, and some for what Python does at the end.
    assert float(patience.removesuffix("s")) >= service._LEAVING + 2  # noqa: SLF001 - nobody else needs it


def test_the_guides_config_is_the_units() -> None:
    (folder,) = settings("StateDirectory")
    assert f"/var/lib/{folder}" == STATE
    assert f"state: {STATE}\n" in CONFIG
    assert sorted(settings("LoadCredential")) == sorted(SECRETS)


# --- the guide


def test_the_guides_config_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(secrets_in(tmp_path / "credentials")))
    (tmp_path / "milestones").mkdir()
    (tmp_path / "milestones/first.yaml").write_text(MILESTONES)
    (tmp_path / "config.yaml").write_text(CONFIG + CATALOG)
    assert main(["check", "--config", str(tmp_path / "config.yaml")]) == 0
    assert "warning" not in capsys.readouterr().err


def test_the_readmes_network_is_the_guides() -> None:
    (network,) = re.findall(
        r"^```\n(networks:.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    assert set(network.splitlines()) <= set(CONFIG.splitlines())


def test_the_guide_and_the_files_name_the_same_places() -> None:
    (command,) = settings("ExecStart")
    for place in (command.split()[0], "/etc/milestonebot/config.yaml", STATE, *SECRETS):
        assert place in GUIDE
    for file in re.findall(r"deploy/[\w.]+", GUIDE):
        assert (ROOT / file).is_file()


# --- the container


def test_the_base_is_an_argument_with_a_tag_and_no_host() -> None:
    (base,) = [each.text for each in instructions(CONTAINERFILE) if each.name == "ARG"]
    assert re.fullmatch(r"BASE=python:3\.\d+-slim-[a-z]+", base)
    assert [texts(stage, "FROM")[0].split()[0] for stage in stages(CONTAINERFILE)] == ["${BASE}"] * 2


def test_it_runs_as_nobody_in_particular_and_without_a_shell() -> None:
    _, final = stages(CONTAINERFILE)
    (user,) = texts(final, "USER")
    number, _, group = user.partition(":")
    assert int(number) >= 1000 <= int(group)
    (made,) = texts(final, "RUN")
    assert made == f"install -d -m 0700 -o {number} -g {group} {STATE}"
    assert texts(final, "VOLUME") == [STATE]
    assert texts(final, "STOPSIGNAL") == ["SIGTERM"]
    (program,) = json.loads(texts(final, "ENTRYPOINT")[0])
    assert [program, *json.loads(texts(final, "CMD")[0])] == [
        "/opt/milestonebot/bin/milestonebot",
        "run",
        "--config",
        "/etc/milestonebot/config.yaml",
    ]


def test_nothing_is_installed_but_what_has_a_hash_or_was_built_here() -> None:
    build, _ = stages(CONTAINERFILE)
    installs = re.findall(r"pip (?:--python \S+ )?install ([^&]*)", " && ".join(texts(build, "RUN")))
    assert len(installs) == 3
    for install in installs:
        assert install.startswith(("--require-hashes -r requirements/", "--no-index --no-deps "))


def test_the_wheel_is_built_with_all_that_it_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert {"build>=1.2", *project["build-system"]["requires"]} == set(project["dependency-groups"]["build"])
    assert "-r requirements/build.txt" in CONTAINERFILE.read_text()


@pytest.mark.parametrize("path", ["src/milestonebot/bot.py", "requirements/run.txt", "README.md"])
def test_a_builder_may_read_the_sources(path: str) -> None:
    assert is_let_through(path, IGNORED)


@pytest.mark.parametrize(
    "path",
    [
        "config.yaml",
        "state/matrix/session.json",
        ".git/config",
        ".venv/bin/python",
        "src/milestonebot/data/openstack.json",
        "src/milestonebot/config/__pycache__/irc.pyc",
        "tests/test_deploy.py",
    ],
)
def test_a_builder_may_read_nothing_else(path: str) -> None:
    assert not is_let_through(path, IGNORED)


# --- the container, without an engine: its steps are carried out in a folder


@pytest.fixture
def built(tmp_path: Path) -> Iterator[Replay]:
    """Carry out the first stage: packages by their hashes, the wheel, and it among them."""
    root = tmp_path / "container"
    root.mkdir()
    base = root / "base"
    subprocess.run([sys.executable, "-m", "venv", str(base)], check=True)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    replay = Replay(root, ROOT, {**environ, "PATH": f"{base}/bin:{os.environ['PATH']}"})
    try:
        replay.build(stages(CONTAINERFILE)[0])
    except subprocess.CalledProcessError as error:
        pytest.fail(f"{error}\n{error.stderr.decode()}", pytrace=False)
    secrets_in(replay.path("/run/secrets"))
    config = replay.path("/etc/milestonebot/config.yaml")
    config.parent.mkdir(parents=True)
    # Nobody listens on port 9: what is shown here takes no server.
    away = CONFIG.replace("host: irc.libera.chat", "host: 127.0.0.1, port: 9")
    config.write_text(replay.here(away).replace("https://matrix.example.org", "http://127.0.0.1:9"))
    yield replay
    shutil.rmtree(root)


def entry(built: Replay) -> str:
    return built.here(json.loads(texts(stages(CONTAINERFILE)[1], "ENTRYPOINT")[0])[0])


def environ_in(built: Replay) -> dict[str, str]:
    """Return the whole environment of a process in the container."""
    return {name: built.here(value) for name, value in environment(stages(CONTAINERFILE)[1]).items()}


def answer(built: Replay, *arguments: str) -> str:
    command = [entry(built), *arguments]
    return subprocess.run(command, env=environ_in(built), capture_output=True, text=True, check=True).stdout


def written(folder: Path) -> set[tuple[str, int]]:
    return {(str(file), file.lstat().st_mtime_ns) for file in folder.rglob("*")}


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_what_is_built_answers_checks_runs_and_writes_its_state_alone(built: Replay) -> None:
    assert not list(built.path("/opt/milestonebot/lib").glob("*/site-packages/pip*"))
    assert "nova 13" in answer(built, "ask", "!milestone essex-2")
    assert "fine" in answer(built, "check", "--config", str(built.path("/etc/milestonebot/config.yaml")))

    _, final = stages(CONTAINERFILE)
    before = written(built.root)
    command = [entry(built), *map(built.here, json.loads(texts(final, "CMD")[0]))]
    pipe = asyncio.subprocess.PIPE
    bot = await asyncio.create_subprocess_exec(*command, env=environ_in(built), stderr=pipe)
    assert bot.stderr is not None
    log = b""
    while not (b"libera: " in log and b"matrix: " in log):
        line = await bot.stderr.readline()
        assert line, log.decode()
        log += line
    bot.send_signal(getattr(signal, texts(final, "STOPSIGNAL")[0]))
    async with asyncio.timeout(5):
        log += await bot.stderr.read()
        assert await bot.wait() == 0
    assert b"very-secret" not in log
    assert b"Traceback" not in log
    state = built.path(STATE)
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    own = {str(each) for each in (state, *state.rglob("*"), *state.parents)}
    assert {name for name, _ in written(built.root) - before} <= own
