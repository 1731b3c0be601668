"""`python bot.py …` is `milestonebot …`."""

from milestonebot.cli import main

raise SystemExit(main())
