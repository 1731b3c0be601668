"""`Located` → a pydantic model; each of pydantic's errors gets its place and our words."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from milestonebot.yamlfile.explain import Error, meant, say
from milestonebot.yamlfile.fitting import fitting
from milestonebot.yamlfile.hints import belonging, written
from milestonebot.yamlfile.read import tell
from milestonebot.yamlfile.scalars import is_secret
from milestonebot.yamlfile.schema import items_are_text, known_keys
from milestonebot.yamlfile.syntax import MOST, Mistake

if TYPE_CHECKING:
    from milestonebot.yamlfile.located import Loc, Located

Model = TypeVar("Model", bound=BaseModel)


def validate(located: Located, model: type[Model], context: Any = None, at: Loc = ()) -> Model:  # noqa: ANN401  pydantic's own
    """Return the data at `at` as a `model`; ConfigError tells all that does not fit.

    A model decides itself how strict it is; a strict one takes YAML's lists as `list[…]` only.
    Of a whole file, the mistakes that `read_yaml` left are told too.
    """
    left = [] if at else list(located.mistakes)
    try:
        checked = model.model_validate(_value(located.data, at), context=context)
    except ValidationError as error:
        found = mistakes(error, located, model, at)
        named = {each[:2] for each in found if each.message.startswith("unknown key")}
        tell([*(each for each in left if each[:2] not in named), *found], located.file)
    if left:
        tell(left, located.file)
    return checked


def mistakes(error: ValidationError, located: Located, model: type[BaseModel], at: Loc = ()) -> list[Mistake]:
    """Return the errors of a `model` of the data at `at`, with their places in the file.

    What only follows from a mistake that is told already is left out. But where the key of another meaning is
    known, that is told: `on`, which YAML reads as true, helps nobody in quotes.
    """
    data = _value(located.data, at)
    found = list(islice(fitting(error, data), MOST))
    places = {mistake[:2] for mistake in located.mistakes}
    told = []
    for each in found:
        mistake = _mistake(each, located, model, at)
        # A list or mapping begins where its first key does, which may be wrong as well.
        single = each.of_key or not isinstance(_value(data, each.path), (dict, list))
        if not single or mistake[:2] not in places or _of_habit(each, data, model):
            told.append(mistake)
    return told


def _of_habit(error: Error, data: Any, model: type[BaseModel]) -> bool:  # noqa: ANN401  whatever YAML holds
    if error.type != "extra_forbidden":
        return False
    return bool(meant(str(error.path[-1]), known_keys(model, data, error.path[:-1])))


def _mistake(error: Error, located: Located, model: type[BaseModel], at: Loc) -> Mistake:
    here = at + error.path
    known: list[str] = []
    if error.type == "extra_forbidden":
        known = known_keys(model, _value(located.data, at), error.path[:-1])
    elif error.type == "list_type" and items_are_text(model, _value(located.data, at), error.path):
        known = ["text"]
    elif error.type == "model_type" or "keys and values" in error.details.get("besides", ()):
        known = known_keys(model, _value(located.data, at), error.path)
    place = located.key_place(here) if error.of_key else located.place(here)
    if error.type == "union_tag_invalid":
        place = located.place((*here, str(error.details["discriminator"]).strip("'")))
    value = _value(located.data, here)

    def hint() -> str:
        whole = _value(located.data, at)
        if error.type == "extra_forbidden":
            return belonging(model, whole, error.path)
        return "" if is_secret(here) else written(model, whole, error.path, value)

    return Mistake(*place, say(error._replace(path=here), located, value, known, hint))


def _value(data: Any, loc: Loc) -> Any:  # noqa: ANN401  whatever YAML holds
    for part in loc:
        data = data[part]
    return data
