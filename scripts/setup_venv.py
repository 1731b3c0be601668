"""Make the virtual environment, or bring it up to date: `setup_venv.py run` or `setup_venv.py dev`.

`run` has what the bot needs to run; `dev` has the tools of its developers as well, and the bot itself,
editable. What is installed is written down beside it, so that a second call costs next to nothing and an
interrupted one is done again. Needs the standard library alone, and says what it does on standard error.
"""

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"


def say(text: str) -> None:
    """Tell the person who waits; standard output belongs to the bot."""
    print(f"milestonebot: {text}", file=sys.stderr, flush=True)


def command(*words: str | Path) -> None:
    """Run a command away from our standard input and output, which are the bot's."""
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)


def install_venv_module() -> None:
    """See to it that this Python can make environments: Debian ships that part in a package of its own."""
    if all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        how = f"apt-get install {package}, as root" if apt else "install your system's package for them"
        sys.exit(f"milestonebot: {sys.executable} lacks the modules venv and ensurepip: {how}")
    say(f"installing {package} with apt-get, which this Python needs to make a virtual environment")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    with contextlib.suppress(subprocess.CalledProcessError):  # another repository's list may be broken
        command(apt, "-qq", "update")
    command(apt, "-qq", "-y", "--no-install-recommends", "install", package)
    command(sys.executable, "-c", "import ensurepip, venv")


def provenance(venv: Path) -> str:
    """Where the environment stands and whose Python it runs: when either changes, it no longer works."""
    return f"{venv}\n{(venv / 'bin' / 'python').resolve()}\n"


def is_sound(venv: Path, *, any_python: bool) -> bool:
    """Tell whether the environment is whole, has not been moved, and runs the Python that is asked for."""
    made, python = venv / "made-by", venv / "bin" / "python"
    if not (made.exists() and python.exists() and made.read_text() == provenance(venv)):
        return False
    return any_python or python.resolve() == Path(sys.executable).resolve()


def create(venv: Path) -> None:
    """Make an empty environment in place of whatever is there."""
    install_venv_module()
    import venv as builder

    say(f"making {venv.name} with Python {sys.version.split()[0]}")
    builder.EnvBuilder(clear=True, symlinks=True, with_pip=True).create(venv)
    (venv / "made-by").write_text(provenance(venv))


def fingerprint(kind: str) -> str:
    """Digest all that decides what is installed: the lock and, where the bot itself is, its metadata."""
    digest = hashlib.sha256((LOCKS / f"{kind}.txt").read_bytes())
    if kind == "dev":
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        parts = [project["build-system"], project["project"], project["tool"]["hatch"]]
        digest.update(json.dumps(parts, sort_keys=True).encode())
    return digest.hexdigest()


def is_installed(venv: Path, kind: str) -> bool:
    """Tell whether the lock's packages are in; who has those of `dev` has those of `run`."""
    enough = ("dev", "run") if kind == "run" else (kind,)
    stamps = {name: venv / f"{name}.installed" for name in enough}
    return any(stamp.exists() and stamp.read_text() == fingerprint(name) for name, stamp in stamps.items())


def install(venv: Path, kind: str) -> None:
    """Install the lock's packages, each checked against its hash, and for developers the bot itself."""
    say(f"installing requirements/{kind}.txt, once (it changes rarely)")
    pip = (venv / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--no-input", "-q", "install")
    stamp = venv / f"{kind}.installed"
    stamp.unlink(missing_ok=True)
    command(*pip, "--require-hashes", "-r", LOCKS / f"{kind}.txt")
    if kind == "dev":
        command(*pip, "--no-deps", "--no-build-isolation", "-e", ROOT)
    stamp.write_text(fingerprint(kind))


def bring_up_to_date(venv: Path, kind: str, *, any_python: bool) -> None:
    """Do what is not done yet, one call at a time: a second call waits for the first."""
    folder = os.open(LOCKS, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if not is_sound(venv, any_python=any_python):
            create(venv)
        if not is_installed(venv, kind):
            install(venv, kind)
    finally:
        os.close(folder)


def main() -> None:
    """Read the arguments; on failure, end with one line that says which command failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("kind", choices=sorted(lock.stem for lock in LOCKS.glob("*.txt")))
    parser.add_argument("--venv", type=Path, default=Path(".venv"), help="the folder to make it in")
    parser.add_argument("--any-python", action="store_true", help="keep one that another Python made")
    options = parser.parse_args()
    try:
        bring_up_to_date((ROOT / options.venv).absolute(), options.kind, any_python=options.any_python)
    except subprocess.CalledProcessError as failure:
        sys.stderr.write((failure.output or b"").decode(errors="replace"))
        sys.exit(f"milestonebot: set-up stopped, as told above, at: {shlex.join(map(str, failure.cmd))}")
    except KeyboardInterrupt:
        sys.exit("milestonebot: set-up interrupted; the next call goes on with it")


if __name__ == "__main__":
    main()
