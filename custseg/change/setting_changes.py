"""What was asked for differently in one run than in another, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.clustering.recipe import AUTO
from custseg.errors import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from custseg.clustering.recipe import Recipe
    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.schema import Schema


def describe_changes(before: Segmentation, after: Segmentation) -> Iterable[str]:
    """Say what was asked for differently, one sentence for each setting, as plain text."""
    for what, names in (
        ("added", [after.schema.label(name) for name in after.features if name not in before.features]),
        ("removed", [before.schema.label(name) for name in before.features if name not in after.features]),
    ):
        if names:
            yield f"Features {what}: {listed(names)}."
    if before.seed != after.seed:
        yield f"Seed: {_seed(before)} before, {_seed(after)} after."
    for what, words in _SETTINGS.items():
        was, now = words(before), words(after)
        if was != now:
            yield f"{what}: {was} before, {now} after."
    for what, chosen in _PREPARATION.items():
        was, now = (chosen(result.preparation.recipe, result.schema) for result in (before, after))
        if was != now:
            yield f"{what}: {was} before, {now} after."


def _seed(result: Segmentation) -> str:
    return f"{result.seed}" if result.seeded else f"{result.seed} (drawn at random)"


def _quantiles(recipe: Recipe, _: Schema) -> str:
    if recipe.winsorise is None:
        return "left as they are"
    low, high = recipe.winsorise
    return f"moved to the {low:.1%} and {high:.1%} quantiles"


def _categories(recipe: Recipe, schema: Schema) -> str:
    if isinstance(recipe.categories, tuple):
        return listed([*map(schema.label, recipe.categories)])
    return "all compared too" if recipe.categories else "not compared"


def _weights(recipe: Recipe, schema: Schema) -> str:
    weights = (f"{schema.label(name)} {weight:g}" for name, weight in sorted(recipe.weights.items()))
    return ", ".join(weights) or "all equal"


def _evened_out(recipe: Recipe, schema: Schema) -> str:
    return "what is skewed" if recipe.log == AUTO else listed([*map(schema.label, recipe.log)]) or "nothing"


def _spend(result: Segmentation) -> str:
    schema = result.schema
    return listed([*map(schema.label, schema.money(schema.features))]) or "nothing"


_SETTINGS: dict[str, Callable[[Segmentation], str]] = {
    "Number of segments": lambda result: str(result.k),
    "Counted as spend": _spend,
    "Engine": lambda result: result.engine,
}
_MISSING = {"median": "filled with the median", "nearest": "filled from similar customers", "drop": "left out"}
_PREPARATION: dict[str, Callable[[Recipe, Schema], str]] = {
    "Missing values": lambda recipe, _: _MISSING[recipe.missing],
    "Evened out": _evened_out,
    "Outliers": _quantiles,
    "Exceptional customers": lambda recipe, _: (
        "in the segments"
        if recipe.exceptional is None
        else f"set apart beyond {recipe.exceptional:g} times the typical distance"
    ),
    "Farthest from all segments": lambda recipe, _: (
        f"{recipe.trim:.1%} set apart" if recipe.trim else "in the segments"
    ),
    "Scaling": lambda recipe, _: recipe.scaling,
    "Weights": _weights,
    "Shape of segments": lambda recipe, _: "any (mixture)" if recipe.method == "mixture" else "round (K-Means)",
    "Categories": _categories,
}
