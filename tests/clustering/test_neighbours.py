"""Missing values from the most similar customers: against scikit-learn's KNNImputer, alone and within a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import KNNImputer

from custseg import CustomerTable, Recipe, segment
from custseg.clustering import neighbours
from custseg.clustering.neighbours import MOST_REFERENCES, NEAREST, Neighbours

FEATURES = list("abcde")
NEAREST_RECIPE = Recipe(missing="nearest")


def with_gaps(customers: int, share: float, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return customers of four groups, and the same with a share of their values missing."""
    generator = np.random.default_rng(seed)
    group = generator.integers(0, 4, customers)
    whole = generator.normal(size=(customers, 5)) + generator.normal(0, 1.8, (4, 5))[group]
    gaps = generator.random(whole.shape) < share
    # Somebody has nothing but one value.
    gaps[0] = [False, True, True, True, True]
    return pd.DataFrame(whole, columns=FEATURES), pd.DataFrame(np.where(gaps, np.nan, whole), columns=FEATURES)


def test_they_are_those_of_scikit_learn() -> None:
    _, frame = with_gaps(300, 0.15)
    result = segment(frame, k=3, seed=0, recipe=NEAREST_RECIPE)
    medians = frame.fillna(frame.median())
    standard = (frame - medians.mean()) / medians.std(ddof=0)
    expected = KNNImputer(n_neighbors=NEAREST).fit_transform(standard) * medians.std(ddof=0).to_numpy()
    filled = result.preparation.filled(frame.to_numpy())
    np.testing.assert_allclose(filled, expected + medians.mean().to_numpy(), rtol=1e-9, atol=1e-9)


def test_a_customer_is_filled_alike_alone_and_within_the_table() -> None:
    _, frame = with_gaps(3 * neighbours._ROWS_AT_A_TIME, 0.3)
    result = segment(frame, k=3, seed=0, recipe=NEAREST_RECIPE)
    together = result.preparation.filled(frame.to_numpy())
    for row in (0, 1, 255, 256, 700):
        alone = result.preparation.filled(frame.to_numpy()[row : row + 1])
        np.testing.assert_array_equal(alone[0], together[row])
    np.testing.assert_array_equal(result.assign(frame), result.labels)


def test_of_many_customers_a_sample_stands_for_all_and_new_ones_are_filled_from_it() -> None:
    _, frame = with_gaps(MOST_REFERENCES + 500, 0.05)
    result = segment(frame, k=4, seed=0, recipe=NEAREST_RECIPE)
    assert result.preparation.neighbours is not None
    assert result.preparation.neighbours.positions.shape == (MOST_REFERENCES, 5)
    again = segment(frame, k=4, seed=0, recipe=NEAREST_RECIPE)
    np.testing.assert_array_equal(result.labels, again.labels)
    assert result.inertia == again.inertia


def test_where_nobody_misses_a_value_later_customers_may() -> None:
    whole, frame = with_gaps(400, 0.1)
    result = segment(whole, k=4, seed=0, recipe=NEAREST_RECIPE)
    found, truth = result.assign(frame), result.labels
    by_median = segment(whole, k=4, seed=0).assign(frame)
    incomplete = frame.isna().any(axis=1).to_numpy()
    assert np.mean(found[incomplete] == truth[incomplete]) > np.mean(by_median[incomplete] == truth[incomplete])
    assert result.assign(pd.DataFrame(np.full((1, 5), np.nan), columns=FEATURES)).tolist() == by_median_of(result)


def by_median_of(result: object) -> list[int]:
    """Return the segment of a customer of whom nothing is known, so that medians stand in."""
    medians = pd.DataFrame([result.preparation.fill], columns=FEATURES)  # type: ignore[attr-defined]
    return list(result.assign(medians))  # type: ignore[attr-defined]


def test_of_equally_near_customers_the_first_are_taken() -> None:
    values = np.array([[0.0, 1], [0, 2], [0, 3], [0, 4], [0, 5], [0, 9], [0, np.nan]])
    found = Neighbours(values, values)
    np.testing.assert_array_equal(found.fill(values, values, np.zeros(2))[-1], [0, 3])
    ways = found.alternatives(values, values, np.zeros(2))
    assert [way[-1, 1] for way in ways] == [1, 2, 3, 4, 5]


def test_of_fewer_than_enough_those_there_are_and_else_the_given_value() -> None:
    values = np.array([[0.0, 1, np.nan], [1, 3, np.nan], [0, np.nan, np.nan]])
    found = Neighbours(values, values)
    np.testing.assert_array_equal(found.fill(values, values, np.array([0, 0, 7.0]))[-1], [0, 2, 7])


def test_what_it_did_is_said() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 3, 8, 9, np.nan], "b": [1.0, 2, 3, 8, 9, 9]})
    result = segment(CustomerTable.read(frame), k=2, seed=0, recipe=NEAREST_RECIPE)
    assert result.preparation.steps[0] == (
        "1 missing value of 1 customer (17%) in a filled with the mean of the 5 most similar customers who have one."
    )


@pytest.mark.parametrize("missing", ["median", "nearest", "drop"])
def test_who_was_filled_in_is_known(missing: str) -> None:
    _, frame = with_gaps(200, 0.05)
    result = segment(frame, k=3, seed=0, recipe=Recipe(missing=missing))  # type: ignore[arg-type]
    filled = result.filled_in
    if missing == "drop":
        assert filled is None
    else:
        np.testing.assert_array_equal(filled, frame.isna().to_numpy())
