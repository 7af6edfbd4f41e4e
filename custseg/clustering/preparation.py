"""Learn from a table how to make its features comparable, and apply that to the same or new customers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.category_coding import CategoryCoding, ComparedCategory, learn_codings
from custseg.clustering.category_steps import describe_categories
from custseg.clustering.neighbours import Neighbours
from custseg.clustering.preparation_steps import Affected, describe_steps, warn_of_robust_scaling
from custseg.clustering.recipe import AUTO, Recipe
from custseg.errors import DataError, SettingError, listed, quote
from custseg.language import say
from custseg.parallel import in_parallel
from custseg.sampling import chunks, seeded_rows
from custseg.tables.evening_out import EveningOut
from custseg.tables.skewness import skewed_features

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from custseg.tables.expressions import Value

    Floats = npt.NDArray[np.float64]

# Squares of values are summed in float64, and engines sum those of prepared values in float32.
_LARGEST, _LARGEST_PREPARED = 1e150, 1e18
_MOST_FOR_MEDIANS = 200_000


class CustomerStatus(IntEnum):
    """Whether a preparation lets a customer be segmented."""

    SEGMENTED = 0
    INCOMPLETE = 1
    EXCEPTIONAL = 2


@dataclass(frozen=True, eq=False)
class Preparation:
    """What was learned: the recipe and the numbers that each of its steps needs. Arrays have shape (features,).

    What it is applied to holds customers x ``compared``: the features, then the categories as ``LevelOf`` has them.
    What comes of it has a column for each feature, then those of each category.

    Attributes
    ----------
    features, recipe
        What is made comparable, and how.
    fill
        The median of each feature, which fills missing values (but see ``neighbours``). Where nothing is missing and
        there are more than 200,000 customers, it is taken from that many at random.
    evening
        Which features are evened out, and how.
    low, high
        Limits in the features' own units; values beyond them are moved to them. Infinite where there are none.
    centre, scale
        What is subtracted, then divided by: in the features' own units, or as they are evened out. Without scaling, the
        mean is subtracted all the same.
    far_centre, far_scale
        Mean and standard deviation of all customers, by which the distance of exceptional ones is measured.
    steps
        What was done, in sentences, and how many customers or cells it affected.
    categories
        How each category that takes part becomes numbers.
    neighbours
        Customers of whom others take missing values where the recipe says so, and whose values tell how much hangs on
        what is filled in; None where nothing is.

    """

    features: tuple[str, ...]
    recipe: Recipe
    fill: Floats
    evening: EveningOut
    low: Floats
    high: Floats
    centre: Floats
    scale: Floats
    far_centre: Floats
    far_scale: Floats
    steps: tuple[str, ...]
    categories: tuple[CategoryCoding, ...] = ()
    neighbours: Neighbours | None = None

    def __post_init__(self) -> None:
        for value in (getattr(self, name) for name in self.__dataclass_fields__):
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @classmethod
    def fit(
        cls,
        values: Floats,
        features: tuple[str, ...],
        recipe: Recipe | None = None,
        available: tuple[str, ...] | None = None,
        categories: tuple[ComparedCategory, ...] = (),
        other_categories: tuple[str, ...] = (),
        *,
        called: Mapping[str, str] | None = None,
    ) -> Preparation:
        """Learn from customers x (features, then categories), NaN where missing.

        A constant feature keeps its unit (scale 1). What the recipe says of features that are ``available``, or of
        ``other_categories``, which are not chosen here is kept for when they are.
        ``called`` are what people call columns, for ``steps``.

        Raises
        ------
        DataError
            No customers would be left to learn from, or numbers are too large to compute with.
        SettingError
            The recipe names an unknown feature.

        """
        recipe = recipe or Recipe()
        _check_names(recipe, available or features, (*other_categories, *(known.column for known in categories)))
        return _learn(values, features, recipe, categories, called or {})

    @property
    def mean(self) -> Floats:
        """What is subtracted: the mean where the scaling is standard, or none."""
        return self.centre

    @property
    def compared(self) -> tuple[Value, ...]:
        """What is compared: the features, then the levels of the categories."""
        return (*self.features, *(coding.category.level for coding in self.categories))

    @property
    def columns(self) -> tuple[slice, ...]:
        """Where in the prepared values each of ``compared`` lies."""
        widths = [1] * len(self.features) + [coding.width for coding in self.categories]
        ends = np.cumsum(widths).tolist()
        return tuple(slice(end - width, end) for end, width in zip(ends, widths, strict=True))

    def status(self, values: Floats) -> npt.NDArray[np.int8]:
        """Return whether each customer is segmented, incomplete or exceptional (see ``CustomerStatus``)."""
        features, far = values[:, : len(self.features)], (self.far_centre, self.far_scale)
        return _status_of(values, self.recipe, lambda chunk: self.filled(features[chunk]), self.evening, far)

    def filled(self, values: Floats) -> Floats:
        """Return customers x features in their own units, with missing values filled; the values where none is."""
        if self.recipe.missing != "nearest" or self.neighbours is None or not np.isnan(values).any():
            return _filled(values, self.fill)
        return self.neighbours.fill(values, self._positions(values), self.fill)

    def alternatives(self, values: Floats) -> list[Floats]:
        """Return customers x compared several times, missing features filled with those of one neighbour each time.

        Nothing where nobody's values are known to fill with.
        """
        if self.neighbours is None:
            return []
        features = values[:, : len(self.features)]
        ways = self.neighbours.alternatives(features, self._positions(features), self.fill)
        return [np.column_stack([way, values[:, len(self.features) :]]) for way in ways]

    def _positions(self, values: Floats) -> Floats:
        """Return customers x features in units in which they can be compared, NaN where missing."""
        return _away(values, self.evening, (self.far_centre, self.far_scale))

    def apply(self, values: Floats) -> Floats:
        """Convert customers x compared to prepared units; missing values are filled."""
        places, features = self.columns, len(self.features)
        # In memory column by column, as values are: what follows looks at one column at a time.
        prepared = np.empty((len(values), places[-1].stop), order="F")

        def prepare(chunk: slice) -> None:
            self._apply_to_features(values[chunk, :features], prepared[chunk, :features])
            for coding, codes, place in zip(
                self.categories, values[chunk, features:].T, places[features:], strict=True
            ):
                prepared[chunk, place] = coding.apply(codes)

        in_parallel(prepare, chunks(len(values)))
        return prepared

    def apply_to_features(self, values: Floats) -> Floats:
        """Convert customers x features, without the categories, to prepared units; missing values are filled."""
        prepared = np.empty(values.shape)
        self._apply_to_features(values, prepared)
        return prepared

    def _apply_to_features(self, values: Floats, prepared: Floats) -> None:
        some = self.filled(values)
        if self.recipe.winsorise is not None:
            some = np.clip(some, self.low, self.high)
        np.subtract(self.evening.apply(some), self.centre, out=prepared)
        prepared /= self.scale

    def invert(self, prepared: Floats) -> Floats:
        """Convert the features in prepared values, such as centroids, back to their own units."""
        return self.evening.invert(prepared[:, : len(self.features)] * self.scale + self.centre)


def _learn(
    everything: Floats,
    features: tuple[str, ...],
    recipe: Recipe,
    categories: tuple[ComparedCategory, ...],
    called: Mapping[str, str],
) -> Preparation:
    values, codes = everything[:, : len(features)], everything[:, len(features) :]
    with np.errstate(over="ignore", invalid="ignore"):
        fill = _medians(values, features)
        evening = EveningOut.fit(values, _evened(values, features, recipe))
        filled, far, neighbours = _without_gaps(values, fill, evening, recipe)
        status = _status_of(everything, recipe, lambda chunk: filled[chunk], evening, far)
        segmented = status == CustomerStatus.SEGMENTED
        everyone = bool(segmented.all())
        used, used_codes, filled = (some if everyone else some[segmented] for some in (values, codes, filled))
        if not len(used):
            raise nobody_left(recipe)
        low, high = _limits(used, recipe)
        clipped = filled if recipe.winsorise is None else np.clip(filled, low, high)
        same = everyone and recipe.missing != "nearest" and recipe.winsorise is None and recipe.scaling == "standard"
        centre, scale = far if same else _location(evening.apply(clipped), recipe.scaling)
        variance = _variance_of_a_number(clipped, evening, scale, recipe) if categories else 1.0
        codings = learn_codings(categories, used_codes, variance, recipe.weights)
        scale = scale / np.sqrt([recipe.weights.get(name, 1.0) for name in features])
        ends = evening.apply(np.array([clipped.min(axis=0), clipped.max(axis=0)]))
        reach = np.abs((ends - centre) / scale).max(axis=0)
        _check_size(values, features, np.where(np.isfinite(scale), reach, np.inf))
    labels = {name: called.get(name, name) for name in features}
    affected = _count_affected(values, codes, used, status, (low, high))
    steps = describe_steps(affected, labels, recipe, evening)
    if recipe.scaling == "robust":
        steps += warn_of_robust_scaling(evening.apply(clipped), list(labels.values()))
    steps += describe_categories(codings, affected.missing_levels, recipe, called)
    return Preparation(features, recipe, fill, evening, low, high, centre, scale, *far, steps, codings, neighbours)


def _variance_of_a_number(clipped: Floats, evening: EveningOut, scale: Floats, recipe: Recipe) -> float:
    """Return the variance that a feature has once it is scaled: that of the middle one, of those that differ at all."""
    if recipe.scaling == "standard":
        return 1.0
    variances = evening.apply(clipped).var(axis=0) / np.square(scale)
    return float(np.median(variances[variances > 0])) if (variances > 0).any() else 1.0


def _check_size(values: Floats, features: tuple[str, ...], reach: Floats) -> None:
    """Raise DataError where numbers, as they are or prepared (``reach``), are too large to compute with."""
    size = np.abs([np.fmin.reduce(values), np.fmax.reduce(values)]).max(axis=0)
    for name, fits in zip(features, (reach < _LARGEST_PREPARED) & (size < _LARGEST), strict=True):
        if not fits:
            msg = say(
                "The numbers in {name} are too large to compute with. Give them in a larger unit, or choose "
                "another scale.",
                name=quote(name),
            )
            raise DataError(msg)


def _filled(values: Floats, fill: Floats) -> Floats:
    """Replace missing values by the medians; return the values themselves where none is missing."""
    missing = np.isnan(values)
    return np.where(missing, fill, values) if missing.any() else values


def _medians(values: Floats, features: tuple[str, ...]) -> Floats:
    missing = np.isnan(values)
    empty = [name for name, gap in zip(features, np.all(missing, axis=0), strict=True) if gap]
    if empty:
        msg = say("No customer has a value in {empty}. Remove this from the features.", empty=listed(empty))
        raise DataError(msg)
    if missing.any():
        return np.asarray(np.nanmedian(values, axis=0), dtype=np.float64)
    # It fills nothing here, but may for new customers.
    some = values if len(values) <= _MOST_FOR_MEDIANS else values[seeded_rows(len(values), _MOST_FOR_MEDIANS)]
    return np.asarray(np.median(some, axis=0), dtype=np.float64)


def _check_names(recipe: Recipe, available: tuple[str, ...], categories: tuple[str, ...]) -> None:
    weighted = [name for name in recipe.weights if name not in categories]
    for name in (*(() if recipe.log == AUTO else recipe.log), *weighted):
        if name not in available:
            msg = say(
                "There is no feature called {name} to prepare. Choose from {available}.",
                name=quote(name),
                available=listed(available),
            )
            raise SettingError(msg)


def _evened(values: Floats, features: tuple[str, ...], recipe: Recipe) -> npt.NDArray[np.bool_]:
    wanted = skewed_features(values, features) if recipe.log == AUTO else recipe.log
    return np.isin(features, wanted) if wanted else np.zeros(len(features), dtype=bool)


def _location(values: Floats, scaling: str) -> tuple[Floats, Floats]:
    if scaling == "none":
        # Engines compare in float32, which cannot tell 1e9 from 1e9 + 5, but 0 from 5.
        return values.mean(axis=0), np.ones(values.shape[1])
    if scaling == "robust":
        quarter, centre, three_quarters = np.quantile(values, (0.25, 0.5, 0.75), axis=0)
        spread = three_quarters - quarter
        # In its own unit a feature of which most customers have the same value could outweigh all others.
        spread = np.where(spread < 1 / _LARGEST, values.std(axis=0), spread)
    elif scaling == "minmax":
        centre = values.min(axis=0)
        spread = values.max(axis=0) - centre
    else:
        centre = values.mean(axis=0)
        # The mean of equal values is not always quite their value.
        spread = np.where(values.min(axis=0) == values.max(axis=0), 0.0, values.std(axis=0))
    # A spread too small to divide by counts as none.
    return centre, np.where(spread < 1 / _LARGEST, 1.0, spread)


def _away(values: Floats, evening: EveningOut, far: tuple[Floats, Floats]) -> Floats:
    """Return features in standard deviations of all customers from their mean, NaN where missing."""
    centre, scale = far
    return np.asarray((evening.apply(values) - centre) / scale, dtype=np.float64)


def _without_gaps(
    values: Floats, medians: Floats, evening: EveningOut, recipe: Recipe
) -> tuple[Floats, tuple[Floats, Floats], Neighbours | None]:
    """Return features with missing values filled, their mean and deviation, and whose values others take.

    Distances to neighbours, and of exceptional customers, are measured by what it is with medians.
    """
    filled = _filled(values, medians)
    far = _location(evening.apply(filled), "standard")
    if recipe.missing == "drop" or (recipe.missing == "median" and filled is values):
        return filled, far, None
    # Where nobody misses a value, later customers may.
    rows = Neighbours.rows(len(values))
    neighbours = Neighbours(values[rows], _away(values[rows], evening, far))
    if recipe.missing == "nearest" and filled is not values:
        filled = neighbours.fill(values, _away(values, evening, far), medians)
    return filled, far, neighbours


def _status_of(
    values: Floats,
    recipe: Recipe,
    filled: Callable[[slice], Floats],
    evening: EveningOut,
    far: tuple[Floats, Floats],
) -> npt.NDArray[np.int8]:
    status = np.full(len(values), CustomerStatus.SEGMENTED, dtype=np.int8)
    for chunk in chunks(len(values)) if recipe.exceptional is not None else ():
        # By the features alone: a rare level makes nobody exceptional.
        away = _away(filled(chunk), evening, far)
        # Over all customers the mean square of this is 1.
        status[chunk][np.sqrt(np.square(away).mean(axis=1)) > recipe.exceptional] = CustomerStatus.EXCEPTIONAL
    if recipe.missing == "drop":
        status[np.isnan(values).any(axis=1)] = CustomerStatus.INCOMPLETE
    return status


def _limits(used: Floats, recipe: Recipe) -> tuple[Floats, Floats]:
    if recipe.winsorise is None:
        return np.full(used.shape[1], -np.inf), np.full(used.shape[1], np.inf)
    low, high = np.nanquantile(used, recipe.winsorise, axis=0)
    return low, high


def nobody_left(recipe: Recipe) -> DataError:
    """Return the error where a recipe leaves every customer out."""
    if recipe.exceptional:
        return DataError(
            say(
                "No customer is left, since every one has a missing value or is exceptional. Fill missing values, or "
                "compare fewer features."
            )
        )
    return DataError(
        say("No customer is left, since every one has a missing value. Fill missing values, or compare fewer features.")
    )


def _count_affected(
    values: Floats, codes: Floats, used: Floats, status: npt.NDArray[np.int8], limits: tuple[Floats, Floats]
) -> Affected:
    """Count whom and what the steps affect."""
    gaps, (low, high) = np.isnan(values), limits
    return Affected(
        customers=len(values),
        missing=tuple(gaps.sum(axis=0).tolist()),
        with_gaps=int(gaps.any(axis=1).sum()),
        exceptional=int((status == CustomerStatus.EXCEPTIONAL).sum()),
        moved=int(((used < low) | (used > high)).any(axis=1).sum()) if np.isfinite(low).any() else 0,
        missing_levels=tuple(np.isnan(codes).sum(axis=0).tolist()),
    )
