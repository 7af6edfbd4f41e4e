"""Conditions and sums of any table, against lists and loops."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from custseg import SettingError, segment
from custseg.tables.conditions import features_of, holds
from custseg.tables.customers import axis_length, positions_of
from custseg.tables.expressions import (
    EVERYONE,
    LEFT_OUT,
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
    Passing,
    Squares,
    Total,
)
from custseg.tables.in_memory import InMemoryCustomers
from custseg.tables.shapes import InBox, OnFeatures
from tests.strategies import segmentations

if TYPE_CHECKING:
    from custseg import Segmentation
    from custseg.tables.expressions import Aggregate, Condition


def conditions(result: Segmentation) -> st.SearchStrategy[Condition]:
    """Give any condition on the customers of a result."""
    codes = st.frozensets(st.sampled_from([LEFT_OUT, *range(1, result.k + 1), SET_APART]))
    names = st.lists(st.sampled_from([*result.table.identifiers.tolist(), "nobody"]), max_size=5)
    features, corner = st.sampled_from(result.features), st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
    boxes = st.builds(InBox, st.builds(OnFeatures, st.tuples(features, features)), corner, corner)
    simple = st.one_of(
        st.just(EVERYONE),
        st.builds(InSegments, codes),
        st.builds(lambda chosen: Identified(tuple(chosen)), names),
        st.builds(Passing, boxes),
    )
    return st.recursive(
        simple,
        lambda inner: st.builds(Not, inner) | st.builds(Both, inner, inner) | st.builds(Either, inner, inner),
        max_leaves=5,
    )


@given(segmentations(), st.data())
def test_a_condition_is_of_the_same_customers_wherever_it_is_asked(result: Segmentation, data: st.DataObject) -> None:
    condition = data.draw(conditions(result))
    customers = result.assignment
    assert isinstance(customers, InMemoryCustomers)
    expected = customers.where(condition)
    np.testing.assert_array_equal(holds(condition, customers.sample(customers.count)), expected)
    few = customers.sample(max(customers.count // 2, 1), seed=3)
    rows = [list(result.table.identifiers).index(name) for name in few.identifiers]
    np.testing.assert_array_equal(holds(condition, few), expected[rows])
    np.testing.assert_array_equal(
        customers.page(condition, limit=customers.count).identifiers, result.table.identifiers[expected]
    )
    assert customers.aggregate([Count()], where=condition)[Count()] == expected.sum()
    assert features_of(condition) <= set(result.features)


@given(segmentations(), st.integers(2, 4), st.data())
def test_sums_by_two_labels_are_those_of_a_loop_over_their_pairs(
    result: Segmentation, k: int, data: st.DataObject
) -> None:
    condition, feature = data.draw(conditions(result)), data.draw(st.sampled_from(result.features))
    try:
        other = segment(result.table, k=k, seed=0)
    except SettingError:
        # Too few customers differ for as many segments.
        other = result
    customers = other.label(result.assignment, "other")
    assert isinstance(customers, InMemoryCustomers)
    around = tuple(float(number) for number in range(axis_length(result.k) * axis_length(other.k)))
    wanted: list[Aggregate] = [
        Count(),
        Known(feature),
        Total(feature),
        Squares(feature, around),
        Least(feature),
        Largest(feature),
    ]
    found = customers.aggregate(wanted, by=(SEGMENT, "other"), where=condition)
    values, about = result.table.matrix([feature])[:, 0], customers.where(condition)
    own, others = (
        positions_of(customers.labels[name].codes, one.k) for name, one in ((SEGMENT, result), ("other", other))
    )
    pairs = product(range(axis_length(result.k)), range(axis_length(other.k)))
    for centre, (first, second) in zip(around, pairs, strict=True):
        group = values[about & (own == first) & (others == second)]
        expected = (
            len(group), len(group), group.sum(), np.square(group - centre).sum(),
            group.min(initial=np.inf), group.max(initial=-np.inf),
        )  # fmt: skip
        np.testing.assert_allclose([found[one][first, second] for one in wanted], expected, rtol=1e-9, atol=1e-12)
