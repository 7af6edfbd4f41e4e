"""Where a picture hides a difference, against a recomputation and on tables whose truth is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from sklearn.metrics import roc_auc_score

from custseg import Recipe, Segmentation, segment
from custseg.insight.hidden_differences import MOST_CUSTOMERS, SEPARATED, find_overlaps
from custseg.tables.expressions import SEGMENT
from tests.strategies import segmentations

if TYPE_CHECKING:
    from custseg import CustomerTable


@pytest.fixture
def hidden() -> Segmentation:
    """Return two segments that differ in ``height`` alone."""
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.normal(size=(200, 3)), columns=["width", "depth", "height"])
    frame["height"] += np.repeat([0, 30], 100)
    return segment(frame, k=2, seed=0, recipe=Recipe(scaling="none"))


def places(result: Segmentation, *features: str) -> np.ndarray:
    return find_overlaps(result).sample.matrix(features)


def test_superiority_is_the_area_under_the_curve(result: Segmentation) -> None:
    found = find_overlaps(result).superiority
    for one, other, name in ((1, 2, "Grocery"), (3, 4, "Fresh"), (2, 4, "Milk")):
        pair = np.isin(result.labels, [one, other])
        column = result.table.matrix([name])[pair, 0]
        expected = roc_auc_score(result.labels[pair] == one, column)
        assert found[one - 1, other - 1, result.features.index(name)] == pytest.approx(expected)


def test_a_picture_that_hides_what_sets_two_apart_is_told(hidden: Segmentation) -> None:
    found = find_overlaps(hidden).hidden_in(places(hidden, "width", "depth"), ("width", "depth"))
    assert found is not None
    assert found.feature == "height"
    assert hidden.centroids[found.higher - 1, 2] > hidden.centroids[found.lower - 1, 2]
    assert found.superiority == 1
    assert found.separation_in_picture < 0.7


def test_a_picture_that_shows_it_is_left_alone(hidden: Segmentation) -> None:
    overlaps = find_overlaps(hidden)
    assert overlaps.hidden_in(places(hidden, "width", "height"), ("width", "height")) is None
    pair = overlaps.hidden_in(places(hidden, "width", "depth"), ("width", "depth"))
    assert pair is not None
    assert overlaps.separates_less(pair, "height", "width") == "width"


def test_segments_apart_along_a_slanting_line_are_seen_apart() -> None:
    generator = np.random.default_rng(0)
    along = generator.normal(0, 20, 300)
    across = generator.normal(0, 0.5, 300) + np.repeat([0, 8], 150)
    frame = pd.DataFrame({"x": along + across, "y": along - across, "z": np.repeat([0.5, 90.5], 150)})
    result = segment(frame, features=["z"], k=2, seed=0)
    assert find_overlaps(result).hidden_in(places(result, "x", "y"), ("x", "y")) is None


def test_of_the_bundled_table_fresh_and_frozen_hide_who_buys_groceries(result: Segmentation) -> None:
    overlaps = find_overlaps(result)
    found = overlaps.hidden_in(places(result, "Fresh", "Frozen"), ("Fresh", "Frozen"))
    assert found is not None
    assert (found.higher, found.lower, found.feature) == (3, 1, "Grocery")
    assert found.superiority >= SEPARATED


def test_of_many_customers_a_sample_is_looked_at() -> None:
    values = np.random.default_rng(0).normal(size=(9000, 2))
    result = segment(pd.DataFrame(values, columns=["a", "b"]), k=2, seed=0)
    assert len(find_overlaps(result).sample) == MOST_CUSTOMERS


def test_gaps_and_customers_set_apart_are_left_out(table: CustomerTable) -> None:
    frame = table.to_pandas()
    frame.loc[:30, "Milk"] = np.nan
    result = segment(frame, k=3, seed=0, recipe=Recipe(exceptional=5))
    overlaps = find_overlaps(result)
    assert np.isfinite(overlaps.superiority).all()
    assert set(overlaps.sample.labels[SEGMENT]) <= set(range(1, result.k + 1))


@given(segmentations())
def test_of_any_segmentation_what_is_told_is_true(result: Segmentation) -> None:
    overlaps = find_overlaps(result)
    shown = result.features[:1] * 2
    found = overlaps.hidden_in(overlaps.sample.matrix(shown), shown)
    if found is None:
        return
    values = result.table.matrix([found.feature])[:, 0]
    higher, lower = (values[result.labels == number] for number in (found.higher, found.lower))
    higher, lower = higher[~np.isnan(higher)], lower[~np.isnan(lower)]
    above = (higher[:, None] > lower).mean() + 0.5 * (higher[:, None] == lower).mean()
    assert found.superiority == pytest.approx(above)
    assert found.feature not in shown
    assert SEPARATED <= found.superiority <= 1
