"""Groups of customers beside all of them, recomputed with pandas and SciPy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from scipy.stats import gaussian_kde, percentileofscore

from custseg import CustomerTable, DataError, Recipe, Segmentation, SegmentationModel, SettingError, profile, segment
from custseg.insight.groups import GRID, MOST_IN_DENSITY, Group, Groups, Scale, find_groups
from custseg.tables.customers import SAMPLE_SIZE
from custseg.tables.expressions import EVERYONE, SET_APART, Identified, InSegments
from tests.strategies import frames, recipes, segmentations


@pytest.fixture
def groups(result: Segmentation) -> Groups:
    return find_groups(profile(result))


def those(result: Segmentation, rows: list[int]) -> Identified:
    return Identified(tuple(result.table.identifiers[rows]))


def test_a_segment_is_what_pandas_and_scipy_make_of_it(frame: pd.DataFrame, groups: Groups) -> None:
    result = groups.profile.segmentation
    everyone = frame[list(result.features)]
    spend = everyone.to_numpy().sum()
    for number, group in enumerate(groups.segments, start=1):
        own = everyone[result.labels == number]
        np.testing.assert_allclose(group.means, own.mean())
        np.testing.assert_allclose(group.medians, own.median())
        np.testing.assert_allclose(group.scores, (own.mean() - everyone.mean()) / everyone.std(ddof=0))
        ranks = [percentileofscore(everyone[name], own[name].median(), kind="mean") / 100 for name in everyone]
        np.testing.assert_allclose(group.ranks, ranks)
        assert group.customers == len(own)
        assert group.customer_share == pytest.approx(len(own) / 440)
        assert group.spend_share == pytest.approx(own.to_numpy().sum() / spend)


def same(one: Group, other: Group) -> None:
    for name in ("means", "medians", "scores", "ranks", "drawn"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name))
    assert one.customers == other.customers
    assert one.customer_share == pytest.approx(other.customer_share)
    assert one.spend_share == pytest.approx(other.spend_share)


def test_whoever_is_selected_is_described_as_a_segment_is(table: CustomerTable) -> None:
    result = segment(table, k=3, seed=0, recipe=Recipe(exceptional=5))
    groups = find_groups(profile(result))
    assert groups.exceptional is not None
    for number, group in enumerate(groups.segments, start=1):
        same(groups.describe(InSegments(frozenset({number}))), group)
    same(groups.describe(InSegments(frozenset({SET_APART}))), groups.exceptional)


def test_everybody_is_average(groups: Groups) -> None:
    everybody = groups.describe(EVERYONE)
    np.testing.assert_allclose(everybody.scores, 0, atol=1e-12)
    np.testing.assert_allclose(everybody.ranks, 0.5, atol=0.01)
    assert everybody.customer_share == pytest.approx(1)
    assert everybody.spend_share == pytest.approx(1)


def test_a_density_is_that_of_scipy_reflected_at_the_ends(groups: Groups) -> None:
    for position, scale in enumerate(groups.scales):
        group = groups.segments[0]
        values = group.drawn[:, position]
        places = np.log1p(values) if scale.logarithmic else values
        quarters = np.quantile(places, [0.25, 0.75])
        width = 0.9 * min(places.std(), (quarters[1] - quarters[0]) / 1.349) * len(places) ** -0.2
        estimate = gaussian_kde(places, width / places.std(ddof=1))
        low, high = scale.ends
        grid = np.linspace(low, high, GRID)
        expected = estimate(grid) + estimate(2 * low - grid) + estimate(2 * high - grid)
        np.testing.assert_allclose(groups.density(group, position), expected, atol=0.02 * expected.max())
        np.testing.assert_allclose(scale.grid, grid)


def test_skewed_features_have_a_logarithmic_axis_and_others_none() -> None:
    generator = np.random.default_rng(0)
    skewed = generator.lognormal(5, 2, 300)
    frame = pd.DataFrame({"skewed": skewed, "even": generator.normal(5, 1, 300), "below zero": np.sqrt(skewed) - 10})
    groups = find_groups(profile(segment(frame, k=2, seed=0)))
    assert [scale.logarithmic for scale in groups.scales] == [True, False, False]
    assert (groups.scales[0].low, groups.scales[0].high) == (skewed.min(), skewed.max())


def test_of_many_customers_some_are_drawn_and_ranked() -> None:
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(SAMPLE_SIZE + 20_000, 2)), columns=["a", "b"])
    groups = find_groups(profile(segment(frame, k=2, seed=0)))
    for number, group in enumerate(groups.segments, start=1):
        assert len(group.drawn) == MOST_IN_DENSITY
        own = frame[groups.profile.segmentation.labels == number]
        exact = [percentileofscore(frame[name], own[name].median(), kind="mean") / 100 for name in frame]
        np.testing.assert_allclose(group.ranks, exact, atol=0.005)


def test_the_grid_of_an_axis_ascends_however_near_its_ends_are() -> None:
    for low, high in ((0.0, 5e-324), (1e9, 1e9 + 1e-7), (3.0, 3.0), (-5e-324, 0.0)):
        assert (np.diff(Scale(low, high, logarithmic=False).grid) > 0).all()


def test_left_out_customers_are_no_part_of_a_group() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 9, 10, np.nan], "b": [1.0, 1, 5, 5, 3]})
    result = segment(frame, k=2, seed=0, recipe=Recipe(missing="drop"))
    groups = find_groups(profile(result))
    everybody, nobody = groups.describe(EVERYONE), groups.describe(Identified(("5",)))
    assert (everybody.customers, everybody.customer_share) == (4, 1)
    assert nobody.customers == 0
    assert np.isnan(nobody.means).all()
    assert np.isnan(nobody.ranks).all()
    assert not groups.density(nobody, 0).any()


def test_without_money_there_is_no_share_of_spend() -> None:
    groups = find_groups(profile(segment(pd.DataFrame({"age": [20.0, 21, 60, 61]}), k=2, seed=0)))
    assert [group.spend_share for group in (*groups.segments, groups.describe(Identified(("1",))))] == [None] * 3


def test_spend_is_also_on_what_was_not_compared() -> None:
    frame = pd.DataFrame({"visits": [1.0, 2, 30, 40], "spend": [10.0, 20, 400, 570]})
    result = segment(CustomerTable.read(frame, money=["spend"]), features=["visits"], k=2, seed=0)
    assert find_groups(profile(result)).describe(Identified(("1", "3"))).spend_share == pytest.approx(0.41)


def test_the_features_that_tell_most_come_in_the_tables_order() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.normal(size=(200, 4)), columns=list("abcd"))
    frame[["b", "d"]] += np.repeat([[0.0, 0.0], [30.0, 20.0]], 100, axis=0)
    groups = find_groups(profile(segment(frame, k=2, seed=0)))
    assert groups.telling(2) == [1, 3]
    assert groups.telling(1) == [1]
    assert groups.telling(9) == [0, 1, 2, 3]


def test_a_model_finds_its_groups_once(model: SegmentationModel) -> None:
    assert model.outcome is not None
    assert model.outcome.groups is model.outcome.groups


def is_sound(groups: Groups, group: Group) -> None:
    known = ~np.isnan(group.means)
    assert np.isfinite(group.scores[known]).all()
    assert ((group.ranks[known] >= 0) & (group.ranks[known] <= 1)).all()
    for position, scale in enumerate(groups.scales):
        density, (low, high) = groups.density(group, position), scale.ends
        assert low < high
        assert (density >= 0).all()
        if known[position]:
            assert np.trapezoid(density, scale.grid) == pytest.approx(1, abs=0.05)


@given(segmentations(), st.data())
def test_groups_of_any_segmentation_are_sound(result: Segmentation, data: st.DataObject) -> None:
    groups = find_groups(profile(result))
    rows = data.draw(st.lists(st.integers(0, len(result.table) - 1), unique=True))
    for group in (*groups.segments, groups.describe(those(result, rows))):
        is_sound(groups, group)


@given(frames(), recipes(), st.data())
def test_gaps_are_no_hindrance(frame: pd.DataFrame, recipe: Recipe, data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.tuples(st.integers(0, len(frame) - 1), st.integers(0, frame.shape[1] - 1))))
    for row, column in gaps:
        frame.iloc[row, column] = np.nan
    try:
        result = segment(frame, k=2, seed=0, recipe=recipe)
    except (DataError, SettingError):
        reject()
    groups = find_groups(profile(result))
    for group in (*groups.segments, *([groups.exceptional] if groups.exceptional else [])):
        is_sound(groups, group)
