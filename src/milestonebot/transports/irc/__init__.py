"""IRC: what the `irc` package parses and connects, and around it what a well-behaved client does.

`transport` is the port; a `Link` is one connection of it, and holds no state of the protocol: that
is the `Session`'s, which does no input and output and has no clock of its own.
"""
