"""Customers drawn anew and clustered anew: how much of each segment is found again, and what its numbers are then.

A bootstrap (Efron, 1979) that clusters each resample from the start. How alike the segments are is measured as
``clusterboot`` of R's fpc does it (Hennig, "Cluster-wise assessment of cluster stability", 2007): each customer who was
drawn is clustered once, however often it was drawn. The numbers of a segment are those of the resample as it was drawn.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.clustering.engines.seeding import initial_centroids
from custseg.clustering.engines.threads import one_thread
from custseg.clustering.mixture_segments import found_again
from custseg.sampling import sample_rows
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import SEGMENT, InSegments

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from custseg.clustering.mixture import Mixture
    from custseg.clustering.segmentation import Segmentation

    Floats = npt.NDArray[np.float64]
    Singles = npt.NDArray[np.float32]
    Labels = npt.NDArray[np.intp]

# Of more customers than this, as many at random stand for all; of a small segment then at least so many, or all of it.
MOST_CUSTOMERS, FEWEST_OF_A_SEGMENT = 100_000, 1_000
# Other starts than the segments themselves are looked for among so many customers: at a few all the more thoroughly.
_SEARCHED, _FEW = 2_048, 1_024
_THOROUGH, _QUICK = {"starts": 16, "rounds": 4}, {"starts": 8, "rounds": 2}
# A start has to be better by this much among those to be tried on all.
_WORTH_TRYING = 1e-3
# With so many different customers for each segment, there is no resample that holds fewer than k.
_PLENTY, _LOOKED_AT = 20, 2_048


@dataclass(frozen=True, eq=False)
class Pool:
    """The n customers that resamples are drawn from: all segmented ones, or a sample that stands for them.

    Attributes
    ----------
    prepared
        n x compared, in prepared units around their mean.
    labels
        The segment of each, 0..k-1.
    centroids
        k x compared, in the same units.
    weights
        How many customers each stands for.
    standardised
        Which columns of ``prepared`` were divided by the standard deviation of the customers.
    measured
        n x m, the values whose totals are wanted; NaN where one is missing.
    mixture
        What the segments are the groups of, in the same units; None where they are those of K-Means.

    """

    prepared: Singles
    labels: Labels
    centroids: Singles
    weights: Floats
    standardised: npt.NDArray[np.bool_]
    measured: Floats
    mixture: Mixture | None

    @classmethod
    def of(cls, segmentation: Segmentation, measured: tuple[str, ...], seed: int) -> Pool:
        """Take everybody, or of many customers a sample in which small segments are not lost, each with its weight."""
        samples = [segmentation.segmented_sample(MOST_CUSTOMERS, seed)]
        present = np.bincount(segment_numbers(samples[0].labels[SEGMENT]), minlength=segmentation.k + 1)[1:]
        few = np.flatnonzero((present < FEWEST_OF_A_SEGMENT) & (present < segmentation.sizes)) + 1
        if len(few):
            samples[0] = samples[0].where(~np.isin(samples[0].labels[SEGMENT], few))
            draw = segmentation.assignment.sample
            samples += [draw(FEWEST_OF_A_SEGMENT, seed, InSegments(frozenset({one}))) for one in few.tolist()]
        labels = np.concatenate([segment_numbers(sample.labels[SEGMENT]) - 1 for sample in samples])
        apply = segmentation.preparation.apply
        prepared = np.concatenate([apply(sample.matrix(segmentation.compared)) for sample in samples])
        centre, mixture = prepared.mean(axis=0), segmentation.mixture
        return cls(
            prepared=np.ascontiguousarray(prepared - centre, dtype=np.float32),
            labels=labels,
            centroids=(segmentation.prepared_centroids - centre).astype(np.float32),
            weights=(segmentation.sizes / np.maximum(np.bincount(labels, minlength=segmentation.k), 1))[labels],
            standardised=(np.arange(len(centre)) < len(segmentation.features))
            & (segmentation.preparation.recipe.scaling == "standard"),
            measured=np.concatenate([sample.matrix(measured) for sample in samples]),
            mixture=mixture and mixture.rescaled(-centre, np.ones(len(centre))),
        )

    @cached_property
    def spread(self) -> Floats:
        """The standard deviation of each column of ``prepared``."""
        return _spread(self.prepared, self.weights)

    def units(self, drawn: Singles, weights: Floats) -> Singles:
        """Return what a standard deviation among those drawn is in the units of ``prepared``, for each column."""
        known = self.standardised & (self.spread > 0)
        ratio = np.divide(_spread(drawn, weights), self.spread, out=np.ones(len(known)), where=known)
        return np.where(ratio > 0, ratio, 1.0).astype(np.float32)

    @cached_property
    def few_differ(self) -> bool:
        """Whether so few customers differ that a resample may hold fewer different ones than there are segments."""
        differing = len(np.unique(self.prepared[:_LOOKED_AT], axis=0))
        return differing < _PLENTY * len(self.centroids)


@dataclass(frozen=True, eq=False)
class Resamples:
    """What was found in each of B resamples; positions of segments are those of the segmentation, 0..k-1.

    Attributes
    ----------
    seed, drawn_from
        What they were drawn with, and of how many customers.
    measured
        Names of the m values that were added up.
    jaccard
        The largest Jaccard similarity of each segment with one that was found, among those drawn, B x k; 0 to 1.
    customers
        How many customers are in the segment that was found for each, B x k. They are paired one to one so that
        their similarities are largest in sum (Hungarian method). NaN where fewer than k customers differ.
    totals, known
        The sum of each value in it, and how many customers have one, B x k x m.

    """

    seed: int
    drawn_from: int
    measured: tuple[str, ...]
    jaccard: Floats = field(repr=False)
    customers: Floats = field(repr=False)
    totals: Floats = field(repr=False)
    known: Floats = field(repr=False)

    def __len__(self) -> int:
        """Return how many resamples there are."""
        return len(self.jaccard)


def resample(
    segmentation: Segmentation,
    wanted: int,
    *,
    seed: int,
    measured: tuple[str, ...] = (),
    after: Resamples | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Resamples:
    """Draw and cluster resamples until there are as many as wanted, going on ``after`` those that are there.

    Each has a seed of its own, so that it is the same whether it is found at once or later. ``on_progress`` is called
    with the number of each (from 1) before it is drawn; an exception that it raises ends the search and is passed on.
    """
    if after is not None:
        seed, measured = after.seed, after.measured
    pool = Pool.of(segmentation, measured, seed)
    found = []
    for number in range(len(after) if after else 0, wanted):
        if on_progress is not None:
            on_progress(number + 1)
        found.append(_one(pool, np.random.default_rng([seed, number])))
    k, values = len(pool.centroids), len(measured)
    shapes = ((k,), (k,), (k, values), (k, values))
    new = [np.array([one[part] for one in found]).reshape(-1, *shape) for part, shape in enumerate(shapes)]
    if after is None:
        return Resamples(seed, len(pool.labels), measured, *new)
    before = (after.jaccard, after.customers, after.totals, after.known)
    jaccard, customers, totals, known = (np.concatenate(pair) for pair in zip(before, new, strict=True))
    return replace(after, jaccard=jaccard, customers=customers, totals=totals, known=known)


def _one(pool: Pool, generator: np.random.Generator) -> tuple[Floats, Floats, Floats, Floats]:
    """Draw one resample; return what ``Resamples`` holds of each."""
    k, customers = len(pool.centroids), len(pool.labels)
    times = np.bincount(generator.integers(customers, size=customers), minlength=customers)
    drawn = np.flatnonzero(times)
    prepared, own, once = pool.prepared[drawn], pool.labels[drawn], pool.weights[drawn]
    if pool.few_differ and len(np.unique(prepared, axis=0)) < k:
        # None of the segments is found where fewer than k customers differ.
        nothing = np.full((k, pool.measured.shape[1]), np.nan)
        return np.zeros(k), np.full(k, np.nan), nothing, nothing
    often = once * times[drawn]
    again, as_drawn = _found(pool, prepared, once, times[drawn], generator)
    paired = _paired(_similarities(own, as_drawn, often, k))[as_drawn]
    return _similarities(own, again, once, k).max(axis=1), *_sums(pool.measured[drawn], paired, often, k)


def _found(
    pool: Pool, prepared: Singles, once: Floats, times: Labels, generator: np.random.Generator
) -> tuple[npt.NDArray[np.integer[Any]], npt.NDArray[np.integer[Any]]]:
    """Return the segments (0..k-1) of those drawn: each clustered once, and as often as it was drawn."""
    from sklearn import config_context

    rows = np.arange(len(prepared))
    repeated = np.repeat(rows, times)
    if pool.mixture is not None:
        first = np.cumsum(times) - times
        exact = prepared.astype(np.float64)
        return found_again(pool.mixture, exact), found_again(pool.mixture, exact[repeated])[first]
    often = once * times
    # Customers drawn from those who were checked need no check each time, which of few takes a tenth of the time.
    with one_thread(), warnings.catch_warnings(), config_context(assume_finite=True, skip_parameter_validation=True):
        _expect_nearly_equal_customers()
        units = pool.units(prepared, often)
        again = _cluster(prepared, once, rows, pool.centroids, generator)
        as_drawn = _cluster(prepared / units, often, repeated, pool.centroids / units, generator)
    return again, as_drawn


def _expect_nearly_equal_customers() -> None:
    from sklearn.exceptions import ConvergenceWarning

    # A segment that is not there among those drawn may stay empty.
    warnings.filterwarnings("ignore", "Number of distinct clusters", ConvergenceWarning)


def _cluster(
    prepared: Singles, weights: Floats, rows: Labels, centroids: Singles, generator: np.random.Generator
) -> npt.NDArray[np.int32]:
    """Return the segment (0..k-1) of each customer, by the start that ends best. ``rows`` are those to search among.

    The starts are the segments as they are, and what a search from scratch finds: from the former alone, a worse
    optimum near them would pass for what K-Means finds again.
    """
    from sklearn.cluster import KMeans

    k = len(centroids)
    few = np.ascontiguousarray(prepared[rows[sample_rows(len(rows), _SEARCHED, generator)]])
    found = initial_centroids(few, k, generator, **(_THOROUGH if len(few) <= _FEW else _QUICK))
    starts = [centroids, found]
    if len(few) < len(rows):
        warm, cold = (KMeans(k, init=start, n_init=1).fit(few).inertia_ for start in starts)
        starts = starts[: 2 if cold < warm * (1 - _WORTH_TRYING) else 1]
    # Weights that are all alike are none, which is faster.
    weighing = None if np.ptp(weights) == 0 else weights
    fits = [KMeans(k, init=start, n_init=1).fit(prepared, sample_weight=weighing) for start in starts]
    labels: npt.NDArray[np.int32] = min(fits, key=lambda fit: float(fit.inertia_)).labels_
    return labels


def _spread(prepared: Singles, weights: Floats) -> Floats:
    """Return the standard deviation of each column."""
    exact, all_weights = prepared.astype(np.float64), weights.sum()
    exact -= weights @ exact / all_weights
    np.square(exact, out=exact)
    return np.asarray(np.sqrt(weights @ exact / all_weights))


def _similarities(own: Labels, again: npt.NDArray[np.integer[Any]], weights: Floats, k: int) -> Floats:
    """Return the Jaccard similarity of each segment with each that was found, k x k."""
    shared = np.bincount(own * k + again, weights, minlength=k * k).reshape(k, k)
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0) - shared
    return np.asarray(np.divide(shared, either, out=np.zeros((k, k)), where=either > 0))


def _paired(similarities: Floats) -> Labels:
    """Return the segment that each segment found stands for, one to one."""
    from scipy.optimize import linear_sum_assignment

    own, found = linear_sum_assignment(similarities, maximize=True)
    paired = np.empty(len(own), dtype=np.intp)
    paired[found] = own
    return paired


def _sums(measured: Floats, labels: Labels, weights: Floats, k: int) -> tuple[Floats, Floats, Floats]:
    """Return the customers of each segment, and of each value its total and of how many it is known."""
    customers = np.bincount(labels, weights, minlength=k)
    totals, knowing = [], []
    for column in measured.T:
        unknown = np.isnan(column)
        if not unknown.any():
            totals.append(np.bincount(labels, weights * column, minlength=k))
            knowing.append(customers)
            continue
        totals.append(np.bincount(labels, weights * np.where(unknown, 0.0, column), minlength=k))
        knowing.append(np.bincount(labels, weights * ~unknown, minlength=k))
    shape = (measured.shape[1], k)
    of_each, known_of_each = (np.reshape(np.array(sums, dtype=np.float64), shape).T for sums in (totals, knowing))
    return np.asarray(customers, dtype=np.float64), of_each, known_of_each
