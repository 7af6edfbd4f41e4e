"""K-Means in memory: initial centroids from coresets, scikit-learn's Lloyd, then exact steps on every customer.

The same seed gives bit-identical results in every process: no sum depends on the order of threads, since each product
is computed in one and what several find is added up in a fixed order. It ends with a few exact steps in float64.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from custseg.clustering.engines import Fit
from custseg.clustering.engines.coreset import Coreset, draw_coreset
from custseg.clustering.engines.lloyd import label_counts, nearest, squared_distances, step
from custseg.clustering.engines.seeding import initial_centroids, swapped_centroids
from custseg.clustering.engines.threads import one_thread
from custseg.parallel import in_parallel
from custseg.run_limits import check_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    from sklearn.cluster import KMeans

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.uint8]

# So few are searched once at length, which finds the best known of up to four segments; more take shorter ones too.
FEW_ROWS, _SEGMENTS_A_SEARCH = 1000, 5
SEARCHED_ROWS = 4096
REFINED_ROWS = 65_536
SWAPPED_ROWS = 16_384


class _Effort(NamedTuple):
    """How many searches, each from starts of its own, and the rounds of swaps on a small and on a larger coreset."""

    searches: int
    rounds: int
    rounds_on_more: int


# Swaps seldom leave what a search has found, so many short searches find more than few long ones. Small coresets
# misjudge which centroids to move, so what they find is improved on larger ones, and what fits best after Lloyd on one
# still larger is kept. That takes long on many customers, who get fewer searches.
_EFFORT, _EFFORT_FOR_MANY = _Effort(8, 2, 1), _Effort(3, 3, 2)
# Exact steps until no customer moves are cheap on a small table and rarely change anything on a large one.
_CELLS_TO_POLISH = 6_000_000
_MOST_STEPS = 300


def fit(prepared: Floats, k: int, seed: int) -> Fit:
    """Run K-Means on customers x features (prepared units); at least k customers must differ."""
    generator = np.random.default_rng(seed)
    with one_thread(), warnings.catch_warnings():
        _expect_nearly_equal_customers()
        centroids, iterations = _search(prepared, k, seed, generator)
    steps = int(np.clip(_CELLS_TO_POLISH // prepared.size, 1, _MOST_STEPS))
    centroids, labels, polished = _polish(prepared, centroids, steps)
    return Fit(centroids, labels, iterations=iterations + polished)


def _expect_nearly_equal_customers() -> None:
    from sklearn.exceptions import ConvergenceWarning

    # Customers that float32 cannot tell apart leave a segment empty here; the steps in float64 fill it.
    warnings.filterwarnings("ignore", "Number of distinct clusters", ConvergenceWarning)


def _search(prepared: Floats, k: int, seed: int, generator: np.random.Generator) -> tuple[Floats, int]:
    """Return centroids near the best inertia, and the number of iterations scikit-learn took."""
    refined = draw_coreset(prepared, REFINED_ROWS, generator)
    search = _search_apart if len(prepared) > REFINED_ROWS else _search_in_turn
    fits = search(refined, k, seed, generator)
    best = min(fits, key=lambda fit: float(fit.inertia_))
    return best.cluster_centers_.astype(np.float64), int(best.n_iter_)


def _search_apart(refined: Coreset, k: int, seed: int, generator: np.random.Generator) -> list[KMeans]:
    """Search several times at once, each time with random numbers of its own."""

    def search(own: np.random.Generator) -> KMeans:
        with one_thread():
            return _refine(refined, _short_search(refined, k, _EFFORT_FOR_MANY, own), seed)

    return in_parallel(search, generator.spawn(_EFFORT_FOR_MANY.searches))


def _search_in_turn(refined: Coreset, k: int, seed: int, generator: np.random.Generator) -> list[KMeans]:
    return [_refine(refined, start, seed) for start in _starts(refined, k, generator)]


def _starts(refined: Coreset, k: int, generator: np.random.Generator) -> Iterator[npt.NDArray[np.float32]]:
    """Yield centroids to start from, each found by a search of its own."""
    effort = _EFFORT
    if len(refined.rows) <= FEW_ROWS:
        yield initial_centroids(refined.rows, k, generator, weights=refined.weights)
        effort = effort._replace(searches=k // _SEGMENTS_A_SEARCH)
    for _ in range(effort.searches):
        check_time()
        yield _short_search(refined, k, effort, generator)


def _short_search(refined: Coreset, k: int, effort: _Effort, generator: np.random.Generator) -> npt.NDArray[np.float32]:
    """Find centroids to start from on a small coreset, and improve them on a larger one."""
    few = refined.smaller(SEARCHED_ROWS, generator)
    start = initial_centroids(few.rows, k, generator, weights=few.weights, starts=k + 6, rounds=effort.rounds)
    more = refined.smaller(SWAPPED_ROWS, generator)
    return swapped_centroids(more.rows, more.weights, start, generator, swaps=k + 2, rounds=effort.rounds_on_more)


def _refine(refined: Coreset, start: npt.NDArray[np.float32], seed: int) -> KMeans:
    from sklearn.cluster import KMeans

    fit = KMeans(len(start), init=start, n_init=1, random_state=seed)
    return fit.fit(refined.rows, sample_weight=refined.weights)


def _polish(prepared: Floats, centroids: Floats, steps: int) -> tuple[Floats, Labels, int]:
    """Lloyd steps in float64 until no customer moves, or ``steps`` are done and no segment is empty.

    A segment stays empty only where customers are too close to tell apart. Segments are put in canonical order between
    steps, so that labels are exactly what ``nearest`` gives for these centroids, ties included.
    """
    labels, means = step(prepared, centroids)
    for number in range(1, _MOST_STEPS + 1):
        check_time()
        order = canonical_order(means, _sizes(labels, means))
        centroids = _without_empty(prepared, labels, means)[order]
        if number >= steps and (last := _labelled_in_order(prepared, centroids)):
            return (*last, number)
        moved, means = step(prepared, centroids)
        sizes = _sizes(moved, centroids)
        settled = np.array_equal(order.astype(np.uint8)[moved], labels)
        if settled and sizes.all() and _is_sorted(canonical_order(centroids, sizes)):
            return centroids, moved, number
        labels = moved
    return centroids, labels, _MOST_STEPS


def _labelled_in_order(prepared: Floats, centroids: Floats) -> tuple[Floats, Labels] | None:
    """Return centroids in canonical order and the nearest of each customer, or None where a segment is empty."""
    for _ in range(_MOST_STEPS):
        check_time()
        labels = nearest(prepared, centroids)
        sizes = _sizes(labels, centroids)
        order = canonical_order(centroids, sizes)
        if not sizes.all() or _is_sorted(order):
            return (centroids, labels) if sizes.all() else None
        # Those who are as near to two centroids may now go to the other one.
        centroids = centroids[order]
    return None


def canonical_order(centroids: Floats, sizes: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Return the positions of centroids with the largest segment first, ties by their features in turn."""
    return np.lexsort((*centroids.T[::-1], -sizes))


def _is_sorted(order: npt.NDArray[np.intp]) -> bool:
    return bool((np.diff(order) > 0).all())


def _sizes(labels: Labels, centroids: Floats) -> npt.NDArray[np.intp]:
    return label_counts(labels, len(centroids))


def _without_empty(prepared: Floats, labels: Labels, means: Floats) -> Floats:
    """Move the centroid of each empty segment to a customer farthest from its own centroid, as scikit-learn does."""
    empty = np.flatnonzero(_sizes(labels, means) == 0)
    if len(empty):
        distances = squared_distances(prepared, means, labels)
        means[empty] = prepared[np.argsort(-distances, kind="stable")[: len(empty)]]
    return means
