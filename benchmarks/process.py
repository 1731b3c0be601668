"""What a bot's process has cost so far, as Linux tells it."""

from __future__ import annotations

import time
from pathlib import Path

_SCHEDULED = 2
"""The clock of a process that counts what it was scheduled (CPUCLOCK_SCHED)."""


def cpu(pid: int) -> float:
    """Return the CPU seconds, in the kernel too, of the process and all its threads, to the nanosecond.

    /proc would tell them in ticks of 10 ms. The number of the clock is what clock_getcpuclockid(3) makes of a
    process id; Python has that function for threads only.
    """
    return time.clock_gettime(~pid << 3 | _SCHEDULED)


def memory(pid: int) -> float:
    """Return the MiB that were resident when most were (proc_pid_status(5))."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
