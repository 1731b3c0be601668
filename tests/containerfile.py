"""A Containerfile without an engine: its instructions, and its first stage carried out in a folder."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

Stage = list["Instruction"]


@dataclass(frozen=True, slots=True)
class Instruction:
    """Such as RUN, and what stands behind it."""

    name: str
    text: str


def instructions(file: Path) -> Stage:
    """Return what `file` says, each on one line, without comments."""
    lines = [line for line in file.read_text().splitlines() if not line.lstrip().startswith("#")]
    whole = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    parts = [line.partition(" ") for line in whole.splitlines() if line]
    return [Instruction(name, text) for name, _, text in parts]


def stages(file: Path) -> list[Stage]:
    """Return the stages of `file`; the instructions before the first FROM belong to none."""
    found: list[Stage] = []
    for instruction in instructions(file):
        if instruction.name == "FROM":
            found.append([])
        if found:
            found[-1].append(instruction)
    return found


def texts(stage: Stage, name: str) -> list[str]:
    """Return what stands behind each instruction called `name`."""
    return [instruction.text for instruction in stage if instruction.name == name]


def environment(stage: Stage) -> dict[str, str]:
    """Return what the ENV of `stage` sets."""
    words = [word for text in texts(stage, "ENV") for word in shlex.split(text)]
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def is_let_through(path: str, ignored: Path) -> bool:
    """Tell whether a builder may read `path`: of the lines in .dockerignore that fit, the last one counts."""
    allowed = True
    for line in ignored.read_text().splitlines():
        pattern = line.removeprefix("!").rstrip("/")
        inside = any(fnmatch(str(each), pattern) for each in (Path(path), *Path(path).parents))
        if pattern and not line.startswith("#") and inside:
            allowed = line.startswith("!")
    return allowed


@dataclass(frozen=True, slots=True)
class Replay:
    """Carries out COPY, WORKDIR and RUN in a folder that stands for the root."""

    root: Path
    context: Path
    """What is copied from; no more than .dockerignore lets through."""
    environ: Mapping[str, str]
    """The machine's; what ENV sets comes on top."""

    def path(self, inside: str) -> Path:
        """Return where `inside`, a path of the container, is here."""
        return self.root / inside.lstrip("/")

    def here(self, text: str) -> str:
        """Return `text` with the container's folders as they are here."""
        return re.sub(r"(?<![\w.])/(?=(opt|source|wheel|etc|run|var)\b)", f"{self.root}/", text)

    def build(self, stage: Stage) -> None:
        """Carry out `stage`; CalledProcessError tells what failed."""
        folder = self.root
        for instruction in stage:
            match instruction.name, instruction.text:
                case "WORKDIR", text:
                    folder = self.path(text)
                    folder.mkdir(parents=True)
                case "COPY", text:
                    *sources, target = text.split()
                    self._copy(sources, folder / target)
                case "RUN", text:
                    environ = {**self.environ, **environment(stage)}
                    command = ["sh", "-c", self.here(text)]
                    subprocess.run(command, cwd=folder, env=environ, capture_output=True, check=True)

    def _copy(self, sources: Sequence[str], target: Path) -> None:
        for source in sources:
            for file in [self.context / source, *(self.context / source).rglob("*")]:
                name = file.relative_to(self.context)
                if file.is_file() and is_let_through(str(name), self.context / ".dockerignore"):
                    # A folder's content is copied, not the folder.
                    inside = name.relative_to(Path(source)) if source.endswith("/") else name
                    (target / inside).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(file, target / inside)
