"""Free ports on loopback."""

import contextlib
import random
import socket
from pathlib import Path

HOST = "127.0.0.1"
LOWEST = 20000
RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def first_ephemeral() -> int:
    """Return the lowest port that the kernel gives to outgoing connections (ip(7))."""
    try:
        return int(RANGE.read_text().split()[0])
    except (OSError, ValueError):
        return 32768


def free_ports(count: int) -> list[int]:
    """Return ports of 127.0.0.1 that nothing listens on, all different.

    They lie below those of outgoing connections: there, while a server is down, a client that tries to come
    back could be given the very port it connects to, and would be connected to itself (RFC 9293, simultaneous
    open). Another process can take a port before the server does: whoever starts one then tries other ports.
    """
    ports = range(min(LOWEST, first_ephemeral() // 2), first_ephemeral())
    with contextlib.ExitStack() as held:
        found: list[int] = []
        for port in random.sample(ports, 1000):
            taken = held.enter_context(socket.socket())
            with contextlib.suppress(OSError):
                taken.bind((HOST, port))
                found.append(port)
            if len(found) == count:
                return found
    raise OSError(f"no {count} free ports on {HOST} in {ports}")
