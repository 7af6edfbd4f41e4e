"""Segments of any shape: the groups of a mixture of normal distributions, in the place of those of K-Means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.engines import Fit
from custseg.clustering.engines.threads import one_thread
from custseg.clustering.mixture import Mixture, improve
from custseg.clustering.mixture_fit import fit_mixture
from custseg.clustering.mixture_limits import why_no_mixture
from custseg.errors import SettingError
from custseg.language import mark, say
from custseg.run_limits import check_time

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.preparation import Preparation

    Floats = npt.NDArray[np.float64]

_OR_K_MEANS = mark("Or let K-Means find round segments.")


def fit_segments(preparation: Preparation, prepared: Floats, k: int, seed: int) -> tuple[Fit, Mixture]:
    """Find k segments of customers x compared, and the mixture that scores them; its groups are the segments.

    A centroid is the mean of its segment. The largest segment comes first, as from K-Means.

    Raises
    ------
    SettingError
        A mixture would mislead about these customers, or has no k groups.

    """
    why_not = why_no_mixture(preparation, prepared)
    if why_not:
        msg = say(
            "There are no segments of any shape to find. {why_not} {or_k_means}",
            why_not=why_not,
            or_k_means=say(_OR_K_MEANS),
        )
        raise SettingError(msg)
    found = fit_mixture(prepared, seed, k, check_time)
    positions = None if found is None else found.mixture.positions(prepared)
    sizes = np.zeros(k) if positions is None else np.bincount(positions, minlength=k)
    if found is None or positions is None or not sizes.all():
        msg = say(
            "A mixture does not find {k} segments of these customers. Choose a smaller k. {or_k_means}",
            k=k,
            or_k_means=say(_OR_K_MEANS),
        )
        raise SettingError(msg)
    centroids = np.array([prepared[positions == segment].mean(axis=0) for segment in range(k)])
    order = np.lexsort((*centroids.T[::-1], -sizes))
    place = np.argsort(order)
    return Fit(centroids[order], place[positions].astype(np.uint8), 0), found.mixture.regrouped(
        place[found.mixture.groups]
    )


def found_again(mixture: Mixture, prepared: Floats) -> npt.NDArray[np.uint8]:
    """Return the segment (0..k-1) that each of other customers has once the mixture is fitted to them instead."""
    with one_thread():
        return improve(np.asarray(prepared, dtype=np.float64), mixture, "full").positions(prepared).astype(np.uint8)
