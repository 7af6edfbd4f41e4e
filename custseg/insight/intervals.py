"""How far the size, the share of spend and the averages of each segment would go up or down with other customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.insight.moments import Spend

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.resampling import Resamples

    Floats = npt.NDArray[np.float64]

CONFIDENCE = 0.95


@dataclass(frozen=True, eq=False)
class Intervals:
    """95% intervals of what is said of each segment, by a bootstrap that clusters anew; the last axis is low and high.

    They are percentiles over the resamples (Efron, 1981), in each of which segments are found anew and paired with
    these. So they tell both how far averages go up or down, and how far the segments themselves come out otherwise.
    Features that were standardised are standardised anew; all else of how they were prepared is held.

    Attributes
    ----------
    features
        Names of the d compared features.
    sizes
        Customers in each segment, k x 2.
    customer_share
        Share of the customers, as the profile has it, k x 2.
    spend_share
        Share of the whole spend, k x 2; None where the profile has none.
    times_average
        The mean of each feature over that of all segmented customers, k x d x 2; NaN where that mean is not above 0.

    """

    features: tuple[str, ...]
    sizes: Floats
    customer_share: Floats
    spend_share: Floats | None
    times_average: Floats

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each segment and number: ``segment``, ``number``, ``low`` and ``high``."""
        import pandas as pd

        numbers: list[tuple[str, Floats]] = [("customers", self.sizes), ("share of customers", self.customer_share)]
        if self.spend_share is not None:
            numbers.append(("share of spend", self.spend_share))
        numbers += [
            (f"{feature}, times the average", self.times_average[:, position])
            for position, feature in enumerate(self.features)
        ]
        rows = [(segment, name, *ends) for name, both in numbers for segment, ends in enumerate(both.tolist(), start=1)]
        return pd.DataFrame(rows, columns=["segment", "number", "low", "high"])


def find_intervals(segmentation: Segmentation, resamples: Resamples) -> Intervals:
    """Return the intervals that resamples give; those must have measured the features and what is money."""
    counted = int(segmentation.sizes.sum()) + segmentation.set_apart
    shares = resamples.customers / resamples.customers.sum(axis=1, keepdims=True)
    sizes = _ends(shares) * int(segmentation.sizes.sum())
    return Intervals(
        features=segmentation.features,
        sizes=sizes,
        customer_share=sizes / counted,
        spend_share=_spend_share(segmentation, resamples),
        times_average=_ends(_times_average(resamples, segmentation.features)),
    )


def measured_values(segmentation: Segmentation) -> tuple[str, ...]:
    """Return what resamples have to measure: the compared features, and what is money."""
    return tuple(dict.fromkeys((*segmentation.features, *_money(segmentation))))


def _money(segmentation: Segmentation) -> tuple[str, ...]:
    return segmentation.schema.money(segmentation.schema.features)


def _spend_share(segmentation: Segmentation, resamples: Resamples) -> Floats | None:
    money = _money(segmentation)
    spend = Spend.of(segmentation.assignment, money, segmentation.k) if money else None
    if spend is None or spend.shares is None:
        return None
    totals = resamples.totals[:, :, _positions(resamples, money)].sum(axis=2)
    # Customers who were set apart are never drawn, so what they spend is what it is.
    whole = totals.sum(axis=1, keepdims=True) + spend.totals[-1]
    return _ends(np.divide(totals, whole, out=np.full(totals.shape, np.nan), where=whole > 0))


def _times_average(resamples: Resamples, features: tuple[str, ...]) -> Floats:
    """Return the mean of each segment over that of all, B x k x d."""
    where = _positions(resamples, features)
    totals, known = resamples.totals[:, :, where], resamples.known[:, :, where]
    means = np.divide(totals, known, out=np.full(totals.shape, np.nan), where=known > 0)
    everyone, everybody = totals.sum(axis=1, keepdims=True), known.sum(axis=1, keepdims=True)
    overall = np.divide(everyone, everybody, out=np.full(everyone.shape, np.nan), where=everybody > 0)
    return np.asarray(np.divide(means, overall, out=np.full(means.shape, np.nan), where=overall > 0))


def _positions(resamples: Resamples, names: tuple[str, ...]) -> list[int]:
    return [resamples.measured.index(name) for name in names]


def _ends(found: Floats) -> Floats:
    """Return the percentiles of B x anything at both ends, anything x 2; NaN where it is not known in every resample.

    Of B resamples the share p lies below the p (B + 1)th (Weibull, 1939): of few, the ends are not too near.
    """
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(found, (tail, 1 - tail), axis=0, method="weibull")
    return np.stack([low, high], axis=-1)
