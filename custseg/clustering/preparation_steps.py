"""What was done to make features comparable, and how many customers or cells it affected, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.neighbours import NEAREST
from custseg.language import mark, say
from custseg.tables.quality import FAR_BEYOND_QUARTILES
from custseg.wording import capitalised, count, join_words, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from custseg.clustering.recipe import Recipe
    from custseg.tables.evening_out import EveningOut

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Affected:
    """How many customers or cells the steps affect.

    Attributes
    ----------
    customers
        All of them.
    missing
        Missing values of each feature.
    with_gaps
        Customers of whom at least one value of a feature is missing.
    exceptional
        Customers set apart as exceptional.
    moved
        Customers in a segment of whom at least one value was moved to a limit.
    missing_levels
        Missing values of each category.

    """

    customers: int
    missing: tuple[int, ...]
    with_gaps: int
    exceptional: int
    moved: int
    missing_levels: tuple[int, ...]


def describe_steps(
    affected: Affected, called: Mapping[str, str], recipe: Recipe, evening: EveningOut
) -> tuple[str, ...]:
    """Say what each step did, and how many customers or cells it affected.

    ``called`` is what people call features.
    """
    steps = (
        _describe_gaps(affected, list(called.values()), recipe),
        _describe_exceptional(affected, recipe),
        _describe_evening(called, evening),
        _describe_limits(affected, recipe),
        say(_SCALINGS[recipe.scaling]),
        _describe_weights(called, recipe),
    )
    return tuple(filter(None, steps))


def warn_of_robust_scaling(values: Floats, labels: list[str]) -> tuple[str, ...]:
    """Say which features the interquartile range is no measure of, as of those that are mostly 0."""
    quarter, three_quarters = np.quantile(values, (0.25, 0.75), axis=0)
    spread, deviation = three_quarters - quarter, values.std(axis=0)
    none = [label for label, flat in zip(labels, (spread == 0) & (deviation > 0), strict=True) if flat]
    far = (spread > 0) & (deviation > FAR_BEYOND_QUARTILES * spread)
    outweigh = [label for label, large in zip(labels, far, strict=True) if large]
    said = (
        [say("{none} divided by the standard deviation: the interquartile range is 0.", none=join_words(none))]
        if none
        else []
    )
    if outweigh:
        said.append(
            say(
                "Robust scaling does not suit {outweigh}: the standard deviation is more than "
                "{FAR_BEYOND_QUARTILES:g} times the interquartile range, so that a few customers decide the "
                "segments. Choose the standard scale.",
                outweigh=join_words(outweigh),
                FAR_BEYOND_QUARTILES=FAR_BEYOND_QUARTILES,
            )
        )
    return tuple(said)


def _describe_gaps(affected: Affected, labels: list[str], recipe: Recipe) -> str:
    if not affected.with_gaps:
        return ""
    names = join_words([name for name, gaps in zip(labels, affected.missing, strict=True) if gaps])
    rows = affected.with_gaps
    share = percent(rows / affected.customers)
    if recipe.missing == "drop":
        return say(
            "{rows} ({share}) left out because of a missing value in {names}.",
            rows=count(rows, "customer"),
            share=share,
            names=names,
        )
    cells = count(sum(affected.missing), "missing value")
    by = (
        say("the mean of the {NEAREST} most similar customers who have one", NEAREST=NEAREST)
        if recipe.missing == "nearest"
        else say("the median")
    )
    return say(
        "{cells} of {rows} ({share}) in {names} filled with {by}.",
        cells=cells,
        rows=count(rows, "customer"),
        share=share,
        names=names,
        by=by,
    )


def _describe_exceptional(affected: Affected, recipe: Recipe) -> str:
    if recipe.exceptional is None:
        return ""
    return say(
        "{exceptional} set apart as exceptional: more than {times:g} times as far from the "
        "average customer as is typical.",
        exceptional=count(affected.exceptional, "customer"),
        times=recipe.exceptional,
    )


def _describe_evening(called: Mapping[str, str], evening: EveningOut) -> str:
    if not evening.evened.any():
        return ""
    names = [label for label, evened in zip(called.values(), evening.evened, strict=True) if evened]
    return say(
        "Evened out, so that ratios count more than differences: {names} (arcsinh of 3 times the "
        "value over the median of what is not 0).",
        names=join_words(names),
    )


def _describe_limits(affected: Affected, recipe: Recipe) -> str:
    if recipe.winsorise is None:
        return ""
    lower, upper = recipe.winsorise
    return say(
        "Values below the {lower:.1%} or above the {upper:.1%} quantile moved to that quantile: {moved} affected.",
        lower=lower,
        upper=upper,
        moved=count(affected.moved, "customer"),
    )


def _describe_weights(called: Mapping[str, str], recipe: Recipe) -> str:
    weights = {called[name]: weight for name, weight in recipe.weights.items() if name in called}
    if not weights:
        return ""
    said = [say("{name} has weight {weight:g}", name=name, weight=weight) for name, weight in weights.items()]
    return f"{capitalised(join_words(said))}."


_SCALINGS = {
    "standard": mark("Standardised: each feature to mean 0 and standard deviation 1."),
    "robust": mark("Scaled robustly: each feature to median 0 and interquartile range 1."),
    "minmax": mark("Scaled by range: each feature from 0 to 1."),
    "none": mark("Not scaled: features with larger numbers count more."),
}
