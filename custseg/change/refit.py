"""What new segments of a later table would be, beside those that are applied to it: how alike, and how much closer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering import engines
from custseg.clustering.engines.lloyd import nearest, squared_distances
from custseg.clustering.partition_agreement import adjusted_rand, shared_customers
from custseg.language import say
from custseg.sampling import sample_rows
from custseg.wording import fixed, percent

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# New segments are made of so many customers at most; how alike two are by chance is found from fewer.
MOST_CUSTOMERS, MOST_DEALT = 50_000, 1000
_DEALS = 9
# Steinley, "Properties of the Hubert-Arabie adjusted Rand index" (2004), calls agreement from here on excellent.
NEARLY_THE_SAME = 0.9
# Customers who are all but on the new centroids make any excess.
_LARGEST_EXCESS, _LARGEST_SAID = 1e6, 10.0


@dataclass(frozen=True, slots=True)
class Refit:
    """Segments found anew among the customers of a later table, beside those that are applied to it.

    They are as many, with the same seed, and customers are prepared as those before were.

    Attributes
    ----------
    adjusted_rand
        Adjusted Rand index (Hubert & Arabie, 1985) between the applied segments and the new ones: 1 for the same, about
        0 for chance.
    excess
        How much larger the inertia about the applied centroids is than that about the new ones: 0.1 for a tenth.
    usual_adjusted_rand, usual_excess
        The same where nothing has changed: the customers of both tables are dealt out anew to two, segments are found
        in the one and applied to the other. The mean of the one, and the largest of the other, over nine such deals.
    customers, drawn_from
        How many customers now it rests on, at random of all that are in a segment.

    """

    adjusted_rand: float
    excess: float
    usual_adjusted_rand: float
    usual_excess: float
    customers: int
    drawn_from: int

    @property
    def needless(self) -> bool:
        """Whether new segments are: they are nearly the same, or differ no more than without any change."""
        as_usual = self.adjusted_rand >= self.usual_adjusted_rand and self.excess <= self.usual_excess
        return as_usual or self.adjusted_rand >= NEARLY_THE_SAME

    @property
    def summary(self) -> str:
        """How new segments would differ, to stand after “would”."""
        if self.adjusted_rand >= NEARLY_THE_SAME:
            return say("be nearly the same")
        if self.needless:
            return say("differ no more than they do without any change")
        return say("be closer to the customers") if self.excess > self.usual_excess else say("be others")

    @property
    def sentence(self) -> str:
        """How alike new segments would be, and how much closer, as plain text."""
        alike, usual = (fixed(index, 2) for index in (self.adjusted_rand, self.usual_adjusted_rand))
        told = say(
            "Segments made anew would {summary}: adjusted Rand index {alike}, where about {usual} is usual without any "
            "change. The inertia is {excess} larger about these centroids than about new ones, where up to "
            "{usual_excess} "
            "is usual.",
            summary=self.summary,
            alike=alike,
            usual=usual,
            excess=_percent(self.excess),
            usual_excess=_percent(self.usual_excess),
        )
        if self.customers == self.drawn_from:
            return told
        return f"{told} {say('Of {customers:,} customers at random.', customers=self.customers)}"


def _percent(excess: float) -> str:
    # One that is many times as large needs no exact number.
    return say("over {share:.0%}", share=_LARGEST_SAID) if excess > _LARGEST_SAID else percent(excess)


def find_refit(centroids: Floats, before: Floats, now: Floats, seed: int) -> Refit | None:
    """Find segments anew, and how alike they are; None where there are fewer different customers now than segments.

    Parameters
    ----------
    centroids
        Those that are applied, k x features, in prepared units.
    before, now
        The segmented customers of both times x features, in prepared units.
    seed
        That of the segments.

    """
    generator = np.random.default_rng(seed)
    drawn_from, now = len(now), _some(now, MOST_CUSTOMERS, generator)
    found = _compare(centroids, now, seed)
    if found is None:
        return None
    usual = _usual(_some(before, MOST_DEALT, generator), _some(now, MOST_DEALT, generator), len(centroids), generator)
    return Refit(*found, float(usual[:, 0].mean()), float(usual[:, 1].max()), len(now), drawn_from)


def _some(customers: Floats, most: int, generator: np.random.Generator) -> Floats:
    return customers[sample_rows(len(customers), most, generator)]


def _usual(before: Floats, now: Floats, k: int, generator: np.random.Generator) -> Floats:
    """Return how alike segments are, and their excess, in each deal; the best where none could be made."""
    both = np.concatenate([before, now])
    found = []
    for _ in range(_DEALS):
        dealt = generator.permutation(both)
        centroids = _centroids(dealt[: len(before)], k, int(generator.integers(2**32)))
        pair = None if centroids is None else _compare(centroids, dealt[len(before) :], int(generator.integers(2**32)))
        found.append(pair or (1.0, 0.0))
    return np.array(found)


def _compare(centroids: Floats, customers: Floats, seed: int) -> tuple[float, float] | None:
    """Return the adjusted Rand index of these centroids' segments and new ones, and the excess of inertia."""
    k = len(centroids)
    new = _centroids(customers, k, seed)
    if new is None:
        return None
    applied, found = (nearest(customers, own).astype(np.intp) for own in (centroids, new))
    inertias = [
        float(squared_distances(customers, own, labels.astype(np.uint8)).sum())
        for own, labels in ((centroids, applied), (new, found))
    ]
    return adjusted_rand(shared_customers(applied, found, k)), _excess(*inertias)


def _excess(applied: float, new: float) -> float:
    return max(applied / max(new, applied / _LARGEST_EXCESS) - 1, 0.0) if applied > 0 else 0.0


def _centroids(customers: Floats, k: int, seed: int) -> Floats | None:
    # As float32, in which the engine tells customers apart.
    if len(np.unique(customers.astype(np.float32), axis=0)) < k:
        return None
    return engines.fit("memory", customers, k, seed).centroids
