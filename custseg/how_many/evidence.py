"""What speaks for and against each number of segments: fit, separation, and whether the same segments come again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering import engines
from custseg.clustering.engines.seeding import initial_centroids
from custseg.clustering.engines.threads import one_thread
from custseg.clustering.partition_agreement import Agreement, agreement, mean_agreement
from custseg.clustering.validity_indices import Distances, Indices, centres_of, measure
from custseg.how_many.density_valleys import Valley, shallowest_valley

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Labels = npt.NDArray[np.intp]

SPLITS = 5
# Few starts are enough to see whether halves agree; those of the whole would bias them to agree.
_STARTS_OF_A_HALF, _ROUNDS_OF_A_HALF = 16, 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for a k, in prepared units. ``sizes`` are those of the segments, the largest first."""

    k: int
    sizes: tuple[int, ...]
    indices: Indices
    agreement: Agreement
    valley: Valley


def examine(
    prepared: npt.NDArray[np.float64], ks: Iterable[int], seed: int, on_progress: Callable[[int], None] | None = None
) -> list[Evidence]:
    """Segment customers x features at each k, whole and in halves, and return what that shows.

    A k for which too few customers differ is left out. ``on_progress`` is called with each k before it is tried; what
    it raises ends this.
    """
    generator = np.random.default_rng(seed)
    single = np.ascontiguousarray(prepared, dtype=np.float32)
    orders = [generator.permutation(len(single)) for _ in range(SPLITS)]
    halves = [(single[order[: len(order) // 2]], single[order[len(order) // 2 :]]) for order in orders]
    distances = Distances(single, generator)
    distinct = len(np.unique(single, axis=0))
    found = []
    for k in ks:
        if on_progress is not None:
            on_progress(k)
        evidence = _examine_whole(prepared, k, seed, distances) if k <= distinct else None
        if evidence is not None:
            with one_thread():
                agreements = [both for half, other in halves for both in _compare(half, other, k, generator)]
            found.append(replace(evidence, agreement=mean_agreement(agreements)))
    return found


def _examine_whole(prepared: npt.NDArray[np.float64], k: int, seed: int, distances: Distances) -> Evidence | None:
    """Examine all, segmented as a run with that seed would; None where a segment stays empty."""
    labels = engines.fit("memory", prepared, k, seed).labels.astype(np.intp)
    sizes = np.bincount(labels, minlength=k)
    if not sizes.all():
        return None
    return Evidence(
        k=k,
        sizes=tuple(np.sort(sizes)[::-1].tolist()),
        indices=measure(prepared, labels, k, distances),
        agreement=Agreement(0.0, 0.0, 0.0),
        valley=shallowest_valley(prepared, labels, centres_of(prepared, labels, k)),
    )


def _nearest(single: Floats, centroids: Floats) -> Labels:
    affinity = single @ centroids.T - 0.5 * np.einsum("ij,ij->i", centroids, centroids)
    return np.asarray(affinity.argmax(axis=1))


def _compare(half: Floats, other: Floats, k: int, generator: np.random.Generator) -> list[Agreement]:
    """Let each half predict the segments of the other."""
    learned = [
        initial_centroids(rows, k, generator, starts=_STARTS_OF_A_HALF, rounds=_ROUNDS_OF_A_HALF)
        for rows in (half, other)
    ]
    return [
        agreement(_nearest(rows, own), _nearest(rows, others), k)
        for rows, own, others in ((half, learned[0], learned[1]), (other, learned[1], learned[0]))
    ]
