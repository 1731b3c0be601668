"""What is to be announced, and when: pure, with every moment an argument.

From the catalog, the announcements of the config and what planning remembers it tells what became
due, what will, and what is not true any more. Nothing here reads a clock or writes anything.
"""

from __future__ import annotations

from milestonebot.agenda.ahead import next_due, uncounted, void
from milestonebot.agenda.coming import coming, wake
from milestonebot.agenda.dated import found
from milestonebot.agenda.looking import look
from milestonebot.agenda.news import same
from milestonebot.agenda.subjects import subject
from milestonebot.agenda.withdrawal import withdrawal

__all__ = [
    "coming",
    "found",
    "look",
    "next_due",
    "same",
    "subject",
    "uncounted",
    "void",
    "wake",
    "withdrawal",
]
