"""What was asked for differently in one run than in another, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.clustering.recipe import SKEWED
from custseg.errors import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from custseg.clustering.recipe import Recipe
    from custseg.clustering.segmentation import Segmentation


def describe_changes(before: Segmentation, after: Segmentation) -> Iterable[str]:
    """Say what was asked for differently, one sentence for each setting, as plain text."""
    for what, names in (
        ("added", [name for name in after.features if name not in before.features]),
        ("removed", [name for name in before.features if name not in after.features]),
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
        was, now = chosen(before.preparation.recipe), chosen(after.preparation.recipe)
        if was != now:
            yield f"{what}: {was} before, {now} after."


def _seed(result: Segmentation) -> str:
    return f"{result.seed}" if result.seeded else f"{result.seed} (drawn at random)"


def _quantiles(recipe: Recipe) -> str:
    if recipe.winsorise is None:
        return "left as they are"
    low, high = recipe.winsorise
    return f"moved to the {low:.1%} and {high:.1%} quantiles"


def _categories(recipe: Recipe) -> str:
    if isinstance(recipe.categories, tuple):
        return listed(recipe.categories)
    return "all compared too" if recipe.categories else "not compared"


def _weights(recipe: Recipe) -> str:
    return ", ".join(f"{name} {weight:g}" for name, weight in sorted(recipe.weights.items())) or "all equal"


_SETTINGS: dict[str, Callable[[Segmentation], str]] = {
    "Number of segments": lambda result: str(result.k),
    "Counted as spend": lambda result: listed(result.schema.money(result.schema.features)) or "nothing",
    "Engine": lambda result: result.engine,
}
_PREPARATION: dict[str, Callable[[Recipe], str]] = {
    "Missing values": lambda recipe: "filled with the median" if recipe.missing == "median" else "left out",
    "Logarithm": lambda recipe: "of skewed features" if recipe.log == SKEWED else listed(recipe.log) or "of none",
    "Outliers": _quantiles,
    "Exceptional customers": lambda recipe: (
        "in the segments"
        if recipe.exceptional is None
        else f"set apart beyond {recipe.exceptional:g} times the typical distance"
    ),
    "Scaling": lambda recipe: recipe.scaling,
    "Weights": _weights,
    "Categories": _categories,
}
