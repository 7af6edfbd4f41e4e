"""What a report says of itself: how its result was made, and what was left out of it so that nobody is exposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.language import mark, say, say_many
from custseg.session.report.blocks import OUTSIDE
from custseg.wording import capitalised, join_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custseg.clustering.recipe import Recipe
    from custseg.session.report.document import Grouping
    from custseg.session.report.shown_customers import ShownCustomers
    from custseg.session.run_result import RunResult

_SCALES = {
    "standard": mark("each number was standardised (mean 0, standard deviation 1)"),
    "robust": mark("each number was scaled robustly (median 0, interquartile range 1)"),
    "minmax": mark("each number was scaled by its range (from 0 to 1)"),
    "none": mark("numbers were compared as they are"),
}
_GAPS = {
    "median": mark("missing values count as the median"),
    "nearest": mark("missing values are those of similar customers"),
    "drop": mark("customers with a missing value are in no segment"),
}


def said_how(outcome: RunResult) -> tuple[str, ...]:
    """Say how the result was made, without any count of customers: it could be of one."""
    result = outcome.segmentation
    recipe = result.preparation.recipe
    labels = join_words([result.schema.label(name) for name in (*result.features, *result.categories)])
    method = say("a Gaussian mixture") if recipe.method == "mixture" else "K-Means"
    start = (
        say("seed {seed}", seed=result.seed) if result.seeded else say("seed {seed}, drawn at random", seed=result.seed)
    )
    return (
        say("Compared: {labels}.", labels=labels),
        say("{k} segments found by {method}, {start}.", k=result.k, method=method, start=start),
        f"{capitalised(join_words(list(_steps(recipe))))}.",
    )


def _steps(recipe: Recipe) -> Iterator[str]:
    yield say(_SCALES[recipe.scaling])
    yield say(_GAPS[recipe.missing])
    if recipe.log:
        yield say("skewed amounts were evened out")
    if recipe.winsorise is not None:
        yield say("extreme values were moved in")
    if recipe.exceptional is not None or recipe.trim:
        yield say("exceptional customers were set apart")
    if recipe.weights:
        yield say("some columns were given another weight")


def what_is_left_out(
    shown: ShownCustomers, groupings: tuple[Grouping, ...], *, customers: bool, least: int
) -> tuple[str, ...]:
    """Say what is not in a report, and why."""
    return tuple(_sentences(shown, groupings, least) if not customers else _of_all(shown, groupings))


def _of_all(shown: ShownCustomers, groupings: tuple[Grouping, ...]) -> Iterator[str]:
    yield say("Single customers may be in this file, with their identifiers. Hand it on to those who may see them.")
    outside = int(np.count_nonzero(shown.blocks.of == OUTSIDE))
    if outside:
        yield _in_no_figure(outside)
    yield from _missing(groupings, shown)


def _sentences(shown: ShownCustomers, groupings: tuple[Grouping, ...], least: int) -> Iterator[str]:
    yield (
        say(
            "No customer is in this file, and no figure is of fewer than {least} of them. Pictures are "
            "drawn of the averages of {number:,} groups of at least {least} customers who are alike. "
            "Every figure is of whole groups of these, so that no two figures differ by fewer.",
            least=least,
            number=len(shown.blocks.counts),
        )
    )
    for group in shown.groups:
        if len(group) > 1:
            segments = join_words([str(one + 1) for one in group])
            yield say(
                "Segments {segments} count as one here: not each of them has {least} customers known well enough.",
                segments=segments,
                least=least,
            )
    yield from _displaced(shown, groupings, least)
    if shown.hidden:
        names = join_words([column.label or column.name for column in shown.hidden])
        yield say("Not told, since too few customers have a value: {names}.", names=names)
    outside = int(np.count_nonzero(shown.blocks.of == OUTSIDE))
    if outside:
        few = say("Fewer than {least} customers in no segment are in no figure above.", least=least)
        yield few if outside < least else _in_no_figure(outside)
    yield (
        say(
            "Also left out: levels of categories and outcomes that fewer than {least} customers of a segment have, "
            "least and largest values, medians and quartiles, typical and exceptional customers, and notes.",
            least=least,
        )
    )
    yield from _missing(groupings, shown)


def _in_no_figure(outside: int) -> str:
    return say_many(
        "{quantity:,} customer in no segment is in no figure above.",
        "{quantity:,} customers in no segment are in no figure above.",
        outside,
    )


def _displaced(shown: ShownCustomers, groupings: tuple[Grouping, ...], least: int) -> Iterator[str]:
    """Say how exact the other numbers of segments are."""
    others = [each.k for each in groupings if each.k != shown.result.k]
    moved = max((shown.blocks.displaced(shown.segments[k]) for k in others), default=0)
    if moved:
        many = say("up to {moved:,} customers", moved=moved) if moved >= least else say("a few customers")
        yield say(
            "At {k} segments figures are exact. At other numbers of segments {many} count in the segment of those "
            "who are most like them, since with their own they would be too few to show.",
            k=shown.result.k,
            many=many,
        )


def _missing(groupings: tuple[Grouping, ...], shown: ShownCustomers) -> Iterator[str]:
    told = {each.k for each in groupings}
    absent = [str(k) for k in shown.segments if k not in told]
    if absent:
        yield say("Not shown, since no two groups would be left: {absent} segments.", absent=join_words(absent))
