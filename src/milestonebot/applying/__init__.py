"""A running bot takes over another config and other data, without losing a connection."""

from milestonebot.applying.files import look_of
from milestonebot.applying.running import Reading, Running

__all__ = ["Reading", "Running", "look_of"]
