"""What each segment looks like: sizes, shares, averages, and where it stands among all customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.validity_indices import Distances
from custseg.display import show
from custseg.insight.associations import Association, find_associations

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation


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
    counts, means, deviations
        How many customers have a value of each feature, and their average and standard deviation, in each segment,
        k x d, in the features' units; NaN where none has one.
    quartiles
        A quarter, half and three quarters of those values are below, k x 3 x d; linear between two values.
    overall_counts, overall_means, overall_deviations, overall_quartiles
        The same over all segmented customers, d and 3 x d. That mean is the one of the segments' means, each weighted
        by its size.
    median_ranks
        Which share of all customers is below a segment's median, k x d.
    effects
        Cliff's delta (Cliff, 1993) of each segment against all others, k x d: how much more often one of its customers
        is above one of the others than below; 1 where always, 0 where equally often, -1 where never. It is robust:
        only the order of the values counts.
    customer_share
        Share of the customers, k; with that of the exceptional ones it sums to 1.
    spend
        Total spend of each segment, k, in the features' units.
    spend_ranks
        Which share of all customers spends less than the segment's median one, k.
    spend_share
        Share of the whole spend, k; with that of the exceptional ones it sums to 1. None also where nothing was
        spent at all, or where a group's spend is below 0.
    exceptional
        The customers that were set apart, as one more group; None where there are none.
    associations
        How the categories of the table go with the segments, each with its test.
    silhouette
        Mean silhouette coefficient (Rousseeuw, 1987) in prepared units, -1 to 1.
    silhouette_customers
        On how many customers it was computed: all, or a seeded sample of SILHOUETTE_SAMPLE.

    """

    segmentation: Segmentation = field(repr=False)
    money: tuple[str, ...]
    counts: npt.NDArray[np.intp] = field(repr=False)
    means: npt.NDArray[np.float64] = field(repr=False)
    deviations: npt.NDArray[np.float64] = field(repr=False)
    quartiles: npt.NDArray[np.float64] = field(repr=False)
    overall_counts: npt.NDArray[np.intp] = field(repr=False)
    overall_means: npt.NDArray[np.float64] = field(repr=False)
    overall_deviations: npt.NDArray[np.float64] = field(repr=False)
    overall_quartiles: npt.NDArray[np.float64] = field(repr=False)
    median_ranks: npt.NDArray[np.float64] = field(repr=False)
    effects: npt.NDArray[np.float64] = field(repr=False)
    customer_share: npt.NDArray[np.float64]
    spend: npt.NDArray[np.float64] | None
    spend_share: npt.NDArray[np.float64] | None
    spend_ranks: npt.NDArray[np.float64] | None
    exceptional: Exceptional | None
    associations: tuple[Association, ...] = field(repr=False)
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

    @property
    def medians(self) -> npt.NDArray[np.float64]:
        """Middle value of each feature in each segment, k x d."""
        return np.asarray(self.quartiles[:, 1])

    @property
    def overall_medians(self) -> npt.NDArray[np.float64]:
        """Middle value of each feature over all segmented customers, d."""
        return np.asarray(self.overall_quartiles[1])

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
            columns.append(np.array([_average(values[rows, 0]) for rows in members]))
        return np.column_stack(columns)

    @property
    def frame(self) -> pd.DataFrame:
        """One row a segment: customers, shares, and the average of every compared feature, in ``SUMMARY_COLUMNS``."""
        frame: pd.DataFrame = show(self, "frame")
        return frame

    def _repr_html_(self) -> str:
        return str(self.frame.to_html())


