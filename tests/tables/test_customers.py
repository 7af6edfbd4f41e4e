"""The seam: the same answers from customers in memory and from customers of whom nobody sees the rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import (
    CustomerTable,
    DataError,
    Recipe,
    Segmentation,
    SettingError,
    certainty,
    compare,
    find_associations,
    find_rules,
    interpret,
    migrate,
    profile,
    segment,
)
from custseg.clustering.segmentation import IsIn
from custseg.insight.explanation import explain, what_would_move
from custseg.insight.groups import find_groups
from custseg.insight.hidden_differences import find_overlaps
from custseg.insight.projections import find_planes
from custseg.session.run_result import RunResult
from custseg.session.selection import Selection
from custseg.session.selection_by_segment import describe_selection, whole_segment
from custseg.tables.expressions import (
    EVERYONE,
    SEGMENT,
    SET_APART,
    Both,
    Count,
    Either,
    Identified,
    IdentifierContains,
    InSegments,
    Known,
    Largest,
    Least,
    Not,
    Passing,
    Squares,
    Total,
)
from custseg.tables.shapes import InBox, OnFeatures
from tests.tables.rowless import Rowless

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.change.comparison import Comparison
    from custseg.tables.customers import Customers
    from custseg.tables.expressions import Aggregate, Condition

ROWS = 600
BOTH = "spend_a", "spend_b"
KINDS: dict[str, Callable[[Customers], Customers]] = {"in memory": lambda customers: customers, "rowless": Rowless}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    generator = np.random.default_rng(0)
    groups = generator.integers(0, 3, ROWS)
    spend = generator.lognormal(3 + groups[:, None], 0.4, (ROWS, 3))
    spend[generator.random((ROWS, 3)) < 0.03] = np.nan
    spend[:2] = 5000.0
    columns = {"customer": [f"C{row}" for row in range(ROWS)], "region": np.array(["n", "s", None])[groups]}
    return pd.DataFrame({**columns, **{f"spend_{name}": column for name, column in zip("abc", spend.T, strict=True)}})


@pytest.fixture(scope="module")
def whole(frame: pd.DataFrame) -> Segmentation:
    return segment(CustomerTable.read(frame), k=3, seed=0, recipe=Recipe(exceptional=8, missing="drop"))


@pytest.fixture(params=KINDS)
def result(request: pytest.FixtureRequest, whole: Segmentation) -> Segmentation:
    return replace(whole, source=KINDS[request.param](whole.source))


def test_everybody_is_in_one_group(result: Segmentation) -> None:
    counts = result.assignment.aggregate([Count()], by=(SEGMENT,))[Count()]
    assert counts.tolist() == [result.left_out, *result.sizes.tolist(), result.set_apart]
    assert result.left_out > 0
    assert result.set_apart == 2


def test_aggregates_are_those_of_pandas(result: Segmentation, whole: Segmentation, frame: pd.DataFrame) -> None:
    codes = np.where(whole.exceptional, 4, whole.labels)
    by_group = frame.groupby(codes)["spend_a"]
    means = tuple(by_group.mean())
    wanted: list[Aggregate] = [
        Known("spend_a"),
        Total("spend_a"),
        Squares("spend_a", means),
        Least("spend_a"),
        Largest("spend_a"),
    ]
    found = result.assignment.aggregate(wanted, by=(SEGMENT,))
    known = by_group.count()
    expected = [known, by_group.sum(), by_group.var(ddof=0) * known, by_group.min(), by_group.max()]
    for aggregate, values in zip(wanted, expected, strict=True):
        np.testing.assert_allclose(np.asarray(found[aggregate], dtype=float), values)


def test_customers_are_counted_by_segment_and_category(
    result: Segmentation, whole: Segmentation, frame: pd.DataFrame
) -> None:
    found = result.assignment.aggregate([Count()], by=(SEGMENT, "region"))
    expected = pd.crosstab(np.where(whole.exceptional, 4, whole.labels), frame["region"].fillna("none"))
    levels = ["none" if level is None else level for level in found.levels["region"]]
    np.testing.assert_array_equal(found[Count()], expected[levels])


def test_a_condition_says_whom_it_is_about(result: Segmentation) -> None:
    def count(condition: Condition) -> int:
        return int(result.assignment.aggregate([Count()], where=condition)[Count()])

    first, some = InSegments(frozenset({1})), Identified(("C0", "C5", "nobody"))
    assert count(EVERYONE) == ROWS
    assert count(first) == result.sizes[0]
    assert count(Not(first)) == ROWS - result.sizes[0]
    assert count(some) == 2

    assert count(IdentifierContains("c5")) == sum("C5" in f"C{row}" for row in range(ROWS)) == 111
    assert count(IdentifierContains("c5 ")) == 0
    assert count(Either(first, some)) + count(Both(first, some)) == count(first) + count(some)
    assert count(InSegments(frozenset({SET_APART}))) == 2


def test_a_sample_is_seeded_and_knows_whom_it_stands_for(result: Segmentation, frame: pd.DataFrame) -> None:
    few, again, all_ = (result.assignment.sample(most, seed=3) for most in (50, 50, ROWS))
    np.testing.assert_array_equal(few.values, again.values)
    assert (len(few), few.of, few.whole) == (50, ROWS, False)
    assert (len(all_), all_.whole) == (ROWS, True)
    rows = [int(name[1:]) for name in few.identifiers]
    assert rows == sorted(rows)
    np.testing.assert_array_equal(few.column("spend_b"), frame["spend_b"].iloc[rows])
    segments = result.assignment.sample(20, where=InSegments(frozenset({2})))
    assert set(segments.labels[SEGMENT]) == {2}
    assert segments.of == result.sizes[1]


def test_a_page_shows_some_of_those_who_are_meant_in_order(result: Segmentation, frame: pd.DataFrame) -> None:
    page = result.assignment.page(InSegments(frozenset({1})), order="spend_a", offset=1, limit=5)
    own = frame[result.assignment.sample(ROWS).labels[SEGMENT] == 1].sort_values("spend_a")
    assert list(page.identifiers) == list(own["customer"].iloc[1:6])
    assert page.of == len(own)
    single = result.assignment.page(Identified(("C7",)))
    assert (list(single.identifiers), single.of) == (["C7"], 1)


def test_numbers_and_words_are_the_same_without_rows(result: Segmentation, whole: Segmentation) -> None:
    found, expected = profile(result), profile(whole)
    np.testing.assert_array_equal(found.frame, expected.frame)
    np.testing.assert_array_equal(found.quartiles, expected.quartiles)
    np.testing.assert_array_equal(found.effects, expected.effects)
    assert found.exceptional is not None
    assert interpret(found).sentences == interpret(expected).sentences
    for own, other in zip(find_planes(result), find_planes(whole), strict=True):
        np.testing.assert_array_equal(own.directions, other.directions)
    for group, counterpart in zip(find_groups(found).segments, find_groups(expected).segments, strict=True):
        np.testing.assert_array_equal(group.ranks, counterpart.ranks)


def test_how_sure_a_segment_is_needs_no_rows(result: Segmentation, whole: Segmentation) -> None:
    found, expected = certainty(result, seed=1), certainty(whole, seed=1)
    np.testing.assert_array_equal(found.jaccard, expected.jaccard)
    np.testing.assert_array_equal(found.silhouette, expected.silhouette)
    np.testing.assert_array_equal(found.sample.identifiers, expected.sample.identifiers)
    assert found.borderline == (expected.margin < 0.1).sum() > 0
    pd.testing.assert_frame_equal(found.borderline_customers, expected.borderline_customers)
    assert set(found.borderline_customers["customer"]) == set(whole.table.identifiers[expected.margin < 0.1])


def test_rules_are_tested_on_customers_who_are_known_by_name(result: Segmentation, whole: Segmentation) -> None:
    found, expected = find_rules(result, seed=1), find_rules(whole, seed=1)
    assert str(found) == str(expected)
    assert list(found.held_out) == list(expected.held_out)
    held = np.isin(whole.table.identifiers, found.held_out)
    sizes = np.bincount(whole.labels[held], minlength=4)
    assert sizes.tolist() == [0, *(whole.sizes // 3).tolist()]


def test_what_a_picture_hides_needs_no_rows(result: Segmentation, whole: Segmentation) -> None:
    found = find_overlaps(result)
    for feature, values in enumerate(whole.table.matrix(whole.features).T):
        first, second = (values[whole.labels == number] for number in (1, 2))
        above = np.sign(first[:, None] - second[None, :])
        np.testing.assert_allclose(found.superiority[0, 1, feature], (above.mean() + 1) / 2)


def test_categories_are_tested_without_rows(result: Segmentation, whole: Segmentation, frame: pd.DataFrame) -> None:
    (found,) = find_associations(result)
    inside = whole.labels > 0
    expected = pd.crosstab(whole.labels[inside], frame["region"].fillna("no value")[inside])
    np.testing.assert_array_equal(found.counts, expected[list(found.levels)])
    assert found.dependent


@pytest.fixture(scope="module")
def four(whole: Segmentation) -> Segmentation:
    return segment(whole.table, k=4, seed=0)


@pytest.fixture
def comparison(result: Segmentation, four: Segmentation) -> Comparison:
    return compare(result, replace(four, source=result.source))


def test_two_results_are_compared_without_rows(
    comparison: Comparison, whole: Segmentation, four: Segmentation, frame: pd.DataFrame
) -> None:
    before, after = (np.where(one.labels > 0, one.labels, one.k + 1) for one in (whole, four))
    expected = pd.crosstab(before, after).reindex(index=range(1, 5), columns=range(1, 6), fill_value=0)
    np.testing.assert_array_equal(comparison.matrix, expected)
    spend = frame[["spend_a", "spend_b", "spend_c"]].sum(axis=1)
    summed = pd.crosstab(before, after, values=spend, aggfunc="sum")
    summed = summed.reindex(index=range(1, 5), columns=range(1, 6)).fillna(0)
    np.testing.assert_allclose(comparison.spend, summed)  # type: ignore[arg-type]


def test_who_moved_is_named_without_rows(comparison: Comparison, whole: Segmentation, four: Segmentation) -> None:
    partners = np.array([0, *(comparison.partners.get(number, -1) for number in range(1, 5))])
    moved = whole.labels != partners[four.labels]
    assert comparison.moved == moved.sum() > 0
    assert list(comparison.moved_customers["customer"]) == list(whole.table.identifiers[moved])
    assert comparison.moved_customers["after"].fillna(0).tolist() == four.labels[moved].tolist()
    assert comparison.sentence.startswith(f"{moved.sum()} of 600 customers")


@pytest.mark.parametrize("customer", ["C9", "C1"])
def test_one_customer_is_explained_without_rows(result: Segmentation, whole: Segmentation, customer: str) -> None:
    found, expected = explain(result, customer), explain(whole, customer)
    assert (found.sentence, found.segment) == (expected.sentence, whole.labels[int(customer[1:])])
    for feature in result.features:
        assert what_would_move(result, found, feature) == what_would_move(whole, expected, feature)
    with pytest.raises(SettingError, match="There is no customer “C600” in this table"):
        explain(result, "C600")


def test_a_selection_is_described_without_rows(result: Segmentation, whole: Segmentation, frame: pd.DataFrame) -> None:
    found = profile(result)
    outcome = RunResult(1, result, found, interpret(found), (), find_overlaps(result), (0, 1, 2), 0.0)

    def selection(where: Condition) -> Selection:
        return Selection(where, "conditions", int(result.source.aggregate([Count()], where=where)[Count()]))

    second, box = Passing(IsIn(whole, frozenset({2}))), Passing(InBox(OnFeatures(BOTH), (0.0, 0.0), (60.0, 60.0)))
    assert whole_segment(selection(second), result) == 2
    assert whole_segment(selection(Passing(IsIn(whole, frozenset({SET_APART})))), result) == 0
    member = whole.table.identifiers[whole.labels == 2][0]
    assert whole_segment(selection(Both(second, Not(Identified((member,))))), result) is None
    inside = (frame[list(BOTH)] <= 60).all(axis=1)
    words = describe_selection(selection(box), outcome)
    assert words.startswith(f"Selected: {inside.sum()} customers, of which ")
    for number in range(1, 4):
        members = int((inside & (whole.labels == number)).sum())
        assert (f"{members} in segment {number}" in words) == (members > 0)
    # A customer of whom not all is known was left out, and counts nowhere.
    counted = inside & (whole.labels > 0)
    np.testing.assert_allclose(find_groups(found).describe(box).means[0], frame["spend_a"][counted].mean())


def test_rows_that_are_elsewhere_are_refused_in_a_sentence(whole: Segmentation) -> None:
    result = replace(whole, source=Rowless(whole.source))
    with pytest.raises(DataError, match=r"The rows of 600 customers were asked for, but these are not in memory\. Ask"):
        _ = result.labels


def test_customers_are_not_followed_to_a_later_table_where_nobody_can_list_them(
    whole: Segmentation, frame: pd.DataFrame
) -> None:
    with pytest.raises(DataError, match="not in memory"):
        migrate(replace(whole, source=Rowless(whole.source)), frame)
