"""How certain it is which segment each customer is in, and how stable each segment is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from custseg.clustering import engines
from custseg.clustering.partition_agreement import shared_customers
from custseg.clustering.validity_indices import Distances
from custseg.sampling import chunks, sample_rows
from custseg.settings import check_seed

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation

Stability = Literal["solid", "fair", "fragile"]
RESAMPLES = 20
# Of more customers than this, as many at random stand for all, and of a small segment this many or all of it.
MOST_CUSTOMERS, FEWEST_OF_A_SEGMENT = 2000, 30
# Hennig, "Cluster-wise assessment of cluster stability" (2007): highly stable from 0.85; below 0.6 not to be trusted.
SOLID, FAIR = 0.85, 0.6
# A customer nearly as close to another centroid could also be in that segment.
BORDERLINE = 0.1


@dataclass(frozen=True, eq=False)
class Certainty:
    """How far a segmentation can be trusted, customer by customer and segment by segment.

    Attributes
    ----------
    segmentation
        What is assessed.
    margin
        For each customer, in the table's order: 1 - distance to the own centroid / distance to the next one, in
        prepared units. 0 on the border, 1 at the centroid, NaN for a customer in no segment.
    second
        The segment (1..k) with the next centroid; 0 for a customer in no segment.
    silhouette
        The silhouette coefficient of each customer in ``rows``, in their order.
    rows
        The rows (from 0) of all segmented customers, or of a sample of them.
    jaccard
        How much of each segment is found again when customers are drawn anew with replacement: the mean, over
        RESAMPLES, of its largest Jaccard similarity with a segment found then (Hennig, 2007); 0 to 1.
    drawn_from
        How many customers those were drawn from: all segmented ones, or a sample of them.

    """

    segmentation: Segmentation = field(repr=False)
    margin: npt.NDArray[np.float64] = field(repr=False)
    second: npt.NDArray[np.intp] = field(repr=False)
    silhouette: npt.NDArray[np.float64] = field(repr=False)
    rows: npt.NDArray[np.intp] = field(repr=False)
    jaccard: npt.NDArray[np.float64]
    drawn_from: int

    @property
    def stability(self) -> tuple[Stability, ...]:
        """The word for each segment's Jaccard similarity."""
        return tuple(
            "solid" if similarity >= SOLID else "fair" if similarity >= FAIR else "fragile"
            for similarity in self.jaccard
        )

    @property
    def borderline(self) -> npt.NDArray[np.bool_]:
        """Whether each customer is nearly as close to another segment."""
        return np.less(self.margin, BORDERLINE)

    @property
    def borderline_customers(self) -> pd.DataFrame:
        """The customers on a border, the least certain first: identifier, segment, the other segment, margin."""
        import pandas as pd

        rows = np.flatnonzero(self.borderline)
        rows = rows[np.argsort(self.margin[rows], kind="stable")]
        result = self.segmentation
        return pd.DataFrame(
            {
                "customer": result.table.identifiers[rows],
                "segment": result.labels[rows],
                "could be": self.second[rows],
                "margin": self.margin[rows],
            }
        )


def certainty(
    segmentation: Segmentation, *, seed: int | None = 0, on_progress: Callable[[int], None] | None = None
) -> Certainty:
    """Find out how far each customer's segment, and each segment, can be trusted.

    ``on_progress`` is called with the number of each resample before it is drawn; an exception that it raises ends the
    search and is passed on.

    Raises
    ------
    SettingError
        The seed cannot be used.

    """
    generator = np.random.default_rng(check_seed(seed))
    labels, k = segmentation.labels, segmentation.k
    margin, second = _margins(segmentation, labels)
    segmented = np.flatnonzero(labels)
    own = labels[segmented] - 1
    sampled = sample_rows(len(segmented), MOST_CUSTOMERS, generator)
    distances = Distances(_prepared(segmentation, segmented[sampled]), generator)
    drawn_from = _with_small_segments(sampled, own, k)
    prepared = _prepared(segmentation, segmented[drawn_from])
    return Certainty(
        segmentation=segmentation,
        margin=margin,
        second=second,
        silhouette=distances.coefficients(own[sampled], k),
        rows=segmented[sampled[distances.rows]],
        jaccard=_jaccard(prepared, own[drawn_from], k, generator, on_progress),
        drawn_from=len(drawn_from),
    )


def _prepared(segmentation: Segmentation, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    return segmentation.preparation.apply(segmentation.table.matrix(segmentation.features)[rows])


def _with_small_segments(sample: npt.NDArray[np.intp], own: npt.NDArray[np.intp], k: int) -> npt.NDArray[np.intp]:
    """Add customers of segments of which a sample holds hardly any: what isn't there can't be found again."""
    present = np.bincount(own[sample], minlength=k)
    few = [
        np.flatnonzero(own == position)[:FEWEST_OF_A_SEGMENT]
        for position in np.flatnonzero(present < FEWEST_OF_A_SEGMENT)
    ]
    return np.unique(np.concatenate([sample, *few]))


def _margins(
    segmentation: Segmentation, labels: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """Return ``margin`` and ``second`` of every customer."""
    from scipy.spatial.distance import cdist

    values = segmentation.table.matrix(segmentation.features)
    margin, second = np.full(len(labels), np.nan), np.zeros(len(labels), dtype=np.intp)
    for chunk in chunks(len(labels)):
        rows = chunk.start + np.flatnonzero(labels[chunk])
        some = values[chunk] if len(rows) == chunk.stop - chunk.start else values[rows]
        distances = cdist(segmentation.preparation.apply(some), segmentation.prepared_centroids)
        position, own = np.arange(len(rows)), labels[rows] - 1
        within = distances[position, own]
        distances[position, own] = np.inf
        following = distances.argmin(axis=1)
        beyond = distances[position, following]
        margin[rows] = 1 - np.divide(within, beyond, out=np.ones(len(rows)), where=beyond > 0)
        second[rows] = following + 1
    return margin, second


def _jaccard(
    prepared: npt.NDArray[np.float64],
    own: npt.NDArray[np.intp],
    k: int,
    generator: np.random.Generator,
    on_progress: Callable[[int], None] | None,
) -> npt.NDArray[np.float64]:
    """Return the mean similarity of each segment (0..k-1) with its likeness among customers who are drawn anew."""
    found = []
    for number in range(1, RESAMPLES + 1):
        if on_progress is not None:
            on_progress(number)
        drawn = np.unique(generator.integers(len(prepared), size=len(prepared)))
        if len(np.unique(prepared[drawn].astype(np.float32), axis=0)) < k:
            # Too few that differ were drawn to find as many segments: none of them was found again.
            found.append(np.zeros(k))
            continue
        again = engines.fit("memory", prepared[drawn], k, int(generator.integers(2**32))).labels
        shared = shared_customers(own[drawn], again, k)
        either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0) - shared
        found.append(np.divide(shared, either, out=np.zeros((k, k)), where=either > 0).max(axis=1))
    return np.asarray(np.mean(found, axis=0))
