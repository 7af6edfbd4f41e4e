"""What a report says of itself: how its result was made, and what was left out of it so that nobody is exposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.session.report.blocks import OUTSIDE
from custseg.wording import capitalised, count, join_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custseg.clustering.recipe import Recipe
    from custseg.session.report.document import Grouping
    from custseg.session.report.shown_customers import ShownCustomers
    from custseg.session.run_result import RunResult

_SCALES = {
    "standard": "each number was standardised (mean 0, standard deviation 1)",
    "robust": "each number was scaled robustly (median 0, interquartile range 1)",
    "minmax": "each number was scaled by its range (from 0 to 1)",
    "none": "numbers were compared as they are",
}
_GAPS = {
    "median": "missing values count as the median",
    "nearest": "missing values are those of similar customers",
    "drop": "customers with a missing value are in no segment",
}


def said_how(outcome: RunResult) -> tuple[str, ...]:
    """Say how the result was made, without any count of customers: it could be of one."""
    result = outcome.segmentation
    recipe = result.preparation.recipe
    labels = join_words([result.schema.label(name) for name in (*result.features, *result.categories)])
    method = "a Gaussian mixture" if recipe.method == "mixture" else "K-Means"
    start = f"seed {result.seed}" + ("" if result.seeded else ", drawn at random")
    return (
        f"Compared: {labels}.",
        f"{result.k} segments found by {method}, {start}.",
        f"{capitalised(join_words(list(_steps(recipe))))}.",
    )


def _steps(recipe: Recipe) -> Iterator[str]:
    yield _SCALES[recipe.scaling]
    yield _GAPS[recipe.missing]
    if recipe.log:
        yield "skewed amounts were evened out"
    if recipe.winsorise is not None:
        yield "extreme values were moved in"
    if recipe.exceptional is not None or recipe.trim:
        yield "exceptional customers were set apart"
    if recipe.weights:
        yield "some columns were given another weight"


def what_is_left_out(
    shown: ShownCustomers, groupings: tuple[Grouping, ...], *, customers: bool, least: int
) -> tuple[str, ...]:
    """Say what is not in a report, and why."""
    return tuple(_sentences(shown, groupings, least) if not customers else _of_all(shown, groupings))


def _of_all(shown: ShownCustomers, groupings: tuple[Grouping, ...]) -> Iterator[str]:
    yield "Single customers may be in this file, with their identifiers. Hand it on to those who may see them."
    outside = int(np.count_nonzero(shown.blocks.of == OUTSIDE))
    if outside:
        yield f"{count(outside, 'customer')} in no segment {'is' if outside == 1 else 'are'} in no figure above."
    yield from _missing(groupings, shown)


def _sentences(shown: ShownCustomers, groupings: tuple[Grouping, ...], least: int) -> Iterator[str]:
    yield (
        f"No customer is in this file, and no figure is of fewer than {least} of them. Pictures are drawn of the "
        f"averages of {len(shown.blocks.counts):,} groups of at least {least} customers who are alike. Every figure is "
        "of whole groups of these, so that no two figures differ by fewer."
    )
    for group in shown.groups:
        if len(group) > 1:
            segments = join_words([str(one + 1) for one in group])
            yield f"Segments {segments} count as one here: not each of them has {least} customers known well enough."
    yield from _displaced(shown, groupings, least)
    if shown.hidden:
        names = join_words([column.label or column.name for column in shown.hidden])
        yield f"Not told, since too few customers have a value: {names}."
    outside = int(np.count_nonzero(shown.blocks.of == OUTSIDE))
    if outside:
        many = count(outside, "customer") if outside >= least else f"Fewer than {least} customers"
        yield f"{many} in no segment are in no figure above."
    yield (
        "Also left out: categories and what became of customers, least and largest values, medians and quartiles, "
        "typical and exceptional customers, and notes."
    )
    yield from _missing(groupings, shown)


def _displaced(shown: ShownCustomers, groupings: tuple[Grouping, ...], least: int) -> Iterator[str]:
    """Say how exact the other numbers of segments are."""
    others = [each.k for each in groupings if each.k != shown.result.k]
    moved = max((shown.blocks.displaced(shown.segments[k]) for k in others), default=0)
    if moved:
        many = f"up to {moved:,} customers" if moved >= least else "a few customers"
        yield (
            f"At {shown.result.k} segments figures are exact. At other numbers of segments {many} count in the segment "
            "of those who are most like them, since with their own they would be too few to show."
        )


def _missing(groupings: tuple[Grouping, ...], shown: ShownCustomers) -> Iterator[str]:
    told = {each.k for each in groupings}
    absent = [str(k) for k in shown.segments if k not in told]
    if absent:
        yield f"Not shown, since no two groups would be left: {join_words(absent)} segments."
