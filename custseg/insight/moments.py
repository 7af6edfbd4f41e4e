"""Counts, means, standard deviations and spend of each segment: exact sums over everybody, wherever they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.tables.expressions import SEGMENT, Known, Squares, Total

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.tables.customers import Aggregated, Customers


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over everybody. Rows are those left out, the k segments, and those set apart; columns the d features.

    ``deviations`` are of the k segments alone, and NaN where nobody asked for them.
    """

    counts: npt.NDArray[np.intp]
    totals: npt.NDArray[np.float64]
    means: npt.NDArray[np.float64]
    deviations: npt.NDArray[np.float64]
    overall_means: npt.NDArray[np.float64]
    overall_deviations: npt.NDArray[np.float64]


def add_up(customers: Customers, features: tuple[str, ...]) -> Aggregated:
    """Count those of each group of whom features are known, and add these up."""
    wanted = [aggregate for name in features for aggregate in (Known(name), Total(name))]
    return customers.aggregate(wanted, by=(SEGMENT,))


def measure_moments(
    customers: Customers, features: tuple[str, ...], k: int, *, squares: bool = False, sums: Aggregated | None = None
) -> Moments:
    """Return counts, means and (with ``squares``) standard deviations of features in each group.

    ``sums`` are what ``add_up`` has found already, of these features and maybe others.
    """
    sums = sums or add_up(customers, features)
    shape = (k + 2, len(features))
    counts = np.array([sums[Known(name)] for name in features], dtype=np.intp).T.reshape(shape)
    totals = np.array([sums[Total(name)] for name in features], dtype=np.float64).T.reshape(shape)
    means = _divided(totals, counts)
    known, everyone = counts[1:-1], counts[1:-1].sum(axis=0)
    overall = _divided(totals[1:-1].sum(axis=0), everyone)
    if not squares:
        nothing = np.full((k, len(features)), np.nan)
        return Moments(counts, totals, means, nothing, overall, nothing[0])
    around = [Squares(name, tuple(np.nan_to_num(column))) for name, column in zip(features, means.T, strict=True)]
    found = customers.aggregate(around, by=(SEGMENT,))
    within = np.array([found[aggregate] for aggregate in around], dtype=np.float64).T.reshape(shape)[1:-1]
    # What lies between the segments' means and everybody's comes on top of what lies within.
    between = known * np.square(np.nan_to_num(means[1:-1] - overall))
    return Moments(
        counts=counts,
        totals=totals,
        means=means,
        deviations=np.sqrt(_divided(within, known)),
        overall_means=overall,
        overall_deviations=np.sqrt(_divided((within + between).sum(axis=0), everyone)),
    )


def _divided(sums: npt.NDArray[np.float64], counts: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    return np.asarray(np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0))


@dataclass(frozen=True, eq=False)
class Spend:
    """What customers spend on all that is money, compared or not. A missing amount is missing, and not 0.

    Attributes
    ----------
    totals
        The sum of the amounts of those left out, the k segments, and those set apart.
    means
        What a customer of each segment spends on average: the sum of the averages of the columns, each over those
        customers of whom it is known, as a table of averages has them.
    overall_mean
        The same over all segmented customers.
    shares
        Of the segments and last of those set apart, in the whole; None where nothing was spent, or where a group's
        spend is below 0.

    """

    totals: npt.NDArray[np.float64]
    means: npt.NDArray[np.float64]
    overall_mean: float
    shares: npt.NDArray[np.float64] | None

    @classmethod
    def of(cls, customers: Customers, money: tuple[str, ...], k: int, sums: Aggregated | None = None) -> Spend:
        """Add up what is money; ``sums`` as for ``measure_moments``."""
        moments = measure_moments(customers, money, k, sums=sums)
        totals = moments.totals.sum(axis=1)
        shares = totals[1:] / totals[1:].sum() if totals[1:].sum() > 0 and totals[1:].min() >= 0 else None
        # A column of which nothing is known in a segment adds nothing there.
        means = np.nansum(moments.means[1:-1], axis=1)
        return cls(totals, means, float(np.nansum(moments.overall_means)), shares)
