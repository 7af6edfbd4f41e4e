"""What a preparation learned from a sample, made exact for all customers in an engine as far as sums can tell.

Means, deviations, ranges, shares of levels and how many are affected are those of everybody, from one aggregation, or
two where exceptional customers are set apart. Medians, quartiles and quantiles stay those of the sample, and are said
to be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from custseg.clustering.category_coding import learn_coding
from custseg.clustering.category_steps import describe_categories
from custseg.clustering.preparation import nobody_left
from custseg.clustering.preparation_steps import Affected, describe_steps
from custseg.clustering.scoring_expression import check_pushed, prepare_columns
from custseg.errors import DataError
from custseg.language import mark, say
from custseg.tables.customers import SAMPLE_SIZE
from custseg.tables.engine.asking import alone
from custseg.tables.engine.question import Question
from custseg.tables.expressions import SET_APART

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from custseg.clustering.preparation import Preparation
    from custseg.tables.engine.engine_customers import EngineCustomers
    from custseg.tables.engine.lazy_columns import LazyColumns

    Floats = npt.NDArray[np.float64]

_SEGMENTED = 1
_OF_A_SAMPLE = mark("Medians, quartiles and quantiles are those of {customers:,} customers drawn at random.")


def push_preparation(
    customers: EngineCustomers, preparation: Preparation, called: Mapping[str, str] | None = None
) -> Preparation:
    """Return a preparation that was learned from a sample as it is of all customers; itself where the sample is all.

    ``called`` is what people call columns.

    Raises
    ------
    DataError
        Nobody is left to learn from, a number is infinite, or the engine failed.
    SettingError
        The recipe asks for what needs all customers in memory.

    """
    check_pushed(preparation)
    if customers.count <= SAMPLE_SIZE:
        return preparation
    recipe, called = preparation.recipe, called or {}
    if recipe.exceptional is not None:
        preparation = _with_exact_distances(customers, preparation)
    found = _ask(customers, preparation)
    exact = _located(preparation, found)
    labels = {name: called.get(name, name) for name in preparation.features}
    steps = describe_steps(found.affected, labels, recipe, preparation.evening)
    # What was warned of hangs on quartiles.
    steps += tuple(step for step in preparation.steps if "interquartile range" in step and step not in steps)
    steps += describe_categories(exact.categories, found.affected.missing_levels, recipe, called)
    filled = recipe.missing == "median" and found.affected.with_gaps
    of_a_sample = filled or recipe.scaling == "robust" or recipe.winsorise or preparation.evening.evened.any()
    return replace(exact, steps=(*steps, say(_OF_A_SAMPLE, customers=SAMPLE_SIZE)) if of_a_sample else steps)


def _with_exact_distances(customers: EngineCustomers, preparation: Preparation) -> Preparation:
    """Return a preparation by which exceptional customers are told by the mean and the deviation of all."""
    everybody = replace(preparation.recipe, missing="median", winsorise=None, exceptional=None, weights={})
    as_far = replace(preparation, recipe=everybody, centre=preparation.far_centre, scale=preparation.far_scale)
    found = _ask(customers, replace(as_far, categories=()))
    return replace(preparation, far_centre=found.means, far_scale=_or_one(found.deviations))


def _located(preparation: Preparation, found: _Found) -> Preparation:
    """Replace the centre and the scale, and how categories become numbers."""
    recipe, centre, scale = preparation.recipe, preparation.centre, preparation.scale
    weights = np.sqrt([recipe.weights.get(name, 1.0) for name in preparation.features])
    if recipe.scaling == "standard":
        centre, scale = found.means, _or_one(found.deviations) / weights
    elif recipe.scaling == "none":
        centre = found.means
    elif recipe.scaling == "minmax":
        centre, scale = found.least, _or_one(found.largest - found.least) / weights
    variances = np.square(found.deviations / (scale * weights))
    differ = variances[variances > 0]
    variance = 1.0 if recipe.scaling == "standard" or not len(differ) else float(np.median(differ))
    categories = tuple(
        learn_coding(coding.category, sizes, variance * recipe.weights.get(coding.category.column, 1.0))
        for coding, sizes in zip(preparation.categories, found.sizes_of_levels, strict=True)
    )
    return replace(preparation, centre=centre, scale=scale, categories=categories)


def _or_one(spread: Floats) -> Floats:
    """Return by what is divided: nothing where a feature does not differ."""
    return np.where(spread < 1e-150, 1.0, spread)


@dataclass(frozen=True, eq=False)
class _Found:
    """What one aggregation says of all who are segmented, as the preparation has them so far.

    Attributes
    ----------
    means, deviations, least, largest
        Of each feature with gaps filled and extreme values moved, and evened out: as it is before it is scaled.
    sizes_of_levels
        How many customers have each level of each category, and last none of them.
    affected
        How many customers or cells the steps affect.

    """

    means: Floats
    deviations: Floats
    least: Floats
    largest: Floats
    sizes_of_levels: tuple[npt.NDArray[np.intp], ...]
    affected: Affected


@alone
def _ask(customers: EngineCustomers, preparation: Preparation) -> _Found:
    """Ask for sums of prepared features, from which those before scaling follow, and for how many are affected."""
    columns = Question(customers, preparation.compared).columns
    found = prepare_columns(preparation, columns)
    features, categories = preparation.features, [coding.category.level for coding in preparation.categories]
    prepared = found.prepared[: len(features)]
    gap = [columns[value].is_null() for value in preparation.compared]
    flags = [*gap, reduce(or_, gap[: len(features)]), _moved(preparation, columns)]
    flags += [columns[level] == float(place) for level in categories for place in range(len(level.levels))]
    squares = columns.keep(*(column * column for column in prepared))
    ones = columns.keep(*(nw.when(flag).then(nw.lit(1)).otherwise(nw.lit(0)) for flag in flags))
    (key,) = columns.keep_named(found.code(nw.lit(_SEGMENTED)))
    answers = [nw.len(), *(column.sum() for column in (*prepared, *squares))]
    answers += [*(column.min() for column in prepared), *(column.max() for column in prepared)]
    answers += [flag.sum() for flag in ones]
    named = [answer.alias(f"answer{place}") for place, answer in enumerate(answers)]
    rows = customers.engine.collect(columns.frame.group_by(key).agg(*named)).rows()
    table = {int(code): np.array(numbers, dtype=np.float64) for code, *numbers in rows}
    return _read(preparation, table, [len(level.levels) for level in categories])


def _moved(preparation: Preparation, columns: LazyColumns) -> nw.Expr:
    """Return of whom a value is moved to a limit."""
    if preparation.recipe.winsorise is None:
        return columns.nobody
    limits = zip(preparation.features, preparation.low, preparation.high, strict=True)
    beyond = [(columns[name] < float(low)) | (columns[name] > float(high)) for name, low, high in limits]
    return reduce(or_, [one.fill_null(value=False) for one in beyond])


def _read(preparation: Preparation, table: Mapping[int, Floats], levels: list[int]) -> _Found:
    """Take apart what came back: a row for each code, with what was asked for in its order."""
    features = len(preparation.features)
    if _SEGMENTED not in table:
        raise nobody_left(preparation.recipe)
    customers, sums, squares, least, largest, flags = np.split(
        table[_SEGMENTED], np.cumsum([1, features, features, features, features])
    )
    if not np.isfinite(np.concatenate([sums, squares])).all():
        msg = say(
            "The numbers are too large to compute with, or infinite. Give them in a larger unit, or correct them."
        )
        raise DataError(msg)
    means = sums / customers
    deviations = np.sqrt(np.maximum(squares / customers - np.square(means), 0))
    deviations[least == largest] = 0
    everybody = np.sum(list(table.values()), axis=0)
    missing, (with_gaps, _), _ = np.split(everybody[-len(flags) :], np.cumsum([features + len(levels), 2]))
    known = np.split(flags[features + len(levels) + 2 :], np.cumsum(levels)[:-1]) if levels else []
    affected = Affected(
        customers=int(everybody[0]),
        missing=tuple(missing[:features].astype(int).tolist()),
        with_gaps=int(with_gaps),
        exceptional=int(table[SET_APART][0]) if SET_APART in table else 0,
        moved=int(flags[features + len(levels) + 1]),
        missing_levels=tuple(missing[features:].astype(int).tolist()),
    )
    centre, scale = preparation.centre, preparation.scale
    return _Found(
        means * scale + centre,
        deviations * scale,
        least * scale + centre,
        largest * scale + centre,
        tuple(np.append(sizes, customers[0] - sizes.sum()).astype(np.intp) for sizes in known),
        affected,
    )
