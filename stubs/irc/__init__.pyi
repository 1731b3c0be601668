# The types of as much of `irc` as milestonebot uses: the package itself comes without any.
