"""Values that stand elsewhere: `{env: NAME}` in the environment, `{file: PATH}` in a file of its own.

Such a mapping keeps a secret out of the config without a YAML tag, which editors would flag.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, SecretStr, ValidationInfo, WithJsonSchema, WrapValidator

from milestonebot import secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydantic import ValidatorFunctionWrapHandler

    from milestonebot.yamlfile.located import Loc

LARGEST = 64 * 1024
"""Bytes that a file with one value may have."""
ALL = frozenset(("networks", "database"))
"""The keys of a config whose secrets not everybody needs."""
_FORMS = "write {env: NAME} or {file: PATH}"
PLAIN = f"a secret in plain text; {_FORMS} in its place"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where such values are looked for: the context that models are validated in."""

    environ: Mapping[str, str]
    folder: Path
    """The folder of the config; relative paths begin there."""
    used: frozenset[str] = ALL
    """Whose secrets are read: who goes on no network needs none of theirs."""

    def value(self, reference: Mapping[str, Any]) -> str:
        """Return what `reference` stands for; ValueError tells what to do where there is nothing."""
        key, text = _form(reference)
        return self._variable(text) if key == "env" else self._content(text)

    def _variable(self, name: str) -> str:
        value = self.environ.get(name, "")
        if not value:
            raise ValueError(f"the environment variable {name[:60]!r} is not set, or is empty")
        return value

    def find(self, path: str) -> Path:
        """Return where a file is: beside the config, or, before that, among systemd's credentials.

        See `$CREDENTIALS_DIRECTORY` in systemd.exec(5). ValueError tells where it was looked for.
        """
        folders = [Path(each) for each in (self.environ.get("CREDENTIALS_DIRECTORY"), self.folder) if each]
        try:
            found = [folder / path for folder in folders if (folder / path).is_file()]
        except OSError as error:
            raise ValueError(f"{path[:60]!r} cannot be read: {error.strerror}") from None
        if not found:
            looked = " and ".join(str(each) for each in folders)
            raise ValueError(f"there is no file {path[:60]!r} in {looked}")
        return found[0]

    def _content(self, path: str) -> str:
        found = self.find(path)
        try:
            with found.open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise ValueError(f"{path[:60]!r} cannot be read: {error.strerror}") from None
        if len(data) > LARGEST:
            raise ValueError(f"{path[:60]!r} is larger than {LARGEST >> 10} KiB")
        return _text(data, path)


def _form(reference: Mapping[str, Any]) -> tuple[str, str]:
    match dict(reference):
        case {"env": str(text), **rest} if not rest:
            return "env", text
        case {"file": str(text), **rest} if not rest:
            return "file", text
    raise ValueError(f"expected one key, env or file, and text behind it: {_FORMS}")


def _text(data: bytes, path: str) -> str:
    """Return the one value in a file, without the end of its line."""
    try:
        text = data.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise ValueError(f"{path[:60]!r} is no UTF-8 text") from None
    if not text:
        raise ValueError(f"{path[:60]!r} is empty")
    return text


def _given(value: object, info: ValidationInfo) -> object:
    if isinstance(value, dict) and isinstance(info.context, Surroundings):
        return info.context.value(value)
    return value


@dataclass(frozen=True, slots=True)
class _Again:
    """Reads a value anew."""

    around: Surroundings
    path: str

    def __call__(self) -> str:
        return self.around.value({"file": self.path})


class _OfFile(SecretStr):
    """A secret that stands in a file, which may hold another one later."""

    def __init__(self, text: str, again: Callable[[], str]) -> None:
        super().__init__(text)
        self.again = again


def _hidden(value: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> SecretStr:
    text, around = _given(value, info), info.context
    if isinstance(text, str):
        if isinstance(value, dict) and "file" in value and isinstance(around, Surroundings):
            return _OfFile(text, _Again(around, value["file"]))
        hidden: SecretStr = handler(SecretStr(text))
        return hidden
    # Whatever it is, it may be a secret that only lacks its quotes: it is not shown.
    raise ValueError(f"expected a secret: {_FORMS}")


class Unread(SecretStr):
    """Stands for a secret that nobody needs who reads the config this time."""


def _unless_unused(key: str) -> WrapValidator:
    """Return what reads a secret below `key`, and only sees to its form where that is not used."""

    def hidden(value: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> SecretStr:
        if not uses(info, key) and isinstance(value, dict):
            _form(value)
            return Unread("")
        return _hidden(value, handler, info)

    return WrapValidator(hidden)


def uses(info: ValidationInfo, key: str) -> bool:
    """Tell whether the secrets below `key` are needed."""
    return not isinstance(info.context, Surroundings) or key in info.context.used


_REFERENCES: list[dict[str, Any]] = [
    {
        "type": "object",
        "properties": {key: {"type": "string", "description": description}},
        "required": [key],
        "additionalProperties": False,
    }
    for key, description in (
        ("env", "The environment variable that holds the value."),
        ("file", "The file that holds it: in $CREDENTIALS_DIRECTORY, or beside the config."),
    )
]
_SCHEMA = WithJsonSchema({"anyOf": [{"type": "string"}, *_REFERENCES]})

Given = Annotated[str, BeforeValidator(_given), _SCHEMA]
"""Text, as it stands or from elsewhere."""
Secret = Annotated[SecretStr, WrapValidator(_hidden), _SCHEMA]
"""Text that is never shown; it should stand elsewhere, and a warning says so where it does not.

A third party's `Settings` may have one: `token: Secret`, and `token.get_secret_value()` is the text.
"""

NetworkSecret = Annotated[SecretStr, _unless_unused("networks"), _SCHEMA]
DatabaseSecret = Annotated[SecretStr, _unless_unused("database"), _SCHEMA]


def kept(given: SecretStr | None) -> secret.Secret | None:
    """Return a secret as the core holds it; one that stands in a file can be read anew."""
    if given is None:
        return None
    return secret.Secret(given.get_secret_value(), given.again if isinstance(given, _OfFile) else None)


def plain_secrets(form: object, raw: object, loc: Loc = ()) -> Iterator[Loc]:
    """Yield where in `raw` secrets stand in plain text, by its model or other type `form`.

    Mistakes in the rest of `raw` do not matter: what cannot be of that form is left out.
    """
    for each in _alternatives(form):
        of = get_args(each)
        if isinstance(raw, str) and each is SecretStr:
            yield loc
        elif isinstance(raw, list) and get_origin(each) is list:
            for index, item in enumerate(raw):
                yield from plain_secrets(of[0], item, (*loc, index))
        elif isinstance(raw, dict) and get_origin(each) is dict:
            for key, value in raw.items():
                yield from plain_secrets(of[1], value, (*loc, key))
        elif isinstance(raw, dict) and isinstance(each, type) and issubclass(each, BaseModel):
            yield from _within(each, raw, loc)


def _within(model: type[BaseModel], raw: dict[str, object], loc: Loc) -> Iterator[Loc]:
    fields = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
    kinds = get_args(fields.get("kind"))
    if not kinds or raw.get("kind") in kinds:
        for key in raw.keys() & fields.keys():
            yield from plain_secrets(fields[key], raw[key], (*loc, key))


def _alternatives(form: object) -> Iterator[object]:
    """Yield the types that `form` is made of, where it is annotated or a union."""
    if get_origin(form) is Annotated:
        yield from _alternatives(get_args(form)[0])
    elif get_origin(form) in (Union, UnionType):
        for each in get_args(form):
            yield from _alternatives(each)
    else:
        yield form
