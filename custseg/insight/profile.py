"""What each segment looks like: sizes, shares, averages, and where it stands among all customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.validity_indices import SILHOUETTE_SAMPLE, Distances
from custseg.display import show
from custseg.insight.associations import Association, find_associations
from custseg.insight.moments import Moments, Spend, add_up, measure_moments
from custseg.insight.order_statistics import Ranks
from custseg.insight.outcomes import Outcome, find_outcomes
from custseg.sampling import sample_rows
from custseg.tables.expressions import SEGMENT
from custseg.wording import as_written

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.influence import Influence
    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.customers import Sample


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
    ranked_customers
        Over how many customers quartiles, ranks and effects were taken: all, or a seeded sample of SAMPLE_SIZE.
    customer_share
        Share of the customers, k; with that of the exceptional ones it sums to 1.
    spend
        Total spend of each segment, k, in the features' units.
    spend_means, overall_spend_mean
        What a customer of each segment, and of all of them, spends on average; a missing amount is missing, and not 0.
    spend_ranks
        Which share of all customers spends less than the segment's median one, k.
    spend_effects
        Cliff's delta of what customers spend in all, of each segment against all others, k.
    spend_share
        Share of the whole spend, k; with that of the exceptional ones it sums to 1. None also where nothing was
        spent at all, or where a group's spend is below 0.
    exceptional
        The customers that were set apart, as one more group; None where there are none.
    associations
        How the categories of the table go with the segments, each with its test.
    outcomes
        What became of the customers of each segment, each share with its interval and its test.
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
    ranked_customers: int
    customer_share: npt.NDArray[np.float64]
    spend: npt.NDArray[np.float64] | None
    spend_means: npt.NDArray[np.float64] | None
    overall_spend_mean: float | None
    spend_share: npt.NDArray[np.float64] | None
    spend_ranks: npt.NDArray[np.float64] | None
    spend_effects: npt.NDArray[np.float64] | None
    exceptional: Exceptional | None
    associations: tuple[Association, ...] = field(repr=False)
    outcomes: tuple[Outcome, ...] = field(repr=False)
    silhouette: float
    silhouette_customers: int

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the d features."""
        return self.segmentation.features

    @property
    def influence(self) -> Influence:
        """How much each compared column, feature or category, decided how the customers were split."""
        return self.segmentation.influence

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

    @property
    def sample(self) -> int | None:
        """How many customers at random stand for all in quartiles, ranks and effects; None where all were ranked."""
        return self.ranked_customers if self.ranked_customers < int(self.sizes.sum()) else None

    def averages(self, features: Iterable[str]) -> npt.NDArray[np.float64]:
        """Return the mean of any features of the table, compared or not: k x features, and a last row for exceptional.

        NaN where nobody in a group has a value; there is no last row where no customers were set apart.
        """
        moments = measure_moments(self.segmentation.assignment, tuple(features), self.segmentation.k)
        return moments.means[1:] if self.exceptional is not None else moments.means[1:-1]

    @property
    def frame(self) -> pd.DataFrame:
        """One row per segment: customers, shares, and the average of every compared feature, in ``SUMMARY_COLUMNS``."""
        frame: pd.DataFrame = show(self, "frame")
        return frame

    def _repr_html_(self) -> str:
        return as_written(show(self, "labelled frame").to_html())


def profile(segmentation: Segmentation) -> Profile:
    """Describe each segment of a segmentation in numbers: sums of all customers, order statistics of a sample."""
    customers, schema, k = segmentation.assignment, segmentation.schema, segmentation.k
    features, money = segmentation.features, schema.money(schema.features)
    sums = add_up(customers, (*features, *money))
    moments = measure_moments(customers, features, k, squares=True, sums=sums)
    spend = Spend.of(customers, money, k, sums) if money else None
    sample = segmentation.segmented_sample()
    codes = sample.labels[SEGMENT]
    ranks = [Ranks.of(sample.ordered(name), codes, k) for name in features]
    silhouette, silhouette_customers = _silhouette(segmentation, sample)
    spend_order = Ranks.of(sample.ordered_by_spend(money), codes, k) if money else None
    counted = int(segmentation.sizes.sum()) + segmentation.set_apart
    return Profile(
        segmentation=segmentation,
        money=money,
        counts=moments.counts[1:-1],
        means=moments.means[1:-1],
        deviations=moments.deviations,
        quartiles=np.stack([feature.quartiles[:-1] for feature in ranks], axis=2),
        overall_counts=moments.counts[1:-1].sum(axis=0),
        overall_means=moments.overall_means,
        overall_deviations=moments.overall_deviations,
        overall_quartiles=np.column_stack([feature.quartiles[-1] for feature in ranks]),
        median_ranks=np.column_stack([feature.median_ranks for feature in ranks]),
        effects=np.column_stack([feature.effects for feature in ranks]),
        ranked_customers=len(sample),
        customer_share=segmentation.sizes / counted,
        spend=None if spend is None else spend.totals[1:-1],
        spend_means=None if spend is None else spend.means,
        overall_spend_mean=None if spend is None else spend.overall_mean,
        spend_share=None if spend is None or spend.shares is None else spend.shares[:-1],
        spend_ranks=None if spend_order is None else spend_order.median_ranks,
        spend_effects=None if spend_order is None else spend_order.effects,
        exceptional=_exceptional(segmentation, moments, spend, counted),
        associations=find_associations(segmentation),
        outcomes=find_outcomes(segmentation),
        silhouette=silhouette,
        silhouette_customers=silhouette_customers,
    )


def _silhouette(segmentation: Segmentation, sample: Sample) -> tuple[float, int]:
    """Return the mean silhouette coefficient, and of how many customers: a small segment may be missed among them."""
    rows = sample_rows(len(sample), SILHOUETTE_SAMPLE, np.random.default_rng(0))
    few = sample if len(rows) == len(sample) else sample.where(rows)
    prepared = segmentation.preparation.apply(few.matrix(segmentation.compared))
    distances = Distances(prepared, np.random.default_rng(0))
    return distances.silhouette(few.labels[SEGMENT].astype(np.intp) - 1, segmentation.k), len(rows)


def _exceptional(segmentation: Segmentation, moments: Moments, spend: Spend | None, counted: int) -> Exceptional | None:
    if not segmentation.set_apart:
        return None
    return Exceptional(
        customers=segmentation.set_apart,
        customer_share=segmentation.set_apart / counted,
        spend=None if spend is None else float(spend.totals[-1]),
        spend_share=None if spend is None or spend.shares is None else float(spend.shares[-1]),
        means=moments.means[-1],
    )
