"""Atheme 7.2: NickServ, ChanServ, and SASL with PLAIN, EXTERNAL and ECDSA-NIST256P-CHALLENGE."""

from pathlib import Path

from scripts.setup_servers import find
from tests.servers import templates
from tests.servers.daemon import Daemon, Program
from tests.servers.inspircd import LINK_PASSWORD, NETWORK, SERVER, SERVICES, Ports
from tests.servers.warden import unprivileged

LINKED = "finished synching with uplink"
"""What its log says when it has found its server."""


def atheme(folder: Path, ports: Ports, server: str = SERVER) -> Daemon:
    """Configure an Atheme in the folder of the InspIRCd that it serves."""
    program = find("atheme-services")
    assert program is not None
    config = templates.write(
        "atheme.conf",
        folder,
        network=NETWORK,
        server=server,
        services_name=SERVICES,
        services=ports.services,
        link_password=LINK_PASSWORD,
    )
    pid_file = folder / "atheme.pid"
    # In the foreground (-n) it would warn each user that it is "in debug mode".
    return Daemon(
        Program(
            "atheme",
            [program, "-c", config, "-D", folder, "-l", folder / "atheme.log", "-p", pid_file],
            folder,
            ready=LINKED,
            user=unprivileged(),
            pid_file=pid_file,
        )
    )
