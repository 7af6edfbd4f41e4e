"""What scores customers, apart from those who were segmented: it gives anybody a segment, and says how clearly."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.engines.lloyd import nearest
from custseg.clustering.preparation import CustomerStatus
from custseg.clustering.scoring_expression import scoring_expression
from custseg.clustering.trimming import distances
from custseg.sampling import chunks
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import LEFT_OUT, SET_APART
from custseg.tables.table import as_frame, read_values

if TYPE_CHECKING:
    import narwhals as nw
    import numpy.typing as npt

    from custseg.clustering.mixture import Mixture
    from custseg.clustering.preparation import Preparation
    from custseg.tables.expressions import Columns, Value
    from custseg.tables.schema import Schema

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Placement:
    """Where customers are, one number each.

    Attributes
    ----------
    segments
        1..k; 0 for a customer who is in none.
    distance
        How far each is from the centroid of its segment, in prepared units; NaN for one in none.
    margin
        1 - distance to the own centroid / distance to the next one: 0 on the border, 1 at the centroid, NaN in no
        segment. Of a mixture, 1 - probability of the next segment / probability of the own one.

    """

    segments: npt.NDArray[np.intp]
    distance: Floats
    margin: Floats


@dataclass(frozen=True, eq=False)
class ScoringModel:
    """How a customer's columns become a segment.

    Attributes
    ----------
    schema
        What the columns mean; those that are compared are among them.
    preparation, prepared_centroids, reach, mixture
        As a ``Segmentation`` has them.

    """

    schema: Schema = field(repr=False)
    preparation: Preparation = field(repr=False)
    prepared_centroids: Floats = field(repr=False)
    reach: float = np.inf
    mixture: Mixture | None = field(default=None, repr=False)

    @property
    def k(self) -> int:
        """How many segments there are."""
        return len(self.prepared_centroids)

    @property
    def compared(self) -> tuple[Value, ...]:
        """What is compared: the features, then the levels of the categories that take part."""
        return self.preparation.compared

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that are compared, each once."""
        return tuple(
            dict.fromkeys(value if isinstance(value, str) else value.column for value in self.preparation.compared)
        )

    def codes(self, values: Floats) -> npt.NDArray[np.uint8]:
        """Return the segment (1..k) of customers x compared, LEFT_OUT or SET_APART."""
        return self._codes(values, self.preparation.apply(values))

    def _codes(self, values: Floats, prepared: Floats) -> npt.NDArray[np.uint8]:
        if self.mixture is not None:
            segments = self.mixture.positions(prepared).astype(np.uint8)
        else:
            segments = nearest(prepared, self.prepared_centroids)
        codes = segments + np.uint8(1)
        if np.isfinite(self.reach):
            codes[distances(prepared, self.prepared_centroids, segments) > self.reach] = SET_APART
        return in_no_segment(codes, self.preparation.status(values))

    def expression(self, columns: Columns) -> nw.Expr:
        """Return the same codes as an expression of the engine in which the customers are.

        Raises
        ------
        SettingError
            The segments were found in a way that needs the customers in memory.

        """
        return scoring_expression(self.preparation, self.prepared_centroids, columns)

    def values(self, customers: object) -> Floats:
        """Return customers x compared of a dataframe, read as the columns of the first customers were.

        Raises
        ------
        DataError
            A column that is compared is missing, or contains something other than numbers.

        """
        return read_values(as_frame(customers), self.schema, self.compared)

    def unknown_levels(self, values: Floats) -> dict[str, int]:
        """Return how many customers x compared have a level that none of the first customers had, by category."""
        found = {}
        for place, coding in enumerate(self.preparation.categories, start=len(self.preparation.features)):
            # Rarer levels are known, though not by name.
            if not coding.category.merged:
                new = int(np.count_nonzero(values[:, place] == len(coding.category.level.levels)))
                found[coding.category.column] = new
        return found

    def place(self, values: Floats) -> Placement:
        """Return the segments of customers x compared, and how clearly they are in them."""
        found = Placement(np.zeros(len(values), dtype=np.intp), *np.full((2, len(values)), np.nan))
        for chunk in chunks(len(values)):
            prepared = self.preparation.apply(values[chunk])
            segments = segment_numbers(self._codes(values[chunk], prepared))
            rows = np.flatnonzero(segments)
            some, own, position = prepared[rows], segments[rows] - 1, np.arange(len(rows))
            away = _distances(some, self.prepared_centroids)
            within = away[position, own].copy()
            found.segments[chunk], found.distance[chunk.start + rows] = segments, within
            away[position, own] = np.inf
            ratio = self._ratio(some, own, within, away.min(axis=1))
            found.margin[chunk.start + rows] = 1 - np.minimum(ratio, 1)
        return found

    def _ratio(self, prepared: Floats, own: npt.NDArray[np.intp], within: Floats, beyond: Floats) -> Floats:
        """Return how the next segment compares with the own one, 1 where a customer could be in either."""
        if self.mixture is None:
            return np.divide(within, beyond, out=np.ones(len(own)), where=beyond > 0)
        shares, position = self.mixture.memberships(prepared), np.arange(len(own))
        first = shares[position, own].copy()
        shares[position, own] = 0
        return np.asarray(shares.max(axis=1) / first)


def in_no_segment(codes: npt.NDArray[np.uint8], status: npt.NDArray[np.int8]) -> npt.NDArray[np.uint8]:
    """Replace the codes of customers who are in no segment by LEFT_OUT or SET_APART."""
    codes[status == CustomerStatus.INCOMPLETE] = LEFT_OUT
    codes[status == CustomerStatus.EXCEPTIONAL] = SET_APART
    return codes


def _distances(prepared: Floats, centroids: Floats) -> Floats:
    """Return how far customers are from each centroid, added up column by column: alike alone and within a table."""
    away = np.zeros((len(prepared), len(centroids)))
    for column, places in zip(prepared.T, centroids.T, strict=True):
        away += np.square(column[:, None] - places)
    return np.sqrt(away)
