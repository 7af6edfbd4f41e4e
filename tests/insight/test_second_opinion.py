"""The second opinion of a mixture: it finds groups that are planted, and none where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal
from sklearn.metrics import adjusted_rand_score

import custseg
from custseg import Recipe, SettingError, segment
from custseg.clustering.mixture import COVARIANCES, improve, of_labels

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def frame(values: Floats) -> pd.DataFrame:
    columns = {f"feature_{position}": column for position, column in enumerate(values.T)}
    return pd.DataFrame({"customer": [f"c{row}" for row in range(len(values))], **columns})


def stripes(seed: int, customers: int = 300) -> tuple[pd.DataFrame, npt.NDArray[np.intp]]:
    """Return three long groups side by side: noise that goes the same way in two features."""
    generator = np.random.default_rng(seed)
    truth = np.repeat([0, 1, 2], customers)
    along, across = generator.normal(0, 6, len(truth)), generator.normal(truth * 5.0, 1)
    return frame(np.column_stack([along + across, along - across])), truth


def blobs(seed: int) -> tuple[pd.DataFrame, npt.NDArray[np.intp]]:
    """Return three round groups of one size."""
    generator = np.random.default_rng(seed)
    truth = np.repeat([0, 1, 2], 200)
    centres = np.array([[0, 0], [8, 0], [0, 8]])
    return frame(centres[truth] + generator.normal(size=(600, 2))), truth


@pytest.fixture(scope="module")
def long_groups() -> tuple[custseg.SecondOpinion, npt.NDArray[np.intp]]:
    table, truth = stripes(11)
    return custseg.second_opinion(segment(table, k=3, seed=0)), truth


def test_long_groups_are_found_where_segments_cut_across_them(
    long_groups: tuple[custseg.SecondOpinion, npt.NDArray[np.intp]],
) -> None:
    opinion, truth = long_groups
    table = opinion.segmentation.table.to_pandas()
    found = opinion.memberships(table).to_numpy().argmax(axis=1)
    assert (opinion.groups, opinion.fits_better) == (3, True)
    assert adjusted_rand_score(truth, found) > 0.9
    assert adjusted_rand_score(truth, opinion.segmentation.labels) < 0.5
    assert opinion.agreement == pytest.approx(adjusted_rand_score(opinion.segmentation.labels, found))
    assert opinion.reason.startswith("Another shape of groups fits much better: the mixture sees 3 groups")
    assert f"{opinion.agreement:.2f}" in opinion.reason
    assert f"{opinion.elsewhere_count:,} customers" in opinion.reason


def test_who_would_be_elsewhere_is_named_with_the_probability_of_the_other_group(
    long_groups: tuple[custseg.SecondOpinion, npt.NDArray[np.intp]],
) -> None:
    opinion, _ = long_groups
    result, elsewhere = opinion.segmentation, opinion.elsewhere
    table = result.table.to_pandas().set_index("customer")
    shares = opinion.memberships(result.table.to_pandas()).set_index(table.index)
    labels = pd.Series(result.labels, table.index)
    assert len(elsewhere) == opinion.elsewhere_count > 0
    assert (elsewhere["segment"] == labels[elsewhere["customer"]].to_numpy()).all()
    assert (elsewhere["other"] != elsewhere["segment"]).all()
    assert elsewhere["probability"].is_monotonic_decreasing
    np.testing.assert_allclose(elsewhere["probability"], shares.loc[elsewhere["customer"]].max(axis=1))
    assert elsewhere["probability"].min() > 0.9
    # The other segment is the one in which most of the customer's group are.
    group = shares.to_numpy().argmax(axis=1)
    usual = pd.crosstab(group, result.labels).idxmax(axis=1)
    named = pd.Series(group, table.index)[elsewhere["customer"]].map(usual)
    assert (named.to_numpy() == elsewhere["other"].to_numpy()).all()


def test_round_groups_are_left_to_k_means() -> None:
    table, _ = blobs(12)
    same = custseg.second_opinion(segment(table, k=3, seed=0))
    assert (same.groups, same.fits_better, same.elsewhere_count) == (3, False, 0)
    assert "about the same as your 3 segments" in same.reason
    other_number = custseg.second_opinion(segment(table, k=5, seed=0))
    assert (other_number.groups, other_number.fits_better) == (3, False)
    assert "it is the number that differs, not the shape" in other_number.reason


@pytest.mark.parametrize("seed", [21, 22])
@pytest.mark.parametrize(
    "draw",
    [
        lambda generator: generator.normal(size=(700, 3)),
        lambda generator: generator.normal(size=(700, 4)) @ generator.normal(size=(4, 4)),
        lambda generator: generator.lognormal(0, 1, (700, 3)),
        lambda generator: generator.uniform(size=(700, 3)),
        lambda generator: generator.poisson(30, (700, 3)),
    ],
    ids=["normal", "correlated", "lognormal", "uniform", "counts"],
)
def test_a_table_without_groups_is_not_offered_another_shape(draw: object, seed: int) -> None:
    table = frame(np.asarray(draw(np.random.default_rng(seed)), dtype=np.float64))  # type: ignore[operator]
    opinion = custseg.second_opinion(segment(table, k=4, seed=0))
    assert (opinion.groups, opinion.fits_better, opinion.elsewhere_count) == (1, False, 0)
    assert opinion.elsewhere.empty


def test_where_a_mixture_would_mislead_there_is_no_opinion_but_a_reason_and_its_advice_works() -> None:
    generator = np.random.default_rng(3)
    table = frame(generator.normal(size=(300, 2))).assign(
        visits=generator.integers(0, 4, 300), spend=generator.lognormal(size=300) * (generator.random(300) < 0.7)
    )
    for lumpy in ("visits", "spend"):
        features = ["feature_0", "feature_1"]
        opinion = custseg.second_opinion(segment(table, features=[*features, lumpy], k=3, seed=0))
        assert opinion.groups is None
        assert opinion.reason.startswith("No second opinion. Too many customers have one and the same value")
        assert f"“{lumpy}”" in opinion.reason
        with pytest.raises(SettingError, match="No second opinion"):
            opinion.memberships(table)
        assert custseg.second_opinion(segment(table, features=features, k=3, seed=0)).groups == 1


def test_too_few_copies_and_categories_have_no_opinion_either() -> None:
    generator = np.random.default_rng(4)
    values = generator.normal(size=(200, 2))
    few = custseg.second_opinion(segment(frame(values[:59]), k=2, seed=0))
    assert "There are 59 customers, and a mixture of 2 features needs 60" in few.reason
    copies = custseg.second_opinion(segment(frame(np.repeat(values[:40], 5, axis=0)), k=2, seed=0))
    assert "Only 40 of 200 customers differ" in copies.reason
    with_category = frame(values).assign(channel=np.where(generator.random(200) < 0.5, "shop", "web"))
    told = custseg.second_opinion(segment(with_category, k=2, seed=0, recipe=Recipe(categories=True)))
    assert "Categories are compared (“channel”)" in told.reason


def test_customers_in_no_segment_have_no_membership() -> None:
    table, _ = blobs(13)
    gaps = table.assign(feature_0=table["feature_0"].where(np.arange(600) % 10 > 0))
    opinion = custseg.second_opinion(segment(gaps, k=3, seed=0, recipe=Recipe(missing="drop")))
    shares = opinion.memberships(gaps)
    assert (shares.isna().all(axis=1) == gaps["feature_0"].isna()).all()
    np.testing.assert_allclose(shares.dropna().sum(axis=1), 1)
    assert opinion.customers == 540


def test_the_same_seed_gives_the_same_opinion_and_the_criteria_are_a_table() -> None:
    table, _ = blobs(14)
    first, second = (custseg.second_opinion(segment(table, k=2, seed=0), seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(first.table, second.table)
    pd.testing.assert_frame_equal(first.memberships(table), second.memberships(table))
    assert first.table.min().min() == first.table[str(first.covariance)][first.components]
    assert set(first.table.columns) == set(COVARIANCES)


def test_neither_scale_nor_weight_matters_to_the_groups() -> None:
    table, _ = stripes(15, 150)
    plain, weighted = (
        custseg.second_opinion(segment(table, k=3, seed=0, recipe=recipe)).memberships(table)
        for recipe in (Recipe(), Recipe(scaling="none", weights={"feature_0": 9}))
    )
    np.testing.assert_allclose(plain, weighted, atol=1e-6)


def test_densities_are_those_of_scipy_and_do_not_depend_on_who_else_is_there() -> None:
    values = np.random.default_rng(5).normal(size=(50, 3)) @ np.array([[2.0, 1, 0], [0, 1, 1], [0, 0, 3]])
    mixture = improve(values, of_labels(values, np.arange(50) % 2, 2), "full")
    densities = mixture.log_densities(values)
    for component, weight in enumerate(mixture.weights):
        normal = multivariate_normal(mixture.means[component], mixture.covariances[component])
        np.testing.assert_allclose(densities[:, component], np.log(weight) + normal.logpdf(values))
    alone = np.concatenate([mixture.memberships(row[None]) for row in values])
    assert (alone == mixture.memberships(values)).all()


def test_work_that_nobody_waits_for_ends_at_the_next_step() -> None:
    table, _ = blobs(16)
    steps = []

    def stop() -> None:
        steps.append(1)
        if len(steps) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        custseg.second_opinion(segment(table, k=3, seed=0), on_progress=stop)
    assert len(steps) == 3
