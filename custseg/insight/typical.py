"""The customers that a segment is most like: those nearest its centroid."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from custseg.tables.expressions import InSegments

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation

# Of a larger segment, as many at random: filling gaps takes a while.
MOST_CUSTOMERS = 20_000


@dataclass(frozen=True, eq=False)
class Typical:
    """The customers nearest the centroid of their segment, the nearest first.

    Attributes
    ----------
    identifiers
        Who they are.
    values
        Their features in their own units, customers x d; NaN where a value is missing.
    among
        How many customers of the segment were looked at: all, or a seeded sample of MOST_CUSTOMERS.
    everyone
        Whether that is all of them.

    """

    identifiers: tuple[str, ...]
    values: npt.NDArray[np.float64] = field(repr=False)
    among: int
    everyone: bool


def find_typical(segmentation: Segmentation, segment: int, most: int = 3) -> Typical:
    """Return up to so many customers of a segment (from 1): those nearest its centroid, in prepared units."""
    sample = segmentation.assignment.sample(MOST_CUSTOMERS, where=InSegments(frozenset({segment})))
    prepared = segmentation.preparation.apply(sample.matrix(segmentation.compared))
    distances = np.square(prepared - segmentation.prepared_centroids[segment - 1]).sum(axis=1)
    nearest = np.argsort(distances, kind="stable")[:most]
    chosen = sample.where(nearest)
    everyone = len(sample) == int(segmentation.sizes[segment - 1])
    names = tuple(str(name) for name in chosen.identifiers)
    return Typical(names, chosen.matrix(segmentation.features), len(sample), everyone)
