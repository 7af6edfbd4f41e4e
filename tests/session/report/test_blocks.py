"""Blocks hold enough customers each, lie within the groups that are kept apart, and add up to everybody."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from custseg.session.report.blocks import OUTSIDE, make_blocks, means_of, merged


@given(
    customers=st.integers(30, 400), groups=st.integers(1, 4), finer=st.integers(1, 12), least=st.integers(1, 7),
    most=st.integers(1, 60), missing=st.floats(0, 0.3), seed=st.integers(0, 1000),
)  # fmt: skip
def test_each_block_has_enough_customers_of_one_group(
    customers: int, groups: int, finer: int, least: int, most: int, missing: float, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    prepared = generator.normal(size=(customers, 3)).round(generator.integers(0, 3))
    own = generator.integers(groups, size=customers)
    # Some are in no group, and each group has enough.
    own[generator.random(customers) < 0.1] = OUTSIDE
    whole = generator.random(customers) >= missing
    for group in range(groups):
        rows = generator.choice(customers, size=least, replace=False)
        own[rows], whole[rows] = group, True
    kept = [group for group in range(groups) if np.count_nonzero(whole[own == group]) >= least]
    own[~np.isin(own, kept)] = OUTSIDE
    blocks = make_blocks(prepared, own, own * 20 + generator.integers(finer, size=customers), whole, least, most)
    np.testing.assert_array_equal(blocks.of == OUTSIDE, own == OUTSIDE)
    assert blocks.counts.sum() == np.count_nonzero(own != OUTSIDE)
    for block, count in enumerate(blocks.counts):
        rows = blocks.of == block
        assert rows.sum() == count
        assert len(set(own[rows])) == 1
        assert np.count_nonzero(whole[rows]) >= least


def test_those_who_are_together_in_every_grouping_stay_together_where_they_are_enough() -> None:
    generator = np.random.default_rng(3)
    finer = np.repeat(np.arange(4), [20, 20, 20, 2])
    prepared = np.column_stack([finer * 10.0, generator.normal(size=62)])
    blocks = make_blocks(prepared, np.zeros(62, dtype=np.intp), finer, np.ones(62, dtype=bool), 5, 100)
    for block in range(len(blocks.counts)):
        # The two of the last one join those who are nearest.
        assert len(set(np.minimum(finer[blocks.of == block], 2))) == 1
    assert blocks.displaced(finer) == 2


def test_the_smallest_group_joins_the_nearest_until_all_are_large_enough() -> None:
    centroids = np.array([[0.0], [10.0], [11.0], [30.0]])
    assert merged([50, 40, 3, 1], centroids, 5) == ((0,), (1, 2, 3))
    assert merged([50, 40, 3, 5], centroids, 5) == ((0,), (1, 2), (3,))
    assert merged([50, 40, 30, 5], centroids, 5) == ((0,), (1,), (2,), (3,))
    assert merged([2, 1, 1, 0], centroids, 5) == ((0, 1, 2, 3),)


def test_means_are_of_those_who_have_a_value() -> None:
    values = np.array([[1.0, np.nan], [3.0, 4.0], [5.0, np.nan], [7.0, 8.0]])
    means = means_of(np.array([0, 0, 1, OUTSIDE]), 2, values)
    np.testing.assert_array_equal(means, [[2, 4], [5, np.nan]])
