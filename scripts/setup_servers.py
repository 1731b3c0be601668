"""Install the servers that some tests talk to, where that may be done; elsewhere tell what to install.

InspIRCd, Atheme, ngIRCd, PostgreSQL and openssl come from Debian's packages, for root alone; their services
are neither started now nor at the next boot, and PostgreSQL gets no database. Synapse comes from
requirements/synapse.txt, into an environment of its own. What cannot be installed is told and is no error
here: the tests that need it say so (docs/testing.md).
Run from the project's folder: `python -m scripts.setup_servers`. All that it says goes to standard error.
"""

import argparse
import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from scripts.setup_venv import ROOT, bring_up_to_date, command, say

PACKAGES = ("inspircd", "atheme-services", "ngircd", "openssl", "postgresql")
PROGRAMS = {"postgresql": ("postgres", "initdb", "psql")}
"""What is in a package; others are named like the program in them."""
SERVICES = ("inspircd", "atheme-services", "ngircd", "postgresql")
# Debian keeps daemons, and each version of PostgreSQL, where a user's PATH does not lead.
VERSIONS = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
DAEMON_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/sbin", *VERSIONS)

POLICY = Path("/usr/sbin/policy-rc.d")
OUR_POLICY = (
    "#!/bin/sh\n# milestonebot's test set-up: no service starts while it installs packages.\nexit 101\n"
)
CLUSTERS = Path("/etc/postgresql-common/createcluster.d")
"""Where it is said what pg_createcluster(1) does when a server is installed."""
INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FORBIDDEN = 101
"""What policy-rc.d exits with for "not allowed" (policy-rc.d(8))."""


class Refused(Exception):
    """Something that must not be done on this machine without its owner; tells why."""


def find(program: str) -> Path | None:
    """Return where a program is, or None; the folders of daemons are searched too."""
    folders = os.pathsep.join([os.environ.get("PATH", os.defpath), *DAEMON_FOLDERS])
    found = shutil.which(program, path=folders)
    return Path(found) if found else None


def how_to_install(packages: Sequence[str]) -> str:
    """Tell the reader how they get these packages, or those of these programs."""
    of_programs = {program: package for package, programs in PROGRAMS.items() for program in programs}
    named = dict.fromkeys(of_programs.get(package, package) for package in packages)
    return f"on Debian, as root: apt-get install {' '.join(named)}"


def check_foreign_policy(policy: Path) -> None:
    """See to it that somebody else's policy-rc.d keeps these services from starting."""
    for service in SERVICES:
        answer = subprocess.run([policy, service, "start"], stdin=subprocess.DEVNULL, check=False)
        if answer.returncode != FORBIDDEN:
            raise Refused(f"{policy} is not ours and would let {service} start")


@contextlib.contextmanager
def services_kept_from_starting(policy: Path) -> Iterator[None]:
    """Forbid packages to start services meanwhile; a policy that somebody else made is left as it is."""
    if policy.exists() and policy.read_text(errors="replace") != OUR_POLICY:
        check_foreign_policy(policy)
        yield
        return
    try:
        policy.write_text(OUR_POLICY)
        policy.chmod(0o755)
        yield
    finally:
        policy.unlink(missing_ok=True)


@contextlib.contextmanager
def no_cluster_made(folder: Path) -> Iterator[None]:
    """Have PostgreSQL's package make no cluster meanwhile: the tests make their own, somewhere else."""
    ours = folder / "milestonebot-tests.conf"
    made = [each for each in (folder.parent, folder) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ours.write_text("create_main_cluster = false\n")
        yield
    finally:
        ours.unlink(missing_ok=True)
        for each in reversed(made):
            with contextlib.suppress(OSError):  # others have something in it now
                each.rmdir()


@contextlib.contextmanager
def interruptions_put_off() -> Iterator[None]:
    """Let signals that would end us take effect when this is over: nothing is to stay half installed."""
    noted: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        noted.append(number)
        say("stopping as soon as what is being installed is in")

    before = {number: signal.signal(number, note) for number in INTERRUPTIONS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if noted:
            signal.raise_signal(noted[0])


def run_quietly(*words: str | Path) -> None:
    """Run a command that Ctrl-C does not reach, and tell what it says only if it fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        start_new_session=True,
        check=False,
    )
    if run.returncode != 0:
        sys.stderr.write(run.stdout.decode(errors="replace"))
        raise subprocess.CalledProcessError(run.returncode, words)


def install_packages(packages: Sequence[str], policy: Path) -> None:
    """Install Debian's packages without running what is in them."""
    apt, enable = find("apt-get"), find("update-rc.d")
    if apt is None or enable is None or os.geteuid() != 0:
        raise Refused("that takes Debian and root")
    say(f"installing {', '.join(packages)} with apt-get, for the tests that talk to real servers")
    say("no service is started, now or at the next boot: the tests run the programs themselves")
    with contextlib.suppress(subprocess.CalledProcessError):  # another repository's list may be broken
        command(apt, "-qq", "update")
    options = ("-qq", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120")
    with interruptions_put_off():
        with services_kept_from_starting(policy), no_cluster_made(CLUSTERS):
            run_quietly(apt, *options, "install", *packages)
        for service in packages:
            if service in SERVICES:
                run_quietly(enable, service, "disable")


def see_to_packages() -> None:
    """Install those of PACKAGES whose programs are not here, or tell how."""
    missing = [package for package in PACKAGES if not all(map(find, PROGRAMS.get(package, (package,))))]
    if not missing:
        return
    try:
        install_packages(missing, POLICY)
    except Refused as refused:
        say(f"{', '.join(missing)} not installed ({refused}); {how_to_install(missing)}")
    except subprocess.CalledProcessError as failure:
        say(f"{', '.join(missing)} not installed, as told above, at: {shlex.join(map(str, failure.cmd))}")


def see_to_synapse(venv: Path, *, any_python: bool) -> None:
    """Install Synapse into an environment of its own, or tell that it could not be done."""
    # Without a wheel for this platform, pip would ask for a Rust compiler and spend minutes on it.
    os.environ["PIP_ONLY_BINARY"] = ":all:"
    try:
        bring_up_to_date(venv, "synapse", any_python=any_python)
    except subprocess.CalledProcessError as failure:
        say(f"Synapse not installed, as told above, at: {shlex.join(map(str, failure.cmd))}")


def main() -> None:
    """Install what is missing; fail for interruptions alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--venv", type=Path, default=Path(".venv-synapse"), help="Synapse's environment")
    parser.add_argument("--any-python", action="store_true", help="keep one that another Python made")
    options = parser.parse_args()
    try:
        see_to_packages()
        see_to_synapse((ROOT / options.venv).absolute(), any_python=options.any_python)
    except KeyboardInterrupt:
        sys.exit("milestonebot: set-up interrupted; the next call goes on with it")


if __name__ == "__main__":
    main()
