"""Two runs on the same customers: recomputed with pandas and scikit-learn, and true of any two runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from custseg import CustomerTable, DataError, Recipe, Segmentation, SettingError, compare, segment
from custseg.change.segment_matching import match_segments
from tests.markdown import rendered
from tests.strategies import recipes, segmentations


@pytest.fixture(scope="module")
def five(table: CustomerTable) -> Segmentation:
    return segment(table, k=5, seed=42)


def test_a_run_compared_with_itself_differs_in_nothing(result: Segmentation) -> None:
    same = compare(result, result)
    assert same.adjusted_rand == 1
    assert same.moved == 0
    assert (same.changes, same.numbering) == ((), "")
    np.testing.assert_array_equal(same.matrix, np.diag([*result.sizes, 0]))
    assert same.sentence == (
        "All 440 customers are in the same segment as before. Adjusted Rand index 1.00: nearly the same segments."
    )
    assert same.moved_customers.empty


def test_the_numbers_are_those_of_pandas_and_scikit_learn(result: Segmentation, five: Segmentation) -> None:
    found = compare(result, five)
    counted = pd.crosstab(result.labels, five.labels)
    np.testing.assert_array_equal(found.matrix[:-1, :-1], counted)
    assert found.matrix[-1].sum() == found.matrix[:, -1].sum() == 0
    assert found.adjusted_rand == pytest.approx(adjusted_rand_score(result.labels, five.labels))
    frame = result.table.to_pandas()
    spend = frame[list(result.table.features)].sum(axis=1)
    summed = pd.crosstab(result.labels, five.labels, values=spend, aggfunc="sum").fillna(0)
    assert found.spend is not None
    np.testing.assert_allclose(found.spend[:-1, :-1], summed)
    assert found.partners == match_segments(result, five)


def test_who_moved_is_named_with_both_segments(result: Segmentation, five: Segmentation) -> None:
    found = compare(result, five)
    expected = [
        (name, was, now)
        for name, was, now in zip(result.table.identifiers, result.labels, five.labels, strict=True)
        if found.partners.get(int(now)) != was
    ]
    assert [tuple(row) for row in found.moved_customers.itertuples(index=False)] == expected
    assert found.moved == len(expected)
    share = len(expected) / 440
    assert found.sentence.startswith(
        f"{len(expected)} of 440 customers ({share:.0%}" + ") are in a different segment than before."
    )
    assert list(found.frame.columns) == [*(f"segment {number}" for number in range(1, 6)), "in none"]
    assert (found.frame.index.name, found.frame.columns.name) == ("before", "after")


def test_renumbering_alone_moves_nobody_and_is_said(result: Segmentation) -> None:
    # Segment 1 becomes 3, 2 becomes 1, and so on.
    order = np.array([1, 3, 0, 2])
    other = replace(
        result,
        centroids=result.centroids[order],
        prepared_centroids=result.prepared_centroids[order],
        sizes=result.sizes[order],
    )
    found = compare(result, other)
    assert found.moved == 0
    assert found.adjusted_rand == 1
    assert found.partners == {3: 1, 1: 2, 4: 3, 2: 4}
    assert found.numbering == (
        "Segment 1 was segment 2; segment 2 was segment 4; segment 3 was segment 1; segment 4 was segment 3."
    )


def test_what_is_new_and_what_is_gone_is_said(result: Segmentation, five: Segmentation) -> None:
    assert "is new" in compare(result, five).numbering
    assert compare(five, result).numbering.endswith(" is gone.")


def test_customers_in_no_segment_are_in_the_last_row_and_column(table: CustomerTable, result: Segmentation) -> None:
    other = segment(table, k=3, seed=0, recipe=Recipe(exceptional=3))
    found = compare(result, other)
    assert found.matrix.shape == (5, 4)
    assert found.matrix[:, -1].sum() == other.exceptional.sum() > 0
    assert set(other.table.identifiers[other.exceptional]) <= set(found.moved_customers["customer"])
    assert found.moved_customers["after"].isna().sum() == other.exceptional.sum()
    both = result.segmented & other.segmented
    assert found.adjusted_rand == pytest.approx(adjusted_rand_score(result.labels[both], other.labels[both]))
    assert compare(other, other).moved == 0


def test_nobody_in_a_segment_both_times_has_no_index() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 3, np.nan, np.nan, np.nan], "b": [np.nan, np.nan, np.nan, 1, 2, 3]})
    table = CustomerTable.read(frame)
    runs = [segment(table, features=[name], k=2, seed=0, recipe=Recipe(missing="drop")) for name in "ab"]
    found = compare(*runs)
    assert np.isnan(found.adjusted_rand)
    assert found.sentence.endswith("Nobody is in a segment both times.")
    assert found.moved == len(found.before.table)


def test_every_change_of_settings_is_a_sentence(table: CustomerTable, result: Segmentation) -> None:
    recipe = Recipe("drop", "auto", (0.01, 0.99), 4, "robust", {"Milk": 2}, trim=0.02)
    other = table.change(money={"Fresh": False})
    after = segment(other, k=5, seed=7, features=["Milk", "Grocery"], recipe=recipe)
    assert compare(result, after).changes == (
        "Features removed: “Fresh”, “Frozen”, “Detergents and paper”, “Delicatessen”.",
        "Seed: 42 before, 7 after.",
        "Number of segments: 4 before, 5 after.",
        (
            "Counted as spend: “Fresh”, “Milk”, “Grocery”, “Frozen”, “Detergents and paper”, “Delicatessen” before, "
            "“Milk”, “Grocery”, “Frozen”, “Detergents and paper”, “Delicatessen” after."
        ),
        "Missing values: filled with the median before, left out after.",
        "Evened out: nothing before, what is skewed after.",
        "Outliers: left as they are before, moved to the 1.0% and 99.0% quantiles after.",
        "Exceptional customers: in the segments before, set apart beyond 4 times the typical distance after.",
        "Farthest from all segments: in the segments before, 2.0% set apart after.",
        "Scaling: standard before, robust after.",
        "Weights: all equal before, Milk 2 after.",
    )
    assert (
        "Features added: “Fresh”, “Frozen”, “Detergents and paper”, “Delicatessen”." in compare(after, result).changes
    )
    assert "(drawn at random) after" in compare(result, segment(table, k=4)).changes[0]


def test_without_money_there_is_no_spend(table: CustomerTable) -> None:
    plain = table.change(money=dict.fromkeys(table.features, False))
    assert compare(segment(plain, k=2, seed=0), segment(plain, k=3, seed=0)).spend is None


def test_two_tables_are_refused(table: CustomerTable, result: Segmentation) -> None:
    later = segment(CustomerTable.read(table.frame.to_pandas().head(100)), k=4, seed=42)
    with pytest.raises(DataError, match=r"of 440 customers and of 100 customers\. .* use migrate\."):
        compare(result, later)


def test_one_dataframe_segmented_twice_is_one_table(frame: pd.DataFrame) -> None:
    assert compare(segment(frame, k=3, seed=0), segment(frame, k=4, seed=0)).matrix.sum() == 440


def test_names_from_the_table_are_no_markup() -> None:
    frame = pd.DataFrame({"<b>*x*</b>": np.repeat([0.0, 9.0], 20), "y": np.tile([1.0, 2.0], 20)})
    table = CustomerTable.read(frame)
    found = compare(segment(table, k=2, seed=0), segment(table, k=2, seed=0, features=["y"]))
    assert "<b>" not in found._repr_html_()
    assert "&lt;b&gt;*x*&lt;/b&gt;" in found._repr_html_()
    for html in (True, False):
        tags, text = rendered(found._repr_markdown_(), html=html)
        assert tags == {"p"}
        assert "<b>*x*</b>" in text


def test_of_many_customers_each_is_counted_once_and_agreement_is_that_of_scikit_learn() -> None:
    values = np.random.default_rng(0).normal(size=(100_000, 2))
    table = CustomerTable.read(pd.DataFrame(values, columns=["a", "b"]))
    before, after = (segment(table, k=k, seed=0) for k in (4, 6))
    found = compare(before, after)
    assert found.matrix.sum() == 100_000
    assert found.adjusted_rand == pytest.approx(adjusted_rand_score(before.labels, after.labels))


@given(segmentations(), recipes(), st.integers(2, 6))
def test_of_any_two_runs_every_customer_is_counted_once(before: Segmentation, recipe: Recipe, k: int) -> None:
    try:
        after = segment(before.table, k=k, seed=0, recipe=recipe)
    except (DataError, SettingError):
        reject()
    found = compare(before, after)
    np.testing.assert_array_equal(found.matrix[:-1].sum(axis=1), before.sizes)
    np.testing.assert_array_equal(found.matrix[:, :-1].sum(axis=0), after.sizes)
    stayed = sum(found.matrix[was - 1, now - 1] for now, was in found.partners.items()) + found.matrix[-1, -1]
    assert found.moved == len(before.table) - stayed
    assert len(found.moved_customers) == found.moved
    both = before.segmented & after.segmented
    if both.any():
        assert found.adjusted_rand == pytest.approx(adjusted_rand_score(before.labels[both], after.labels[both]))
    money = before.table.money(before.table.features)
    assert (found.spend is None) == (not money)
    if found.spend is not None:
        assert found.spend.sum() == pytest.approx(before.table.matrix(money).sum(), rel=1e-9, abs=1e-6)
