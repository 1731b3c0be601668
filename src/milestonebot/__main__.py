"""`python -m milestonebot …` is `milestonebot …`."""

import sys

from milestonebot.cli import main

sys.exit(main())
