"""What a Gaussian mixture says of the same customers: another shape of groups, how many, and who would be elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering import engines
from custseg.clustering.engines.lloyd import nearest, squared_distances
from custseg.clustering.mixture import Mixture
from custseg.clustering.mixture_fit import MOST_TO_FIT, fit_mixture
from custseg.clustering.mixture_limits import why_no_mixture
from custseg.clustering.partition_agreement import adjusted_rand
from custseg.insight.second_opinion_result import PutElsewhere, SecondOpinion
from custseg.insight.second_opinion_words import SAME, say_opinion
from custseg.language import mark, say
from custseg.settings import K_RANGE, check_seed
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import SEGMENT, Count, Passing

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from custseg.clustering.mixture_fit import MixtureFit
    from custseg.clustering.segmentation import Segmentation

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

# A mixture fits much better where it says this much more of a customer that it has not seen (in natural units of
# information), and so many standard errors more than nothing.
_LEAST_GAIN, _LEAST_GAIN_IN_ERRORS = 0.1, 4.0
_QUANTILES = 0.01, 0.99
_SAME_KIND = mark("The segments are the groups of a mixture already. Run K-Means to compare the two.")
_TOO_FEW = mark("There are too few customers for any mixture. Add customers.")


def second_opinion(
    result: Segmentation, *, seed: int | None = 0, on_progress: Callable[[], None] = lambda: None
) -> SecondOpinion:
    """Ask a Gaussian mixture about the customers of a result.

    Mixtures of up to ten components and four kinds of covariance are compared (scikit-learn's GaussianMixture, by the
    Bayesian information criterion), among 3,000 customers at random where there are more. Components of the best one
    are taken together unless a valley lies between them, or one is a bump in the flank of the other. It is fitted to up
    to 50,000 customers. Where features hold too much of one value, or there are too few customers, there is no second
    opinion.

    ``on_progress`` is called before each step; an exception that it raises ends the search and is passed on.

    Raises
    ------
    SettingError
        The seed cannot be used.

    """
    drawn = check_seed(seed) or 0
    sample = result.segmented_sample(MOST_TO_FIT, drawn)
    prepared = result.preparation.apply(sample.matrix(result.compared))
    nothing = SecondOpinion(result, "", int(result.sizes.sum()), len(prepared))
    why_not = _SAME_KIND if result.mixture is not None else why_no_mixture(result.preparation, prepared)
    fit = None if why_not else fit_mixture(prepared, drawn, on_progress=on_progress)
    if fit is None:
        return replace(nothing, reason=say("No second opinion. {why}", why=say(why_not or _TOO_FEW)))
    seen = replace(
        nothing, groups=fit.mixture.group_count, components=fit.mixture.components, covariance=fit.kind, fit=fit
    )
    if seen.groups != 1:
        seen = _beside_the_segments(seen, fit, prepared, segment_numbers(sample.labels[SEGMENT]) - 1)
        seen = _beside_as_many(seen, fit, prepared[fit.searched], drawn)
    return replace(seen, reason=say_opinion(seen))


def _beside_the_segments(seen: SecondOpinion, fit: MixtureFit, prepared: Floats, own: Labels) -> SecondOpinion:
    """Add how well groups and segments (from 0) of the customers agree, and who would be elsewhere."""
    result = seen.segmentation
    shared = _shared_customers(own, fit.mixture.positions(prepared), result.k, fit.mixture.group_count)
    placed = PutElsewhere(result, fit.mixture, tuple(shared.argmax(axis=1)), tuple(shared.argmax(axis=0) + 1))
    elsewhere = result.assignment.aggregate([Count()], where=Passing(placed))[Count()]
    return replace(seen, placed=placed, agreement=adjusted_rand(shared), elsewhere_count=int(elsewhere))


def _beside_as_many(seen: SecondOpinion, fit: MixtureFit, prepared: Floats, seed: int) -> SecondOpinion:
    """Add whether the groups fit better than K-Means with as many segments: whether it is their shape that differs."""
    count = fit.mixture.group_count
    if count > K_RANGE[1]:
        return seen
    round_ones = engines.fit("memory", prepared, count, seed)
    shared = _shared_customers(round_ones.labels.astype(np.intp), fit.mixture.positions(prepared), count, count)
    others = round_ones.centroids, seen.segmentation.prepared_centroids
    gains = [_without_extremes(fit.held_out - _as_round_clouds(prepared, centroids)) for centroids in others]
    much = [bool(gain.mean() > max(_LEAST_GAIN, _LEAST_GAIN_IN_ERRORS * _error_of_mean(gain))) for gain in gains]
    same_number = adjusted_rand(shared)
    return replace(
        seen,
        agreement_at_same_number=same_number,
        gain=float(gains[0].mean()),
        fits_better=all(much) and max(same_number, seen.agreement) < SAME,
    )


def _as_round_clouds(prepared: Floats, centroids: Floats) -> Floats:
    """Return the logarithm of the density at each customer where segments are round clouds of one size.

    That is the mixture whose components K-Means finds (Celeux & Govaert, 1992).
    """
    labels = nearest(prepared, centroids)
    variance = float(squared_distances(prepared, centroids, labels).mean()) / prepared.shape[1]
    covariances = np.repeat(max(variance, 1e-12) * np.eye(prepared.shape[1])[None], len(centroids), axis=0)
    weights = np.maximum(np.bincount(labels, minlength=len(centroids)), 0.5) / len(prepared)
    return Mixture(weights, centroids, covariances, np.arange(len(centroids))).log_likelihood(prepared)


def _without_extremes(gains: Floats) -> Floats:
    """Move what lies beyond two quantiles to them: a customer far from all others would outweigh everybody."""
    return np.clip(gains, *np.quantile(gains, _QUANTILES))


def _error_of_mean(values: Floats) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def _shared_customers(own: Labels, positions: Labels, k: int, groups: int) -> Floats:
    """Count the customers in each segment and each group (both from 0), k x groups."""
    return np.bincount(own * groups + positions, minlength=k * groups).reshape(k, groups).astype(np.float64)
