import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import setup_servers
from scripts.setup_servers import OUR_POLICY, Refused

ROOT = Path(__file__).resolve().parent.parent
FORBIDS, ALLOWS = "#!/bin/sh\nexit 101\n", "#!/bin/sh\nexit 0\n"


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(setup_servers, "say", lines.append)
    return lines


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return tmp_path / "policy-rc.d"


@pytest.fixture
def machine(tmp_path: Path, policy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return what the programs of a made-up Debian, where we are root, have written down of their calls."""
    calls = tmp_path / "calls"
    calls.touch()
    script(tmp_path / "apt-get", f'{{ echo "apt-get $*"; {policy} any start; echo $?; }} >> {calls}')
    script(tmp_path / "update-rc.d", f'echo "update-rc.d $*" >> {calls}')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(setup_servers, "DAEMON_FOLDERS", ())
    monkeypatch.setattr(setup_servers, "CLUSTERS", tmp_path / "postgresql-common" / "createcluster.d")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return calls


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def make_policy(policy: Path, text: str) -> None:
    policy.write_text(text)
    policy.chmod(0o755)


# --- no service is started


def test_while_packages_are_installed_no_service_may_start(machine: Path, policy: Path) -> None:
    setup_servers.install_packages(["inspircd", "openssl"], policy)
    update, _, install, meanwhile, disable = machine.read_text().splitlines()
    assert update == "apt-get -qq update"
    assert install.startswith("apt-get ")
    assert install.endswith(" install inspircd openssl")
    assert meanwhile == "101"
    assert disable == "update-rc.d inspircd disable"
    assert not policy.exists()


def test_it_is_told_what_is_installed(said: list[str], machine: Path, policy: Path) -> None:
    setup_servers.install_packages(["inspircd", "openssl"], policy)
    assert "installing inspircd, openssl with apt-get" in said[0]
    assert machine.read_text()


@pytest.mark.usefixtures("machine")
def test_services_may_start_again_after_an_install_that_failed(
    policy: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script(tmp_path / "apt-get", "echo no such package; exit 100")
    with pytest.raises(subprocess.CalledProcessError):
        setup_servers.install_packages(["inspircd"], policy)
    assert not policy.exists()
    assert "no such package" in capfd.readouterr().err


@pytest.mark.parametrize("number", setup_servers.INTERRUPTIONS)
def test_an_interruption_waits_until_all_is_installed(
    machine: Path, policy: Path, tmp_path: Path, number: signal.Signals
) -> None:
    script(tmp_path / "apt-get", f'[ $1 = -qq ] && [ $2 = -y ] && kill -{number.value} $PPID; echo "$*"')
    program = f"""
import os
from pathlib import Path
from scripts import setup_servers
os.geteuid = lambda: 0
setup_servers.DAEMON_FOLDERS = ()
setup_servers.CLUSTERS = Path({str(tmp_path / "clusters")!r})
setup_servers.install_packages(["inspircd"], Path({str(policy)!r}))
print("not interrupted")
"""
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert "not interrupted" not in run.stdout
    assert "stopping as soon as what is being installed is in" in run.stderr
    assert machine.read_text() == "update-rc.d inspircd disable\n"
    assert not policy.exists()


def test_a_policy_that_an_interrupted_run_of_ours_left_is_removed(machine: Path, policy: Path) -> None:
    make_policy(policy, OUR_POLICY)
    setup_servers.install_packages(["openssl"], policy)
    assert machine.read_text().splitlines()[-1] == "101"
    assert not policy.exists()


def test_a_policy_of_the_machines_owner_stays(machine: Path, policy: Path) -> None:
    make_policy(policy, FORBIDS)
    setup_servers.install_packages(["inspircd"], policy)
    assert "install inspircd" in machine.read_text()
    assert policy.read_text() == FORBIDS


def test_nothing_is_installed_where_the_owners_policy_would_start_it(machine: Path, policy: Path) -> None:
    make_policy(policy, ALLOWS)
    with pytest.raises(Refused, match="would let inspircd start"):
        setup_servers.install_packages(["inspircd"], policy)
    assert " install " not in machine.read_text()
    assert policy.read_text() == ALLOWS


def test_postgresql_makes_no_cluster_while_it_is_installed(
    machine: Path, policy: Path, tmp_path: Path
) -> None:
    script(tmp_path / "apt-get", f"cat {tmp_path}/postgresql-common/createcluster.d/*.conf >> {machine} || :")
    setup_servers.install_packages(["postgresql"], policy)
    assert machine.read_text().splitlines() == [
        "create_main_cluster = false",
        "update-rc.d postgresql disable",
    ]
    assert not (tmp_path / "postgresql-common").exists()


def test_what_the_package_keeps_about_clusters_stays(policy: Path, tmp_path: Path, machine: Path) -> None:
    script(tmp_path / "apt-get", f"echo mine > {tmp_path}/postgresql-common/createcluster.conf")
    (tmp_path / "postgresql-common").mkdir()
    setup_servers.install_packages(["postgresql"], policy)
    assert [each.name for each in (tmp_path / "postgresql-common").iterdir()] == ["createcluster.conf"]
    assert machine.exists()


def test_a_package_is_missing_where_one_of_its_programs_is(
    said: list[str], machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(setup_servers, "PACKAGES", ("db",))
    monkeypatch.setattr(setup_servers, "PROGRAMS", {"db": ("sh", "no-such-initdb")})
    setup_servers.see_to_packages()
    assert said == ["db not installed (that takes Debian and root); on Debian, as root: apt-get install db"]
    script(tmp_path / "no-such-initdb", ":")
    setup_servers.see_to_packages()
    assert len(said) == 1
    assert machine.read_text() == ""


def test_a_program_is_told_by_its_package() -> None:
    told = setup_servers.how_to_install(["postgres", "initdb", "openssl"])
    assert told.endswith("apt-get install postgresql openssl")


# --- what cannot be installed is told


def test_who_is_not_root_is_told_what_to_install(
    said: list[str], machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(setup_servers, "PACKAGES", ("no-such-ircd", "sh"))
    setup_servers.see_to_packages()
    (told,) = said
    assert told == (
        "no-such-ircd not installed (that takes Debian and root);"
        " on Debian, as root: apt-get install no-such-ircd"
    )
    assert machine.read_text() == ""


@pytest.mark.usefixtures("machine")
def test_a_failure_of_apt_get_ends_nothing(
    said: list[str], tmp_path: Path, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "apt-get", "exit 100")
    monkeypatch.setattr(setup_servers, "PACKAGES", ("no-such-ircd",))
    monkeypatch.setattr(setup_servers, "POLICY", policy)
    setup_servers.see_to_packages()
    assert said[-1].startswith("no-such-ircd not installed, as told above, at: ")


def test_what_is_there_is_not_installed_again(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_servers, "PACKAGES", ("sh", "cat"))
    setup_servers.see_to_packages()
    assert machine.read_text() == ""


@pytest.fixture
def pip_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str | None]]:
    """Return what pip would have been told about wheels; no pip runs."""
    told: list[str | None] = []

    def bring_up_to_date(*_: object, **__: object) -> None:
        told.append(os.environ.get("PIP_ONLY_BINARY"))
        raise subprocess.CalledProcessError(1, ["pip", "install"])

    monkeypatch.setattr(setup_servers, "bring_up_to_date", bring_up_to_date)
    monkeypatch.delenv("PIP_ONLY_BINARY", raising=False)
    yield told
    os.environ.pop("PIP_ONLY_BINARY", None)


def test_a_synapse_that_cannot_be_installed_ends_nothing_and_is_not_compiled(
    said: list[str], pip_settings: list[str | None], tmp_path: Path
) -> None:
    setup_servers.see_to_synapse(tmp_path, any_python=True)
    assert said == ["Synapse not installed, as told above, at: pip install"]
    assert pip_settings == [":all:"]
