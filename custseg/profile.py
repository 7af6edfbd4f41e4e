"""What each segment looks like: sizes, shares, averages, and how far it stands from all customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from custseg.indices import Distances

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt
    import pandas as pd

    from custseg.segmentation import Segmentation


@dataclass(frozen=True, eq=False)
class Exceptional:
    """The group of customers that were set apart: how many, their shares, and their averages (features,)."""

    customers: int
    customer_share: float
    spend: float | None
    spend_share: float | None
    means: npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Profile:
    """The segments of one segmentation in numbers; arrays run over k segments, or k segments x d features.

    Attributes
    ----------
    segmentation
        Where the numbers come from.
    money
        The table's features that are spend, compared or not; where there are none, ``spend`` and ``spend_share`` are
        None.
    means, medians, deviations
        Average, middle value and standard deviation of each feature in each segment, k x d, in the features' units,
        over the customers that have a value; NaN where none has.
    overall_means, overall_medians, overall_deviations
        The same over all segmented customers, d.
    customer_share
        Share of the customers, k; with that of the exceptional ones it sums to 1.
    spend
        Total spend of each segment, k, in the features' units.
    spend_share
        Share of the whole spend, k; with that of the exceptional ones it sums to 1. None also where nothing was
        spent at all, or where a group's spend is below 0.
    exceptional
        The customers that were set apart, as one more group; None where there are none.
    silhouette
        Mean silhouette coefficient (Rousseeuw, 1987) in prepared units, -1 to 1.
    silhouette_customers
        On how many customers it was computed: all, or a seeded sample of SILHOUETTE_SAMPLE.

    """

    segmentation: Segmentation = field(repr=False)
    money: tuple[str, ...]
    means: npt.NDArray[np.float64] = field(repr=False)
    medians: npt.NDArray[np.float64] = field(repr=False)
    deviations: npt.NDArray[np.float64] = field(repr=False)
    overall_means: npt.NDArray[np.float64] = field(repr=False)
    overall_medians: npt.NDArray[np.float64] = field(repr=False)
    overall_deviations: npt.NDArray[np.float64] = field(repr=False)
    customer_share: npt.NDArray[np.float64]
    spend: npt.NDArray[np.float64] | None
    spend_share: npt.NDArray[np.float64] | None
    exceptional: Exceptional | None
    silhouette: float
    silhouette_customers: int

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the d features."""
        return self.segmentation.features

    @property
    def sizes(self) -> npt.NDArray[np.intp]:
        """Customers in each segment, k."""
        return self.segmentation.sizes

    def averages(self, features: Iterable[str]) -> npt.NDArray[np.float64]:
        """Return the mean of any features of the table, compared or not: k x features, and a last row for exceptional.

        NaN where nobody in a group has a value; there is no last row where no customers were set apart.
        """
        result, groups = self.segmentation, self.means
        if self.exceptional is not None:
            groups = np.vstack([groups, self.exceptional.means])
        columns = []
        for name in features:
            if name in self.features:
                columns.append(groups[:, self.features.index(name)])
                continue
            values = result.table.matrix([name])
            members = [result.labels == number for number in range(1, result.k + 1)]
            members += [result.exceptional] if self.exceptional is not None else []
            columns.append(np.array([statistics(values[rows])[0, 0] for rows in members]))
        return np.column_stack(columns)

    @property
    def frame(self) -> pd.DataFrame:
        """One row a segment: customers, shares, and the average of every feature."""
        import pandas as pd

        columns: dict[str, npt.NDArray[np.generic]] = {
            "customers": self.sizes,
            "share of customers": self.customer_share,
        }
        if self.spend_share is not None:
            columns["share of spend"] = self.spend_share
        numbers = pd.Index(range(1, len(self.sizes) + 1), name="segment")
        summary = pd.DataFrame(columns, index=numbers)
        # Joined, not set column by column: a feature may itself be called "customers".
        return pd.concat([summary, pd.DataFrame(self.means, index=numbers, columns=list(self.features))], axis=1)

    def _repr_html_(self) -> str:
        return str(self.frame.to_html())


def profile(segmentation: Segmentation) -> Profile:
    """Describe each segment of a segmentation in numbers."""
    table, features = segmentation.table, segmentation.features
    values = table.matrix(features)
    groups = [values[segmentation.labels == number] for number in range(1, segmentation.k + 1)]
    segmented = values if segmentation.segmented.all() else values[segmentation.segmented]
    apart = values[segmentation.exceptional]
    # What a customer spends is all that it spends, also on what was not compared.
    money = table.money(table.features)
    spend, spend_share = _spend(table.matrix(money), segmentation) if money else (None, None)
    means, medians, deviations = np.array([statistics(group) for group in groups]).transpose(1, 0, 2)
    overall = statistics(segmented)
    counted = len(segmented) + len(apart)
    # Of a sample, a small segment may be missed.
    distances = Distances(segmentation.preparation.apply(segmented), np.random.default_rng(0))
    return Profile(
        segmentation=segmentation,
        money=money,
        means=means,
        medians=medians,
        deviations=deviations,
        overall_means=overall[0],
        overall_medians=overall[1],
        overall_deviations=overall[2],
        customer_share=segmentation.sizes / counted,
        spend=None if spend is None else spend[:-1],
        spend_share=None if spend_share is None else spend_share[:-1],
        exceptional=Exceptional(
            customers=len(apart),
            customer_share=len(apart) / counted,
            spend=None if spend is None else float(spend[-1]),
            spend_share=None if spend_share is None else float(spend_share[-1]),
            means=statistics(apart)[0],
        )
        if len(apart)
        else None,
        silhouette=distances.silhouette(segmentation.labels[segmentation.segmented] - 1, segmentation.k),
        silhouette_customers=len(distances.rows),
    )


def statistics(group: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return mean, median and standard deviation (3 x features) over the values that are there; NaN for none."""
    known = ~np.isnan(group)
    if len(group) and known.all():
        return np.array([group.mean(axis=0), np.median(group, axis=0), group.std(axis=0)])
    result, some = np.full((3, group.shape[1]), np.nan), known.any(axis=0)
    if some.any():
        there = group[:, some]
        result[:, some] = [np.nanmean(there, axis=0), np.nanmedian(there, axis=0), np.nanstd(there, axis=0)]
    return result


def _spend(
    amounts: npt.NDArray[np.float64], result: Segmentation
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64] | None]:
    """Return the spend of each segment and, last, of the exceptional customers, and their shares of all."""
    each = np.nansum(amounts, axis=1)
    spend = np.array(
        [*(each[result.labels == number].sum() for number in range(1, result.k + 1)), each[result.exceptional].sum()]
    )
    return spend, spend / spend.sum() if spend.sum() > 0 and spend.min() >= 0 else None
