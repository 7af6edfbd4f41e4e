"""How certain it is which segment each customer is in, and how stable each segment is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from custseg.clustering import engines
from custseg.clustering.mixture_segments import found_again
from custseg.clustering.partition_agreement import shared_customers
from custseg.clustering.validity_indices import Distances
from custseg.insight.filled_in import least_margins
from custseg.insight.mixture_placement import membership_margins
from custseg.sampling import chunks
from custseg.settings import check_seed
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import SEGMENT, Count, InSegments, Passing

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.mixture import Mixture
    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.customers import Sample
    from custseg.tables.expressions import Value

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
    sample
        The customers whose silhouettes were computed: all segmented ones, or a sample of them.
    silhouette
        The silhouette coefficient of each of them.
    jaccard
        How much of each segment is found again when customers are drawn anew with replacement: the mean, over
        RESAMPLES, of its largest Jaccard similarity with a segment found then (Hennig, 2007); 0 to 1.
    drawn_from
        How many customers those were drawn from: all segmented ones, or a sample of them.
    borderline
        How many customers are nearly as close to another segment.

    """

    segmentation: Segmentation = field(repr=False)
    sample: Sample = field(repr=False)
    silhouette: npt.NDArray[np.float64] = field(repr=False)
    jaccard: npt.NDArray[np.float64]
    drawn_from: int
    borderline: int

    @property
    def stability(self) -> tuple[Stability, ...]:
        """The word for each segment's Jaccard similarity."""
        return tuple(
            "solid" if similarity >= SOLID else "fair" if similarity >= FAIR else "fragile"
            for similarity in self.jaccard
        )

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
        import pandas as pd

        result = self.segmentation
        page = result.assignment.page(Passing(OnBorder(result)), limit=self.borderline)
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
        return np.less(margins(self.segmentation, values)[0], BORDERLINE)


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
    k, compared = segmentation.k, segmentation.compared
    sample = segmentation.segmented_sample(MOST_CUSTOMERS, seed or 0)
    prepared = segmentation.preparation.apply(sample.matrix(compared))
    own = segment_numbers(sample.labels[SEGMENT]) - 1
    missed = _missed_segments(segmentation, own)
    kept = ~np.isin(own, list(missed))
    redrawn = [prepared[kept], *(segmentation.preparation.apply(more.matrix(compared)) for more in missed.values())]
    members = [own[kept], *(np.full(len(more), position) for position, more in missed.items())]
    return Certainty(
        segmentation=segmentation,
        sample=sample,
        silhouette=Distances(prepared, generator).coefficients(own, k),
        jaccard=_jaccard(
            np.concatenate(redrawn), np.concatenate(members), k, generator, on_progress, segmentation.mixture
        ),
        drawn_from=sum(map(len, redrawn)),
        borderline=int(segmentation.assignment.aggregate([Count()], where=Passing(OnBorder(segmentation)))[Count()]),
    )


def _missed_segments(segmentation: Segmentation, own: npt.NDArray[np.intp]) -> dict[int, Sample]:
    """Return more of segments (0..k-1) of which a sample holds hardly anybody: who is missing can't be found again."""
    present = np.bincount(own, minlength=segmentation.k)
    few = np.flatnonzero((present < FEWEST_OF_A_SEGMENT) & (present < segmentation.sizes))
    segments = {position: InSegments(frozenset({position + 1})) for position in few.tolist()}
    sample = segmentation.assignment.sample
    return {position: sample(FEWEST_OF_A_SEGMENT, where=where) for position, where in segments.items()}


def _jaccard(
    prepared: npt.NDArray[np.float64],
    own: npt.NDArray[np.intp],
    k: int,
    generator: np.random.Generator,
    on_progress: Callable[[int], None] | None,
    mixture: Mixture | None,
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
        again = _labels_again(mixture, prepared[drawn], k, int(generator.integers(2**32)))
        shared = shared_customers(own[drawn], again, k)
        either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0) - shared
        found.append(np.divide(shared, either, out=np.zeros((k, k)), where=either > 0).max(axis=1))
    return np.asarray(np.mean(found, axis=0))


def _labels_again(
    mixture: Mixture | None, prepared: npt.NDArray[np.float64], k: int, seed: int
) -> npt.NDArray[np.uint8]:
    """Find k segments (0..k-1) anew, as the segmentation found them."""
    if mixture is not None:
        return found_again(mixture, prepared)
    return engines.fit("memory", prepared, k, seed).labels
