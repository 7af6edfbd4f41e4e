"""Why a customer is where it is, and what would move it: recomputed, and asked of ``assign``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from custseg import CustomerTable, DataError, Recipe, Segmentation, SettingError, segment
from custseg.insight.explanation import explain, place, what_would_move
from tests.strategies import frames, recipes


def who(result: Segmentation, row: int) -> str:
    return str(result.table.identifiers[row])


@given(frames(), st.integers(2, 4), st.data())
def test_contributions_sum_to_the_difference_of_the_squared_distances(
    frame: pd.DataFrame, k: int, data: st.DataObject
) -> None:
    try:
        found = segment(CustomerTable.read(frame), k=k, seed=0)
    except (DataError, SettingError):
        reject()
    row = data.draw(st.integers(0, len(found.table) - 1))
    placed = explain(found, who(found, row))
    prepared = found.preparation.apply(found.table.matrix(found.features)[[row]])
    distances = np.linalg.norm(prepared - found.prepared_centroids, axis=1)
    assert placed.segment == found.labels[row]
    assert placed.distance == pytest.approx(distances[placed.segment - 1])
    assert placed.next_distance == pytest.approx(np.delete(distances, placed.segment - 1).min())
    difference = placed.next_distance**2 - placed.distance**2
    assert placed.contributions.sum() == pytest.approx(difference, abs=1e-6 * max(1.0, placed.next_distance**2))


@given(frames(), recipes(), st.integers(2, 4), st.data())
def test_just_before_the_value_a_customer_stays_and_at_it_it_moves(
    frame: pd.DataFrame, recipe: Recipe, k: int, data: st.DataObject
) -> None:
    try:
        result = segment(CustomerTable.read(frame), k=k, seed=0, recipe=recipe)
    except (DataError, SettingError):
        reject()
    row = data.draw(st.integers(0, len(frame) - 1))
    feature = data.draw(st.sampled_from(result.features))
    move = what_would_move(result, explain(result, who(result, row)), feature)
    if move is None:
        return
    own, customer = float(frame[feature].iloc[row]), frame.iloc[[row]]
    assert result.assign(customer.assign(**{feature: move.value})).tolist() == [move.segment]
    assert move.segment != result.labels[row]
    before = move.value - 1e-3 * (move.value - own)
    # Beyond a limit, values count as the limit.
    if result.assign(customer)[0] == result.labels[row] and abs(move.value - own) > 1e-6 * abs(own):
        # Where a share is set apart, there may be a gap between two segments.
        stays = {int(result.labels[row])} | ({0} if recipe.trim else set())
        assert set(result.assign(customer.assign(**{feature: before})).tolist()) <= stays


@given(frames(), recipes(), st.data())
def test_where_no_value_moves_a_customer_none_does(frame: pd.DataFrame, recipe: Recipe, data: st.DataObject) -> None:
    try:
        result = segment(CustomerTable.read(frame), k=3, seed=0, recipe=recipe)
    except (DataError, SettingError):
        reject()
    row = data.draw(st.integers(0, len(frame) - 1))
    feature = data.draw(st.sampled_from(result.features))
    if result.labels[row] == 0 or what_would_move(result, explain(result, who(result, row)), feature) is not None:
        return
    values = frame[feature]
    span = float(values.max() - values.min()) or 1.0
    tried = frame.iloc[[row] * 41].assign(**{feature: np.linspace(values.min() - span, values.max() + span, 41)})
    assert set(result.assign(tried).tolist()) <= {int(result.labels[row]), 0}


def test_a_feature_that_hardly_differs_moves_nobody_within_any_number_that_has_a_square() -> None:
    customers = pd.DataFrame({"a": [5e-206, 0.0, 0.0], "b": [1.0, 0.0, 0.0]})
    found = segment(customers, k=2, seed=0)
    assert what_would_move(found, explain(found, who(found, 0)), "a") is None


def test_place_agrees_with_assign(result: Segmentation, frame: pd.DataFrame) -> None:
    values = result.table.matrix(result.features)
    placed = [place(result, one)[0] for one in values]
    assert placed == result.assign(frame).tolist() == result.labels.tolist()


def test_the_sentence_names_reasons_values_and_both_centres(result: Segmentation) -> None:
    words = explain(result, who(result, 16)).sentence
    assert words.startswith(
        "Customer W017 is in segment 2 because of Fresh (1,020; the centre of segment 2 lies at 5,636, that of segment "
        "1 at 13,559), Grocery (12,121; "
    )
    assert words.endswith("It is 56% nearer to segment 2 than to segment 1, the next nearest.")
    against = explain(result, who(result, 0)).sentence
    assert "Milk (9,656) points to segment 2." in against


def test_customers_in_no_segment_have_a_sentence_of_their_own() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 1, 8, 9, 8, 500], "b": [1.0, 1, np.nan, 8, 8, 9, 500]})
    result = segment(frame, k=2, seed=0, recipe=Recipe(missing="drop", exceptional=2.0))
    apart, gap = explain(result, who(result, 6)), explain(result, who(result, 2))
    assert "set apart as exceptional. The nearest is segment" in apart.sentence
    assert gap.sentence == "Customer 3 is in no segment: it was left out because it has no value in b."
    for one in (apart, gap):
        assert one.segment == 0
        assert np.isnan(one.margin)
        assert not len(one.contributions)
    assert what_would_move(result, explain(result, who(result, 6)), "a") is None
    assert place(result, apart.values)[0] == 0


def test_a_missing_value_that_was_filled_is_said() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, np.nan, 8, 9, 8], "b": [1.0, 1, 2, 8, 8, 9]})
    result = segment(frame, k=2, seed=0)
    found = explain(result, who(result, 2))
    assert np.isnan(found.values).tolist() == [True, False]
    assert "nan" not in found.sentence
    move = what_would_move(result, explain(result, who(result, 2)), "a")
    assert move is not None
    assert result.assign(pd.DataFrame({"a": [move.value], "b": [2.0]})).tolist() == [move.segment]


def test_a_segment_of_one_customer_is_explained() -> None:
    result = segment(pd.DataFrame({"a": [1.0, 1, 2, 90], "b": [1.0, 2, 1, 90]}), k=2, seed=0)
    alone = explain(result, who(result, 3))
    assert (alone.distance, alone.margin) == (0, 1)
    assert "100% nearer" in alone.sentence


def test_what_is_not_there_is_refused(result: Segmentation) -> None:
    with pytest.raises(SettingError, match="There is no customer “W999” in this table"):
        explain(result, "W999")
    with pytest.raises(SettingError, match="was not compared"):
        what_would_move(result, explain(result, who(result, 0)), "Region")


def test_where_features_do_not_tell_two_segments_apart_none_moves(result: Segmentation) -> None:
    flat = result.prepared_centroids.copy()
    flat[:, 0] = 0.0
    found = replace(result, prepared_centroids=flat)
    assert what_would_move(found, explain(found, who(found, 5)), "Fresh") is None