def profile(segmentation: Segmentation) -> Profile:
    """Describe each segment of a segmentation in numbers."""
    table, features = segmentation.table, segmentation.features
    values = table.matrix(features)
    segmented = segmentation.segmented
    labels, inside = segmentation.labels, values
    if not segmented.all():
        labels, inside = labels[segmented], values[segmented]
    apart = values[segmentation.exceptional]
    # What a customer spends is all that it spends, also on what was not compared.
    money = table.money(table.features)
    each = np.nansum(table.matrix(money), axis=1) if money else None
    spend, spend_share = _spend(each, segmentation) if each is not None else (None, None)
    described = [_Described.of(column, labels, segmentation.k) for column in inside.T]
    counted = len(inside) + len(apart)
    # Of a sample, a small segment may be missed.
    distances = Distances(segmentation.preparation.apply(inside), np.random.default_rng(0))
    return Profile(
        segmentation=segmentation,
        money=money,
        counts=np.column_stack([one.counts[:-1] for one in described]),
        means=np.column_stack([one.means[:-1] for one in described]),
        deviations=np.column_stack([one.deviations[:-1] for one in described]),
        quartiles=np.stack([one.quartiles[:-1] for one in described], axis=2),
        overall_counts=np.array([one.counts[-1] for one in described]),
        overall_means=np.array([one.means[-1] for one in described]),
        overall_deviations=np.array([one.deviations[-1] for one in described]),
        overall_quartiles=np.column_stack([one.quartiles[-1] for one in described]),
        median_ranks=np.column_stack([one.median_ranks for one in described]),
        effects=np.column_stack([one.effects for one in described]),
        customer_share=segmentation.sizes / counted,
        spend=None if spend is None else spend[:-1],
        spend_share=None if spend_share is None else spend_share[:-1],
        spend_ranks=None if each is None else _Described.of(each[segmented], labels, segmentation.k).median_ranks,
        exceptional=Exceptional(
            customers=len(apart),
            customer_share=len(apart) / counted,
            spend=None if spend is None else float(spend[-1]),
            spend_share=None if spend_share is None else float(spend_share[-1]),
            means=np.array([_average(column) for column in apart.T]),
        )
        if len(apart)
        else None,
        associations=find_associations(segmentation),
        silhouette=distances.silhouette(labels - 1, segmentation.k),
        silhouette_customers=len(distances.rows),
    )


@dataclass(frozen=True, slots=True)
class _Described:
    """One feature in each of k segments, and last, where there is a place for it, over all customers."""

    counts: npt.NDArray[np.intp]
    means: npt.NDArray[np.float64]
    deviations: npt.NDArray[np.float64]
    quartiles: npt.NDArray[np.float64]
    median_ranks: npt.NDArray[np.float64]
    effects: npt.NDArray[np.float64]

    @classmethod
    def of(cls, column: npt.NDArray[np.float64], labels: npt.NDArray[np.intp], k: int) -> _Described:
        known = ~np.isnan(column)
        if not known.all():
            column, labels = column[known], labels[known]
        groups = [np.sort(column[labels == number]) for number in range(1, k + 1)]
        everyone = np.sort(column)
        quartiles = np.array([_quartiles(group) for group in (*groups, everyone)])
        return cls(
            counts=np.array([len(group) for group in (*groups, everyone)], dtype=np.intp),
            means=np.array([_average(group) for group in (*groups, everyone)]),
            deviations=np.array([group.std() if len(group) else np.nan for group in (*groups, everyone)]),
            quartiles=quartiles,
            median_ranks=np.array([_share_below(median, everyone) for median in quartiles[:-1, 1]]),
            effects=np.array([_cliffs_delta(group, everyone) for group in groups]),
        )


def _average(group: npt.NDArray[np.float64]) -> float:
    """Return the mean of the values that are there, NaN for none."""
    known = group[~np.isnan(group)]
    return float(known.mean()) if len(known) else np.nan


def _quartiles(ordered: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the quartiles of sorted values, as np.quantile does; NaN for none."""
    if not len(ordered):
        return np.full(3, np.nan)
    places = (len(ordered) - 1) * np.array([0.25, 0.5, 0.75])
    below = np.floor(places).astype(np.intp)
    low, high = ordered[below], ordered[np.ceil(places).astype(np.intp)]
    # Where both are the same, adding their difference could leave the last digit another.
    return np.asarray(np.where(low == high, low, low + (high - low) * (places - below)))


def _share_below(value: float, everyone: npt.NDArray[np.float64]) -> float:
    return float(everyone.searchsorted(value)) / len(everyone) if value == value else np.nan  # noqa: PLR0124 - NaN


def _ranks(values: npt.NDArray[np.float64], everyone: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return how many of the sorted ``everyone`` are below each value, those at it counted half."""
    middle = (everyone.searchsorted(values, side="left") + everyone.searchsorted(values, side="right")) / 2
    return np.asarray(np.where(np.isnan(values), np.nan, middle))


def _cliffs_delta(group: npt.NDArray[np.float64], everyone: npt.NDArray[np.float64]) -> float:
    """Return Cliff's delta of a group against all others, both sorted; NaN where either is nobody."""
    own, others = len(group), len(everyone) - len(group)
    if not own or not others:
        return np.nan
    # Among themselves, the group's customers are above one another as often as below.
    above = float(_ranks(group, everyone).sum()) - own * own / 2
    return 2 * above / (own * others) - 1


def _spend(
    each: npt.NDArray[np.float64], result: Segmentation
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64] | None]:
    """Return the spend of each segment and, last, of the exceptional customers, and their shares of all."""
    spend = np.array(
        [*(each[result.labels == number].sum() for number in range(1, result.k + 1)), each[result.exceptional].sum()]
    )
    return spend, spend / spend.sum() if spend.sum() > 0 and spend.min() >= 0 else None
