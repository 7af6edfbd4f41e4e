"""What segments would be if a column did not exist, and if it were the only one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering import engines
from custseg.clustering.partition_agreement import adjusted_rand, shared_customers
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import SEGMENT

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from custseg.clustering.influence import Influence
    from custseg.clustering.segmentation import Segmentation

    Floats = npt.NDArray[np.float64]

# Of more customers than this, as many at random stand for all: segments are found anew for each column.
MOST_CUSTOMERS = 4000


def influence(segmentation: Segmentation, *, on_progress: Callable[[int], None] | None = None) -> Influence:
    """Find out which columns decided the segments: the share of each, and what they would be without it.

    Parameters
    ----------
    segmentation
        The segments. Of more than MOST_CUSTOMERS customers, as many at random are taken; ``drawn_from`` says how many.
    on_progress
        Called with the number of each column, from 1, before segments are found without it; an exception that it raises
        ends the search and is passed on.

    Returns
    -------
    Influence
        ``segmentation.influence`` with ``without`` and ``alone``: the adjusted Rand index (Hubert & Arabie, 1985) with
        K-Means of as many segments and the same seed, on the same customers as they were prepared. Without those where
        the segments are the groups of a mixture, since K-Means would find others of all columns too.

    """
    if segmentation.mixture is not None:
        return segmentation.influence
    sample = segmentation.segmented_sample(MOST_CUSTOMERS, segmentation.seed)
    prepared = segmentation.preparation.apply(sample.matrix(segmentation.compared))
    labels = segment_numbers(sample.labels[SEGMENT]) - 1
    known, places = segmentation.influence, segmentation.preparation.columns
    without = np.full(len(places), np.nan)

    def agreement(columns: Floats) -> float:
        return _agreement(columns, labels, segmentation.k, segmentation.seed)

    for number, place in enumerate(places, start=1):
        if on_progress is not None:
            on_progress(number)
        without[number - 1] = agreement(np.delete(prepared, place, axis=1))
    first = places[int(known.shares.argmax())]
    return replace(known, without=without, alone=agreement(prepared[:, first]), drawn_from=len(prepared))


def _agreement(columns: Floats, labels: npt.NDArray[np.intp], k: int, seed: int) -> float:
    """Return how well these labels agree with segments of these columns; NaN where customers differ too little."""
    if len(np.unique(columns.astype(np.float32), axis=0)) < k:
        return np.nan
    found = engines.fit("memory", np.ascontiguousarray(columns), k, seed).labels
    return adjusted_rand(shared_customers(labels, found, k))
