"""Whatever the table and the recipe: a result in which everything adds up, or a sentence that says why not."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from custseg import CustomerTable, DataError, Segmentation, SettingError, segment
from custseg.insight.profile import profile
from custseg.narrative.interpretation import interpret
from custseg.tables.column_roles import ROLES
from tests.strategies import columns_of_any_kind, recipes, tables_of_any_kind

if TYPE_CHECKING:
    from pathlib import Path

    from custseg.clustering.recipe import Recipe

NOT_A_NUMBER = re.compile(r"(?<!\w)-?(nan|inf)(?!\w)")


# What is refused in a sentence is checked for that and then rejected, so that Hypothesis fails a test in which hardly
# anything is accepted, instead of passing it.
def read(customers: Any) -> CustomerTable:
    try:
        return CustomerTable.read(customers)
    except DataError as refused:
        check_sentence(str(refused))
        reject()


def segmentation(table: CustomerTable, k: int, recipe: Recipe | None = None) -> Segmentation:
    try:
        return segment(table, k=k, seed=0, recipe=recipe)
    except (DataError, SettingError) as refused:
        check_sentence(str(refused))
        reject()


def check_sentence(sentence: str) -> None:
    assert sentence.endswith(".")
    assert sentence.isprintable()


def without_names(text: str, table: CustomerTable) -> str:
    names = {name for column in table.columns for name in (column.name, table.label(column.name)) if name.strip()}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return text


def check_that_everyone_has_a_place(result: Segmentation) -> None:
    recipe, values = result.preparation.recipe, result.table.matrix(result.features)
    assert len(result.labels) == len(result.table)
    assert set(result.labels[result.segmented]) == set(range(1, result.k + 1))
    assert not result.labels[~result.segmented].any()
    np.testing.assert_array_equal(result.sizes, np.bincount(result.labels, minlength=result.k + 1)[1:])
    assert result.sizes.sum() == result.segmented.sum()
    assert (np.diff(result.sizes) <= 0).all()
    incomplete = np.isnan(values).any(axis=1) if recipe.missing == "drop" else np.zeros(len(values), dtype=bool)
    np.testing.assert_array_equal(~result.segmented & ~result.exceptional, incomplete)
    assert (result.left_out, result.set_apart) == (incomplete.sum(), result.exceptional.sum())
    check_that_what_scores_finds_the_same_again(result)
    assert recipe.exceptional is not None or recipe.trim > 0 or not result.exceptional.any()
    assert np.isfinite(result.centroids).all()
    assert np.isfinite(result.prepared_centroids).all()
    assert np.isfinite(result.inertia)


def check_that_what_scores_finds_the_same_again(result: Segmentation) -> None:
    labels, exceptional = result.labels, result.exceptional
    result.release()
    np.testing.assert_array_equal(result.labels, labels)
    np.testing.assert_array_equal(result.exceptional, exceptional)
    np.testing.assert_array_equal(result.assign(result.table), labels)


def check_that_the_table_itself_is_scored_so(result: Segmentation, table: Any) -> None:
    if not isinstance(table, pl.LazyFrame):
        np.testing.assert_array_equal(result.assign(table), result.labels)
        return
    try:
        scored = result.assign(table)
    except (DataError, SettingError) as refused:
        # What needs customers in memory, or is read from text.
        check_sentence(str(refused))
    else:
        found = scored.select(pl.last()).collect().to_series().fill_null(0)
        np.testing.assert_array_equal(found.to_numpy(), result.labels)


def check_that_the_profile_adds_up(result: Segmentation) -> None:
    segment_profile = profile(result)
    values = pd.DataFrame(result.table.matrix(result.features))
    by_segment = values[result.segmented].groupby(result.labels[result.segmented])
    # A thousandth of the spread is nobody's difference, but sums of large numbers end differently in their last bits.
    scale = np.abs(values).max().fillna(0).to_numpy() * 1e-9
    for found, expected in ((segment_profile.means, by_segment.mean()), (segment_profile.medians, by_segment.median())):
        assert (np.isnan(found) == expected.isna().to_numpy()).all()
        assert (np.nan_to_num(np.abs(found - expected.to_numpy())) <= scale).all()
    apart = segment_profile.exceptional
    assert (apart is not None) == bool(result.exceptional.any())
    shares = [segment_profile.customer_share.sum() + (apart.customer_share if apart else 0)]
    if segment_profile.spend_share is not None:
        shares.append(segment_profile.spend_share.sum() + ((apart.spend_share or 0) if apart else 0))
    np.testing.assert_allclose(shares, 1)
    words = interpret(segment_profile)
    assert len(words.names) == len(words.sentences) == len(set(words.names)) == result.k
    for text in (*words.names, *words.sentences, words.exceptional, *result.preparation.steps, *result.table.notes):
        assert not NOT_A_NUMBER.search(without_names(text, result.table))


@given(tables_of_any_kind(), st.integers(2, 5), recipes())
@settings(max_examples=100)
def test_any_table_is_segmented_so_that_everything_adds_up_or_refused(table: Any, k: int, recipe: Recipe) -> None:
    result = segmentation(read(table), k, recipe)
    check_that_everyone_has_a_place(result)
    check_that_the_profile_adds_up(result)
    check_that_the_table_itself_is_scored_so(result, table)
    assert len(result.customers) == len(result.table)


@given(tables_of_any_kind(), st.data())
def test_any_choice_of_features_logarithms_and_weights_is_followed_or_refused(table: Any, data: st.DataObject) -> None:
    customers = read(table)
    names = list(customers.features)
    recipe = replace(
        data.draw(recipes()),
        log=tuple(data.draw(st.lists(st.sampled_from(names), unique=True))),
        weights=data.draw(st.dictionaries(st.sampled_from(names), st.floats(0.01, 100), max_size=2)),
    )
    result = segmentation(customers, 2, recipe)
    check_that_everyone_has_a_place(result)
    check_that_the_profile_adds_up(result)


@given(tables_of_any_kind(), st.data())
def test_any_column_can_be_given_any_role_or_is_refused_in_a_sentence(table: Any, data: st.DataObject) -> None:
    customers = read(table)
    name = data.draw(st.sampled_from([column.name for column in customers.columns]))
    role = data.draw(st.sampled_from(ROLES))
    try:
        changed = customers.change(roles={name: role})
    except (DataError, SettingError) as refused:
        check_sentence(str(refused))
        reject()
    assert changed.column(name).role == role
    assert len(changed.identifiers) == len(customers)
    check_that_everyone_has_a_place(segmentation(changed, 2))


@given(columns_of_any_kind(), st.sampled_from([",", ";", "\t", "|"]), st.sampled_from([".", ","]))
@settings(max_examples=40)
def test_any_table_may_come_through_a_csv_file(
    tmp_path_factory: Any, columns: dict[str, list[Any]], separator: str, decimal: str
) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "any.csv"
    pd.DataFrame(columns).to_csv(path, index=False, sep=separator, decimal="." if separator == "," else decimal)
    result = segmentation(read(path), 2)
    check_that_everyone_has_a_place(result)
    check_that_the_profile_adds_up(result)
    np.testing.assert_array_equal(result.assign(path), result.labels)
