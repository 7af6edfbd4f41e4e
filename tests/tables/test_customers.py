"""The seam: the same answers from customers in memory and from customers of whom nobody sees the rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, DataError, Recipe, Segmentation, interpret, profile, segment
from custseg.insight.groups import find_groups
from custseg.insight.projections import find_planes
from custseg.tables.expressions import (
    EVERYONE,
    SEGMENT,
    SET_APART,
    Both,
    Count,
    Either,
    Identified,
    InSegments,
    Known,
    Largest,
    Least,
    Not,
    Squares,
    Total,
)
from tests.tables.rowless import Rowless

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.tables.customers import Customers
    from custseg.tables.expressions import Aggregate

ROWS = 600
KINDS: dict[str, Callable[[Customers], Customers]] = {"in memory": lambda customers: customers, "rowless": Rowless}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    generator = np.random.default_rng(0)
    groups = generator.integers(0, 3, ROWS)
    spend = generator.lognormal(3 + groups[:, None], 0.4, (ROWS, 3))
    spend[generator.random((ROWS, 3)) < 0.03] = np.nan
    spend[:2] = 5000.0
    columns = {"customer": [f"C{row}" for row in range(ROWS)], "region": np.array(["n", "s", None])[groups]}
    return pd.DataFrame({**columns, **{f"spend_{name}": spend[:, place] for place, name in enumerate("abc")}})


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
    for one, values in zip(wanted, expected, strict=True):
        np.testing.assert_allclose(np.asarray(found[one], dtype=float), values)


def test_customers_are_counted_by_segment_and_category(
    result: Segmentation, whole: Segmentation, frame: pd.DataFrame
) -> None:
    found = result.assignment.aggregate([Count()], by=(SEGMENT, "region"))
    expected = pd.crosstab(np.where(whole.exceptional, 4, whole.labels), frame["region"].fillna("none"))
    levels = ["none" if level is None else level for level in found.levels["region"]]
    np.testing.assert_array_equal(found[Count()], expected[levels])


def test_a_condition_says_whom_it_is_about(result: Segmentation) -> None:
    def count(condition: object) -> int:
        return int(result.assignment.aggregate([Count()], where=condition)[Count()])  # type: ignore[arg-type]

    first, some = InSegments(frozenset({1})), Identified(("C0", "C5", "nobody"))
    assert count(EVERYONE) == ROWS
    assert count(first) == result.sizes[0]
    assert count(Not(first)) == ROWS - result.sizes[0]
    assert count(some) == 2
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
    one = result.assignment.page(Identified(("C7",)))
    assert (list(one.identifiers), one.of) == (["C7"], 1)


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


def test_rows_that_are_elsewhere_are_refused_in_a_sentence(whole: Segmentation) -> None:
    result = replace(whole, source=Rowless(whole.source))
    with pytest.raises(DataError, match=r"The rows of 600 customers were asked for, but these are not in memory\. Ask"):
        _ = result.labels
