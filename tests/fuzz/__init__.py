"""Made-up messages and facts, put through the bot and every renderer: `python -m tests.fuzz`.

Everything is made from a seed, so that what was found can be found again.
"""
