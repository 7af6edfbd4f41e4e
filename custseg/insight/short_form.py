"""Some of the compared columns, and the segment that these alone give a customer: the nearest centroid along them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.clustering.category_coding import Indicators
from custseg.errors import DataError, listed, quote
from custseg.language import say

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.column_roles import Column

    Floats = npt.NDArray[np.float64]

# What is asked of a customer: a number, or which level of a column it has.
Given = float | str | None


@dataclass(frozen=True, eq=False)
class ShortForm:
    """Some of what was compared, in the order in which it is asked.

    Attributes
    ----------
    segmentation
        The segments that customers are placed in.
    positions
        Which of ``segmentation.compared`` are asked, from 0.

    """

    segmentation: Segmentation = field(repr=False)
    positions: tuple[int, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are asked."""
        names = (*self.segmentation.features, *self.segmentation.categories)
        return tuple(self.segmentation.schema.column(names[position]) for position in self.positions)

    @property
    def labels(self) -> tuple[str, ...]:
        """What people call them."""
        return tuple(column.label or column.name for column in self.columns)

    def levels(self, place: int) -> tuple[str, ...]:
        """Return the levels that the column at a place (from 0) can have; nothing where it is a number."""
        position = self.positions[place] - len(self.segmentation.features)
        if position < 0:
            return self.columns[place].format.levels
        coding = self.segmentation.preparation.categories[position]
        return coding.names if isinstance(coding, Indicators) else tuple(map(str, coding.category.level.levels))

    @property
    def gaps_allowed(self) -> bool:
        """Whether something may be left unanswered, as customers with gaps are in a segment."""
        return self.segmentation.preparation.recipe.missing != "drop"

    def read(self, place: int, given: Given) -> float:
        """Return what was answered as a number, NaN for nothing. Raises DataError for what the column can't have."""
        column, levels = self.columns[place], self.levels(place)
        if given is None or given == "":
            if not self.gaps_allowed:
                msg = say(
                    "A value is needed of {label}, since customers without one are in no segment.",
                    label=quote(self.labels[place]),
                )
                raise DataError(msg)
            return np.nan
        if levels:
            if given not in levels:
                msg = say(
                    "{label} is one of {levels}, but got {given}.",
                    label=quote(self.labels[place]),
                    levels=listed(levels),
                    given=quote(given),
                )
                raise DataError(msg)
            return levels.index(str(given)) + (column.role == "feature")
        try:
            number = float(given)
        except (TypeError, ValueError):
            number = np.nan
        if not np.isfinite(number):
            msg = say(
                "{label} is a number, such as 12.5, but got {given}.",
                label=quote(self.labels[place]),
                given=quote(given),
            )
            raise DataError(msg)
        return number

    def distances(self, values: Floats) -> Floats:
        """Return the squared distance of customers x asked to each centroid along these columns, customers x k."""
        return np.asarray(sum(self.distances_along(place, values[:, place]) for place in range(len(self.positions))))

    def distances_along(self, place: int, values: Floats) -> Floats:
        """Return how far customers are, squared and in prepared units, along the column at a place, customers x k."""
        result, position = self.segmentation, self.positions[place]
        preparation, features = result.preparation, len(result.features)
        # Nothing of other columns may tell what is missing of this one.
        whole = np.zeros((len(values), len(result.compared)))
        whole[:, :features] = preparation.fill
        if position < features:
            values = np.where(np.isnan(values), preparation.fill[position], values)
        whole[:, position] = values
        where = preparation.columns[position]
        away = preparation.apply(whole)[:, None, where] - result.prepared_centroids[None, :, where]
        return np.asarray(np.square(away).sum(axis=2), dtype=np.float64)

    def borders(self, place: int) -> Floats:
        """Return where one centroid becomes nearer than another along the number at a place, in the column's units."""
        result, position = self.segmentation, self.positions[place]
        along = np.unique(result.prepared_centroids[:, position])
        middles = np.tile(result.preparation.apply_to_features(result.centroids[:1]), (len(along) - 1, 1))
        middles[:, position] = (along[1:] + along[:-1]) / 2
        return np.asarray(result.preparation.invert(middles)[:, position], dtype=np.float64)

    def segments(self, values: Floats) -> npt.NDArray[np.intp]:
        """Return the segment (from 1) of customers x asked, in the columns' own units."""
        return np.asarray(self.distances(values).argmin(axis=1) + 1)

    def scoring(self) -> dict[str, Any]:
        """Return how a customer is placed, as plain values that a page without Python can compute with.

        A number is moved to ``low`` or ``high`` where it lies beyond, becomes arcsinh(number / ``knee``) where there is
        one, then has ``centre`` subtracted and is divided by ``scale``: the squares of how far that is from
        ``centroids`` (one a segment) are added up. ``fill`` stands for no answer. Of a column with levels,
        ``distances`` holds these squares: a row for each level, and last one for no answer. The least sum is the
        segment, the first of those alike.
        """
        return {"k": self.segmentation.k, "columns": [self._scoring(place) for place in range(len(self.positions))]}

    def _scoring(self, place: int) -> dict[str, Any]:
        result, position, column = self.segmentation, self.positions[place], self.columns[place]
        about = {"name": column.name, "label": self.labels[place], "unit": column.unit}
        levels = self.levels(place)
        if levels:
            codes = [self.read(place, level) for level in levels] + [np.nan]
            return about | {
                "levels": list(levels),
                "distances": self.distances_along(place, np.array(codes)).tolist(),
            }
        made, evening = result.preparation, result.preparation.evening
        limits = (made.low[position], made.high[position])
        return about | {
            "fill": float(made.fill[position]),
            "low": float(limits[0]) if np.isfinite(limits[0]) else None,
            "high": float(limits[1]) if np.isfinite(limits[1]) else None,
            "knee": float(evening.knees[position]) if evening.evened[position] else None,
            "centre": float(made.centre[position]),
            "scale": float(made.scale[position]),
            "centroids": result.prepared_centroids[:, position].tolist(),
        }
