"""What became of each segment's customers: recomputed with pandas and SciPy, planted, and of any table."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2_contingency, fisher_exact

from custseg import (
    CustomerTable,
    DataError,
    Recipe,
    Segmentation,
    SettingError,
    find_associations,
    find_outcomes,
    find_rules,
    profile,
    segment,
)
from custseg.insight.outcomes import score_intervals
from tests.strategies import tables_of_any_kind
from tests.tables.rowless import Rowless

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.insight.outcomes import Outcome

SIZES = (600, 400)


def segmented(**outcomes: Sequence[object]) -> Segmentation:
    """Segment 600 and 400 customers that lie far apart, with these outcomes beside."""
    place = np.repeat([0.0, 100.0], SIZES) + np.linspace(0, 1, sum(SIZES))
    frame = pd.DataFrame({"place": place, **outcomes})
    table = CustomerTable.read(frame, roles=dict.fromkeys(outcomes, "outcome"))
    return segment(table, features=["place"], k=2, seed=0)


def so_many(*events: int, yes: object = "Yes", no: object = "No") -> list[object]:
    """Return what became of the customers: so many events in the one segment, and so many in the other."""
    return [cell for size, some in zip(SIZES, events, strict=True) for cell in [yes] * some + [no] * (size - some)]


def only(result: Segmentation) -> Outcome:
    (found,) = find_outcomes(result)
    return found


def test_of_each_segment_the_events_are_counted_and_compared_with_all() -> None:
    found = only(segmented(Churn=so_many(288, 40)))
    assert (found.column, found.event, found.words, found.main) == ("Churn", "Yes", "left", True)
    assert (found.events.tolist(), found.known.tolist(), found.missing.tolist()) == ([288, 40], [600, 400], [0, 0])
    np.testing.assert_allclose(found.shares, [0.48, 0.1])
    assert found.overall == pytest.approx(0.328)
    np.testing.assert_allclose(found.lifts, [0.48 / 0.328, 0.1 / 0.328])
    assert found.telling.tolist() == [True, True]


@pytest.mark.parametrize("k", [2, 3, 5])
def test_counts_and_shares_are_those_of_pandas(frame: pd.DataFrame, k: int) -> None:
    table = CustomerTable.read(frame, roles={"Channel": "outcome", "Region": "outcome"})
    result = segment(table, k=k, seed=1, recipe=Recipe(exceptional=3))
    inside = frame[result.segmented]
    channel, *regions = find_outcomes(result)
    assert len(regions) == frame["Region"].nunique()
    for found in (channel, *regions):
        counted = pd.crosstab(result.labels[result.segmented], inside[found.column])
        np.testing.assert_array_equal(found.events, counted[found.event])
        np.testing.assert_array_equal(found.known, counted.sum(axis=1))
        np.testing.assert_allclose(found.shares, counted[found.event] / counted.sum(axis=1))
        assert found.overall == pytest.approx((inside[found.column] == found.event).mean())


@given(st.integers(1, 10**6).flatmap(lambda known: st.tuples(st.integers(0, known), st.just(known))))
def test_the_interval_is_wilsons(case: tuple[int, int]) -> None:
    events, known = case
    wanted = binomtest(events, known).proportion_ci(method="wilson")
    low, high = score_intervals(events, known)
    assert (low, high) == (pytest.approx(wanted.low, abs=1e-12), pytest.approx(wanted.high, abs=1e-12))
    assert 0 <= low <= events / known <= high <= 1


@pytest.mark.parametrize("events", [(288, 40), (200, 130), (3, 1), (0, 4), (600, 399)])
def test_each_segment_is_tested_against_all_others(events: tuple[int, int]) -> None:
    found = only(segmented(Churn=so_many(*events)))
    both = np.array([[some, size - some] for some, size in zip(events, SIZES, strict=True)])
    expected = np.outer(both.sum(axis=1), both.sum(axis=0)) / both.sum()
    exact = (expected < 5).any()
    wanted = fisher_exact(both).pvalue if exact else chi2_contingency(both, correction=False).pvalue
    np.testing.assert_allclose(found.p_values, [wanted, wanted])


def test_with_many_outcomes_chance_sets_no_segment_apart() -> None:
    generator = np.random.default_rng(0)
    noise = {f"c{number:02}": generator.choice(["Yes", "No"], sum(SIZES)).tolist() for number in range(30)}
    found = find_outcomes(segmented(**noise))
    assert any((one.p_values < 0.05).any() for one in found)
    assert not any(one.differs.any() for one in found)


def test_a_difference_that_matters_to_nobody_is_not_telling() -> None:
    found = only(segmented(Churn=so_many(288, 40)))
    many = replace(
        found, events=np.array([26_000, 27_000]), known=np.array([100_000, 100_000]), p_values=np.array([1e-6, 1e-6])
    )
    assert many.differs.tolist() == [True, True]
    assert many.telling.tolist() == [False, False]
    # Of 90% and 96%, 10% and 4% stayed.
    rare = replace(many, events=np.array([90_000, 96_000]))
    assert rare.telling.tolist() == [True, True]


def test_what_is_missing_is_neither_event_nor_the_opposite() -> None:
    cells = so_many(288, 40)
    cells[:100], cells[-50:] = [None] * 100, ["n/a"] * 50
    found = only(segmented(Churn=cells))
    assert found.missing.tolist() == [100, 50]
    assert found.known.tolist() == [500, 350]
    np.testing.assert_allclose(found.shares, [188 / 500, 40 / 350])


def test_where_nothing_is_known_of_a_segment_its_share_is_missing() -> None:
    found = only(segmented(Churn=[*so_many(288, 0)[:600], *[None] * 400]))
    assert found.known.tolist() == [600, 0]
    assert np.isnan(found.shares[1])
    assert np.isnan(found.intervals[1]).all()
    assert found.telling.tolist() == [False, False]


def test_customers_in_no_segment_are_not_counted() -> None:
    place = [*np.linspace(0, 1, 50), *np.linspace(10, 11, 50), np.nan, np.nan]
    frame = pd.DataFrame({"place": place, "left": ["Yes", "No"] * 50 + ["Yes", "Yes"]})
    table = CustomerTable.read(frame, roles={"left": "outcome"})
    found = only(segment(table, k=2, seed=0, recipe=Recipe(missing="drop")))
    assert (int(found.known.sum()), int(found.events.sum())) == (100, 50)


def test_the_event_is_the_same_whether_or_not_it_happened_to_anybody_in_a_segment() -> None:
    place = [*np.linspace(0, 1, 50), *np.linspace(10, 11, 50), np.nan]
    frame = pd.DataFrame({"place": place, "Churn": ["No"] * 100 + ["Yes"]})
    table = CustomerTable.read(frame, roles={"Churn": "outcome"})
    found = only(segment(table, k=2, seed=0, recipe=Recipe(missing="drop")))
    assert (found.event, found.events.tolist(), found.overall) == ("Yes", [0, 0], 0)
    assert np.isnan(found.lifts).all()
    assert not found.differs.any()


@pytest.mark.parametrize(
    ("yes", "no", "event"), [("Yes", "No", "Yes"), (1, 0, "1"), (1.0, 0.0, "1"), (True, False, "True")]
)
def test_yes_and_no_are_known_however_they_are_written(yes: object, no: object, event: str) -> None:
    # The event is yes, also where most customers have it.
    found = only(segmented(Complain=so_many(500, 300, yes=yes, no=no)))
    assert (found.event, found.words) == (event, "Complain: yes")
    assert found.events.tolist() == [500, 300]


def test_ways_to_write_a_level_are_one_level() -> None:
    cells = so_many(288, 40)
    cells[:10] = ["yes", " YES "] * 5
    assert only(segmented(Churn=cells)).events.tolist() == [288, 40]
    status = only(segmented(status=[*so_many(288, 40, yes="Churned", no="stayed")[:-1], "Stayed"]))
    assert (status.events.tolist(), status.known.tolist()) == ([288, 40], [600, 400])


def test_of_more_than_two_levels_each_is_told_and_one_may_be_the_event() -> None:
    cells = [("Stayed", "Churned", "Joined")[number % 3] for number in range(1000)]
    found = find_outcomes(segmented(**{"Customer Status": cells}))
    assert {one.event: (one.words, one.main) for one in found} == {
        "Churned": ("left", True),
        "Stayed": ("stayed", False),
        "Joined": ("joined", False),
    }
    np.testing.assert_allclose(np.sum([one.shares for one in found], axis=0), 1)
    plans = find_outcomes(segmented(plan=[("A", "B", "C")[number % 3] for number in range(1000)]))
    assert [(one.words, one.main) for one in plans] == [("plan: A", False), ("plan: B", False), ("plan: C", False)]


def test_the_same_word_for_two_columns_or_levels_is_told_apart() -> None:
    two = find_outcomes(segmented(Churn=so_many(288, 40), Exited=so_many(280, 30)))
    assert [one.words for one in two] == ["left (Churn)", "left (Exited)"]
    cells = [("Churned: price", "Churned: moved", "Stayed")[number % 3] for number in range(1000)]
    words = {one.words for one in find_outcomes(segmented(Status=cells))}
    assert words == {"Status: Churned: price", "Status: Churned: moved", "stayed"}


def test_its_label_is_what_people_call_it() -> None:
    result = segmented(Complain=so_many(288, 40))
    columns = tuple(replace(column, label="Complained") for column in result.table.columns)
    table = replace(result.table, columns=columns)
    assert only(replace(result, source=table.customers)).words == "Complained: yes"


def test_an_outcome_is_neither_compared_nor_a_category_nor_in_a_rule() -> None:
    result = segmented(Churn=so_many(288, 40, yes=1, no=0))
    assert result.table.features == ("place",)
    assert find_associations(result) == ()
    conditions = [condition for rule in find_rules(result).rules for condition in rule.conditions]
    assert {condition.feature for condition in conditions} == {"place"}


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_every_dataframe_gives_the_same(make: type) -> None:
    columns = {"place": np.repeat([0.0, 100.0], SIZES) + np.linspace(0, 1, 1000), "Churn": so_many(288, 40)}
    table = CustomerTable.read(make(columns), roles={"Churn": "outcome"})
    assert only(segment(table, k=2, seed=0)).events.tolist() == [288, 40]


def test_nobody_beyond_the_seam_needs_rows() -> None:
    result = segmented(Churn=so_many(288, 40))
    elsewhere = replace(result, source=Rowless(result.source))
    np.testing.assert_array_equal(only(elsewhere).events, only(result).events)


def test_a_profile_has_them() -> None:
    result = segmented(Churn=so_many(288, 40))
    (found,) = profile(result).outcomes
    assert found.frame.loc["all", "share"] == pytest.approx(0.328)
    assert list(found.frame.index) == [1, 2, "all"]


def test_names_and_levels_from_the_table_are_no_markup() -> None:
    found = only(segmented(**{"<b>c</b>": so_many(288, 40, yes="<img src=x>", no="y")}))
    assert "<img" not in found._repr_html_()
    assert "<b>" not in found._repr_html_()


@given(tables_of_any_kind(), st.integers(2, 3))
def test_of_any_table_every_customer_is_an_event_or_not_or_unknown(customers: object, k: int) -> None:
    try:
        result = segment(customers, k=k, seed=0)
    except (DataError, SettingError):
        reject()
    table = result.table
    for column in table.columns:
        # What can't be one is refused.
        with suppress(SettingError):
            table = table.change(roles={column.name: "outcome"})
    for found in find_outcomes(result, table):
        np.testing.assert_array_equal(found.known + found.missing, result.sizes)
        assert (found.events <= found.known).all()
        known = found.known > 0
        low, high, shares = *found.intervals[known].T, found.shares[known]
        assert ((low >= 0) & (low <= shares) & (shares <= high) & (high <= 1)).all()
        assert ((found.p_values > 0) & (found.p_values <= 1)).all()
        assert "<script" not in found._repr_html_()
