"""What was asked for differently in one run than in another, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.clustering.recipe import AUTO
from custseg.errors import listed
from custseg.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from custseg.clustering.recipe import Recipe
    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.schema import Schema


def describe_changes(before: Segmentation, after: Segmentation) -> Iterable[str]:
    """Say what was asked for differently, one sentence for each setting, as plain text."""
    for message, names in (
        (mark("Features added: {names}."), _labels(after, before)),
        (mark("Features removed: {names}."), _labels(before, after)),
    ):
        if names:
            yield say(message, names=listed(names))
    if before.seed != after.seed:
        yield say("Seed: {before} before, {after} after.", before=_seed(before), after=_seed(after))
    for what, words in _SETTINGS.items():
        was, now = words(before), words(after)
        if was != now:
            yield say("{what}: {was} before, {now} after.", what=say(what), was=was, now=now)
    for what, chosen in _PREPARATION.items():
        was, now = (chosen(result.preparation.recipe, result.schema) for result in (before, after))
        if was != now:
            yield say("{what}: {was} before, {now} after.", what=say(what), was=was, now=now)


def _labels(of: Segmentation, without: Segmentation) -> list[str]:
    return [of.schema.label(name) for name in of.features if name not in without.features]


def _seed(result: Segmentation) -> str:
    return str(result.seed) if result.seeded else say("{seed} (drawn at random)", seed=result.seed)


def _quantiles(recipe: Recipe, _: Schema) -> str:
    if recipe.winsorise is None:
        return say("left as they are")
    low, high = recipe.winsorise
    return say("moved to the {low:.1%} and {high:.1%} quantiles", low=low, high=high)


def _categories(recipe: Recipe, schema: Schema) -> str:
    if isinstance(recipe.categories, tuple):
        return listed([*map(schema.label, recipe.categories)])
    return say("all compared too") if recipe.categories else say("not compared")


def _weights(recipe: Recipe, schema: Schema) -> str:
    weights = (f"{schema.label(name)} {weight:g}" for name, weight in sorted(recipe.weights.items()))
    return ", ".join(weights) or say("all equal")


def _evened_out(recipe: Recipe, schema: Schema) -> str:
    return say("what is skewed") if recipe.log == AUTO else listed([*map(schema.label, recipe.log)]) or say("nothing")


def _spend(result: Segmentation) -> str:
    schema = result.schema
    return listed([*map(schema.label, schema.money(schema.features))]) or say("nothing")


_SETTINGS: dict[str, Callable[[Segmentation], str]] = {
    mark("Number of segments"): lambda result: str(result.k),
    mark("Counted as spend"): _spend,
    mark("Engine"): lambda result: result.engine,
}
_MISSING = {
    "median": mark("filled with the median"),
    "nearest": mark("filled from similar customers"),
    "drop": mark("left out"),
}
_PREPARATION: dict[str, Callable[[Recipe, Schema], str]] = {
    mark("Missing values"): lambda recipe, _: say(_MISSING[recipe.missing]),
    mark("Evened out"): _evened_out,
    mark("Outliers"): _quantiles,
    mark("Exceptional customers"): lambda recipe, _: (
        say("in the segments")
        if recipe.exceptional is None
        else say("set apart beyond {exceptional:g} times the typical distance", exceptional=recipe.exceptional)
    ),
    mark("Farthest from all segments"): lambda recipe, _: (
        say("{trim:.1%} set apart", trim=recipe.trim) if recipe.trim else say("in the segments")
    ),
    mark("Scaling"): lambda recipe, _: recipe.scaling,
    mark("Weights"): _weights,
    mark("Shape of segments"): lambda recipe, _: (
        say("any (mixture)") if recipe.method == "mixture" else say("round (K-Means)")
    ),
    mark("Categories"): _categories,
}
