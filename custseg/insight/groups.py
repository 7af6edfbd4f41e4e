"""Any group of customers beside all of them: a segment, those that were set apart, or whoever is selected.

What all customers are is sorted once for a result (``find_groups``); after that a group is described in a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from custseg.densities import kernel_density, kernel_width
from custseg.ranks import mid_ranks
from custseg.sampling import sample_rows
from custseg.tables.customers import SAMPLE_SIZE
from custseg.tables.expressions import (
    EVERYONE,
    LEFT_OUT,
    SEGMENT,
    SET_APART,
    Both,
    Count,
    InSegments,
    Known,
    Largest,
    Least,
    Not,
    Total,
)
from custseg.tables.skewness import STRONG_SKEW, skewness

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.profile import Profile
    from custseg.tables.customers import Sample
    from custseg.tables.expressions import Aggregate, Condition

    Floats = npt.NDArray[np.float64]

# Places on a feature's axis at which a density is known.
GRID = 97
# A density of more customers than this looks the same.
MOST_IN_DENSITY = 2_000
# So many values, evenly taken from the lowest to the highest, show how skewed a feature is.
_FOR_SKEWNESS = 5_000
# Less of a spread, beside the mean, is rounding.
_NO_SPREAD = 1e-12


@dataclass(frozen=True, slots=True)
class Scale:
    """What a feature's axis spans, in its own units, and whether it is logarithmic (log1p)."""

    low: float
    high: float
    logarithmic: bool

    def place(self, values: Floats) -> Floats:
        """Return where values lie on the axis."""
        return np.log1p(values) if self.logarithmic else values

    @property
    def ends(self) -> tuple[float, float]:
        """Where the axis begins and ends: never so near to each other that numbers can't tell the grid apart."""
        low, high = self.place(np.array([self.low, self.high])).tolist()
        narrow = high - low <= GRID * np.spacing(max(abs(low), abs(high)))
        room = max(0.5, abs(low) * 1e-3) if narrow else 0.0
        return low - room, high + room

    @property
    def grid(self) -> Floats:
        """The places at which a density is known, GRID."""
        return np.linspace(*self.ends, GRID)


@dataclass(frozen=True, eq=False)
class Group:
    """Some customers in numbers; arrays run over the d compared features, and are NaN where nobody has a value.

    Attributes
    ----------
    customers
        How many they are, not counting any that were left out as incomplete.
    customer_share, spend_share
        Their share of all that are in a segment or set apart; None where there is no such share of spend.
    means, medians
        In the features' own units.
    scores
        How many standard deviations of all segmented customers the mean is above (or below) theirs.
    ranks
        The share of all customers that have less than the group's median; of those that have just as much, half count.
    drawn
        The features of at most MOST_IN_DENSITY of them.

    """

    customers: int
    customer_share: float
    spend_share: float | None
    means: Floats
    medians: Floats
    scores: Floats
    ranks: Floats
    drawn: Floats = field(repr=False)


