"""The evidence for each number of segments: fit, separation, and whether the segments are reproducible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering import engines
from custseg.clustering.engines.seeding import initial_centroids
from custseg.clustering.engines.threads import one_thread
from custseg.clustering.partition_agreement import Agreement, agreement, mean_agreement
from custseg.clustering.trimming import fit_trimmed
from custseg.clustering.validity_indices import Distances, Indices, centroids_of, measure
from custseg.how_many.density_valleys import Valley, shallowest_joint_valley, shallowest_valley
from custseg.how_many.natural_groups import has_valley, reappear
from custseg.how_many.null_silhouettes import NullSilhouette, NullTables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Labels = npt.NDArray[np.intp]

SPLITS = 5
# A few starts show whether halves agree; to start from the centroids of all customers would bias them to agree.
_STARTS_OF_A_HALF, _ROUNDS_OF_A_HALF = 16, 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one k, in prepared units.

    Attributes
    ----------
    k, sizes
        How many segments, and how many customers each has, the largest first.
    indices
        How well they fit.
    agreement
        How well halves of the customers predict each other's segments.
    valley
        The least visible boundary, where a value that many share, such as 0, counts as no gap in a single feature.
    value_valley
        The same with such gaps counted too.
    null
        The silhouette of as many segments in tables without groups; None where the rest says that these are no groups.

    """

    k: int
    sizes: tuple[int, ...]
    indices: Indices
    agreement: Agreement
    valley: Valley
    value_valley: Valley
    null: NullSilhouette | None


def examine(
    prepared: npt.NDArray[np.float64], ks: Iterable[int], seed: int, on_progress: Callable[[int], None] | None = None
) -> list[Evidence]:
    """Segment customers x features at each k, all of them and in halves, and return the evidence.

    A k for which too few customers differ is left out. ``on_progress`` is called with each k before it is tried; an
    exception that it raises ends the search.
    """
    generator = np.random.default_rng(seed)
    single = np.ascontiguousarray(prepared, dtype=np.float32)
    orders = [generator.permutation(len(single)) for _ in range(SPLITS)]
    halves = [(single[order[: len(order) // 2]], single[order[len(order) // 2 :]]) for order in orders]
    distances = Distances(single, generator)
    null = NullTables(prepared, np.random.default_rng([seed, 2]))
    distinct = len(np.unique(single, axis=0))
    examined = []
    for k in ks:
        if on_progress is not None:
            on_progress(k)
        evidence = _examine_whole(prepared, k, seed, distances) if k <= distinct else None
        if evidence is not None:
            with one_thread():
                agreements = [mutual for half, other in halves for mutual in _cross_predict(half, other, k, generator)]
                mean = mean_agreement(agreements)
                silhouette = null.silhouette(k) if has_valley(evidence.valley) and reappear(mean) else None
            examined.append(replace(evidence, agreement=mean, null=silhouette))
    return examined


def examine_trimmed(
    prepared: npt.NDArray[np.float64],
    ks: Iterable[int],
    seed: int,
    share: float,
    on_progress: Callable[[int], None] | None = None,
) -> list[Evidence]:
    """Return the evidence as ``examine`` does, at each k of the customers whom trimming by that share keeps."""
    distinct = len(np.unique(np.asarray(prepared, dtype=np.float32), axis=0))
    examined = []
    for k in ks:
        if k <= distinct:
            kept = fit_trimmed("memory", prepared, k, seed, share).kept
            examined += examine(prepared[kept], (k,), seed, on_progress)
    return examined


def _examine_whole(prepared: npt.NDArray[np.float64], k: int, seed: int, distances: Distances) -> Evidence | None:
    """Examine all customers, segmented as a run with this seed would; None where a segment stays empty."""
    labels = engines.fit("memory", prepared, k, seed).labels.astype(np.intp)
    sizes = np.bincount(labels, minlength=k)
    if not sizes.all():
        return None
    return Evidence(
        k=k,
        sizes=tuple(np.sort(sizes)[::-1].tolist()),
        indices=measure(prepared, labels, k, distances),
        agreement=Agreement(0.0, 0.0, 0.0),
        valley=shallowest_joint_valley(prepared, labels, k, np.random.default_rng([seed, 1])),
        value_valley=shallowest_valley(prepared, labels, centroids_of(prepared, labels, k)),
        null=None,
    )


def _nearest(single: Floats, centroids: Floats) -> Labels:
    affinity = single @ centroids.T - 0.5 * np.einsum("ij,ij->i", centroids, centroids)
    return np.asarray(affinity.argmax(axis=1))


def _cross_predict(half: Floats, other: Floats, k: int, generator: np.random.Generator) -> list[Agreement]:
    """Let each half predict the segments of the other."""
    centroids, other_centroids = (
        initial_centroids(rows, k, generator, starts=_STARTS_OF_A_HALF, rounds=_ROUNDS_OF_A_HALF)
        for rows in (half, other)
    )
    return [
        agreement(_nearest(half, centroids), _nearest(half, other_centroids), k),
        agreement(_nearest(other, other_centroids), _nearest(other, centroids), k),
    ]
