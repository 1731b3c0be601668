"""How far a blueprint is: Launchpad's words, and the few states that a count needs.

Source: Launchpad's `specification.implementation_status` (API `devel`).
"""

from __future__ import annotations

from milestonebot.names import key

IMPLEMENTATION = (
    "Unknown",
    "Not started",
    "Deferred",
    "Needs Infrastructure",
    "Blocked",
    "Started",
    "Slow progress",
    "Good progress",
    "Beta Available",
    "Needs Code Review",
    "Deployment",
    "Implemented",
    "Informational",
)
PRIORITY = ("Not", "Undefined", "Low", "Medium", "High", "Essential")
DEFINITION = (
    "Approved",
    "Pending Approval",
    "Review",
    "Drafting",
    "Discussion",
    "New",
    "Superseded",
    "Obsolete",
)

_STATES = {
    "implemented": ("Implemented", "Informational"),
    "started": (
        "Started",
        "Slow progress",
        "Good progress",
        "Beta Available",
        "Needs Code Review",
        "Deployment",
    ),
    "blocked": ("Blocked", "Needs Infrastructure"),
    "not started": ("Not started", "Deferred"),
}
_SAID = {
    "done": "Implemented",
    "landed": "Implemented",
    "finished": "Implemented",
    "review": "Needs Code Review",
}
_BY_KEY = {key(status): status for status in IMPLEMENTATION} | _SAID
_STATE_OF = {status: state for state, statuses in _STATES.items() for status in statuses}

STATES = (*_STATES, "unknown")
"""What `!progress` counts, the furthest first."""


def matching_status(text: str) -> str | None:
    """Return the status that a person means by `text`: `done` is Implemented."""
    return _BY_KEY.get(key(text))


def state(status: str | None) -> str:
    """Return which of STATES a status counts as; unknown where no source says."""
    return _STATE_OF.get(_BY_KEY.get(key(status or ""), ""), "unknown")
