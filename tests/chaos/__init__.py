"""The kill test: bot, servers and connections die at every step, and each announcement arrives once.

`notes` are what is to be said, `child` is the bot with failpoints, `run` kills it and starts it again,
`tally` counts what independent observers saw.
"""
