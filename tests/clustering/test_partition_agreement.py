"""Agreement of two ways to segment, against scikit-learn and against its definition."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from custseg.clustering.partition_agreement import agreement, mean_agreement

labellings = st.integers(2, 40).flatmap(
    lambda rows: st.tuples(*[st.lists(st.integers(0, 3), min_size=rows, max_size=rows).map(np.array)] * 2)
)


@given(labellings)
def test_the_adjusted_rand_index_is_that_of_scikit_learn(pair: tuple[np.ndarray, np.ndarray]) -> None:
    own, other = pair
    assert agreement(own, other, 4).adjusted_rand == pytest.approx(adjusted_rand_score(own, other))


@given(labellings)
def test_prediction_strength_is_the_share_of_pairs_kept_in_the_worst_segment(
    pair: tuple[np.ndarray, np.ndarray],
) -> None:
    own, other = pair
    shares = []
    for position in range(4):
        pairs = list(combinations(np.flatnonzero(own == position), 2))
        shares.append(np.mean([other[one] == other[two] for one, two in pairs]) if pairs else 0.0)
    found = agreement(own, other, 4)
    assert found.prediction_strength == pytest.approx(min(shares))
    sizes = np.bincount(own, minlength=4)
    assert found.pair_agreement == pytest.approx(np.average(shares, weights=sizes))


def test_the_same_segments_agree_wholly_whatever_they_are_called() -> None:
    own = np.array([0, 0, 1, 1, 2, 2])
    found = agreement(own, (own + 1) % 3, 3)
    assert (found.prediction_strength, found.pair_agreement, found.adjusted_rand) == (1.0, 1.0, 1.0)
    assert mean_agreement([found, found]) == found
