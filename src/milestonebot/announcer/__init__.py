"""Plans what is due and delivers what is pending, each announcement once."""

from milestonebot.announcer.announcer import Announcer

__all__ = ["Announcer"]
