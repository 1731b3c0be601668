import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import setup_venv

Words = tuple[str | Path, ...]


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(setup_venv, "say", lines.append)
    return lines


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[Words]:
    """Return the commands that would have been run."""
    run: list[Words] = []
    monkeypatch.setattr(setup_venv, "command", lambda *words: run.append(words))
    return run


@pytest.fixture
def locks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "requirements"
    folder.mkdir()
    for kind in ("run", "dev", "lock"):
        (folder / f"{kind}.txt").write_text(kind)
    monkeypatch.setattr(setup_venv, "LOCKS", folder)
    return folder


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """Return an environment as `create` leaves it, less what is in it."""
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (folder / "made-by").write_text(setup_venv.provenance(folder))
    return folder


def test_commands_leave_the_bots_input_and_output_alone(capfd: pytest.CaptureFixture[str]) -> None:
    setup_venv.command(sys.executable, "-c", "import sys; print('said', sys.stdin.read())")
    assert capfd.readouterr() == ("", "said \n")


def test_an_environment_that_create_left_is_sound(venv: Path) -> None:
    assert setup_venv.is_sound(venv, any_python=False)


def test_one_that_was_interrupted_is_not(venv: Path) -> None:
    (venv / "made-by").unlink()
    assert not setup_venv.is_sound(venv, any_python=True)


def test_one_that_was_moved_is_not(venv: Path) -> None:
    moved = venv.rename(venv.with_name("moved"))
    assert not setup_venv.is_sound(moved, any_python=True)


def test_one_whose_python_is_gone_is_not(venv: Path) -> None:
    python = venv / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    assert not setup_venv.is_sound(venv, any_python=True)


def test_one_of_another_python_is_kept_unless_a_python_was_named(venv: Path, tmp_path: Path) -> None:
    other = tmp_path / "other-python"
    other.touch()
    python = venv / "bin" / "python"
    python.unlink()
    python.symlink_to(other)
    (venv / "made-by").write_text(setup_venv.provenance(venv))
    assert setup_venv.is_sound(venv, any_python=True)
    assert not setup_venv.is_sound(venv, any_python=False)


@pytest.mark.usefixtures("locks")
def test_a_second_call_installs_nothing(venv: Path, commands: list[Words]) -> None:
    setup_venv.bring_up_to_date(venv, "run", any_python=False)
    assert any("--require-hashes" in words for words in commands)
    commands.clear()
    setup_venv.bring_up_to_date(venv, "run", any_python=False)
    assert commands == []


@pytest.mark.usefixtures("commands")
@pytest.mark.parametrize("kind", ["run", "dev", "lock"])
def test_a_changed_lock_is_installed(venv: Path, locks: Path, kind: str) -> None:
    setup_venv.install(venv, kind)
    assert setup_venv.is_installed(venv, kind)
    (locks / f"{kind}.txt").write_text("changed")
    assert not setup_venv.is_installed(venv, kind)


@pytest.mark.usefixtures("locks", "commands")
@pytest.mark.parametrize(("first", "then", "enough"), [("dev", "run", True), ("run", "dev", False)])
def test_developers_have_what_the_bot_needs(venv: Path, first: str, then: str, *, enough: bool) -> None:
    setup_venv.install(venv, first)
    assert setup_venv.is_installed(venv, then) is enough


@pytest.mark.usefixtures("locks")
def test_only_developers_get_an_editable_install(venv: Path, commands: list[Words]) -> None:
    setup_venv.install(venv, "run")
    assert not any("-e" in words for words in commands)
    setup_venv.install(venv, "dev")
    assert any("-e" in words for words in commands)


def test_an_interrupted_install_is_done_again(
    venv: Path, locks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (venv / "run.installed").write_text(setup_venv.fingerprint("run"))
    (locks / "run.txt").write_text("changed")

    def fail(*words: str | Path) -> None:
        raise subprocess.CalledProcessError(1, words)

    monkeypatch.setattr(setup_venv, "command", fail)
    with pytest.raises(subprocess.CalledProcessError):
        setup_venv.bring_up_to_date(venv, "run", any_python=False)
    (locks / "run.txt").write_text("run")
    assert not setup_venv.is_installed(venv, "run")


def test_what_stopped_the_set_up_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise subprocess.CalledProcessError(1, ["pip", "install"], output=b"no such package\n")

    monkeypatch.setattr(setup_venv, "bring_up_to_date", fail)
    monkeypatch.setattr(sys, "argv", ["setup_venv.py", "run"])
    with pytest.raises(SystemExit, match=r"set-up stopped, as told above, at: pip install"):
        setup_venv.main()
    assert capsys.readouterr() == ("", "no such package\n")


def without_ensurepip(name: str) -> object:
    return None if name == "ensurepip" else name


@pytest.mark.parametrize(
    ("apt", "user", "said_so"),
    [("/usr/bin/apt-get", 1000, r"apt-get install python3\.\d+-venv, as root"), (None, 0, "your system's")],
)
def test_who_cannot_install_the_venv_module_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, apt: str | None, user: int, said_so: str
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", without_ensurepip)
    monkeypatch.setattr("shutil.which", lambda _: apt)
    monkeypatch.setattr("os.geteuid", lambda: user)
    with pytest.raises(SystemExit, match=said_so):
        setup_venv.install_venv_module()


def test_root_on_debian_gets_the_venv_module(
    monkeypatch: pytest.MonkeyPatch, commands: list[Words], said: list[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", without_ensurepip)
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/apt-get")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setenv("DEBIAN_FRONTEND", "")
    setup_venv.install_venv_module()
    assert re.search(r"installing python3\.\d+-venv with apt-get", said[0])
    assert [words[2] for words in commands] == ["update", "-y", "import ensurepip, venv"]
