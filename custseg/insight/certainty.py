"""How certain it is which segment each customer is in, and how stable each segment is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from custseg.clustering.scoring_expression import margin_expression
from custseg.clustering.validity_indices import Distances
from custseg.insight.filled_in import least_margins
from custseg.insight.intervals import find_intervals, measured_values
from custseg.insight.mixture_placement import membership_margins
from custseg.insight.resampling import resample
from custseg.sampling import chunks
from custseg.settings import LARGEST_SEED, check_seed
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import SEGMENT, Count, Passing

if TYPE_CHECKING:
    from collections.abc import Callable

    import narwhals as nw
    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.intervals import Intervals
    from custseg.insight.resampling import Resamples
    from custseg.tables.customers import Sample
    from custseg.tables.expressions import Columns, Value

Stability = Literal["solid", "fair", "doubtful", "fragile"]
# How many resamples there are in the end, and after how many there is a first word.
RESAMPLES, FIRST_RESAMPLES = 100, 20
# Of more customers than this, as many at random show the silhouette.
MOST_SILHOUETTES = 2000
# Hennig (2007) and R's fpc: below 0.6 not to be trusted, below 0.75 a pattern of which it is doubtful who is in it,
# from 0.75 a valid, stable segment, from 0.85 a highly stable one.
SOLID, FAIR, DOUBTFUL = 0.85, 0.75, 0.6
# A customer nearly as close to another centroid could also be in that segment.
BORDERLINE = 0.1


@dataclass(frozen=True, eq=False)
class Certainty:
    """How far a segmentation can be trusted, customer by customer and segment by segment.

    Attributes
    ----------
    segmentation
        What is assessed.
    sample
        The customers whose silhouettes were computed: all segmented ones, or a sample of them.
    silhouette
        The silhouette coefficient of each of them.
    resamples
        What was found in customers who were drawn and clustered anew.
    intervals
        How far sizes, shares and averages go up or down with that.
    borderline
        How many customers are nearly as close to another segment.

    """

    segmentation: Segmentation = field(repr=False)
    sample: Sample = field(repr=False)
    silhouette: npt.NDArray[np.float64] = field(repr=False)
    resamples: Resamples = field(repr=False)
    intervals: Intervals = field(repr=False)
    borderline: int

    @property
    def jaccard(self) -> npt.NDArray[np.float64]:
        """How much of each segment is found again when customers are drawn anew with replacement, k; 0 to 1.

        The mean over the resamples of its largest Jaccard similarity with a segment found then (Hennig, 2007).
        """
        return np.asarray(self.resamples.jaccard.mean(axis=0))

    @property
    def jaccard_error(self) -> npt.NDArray[np.float64]:
        """The standard error of that mean, k: what more resamples would still change."""
        found = self.resamples.jaccard
        return np.asarray(found.std(axis=0, ddof=1) / np.sqrt(len(found)))

    @property
    def drawn_from(self) -> int:
        """How many customers were drawn from: all segmented ones, or a sample that stands for them."""
        return self.resamples.drawn_from

    @property
    def complete(self) -> bool:
        """Whether there are RESAMPLES, or these are only the first ones."""
        return len(self.resamples) >= RESAMPLES

    @property
    def stability(self) -> tuple[Stability, ...]:
        """The word for each segment's Jaccard similarity: whether it is found again, not whether it is set apart."""
        return tuple(map(_stability, self.jaccard.tolist()))

    @property
    def margin(self) -> npt.NDArray[np.float64]:
        """The margin of each customer (see ``margins``), in the table's order, where the customers are in memory."""
        return self._margins[0]

    @property
    def second(self) -> npt.NDArray[np.intp]:
        """The segment (1..k) with the next centroid, for each customer in memory; 0 for one in no segment."""
        return self._margins[1]

    @cached_property
    def _margins(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
        return margins(self.segmentation, self.segmentation.table.matrix(self.segmentation.compared))

    def release(self) -> None:
        """Let go of what takes memory for each customer; it is found again when it is asked for."""
        self.__dict__.pop("_margins", None)

    @property
    def borderline_customers(self) -> pd.DataFrame:
        """The customers on a border, the least certain first: identifier, segment, the other segment, margin."""
        return borderline_customers(self.segmentation)


@dataclass(frozen=True, slots=True)
class Margin:
    """How clearly a customer is in its segment; see ``margins``."""

    segmentation: Segmentation

    @property
    def features(self) -> tuple[Value, ...]:
        """What was compared."""
        return self.segmentation.compared

    def measured(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the margin of each customer."""
        return margins(self.segmentation, values)[0]

    def expression(self, columns: Columns) -> nw.Expr:
        """Return the margin of customers in an engine, a missing value being what it was filled with."""
        return margin_expression(self.segmentation.preparation, self.segmentation.prepared_centroids, columns)


@dataclass(frozen=True, slots=True)
class OnBorder:
    """Whether a customer is nearly as close to another segment as to its own."""

    segmentation: Segmentation

    @property
    def features(self) -> tuple[Value, ...]:
        """What was compared."""
        return self.segmentation.compared

    def holds(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Return which customers are; nobody is who is in no segment."""
        return np.less(Margin(self.segmentation).measured(values), BORDERLINE)

    def expression(self, columns: Columns) -> nw.Expr:
        """Return which customers in an engine are, a missing value being what it was filled with."""
        return Margin(self.segmentation).expression(columns) < BORDERLINE


def borderline_customers(result: Segmentation) -> pd.DataFrame:
    """Return the customers on a border, the least certain first: identifier, segment, the other segment, margin."""
    import pandas as pd

    page = result.assignment.page(Passing(OnBorder(result)), limit=count_borderline(result))
    margin, second = margins(result, page.matrix(result.compared))
    order = np.argsort(margin, kind="stable")
    return pd.DataFrame(
        {
            "customer": page.identifiers[order],
            "segment": segment_numbers(page.labels[SEGMENT])[order],
            "could be": second[order],
            "margin": margin[order],
        }
    )


def count_borderline(result: Segmentation) -> int:
    """Return how many customers are on a border."""
    return int(result.assignment.aggregate([Count()], where=Passing(OnBorder(result)))[Count()])


def margins(
    segmentation: Segmentation, values: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """Return how clearly customers x compared are in their segments, and which segment (1..k) is next.

    A margin is 1 - distance to the own centroid / distance to the next one, in prepared units: 0 on the border, 1 at
    the centroid, NaN for a customer in no segment, for whom the next segment is 0. Of one who was filled in it is the
    least under what could be filled in; see ``custseg.insight.filled_in``. Of a mixture see ``membership_margins``.
    """
    if segmentation.mixture is not None:
        return membership_margins(segmentation, segmentation.mixture, values)
    from scipy.spatial.distance import cdist

    margin, second = np.full(len(values), np.nan), np.zeros(len(values), dtype=np.intp)
    for chunk in chunks(len(values)):
        labels = segment_numbers(segmentation.codes(values[chunk]))
        rows, own = np.flatnonzero(labels), labels[labels > 0] - 1
        some = values[chunk] if len(rows) == len(labels) else values[chunk][rows]
        distances = cdist(segmentation.preparation.apply(some), segmentation.prepared_centroids)
        position = np.arange(len(rows))
        within = distances[position, own]
        distances[position, own] = np.inf
        following = distances.argmin(axis=1)
        beyond = distances[position, following]
        ratio = np.divide(within, beyond, out=np.ones(len(rows)), where=beyond > 0)
        # The own centroid is the nearest, but for the rounding of numbers far larger than what tells two apart.
        margin[chunk.start + rows] = 1 - np.minimum(ratio, 1)
        second[chunk.start + rows] = following + 1
        margin[chunk] = np.minimum(margin[chunk], least_margins(segmentation, values[chunk], labels))
    return margin, second


def certainty(
    segmentation: Segmentation,
    *,
    seed: int | None = 0,
    resamples: int = RESAMPLES,
    after: Certainty | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Certainty:
    """Find out how far each customer's segment, and each segment, can be trusted.

    Customers are drawn and clustered anew as often as ``resamples`` says. ``after`` is what fewer resamples of the same
    segmentation gave: it is gone on with, in the order of its own seed, so that first words can be shown early.
    ``on_progress`` is called with the number of each resample before it is drawn; an exception that it raises ends the
    search and is passed on.

    Raises
    ------
    SettingError
        The seed cannot be used.

    """
    asked = check_seed(seed)
    if after is not None:
        found = resample(segmentation, resamples, seed=0, after=after.resamples, on_progress=on_progress)
        return replace(after, resamples=found, intervals=find_intervals(segmentation, found))
    drawn = secrets.randbelow(LARGEST_SEED + 1) if asked is None else asked
    measured = measured_values(segmentation)
    found = resample(segmentation, resamples, seed=drawn, measured=measured, on_progress=on_progress)
    sample, silhouette = _silhouettes(segmentation, drawn)
    return Certainty(
        segmentation=segmentation,
        sample=sample,
        silhouette=silhouette,
        resamples=found,
        intervals=find_intervals(segmentation, found),
        borderline=count_borderline(segmentation),
    )


def _stability(jaccard: float) -> Stability:
    if jaccard >= SOLID:
        return "solid"
    if jaccard >= FAIR:
        return "fair"
    return "doubtful" if jaccard >= DOUBTFUL else "fragile"


def _silhouettes(segmentation: Segmentation, seed: int) -> tuple[Sample, npt.NDArray[np.float64]]:
    """Return some customers, and the silhouette coefficient of each among them."""
    sample = segmentation.segmented_sample(MOST_SILHOUETTES, seed)
    prepared = segmentation.preparation.apply(sample.matrix(segmentation.compared))
    own = segment_numbers(sample.labels[SEGMENT]) - 1
    return sample, Distances(prepared, np.random.default_rng(seed)).coefficients(own, segmentation.k)
