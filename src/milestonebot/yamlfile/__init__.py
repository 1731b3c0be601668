"""Files that maintainers write: YAML read with the place of everything, and checked by pydantic.

`read_yaml` gives plain data; `validate` makes a pydantic model of it, and `sound_part` one of what is
left where not all of it fits. What is wrong is told as `ConfigError`, every mistake at once, each with
its line and column and what to write instead.
"""

from milestonebot.yamlfile.explain import did_you_mean
from milestonebot.yamlfile.located import Located
from milestonebot.yamlfile.read import TOLD, read_file, read_yaml
from milestonebot.yamlfile.sound import Sound, sound_part
from milestonebot.yamlfile.validate import validate

__all__ = ["TOLD", "Located", "Sound", "did_you_mean", "read_file", "read_yaml", "sound_part", "validate"]
