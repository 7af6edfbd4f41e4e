"""A small group in the flank of a large one is seen, and the tail of a single skewed one is not taken for a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import trapezoid
from scipy.stats import norm
from sklearn.metrics import adjusted_rand_score

import custseg
from custseg.clustering.mixture_flanks import skewed_log_densities

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def opinion_on(values: Floats) -> custseg.SecondOpinion:
    table = pd.DataFrame(values, columns=[f"feature_{position}" for position in range(values.shape[1])])
    return custseg.second_opinion(custseg.segment(table, k=3, seed=0))


def bump(seed: int) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Return 1,150 customers in one round group and 50 in another 4.4 standard deviations away."""
    generator = np.random.default_rng(seed)
    truth = np.repeat([0, 1], [1150, 50])
    return generator.normal(size=(1200, 3)) + truth[:, None] * 4.4 / np.sqrt(3), truth


@pytest.mark.parametrize("seed", [31, 32, 33])
def test_a_small_group_in_the_flank_of_a_large_one_is_seen(seed: int) -> None:
    values, truth = bump(seed)
    opinion = opinion_on(values)
    assert opinion.groups == 2
    found = opinion.memberships(opinion.segmentation.table.to_pandas()).to_numpy().argmax(axis=1)
    assert adjusted_rand_score(truth, found) > 0.85


@pytest.mark.parametrize(
    "draw",
    [
        lambda generator: generator.gamma(1.5, 1, (1200, 3)),
        lambda generator: generator.standard_t(3, (1200, 3)),
        lambda generator: generator.lognormal(0, 0.6, (1200, 3)) + generator.normal(0, 0.1, (1200, 1)),
        lambda generator: generator.laplace(size=(1200, 2)),
    ],
    ids=["gamma", "t", "lognormal", "Laplace"],
)
def test_the_tail_of_a_single_group_is_no_group(draw: object) -> None:
    opinion = opinion_on(np.asarray(draw(np.random.default_rng(41)), dtype=np.float64))  # type: ignore[operator]
    assert opinion.components > 1
    assert (opinion.groups, opinion.fits_better) == (1, False)


def test_of_normal_values_the_single_distribution_is_the_normal_one() -> None:
    values = np.random.default_rng(51).normal(300, 20, 2000)
    normal = norm(values.mean(), values.std()).logpdf(values)
    np.testing.assert_allclose(skewed_log_densities(values).mean(), normal.mean(), atol=2e-3)


@pytest.mark.parametrize("shift", [-3.0, 3.0])
def test_it_follows_skew_and_heavy_tails_and_is_a_density(shift: float) -> None:
    values = np.sign(shift) * np.random.default_rng(52).lognormal(shift, 1, 1500)
    best_normal = norm(values.mean(), values.std()).logpdf(values).mean()
    order = np.argsort(values)
    densities = np.exp(skewed_log_densities(values))
    assert np.log(densities).mean() > best_normal + 0.5
    total = trapezoid(densities[order], values[order])
    assert 0.97 < total < 1.03
