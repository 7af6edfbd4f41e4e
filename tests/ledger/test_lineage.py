"""Which segment is which: planted births, splits and merges are told, and numbers play no part."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from custseg.ledger.lineage import Lineage, Transition, trace


def traced(shared: list[list[int]], came: list[int] | None = None) -> Lineage:
    matrix = np.array(shared, dtype=np.intp)
    return trace(matrix, matrix.sum(axis=1), np.array(came or [0] * matrix.shape[1], dtype=np.intp))


@pytest.mark.parametrize(
    ("shared", "came", "partners", "transitions"),
    [
        pytest.param([[90, 5], [8, 60]], None, {0: 0, 1: 1}, (), id="both go on"),
        pytest.param([[5, 90], [60, 8]], None, {1: 0, 0: 1}, (), id="under other numbers"),
        pytest.param([[90], [0]], None, {0: 0}, (Transition("end", (1,), ()),), id="nobody was in the one that ends"),
        pytest.param([[90, 3]], [0, 40], {0: 0}, (Transition("birth", (), (1,)),), id="those who came are a segment"),
        pytest.param(
            [[60, 40]], None, {0: 0}, (Transition("split", (0,), (0, 1)),), id="a split, of which one goes on"
        ),
        pytest.param([[50, 50]], None, {}, (Transition("split", (0,), (0, 1)),), id="an even split"),
        pytest.param(
            [[60], [40]], None, {0: 0}, (Transition("merge", (0, 1), (0,)),), id="a merge into one that goes on"
        ),
        pytest.param([[50], [50]], None, {}, (Transition("merge", (0, 1), (0,)),), id="an even merge"),
        pytest.param(
            [[60, 40]], [60, 0], {0: 0}, (Transition("split", (0,), (0, 1)),), id="those who came split nothing"
        ),
        pytest.param(
            [[40, 0, 30], [0, 40, 30], [30, 30, 0]],
            None,
            {},
            None,
            id="all is mixed",
        ),
    ],
)
def test_planted_changes_are_told(
    shared: list[list[int]],
    came: list[int] | None,
    partners: dict[int, int],
    transitions: tuple[Transition, ...] | None,
) -> None:
    found = traced(shared, came)
    assert found.partners == partners
    if transitions is not None:
        assert found.transitions == transitions


def test_a_segment_that_most_went_to_and_that_is_no_longer_the_same_is_replaced() -> None:
    found = traced([[60, 40], [35, 300]])
    assert found.partners == {1: 1}
    assert found.transitions == (Transition("replaced", (0,), (0,)),)


@given(
    arrays(np.intp, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.integers(0, 60)),
    st.randoms(use_true_random=False),
)
def test_numbers_play_no_part_and_everybody_is_accounted_for(shared: np.ndarray, random: object) -> None:
    rows, columns = list(range(shared.shape[0])), list(range(shared.shape[1]))
    random.shuffle(rows)  # type: ignore[attr-defined]
    random.shuffle(columns)  # type: ignore[attr-defined]
    came = np.arange(shared.shape[1], dtype=np.intp) * 7
    sizes = shared.sum(axis=1)
    one = trace(shared, sizes, came)
    other = trace(shared[np.ix_(rows, columns)], sizes[rows], came[columns])
    assert {columns[after]: rows[before] for after, before in other.partners.items()} == one.partners
    renamed = {
        (kind, frozenset(rows[place] for place in before), frozenset(columns[place] for place in after))
        for kind, before, after in ((each.kind, each.before, each.after) for each in other.transitions)
    }
    assert renamed == {(each.kind, frozenset(each.before), frozenset(each.after)) for each in one.transitions}
    # No two segments after are the same one before, and each segment goes on or is told of.
    assert len(set(one.partners.values())) == len(one.partners)
    told = {place for each in one.transitions for place in each.after} | set(one.partners)
    assert told == set(range(shared.shape[1]))
    gone = {place for each in one.transitions for place in each.before} | set(one.partners.values())
    assert gone == set(range(shared.shape[0]))
