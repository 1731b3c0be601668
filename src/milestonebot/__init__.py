"""A release bot for IRC channels and Matrix rooms: milestones, blueprints and countdowns."""

__version__ = "0.1.0"
