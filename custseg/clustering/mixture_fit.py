"""Fit a mixture to customers who were made comparable, and find the groups that its components make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.engines.threads import one_thread
from custseg.clustering.mixture import Mixture, improve
from custseg.clustering.mixture_cross_fit import cross_fit
from custseg.clustering.mixture_groups import find_groups_of
from custseg.clustering.mixture_search import Candidate, best, search
from custseg.sampling import sample_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from custseg.clustering.mixture import Covariance

    Floats = npt.NDArray[np.float64]

# The number of components is looked for among so many customers, and they are fitted to so many, both drawn at random.
MOST_TO_SEARCH, MOST_TO_FIT = 3000, 50_000


@dataclass(frozen=True, eq=False)
class MixtureFit:
    """A mixture with its groups, the largest first, and what it was chosen from.

    Attributes
    ----------
    mixture
        In prepared units.
    kind
        The kind of its covariances.
    candidates
        All that were looked at, in units in which each feature has a standard deviation of 1.
    searched
        The rows (from 0) that were searched.
    held_out
        The logarithm of the density at each of these, in prepared units, by a mixture that was fitted without it.

    """

    mixture: Mixture
    kind: Covariance
    candidates: tuple[Candidate, ...]
    searched: npt.NDArray[np.intp]
    held_out: Floats


def fit_mixture(
    prepared: Floats, seed: int, k: int | None = None, on_progress: Callable[[], None] = lambda: None
) -> MixtureFit | None:
    """Fit the mixture that describes customers x features best; None where they are too few for one of k groups.

    With ``k`` its components are taken together until they make so many groups; without it, until any two
    groups are apart. Each feature is put into units of its standard deviation, so neither scale nor weight of a feature
    matters. ``on_progress`` is called before each step; what it raises is passed on.
    """
    generator = np.random.default_rng(seed)
    centre, scale = prepared.mean(axis=0), prepared.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    values = _with_ties_spread((prepared - centre) / scale, generator)
    rows = sample_rows(len(values), MOST_TO_SEARCH, generator)
    with one_thread():
        candidates = search(values[rows], seed, on_progress)
        chosen = best(candidates, k or 1)
        if chosen is None:
            return None
        fitted = cross_fit(values[rows], chosen, seed, on_progress)
        mixture = chosen.mixture.regrouped(find_groups_of(fitted, k))
        if len(values) > len(rows):
            on_progress()
            more = sample_rows(len(values), MOST_TO_FIT, generator)
            mixture = improve(values[more], mixture, chosen.kind)
    held_out = fitted.log_likelihood() - np.log(scale).sum()
    return MixtureFit(_largest_first(mixture).rescaled(centre, scale), chosen.kind, candidates, rows, held_out)


def _largest_first(mixture: Mixture) -> Mixture:
    sizes = np.bincount(mixture.groups, mixture.weights)
    return mixture.regrouped(np.argsort(np.argsort(-sizes, kind="stable"), kind="stable")[mixture.groups])


def _with_ties_spread(values: Floats, generator: np.random.Generator) -> Floats:
    """Spread customers who have the same value over half the way to the next value on either side.

    A component would shrink to whole numbers, as in counts, and between them there would seem to be gaps.
    """
    spread = values.copy()
    for feature in range(values.shape[1]):
        column = values[:, feature]
        distinct, where, customers = np.unique(column, return_inverse=True, return_counts=True)
        if len(distinct) < 2 or len(distinct) == len(column):
            continue
        gaps = np.diff(distinct)
        reach = np.minimum(np.append(gaps, gaps[-1]), np.insert(gaps, 0, gaps[0])) * (customers > 1)
        spread[:, feature] += (generator.random(len(column)) - 0.5) * reach[where]
    return spread