@dataclass(frozen=True, eq=False)
class Groups:
    """The segments of one result as groups, and what any other group of its customers is measured by.

    Attributes
    ----------
    profile
        Whose segments they are.
    segments, exceptional
        The k segments, and the customers that were set apart; None where there are none.
    scales
        The axis of each compared feature.
    ordered
        The values of each compared feature from the lowest to the highest, of a sample of all customers.

    """

    profile: Profile = field(repr=False)
    segments: tuple[Group, ...] = field(repr=False)
    exceptional: Group | None = field(repr=False)
    scales: tuple[Scale, ...]
    ordered: tuple[Floats, ...] = field(repr=False)

    def describe(self, where: Condition) -> Group:
        """Describe the customers of whom a condition holds; those left out as incomplete don't count."""
        result = self.profile.segmentation
        features, money = result.features, self.profile.money
        counted = Both(where, _COUNTED) if result.left_out else where
        wanted: list[Aggregate] = [Count(), *map(Known, features), *map(Total, features)]
        sums = result.assignment.aggregate([*wanted, *map(Total, money)], where=counted)
        means = np.array([float(sums[Total(name)]) / max(int(sums[Known(name)]), 1) for name in features])
        known = np.array([int(sums[Known(name)]) > 0 for name in features])
        sample = result.assignment.sample(SAMPLE_SIZE, where=counted)
        values, customers = sample.matrix(features), int(sums[Count()])
        averages = np.where(known, means, np.nan), _medians(values)
        spend = self._spend_share(sum(float(sums[Total(name)]) for name in money))
        return _group(
            self.profile, self.ordered, customers, values, averages, (customers / _counted(self.profile), spend)
        )

    def density(self, group: Group, position: int) -> Floats:
        """Return the density (kernel estimate) of the feature at that position, at each place of its scale's grid.

        Gaussian kernels with Silverman's rule of thumb ("Density Estimation", 1986, equation 3.31), reflected at both
        ends of the axis, since nobody lies beyond. All 0 where nobody has a value.
        """
        values = group.drawn[:, position]
        return _density(self.scales[position], values[~np.isnan(values)])

    def density_of_everyone(self, position: int) -> Floats:
        """Return the density of that feature among all customers: of MOST_IN_DENSITY, taken evenly by their order."""
        ordered = self.ordered[position]
        return _density(self.scales[position], ordered[:: max(1, -(-len(ordered) // MOST_IN_DENSITY))])

    def telling(self, most: int) -> list[int]:
        """Return the positions of up to ``most`` features, in order: those in which segments differ most."""
        # As much of how customers differ as lies between segments; else a single customer far off would decide.
        between = [group.customer_share * np.square(np.nan_to_num(group.scores)) for group in self.segments]
        return sorted(np.argsort(-np.sum(between, axis=0), kind="stable")[:most].tolist())

    def _spend_share(self, spend: float) -> float | None:
        profile = self.profile
        if profile.spend_share is None or profile.spend is None or spend < 0:
            return None
        apart = profile.exceptional.spend if profile.exceptional else None
        return spend / (float(profile.spend.sum()) + (apart or 0.0))


def _density(scale: Scale, values: Floats) -> Floats:
    places = scale.place(values)
    if not len(places):
        return np.zeros(GRID)
    quarter, three_quarters = np.quantile(places, [0.25, 0.75])
    spreads = [spread for spread in (float(places.std()), float(three_quarters - quarter) / 1.349) if spread > 0]
    width = kernel_width(min(spreads, default=0.0), len(places), float(scale.grid[1] - scale.grid[0]))
    return kernel_density(places, scale.grid, width, reflected=True)


# Those left out as incomplete are nowhere counted.
_COUNTED = Not(InSegments(frozenset({LEFT_OUT})))


def find_groups(profile: Profile) -> Groups:
    """Make groups of the segments of a result, and of those that were set apart."""
    result = profile.segmentation
    sample = result.assignment.sample(SAMPLE_SIZE)
    ordered = tuple(_ordered(sample, name) for name in result.features)
    spend = [None] * result.k if profile.spend_share is None else profile.spend_share.tolist()
    segments = tuple(
        _group(
            profile,
            ordered,
            int(profile.sizes[position]),
            _values_of(result, position + 1),
            (profile.means[position], profile.medians[position]),
            (float(profile.customer_share[position]), spend[position]),
        )
        for position in range(result.k)
    )
    apart, exceptional = profile.exceptional, None
    if apart is not None:
        values = _values_of(result, SET_APART)
        shares = apart.customer_share, apart.spend_share
        exceptional = _group(profile, ordered, apart.customers, values, (apart.means, _medians(values)), shares)
    return Groups(profile, segments, exceptional, _scales(result, ordered), ordered)


def _ordered(sample: Sample, feature: str) -> Floats:
    """Return the values of a feature, of those that are counted and have one, from the lowest to the highest."""
    ordered = sample.ordered(feature)
    return np.asarray(ordered.values[sample.labels[SEGMENT][ordered.positions] != LEFT_OUT])


def _values_of(result: Segmentation, code: int) -> Floats:
    return result.assignment.sample(SAMPLE_SIZE, where=InSegments(frozenset({code}))).matrix(result.features)


def _medians(values: Floats) -> Floats:
    """Return the median of each feature over the values that are there; NaN for none."""
    medians, some = np.full(values.shape[1], np.nan), (~np.isnan(values)).any(axis=0)
    if some.any():
        medians[some] = np.nanmedian(values[:, some], axis=0)
    return medians


def _counted(profile: Profile) -> int:
    return int(profile.sizes.sum()) + profile.segmentation.set_apart


def _group(
    profile: Profile,
    ordered: tuple[Floats, ...],
    customers: int,
    values: Floats,
    averages: tuple[Floats, Floats],
    shares: tuple[float, float | None],
) -> Group:
    means, medians = averages
    few = values[sample_rows(len(values), MOST_IN_DENSITY, np.random.default_rng(0))]
    ranks = np.array([_rank(column, value) for column, value in zip(ordered, medians.tolist(), strict=True)])
    return Group(customers, *shares, means, medians, _scores(profile, means), ranks, few)


def _scores(profile: Profile, means: Floats) -> Floats:
    # Values as large as they may be overflow here to an infinite spread, beside which nothing is far off.
    spread, centre = profile.overall_deviations, profile.overall_means
    differ = spread > _NO_SPREAD * np.abs(centre)
    return np.where(differ | np.isnan(means), (means - centre) / np.where(differ, spread, 1.0), 0.0)


def _rank(ordered: Floats, value: float) -> float:
    return float(mid_ranks(np.array([value]), ordered)[0]) / len(ordered) if len(ordered) else np.nan


def _scales(result: Segmentation, ordered: tuple[Floats, ...]) -> tuple[Scale, ...]:
    wanted: list[Aggregate] = [*map(Least, result.features), *map(Largest, result.features)]
    counted = _COUNTED if result.left_out else EVERYONE
    ends = result.assignment.aggregate(wanted, where=counted)
    return tuple(
        _scale(float(ends[Least(name)]), float(ends[Largest(name)]), values)
        for name, values in zip(result.features, ordered, strict=True)
    )


def _scale(low: float, high: float, ordered: Floats) -> Scale:
    if low > high:
        return Scale(0.0, 1.0, logarithmic=False)
    few = ordered[:: max(1, len(ordered) // _FOR_SKEWNESS)]
    return Scale(low, high, logarithmic=low >= 0 and bool(skewness(few[:, None])[0] >= STRONG_SKEW))
