"""The table and all settings in the address, so that a link restores the view."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

from custseg import Playbook
from custseg.clustering.recipe import AUTO, Recipe
from custseg.errors import SettingError
from custseg.settings import PICTURES, parse_whole_number
from dashboard.language_choice import LANGUAGE, asked_for

if TYPE_CHECKING:
    from collections.abc import Callable

    import param
    from panel.io.location import Location

    from custseg import SegmentationModel
    from dashboard.data_picker import Intake

TABLE, FEATURE, PICTURE, PLAYBOOK = "table", "feature", "picture", "playbook"
SHARED = ("k", "seed", "x", "y")
# Those that nobody chose are not in the address: they follow the segments.
AXES = ("x", "y")
ALL, CATEGORIES, CATEGORY = "all", "categories", "category"
_STEPS = ("missing", "scaling", "method", "log", "winsorise", "exceptional", "trim", "weight", CATEGORIES, CATEGORY)
_LONGEST_QUERY = 4096


def restore(model: SegmentationModel, query: str) -> list[str]:
    """Set the model from a query such as ``?k=4&seed=&x=Milk``; return a sentence for each value that it refused."""
    refused = []
    given = parse_qs(query.removeprefix("?")[:_LONGEST_QUERY], keep_blank_values=True)
    wanted: dict[str, Callable[[], object]] = {
        name: partial(_parse, name, given[name][-1]) for name in (*SHARED, PICTURE, PLAYBOOK) if name in given
    }
    if FEATURE in given:
        wanted["features"] = lambda: given[FEATURE]
    if given.keys() & set(_STEPS):
        wanted["recipe"] = lambda: _recipe_in(given)
    if given.keys() & set(AXES):
        # Also where they are what is shown anyway.
        model.axes_chosen = True
    for name, value in wanted.items():
        try:
            model.param.update(**{name: value()})
        except SettingError as problem:
            refused.append(str(problem))
    return refused


def _parse(name: str, text: str) -> object:
    if name == "seed" and not text.strip():
        return None
    if name == PLAYBOOK:
        return Playbook.bundled(text) if text else None
    return parse_whole_number(text) if name in ("k", "seed") else text


def _recipe_in(given: dict[str, list[str]]) -> Recipe:
    """Read the steps of a preparation. What is no number goes on as text, for the recipe to refuse it in words."""
    steps: dict[str, Any] = {name: given[name][-1] for name in ("missing", "scaling", "method") if name in given}
    if "log" in given:
        # Links from before the transform knew no unit say “skewed”.
        steps["log"] = AUTO if given["log"] in ([AUTO], ["skewed"]) else tuple(given["log"])
    if "winsorise" in given:
        steps["winsorise"] = tuple(_number(text) for text in given["winsorise"][-1].split(","))
    if "exceptional" in given:
        steps["exceptional"] = _number(given["exceptional"][-1])
    if "trim" in given:
        steps["trim"] = _number(given["trim"][-1])
    if "weight" in given:
        pairs = (text.rpartition(":") for text in given["weight"])
        steps["weights"] = {name: _number(weight) for name, _, weight in pairs}
    if CATEGORIES in given:
        steps["categories"] = given[CATEGORIES][-1] == ALL or given[CATEGORIES][-1]
    elif CATEGORY in given:
        steps["categories"] = tuple(given[CATEGORY])
    return Recipe(**steps)


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _steps_of(recipe: Recipe) -> list[tuple[str, str]]:
    """Return what differs from the usual recipe, as ``_recipe_in`` reads it."""
    usual = Recipe()
    steps = [(name, str(getattr(recipe, name))) for name in ("missing", "scaling", "method")]
    steps = [(name, value) for name, value in steps if value != getattr(usual, name)]
    steps += [("log", name) for name in ([AUTO] if recipe.log == AUTO else recipe.log)]
    if recipe.winsorise is not None:
        steps.append(("winsorise", ",".join(f"{quantile:g}" for quantile in recipe.winsorise)))
    if recipe.exceptional is not None:
        steps.append(("exceptional", f"{recipe.exceptional:g}"))
    if recipe.trim:
        steps.append(("trim", f"{recipe.trim:g}"))
    steps += [("weight", f"{name}:{weight:g}") for name, weight in recipe.weights.items()]
    if isinstance(recipe.categories, tuple):
        return steps + [(CATEGORY, name) for name in recipe.categories]
    return [*steps, (CATEGORIES, ALL)] if recipe.categories else steps


def table_in(query: str) -> str | None:
    """Return the name of the table that a query asks for, or None where it asks for none."""
    given = parse_qs(query.removeprefix("?")[:_LONGEST_QUERY])
    return given[TABLE][-1] if TABLE in given else None


def query_of(model: SegmentationModel, source: str = "", usual: Playbook | None = None) -> str:
    """Return the query that ``restore`` turns into this model's settings, with the name of an offered table.

    What is as usual is left out: all features, features that are only standardised, no categories, and the ``usual``
    playbook; so is one that nobody else has.
    """
    pairs = [(TABLE, source)] if source else []
    shared = [name for name in SHARED if name not in AXES or model.axes_chosen]
    pairs += [(name, "" if getattr(model, name) is None else str(getattr(model, name))) for name in shared]
    if model.picture != PICTURES[0]:
        pairs.append((PICTURE, model.picture))
    if tuple(model.features) != model.table.features:
        pairs += [(FEATURE, name) for name in model.features]
    book = model.playbook
    if book != usual and (book is None or book.is_bundled):
        pairs.append((PLAYBOOK, book.name if book else ""))
    return f"?{urlencode(pairs + _steps_of(model.recipe))}"


def bind(model: SegmentationModel, intake: Intake, location: Location) -> list[str]:
    """Take the settings from the address, then keep the address up with them; return what was refused."""
    usual, language = model.playbook, asked_for(location.search or "")
    refused = restore(model, location.search or "")

    def write(*_: param.parameterized.Event) -> None:
        query = query_of(model, intake.name_in_address, usual)
        location.search = f"{query}&{LANGUAGE}={language}" if language else query

    model.param.watch(write, [*SHARED, "axes_chosen", PICTURE, PLAYBOOK, "features", "recipe"])
    intake.param.watch(write, ["source"])
    return refused
