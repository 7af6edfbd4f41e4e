"""Segments with skewed features as they are and evened out: sizes, which way is suggested, and why."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from custseg import CustomerTable, Recipe, compare_evened_out, segment

GENERATOR = np.random.default_rng(5)
TRUTH = np.repeat([0, 1, 2], 150)


def groups(values: Any) -> pd.DataFrame:
    return pd.DataFrame(values, columns=["spend", "visits"])


def by_ratio() -> pd.DataFrame:
    """Three groups, each with ten times the spend of the one before, and a few far above the rest."""
    return groups(np.exp(np.array([[0, 0], [2.3, 1], [4.6, -1]])[TRUTH] + GENERATOR.normal(0, 0.4, (450, 2))))


def by_difference() -> pd.DataFrame:
    """Two groups that only differences tell apart, far above 0, in the smaller of which spend is 20 more."""
    away = np.repeat([0, 1], [400, 50])
    spend = np.where(away == 1, 20.0, 0.0) + np.abs(GENERATOR.normal(0, 2, 450))
    return groups(np.column_stack([spend, GENERATOR.normal(100, 1, 450)]))


def test_both_ways_are_those_that_a_run_would_bring(table: CustomerTable) -> None:
    plain, evened = (segment(table, k=4, seed=42, recipe=Recipe(log=log)) for log in ((), "auto"))
    found = compare_evened_out(plain)
    assert found is not None
    assert found == compare_evened_out(evened)
    assert found.features == table.features
    assert found.plain.sizes == tuple(sorted(plain.sizes.tolist()))
    assert found.evened.sizes == tuple(sorted(evened.sizes.tolist()))
    assert all(found.is_of(result) for result in (plain, evened))
    assert not found.is_of(segment(table, k=5, seed=42))
    assert not found.is_of(segment(table, k=4, seed=42, recipe=Recipe(scaling="robust")))


def test_a_handful_in_segments_of_their_own_speaks_for_evening_out(table: CustomerTable) -> None:
    found = compare_evened_out(segment(table, k=4, seed=42))
    assert found is not None
    assert found.evening_suggested
    assert found.say_sizes().startswith("4, 10, 109 and 317 customers; evened out: ")
    plain, evened = found.plain.agreement, found.evened.agreement
    assert plain > evened + 0.1
    assert found.say_suggestion() == (
        "Suggested: even them out. As they are, 2 of 4 segments hold only 14 customers. Against it: segments come "
        f"again less well in other customers ({plain:.2f} as they are, {evened:.2f} evened out; 1 is the same "
        "segments)."
    )


def test_groups_that_differ_by_a_ratio_are_found_where_amounts_are_evened_out() -> None:
    plain = segment(by_ratio(), k=3, seed=1)
    found = compare_evened_out(plain)
    evened = segment(plain.table, k=3, seed=1, recipe=Recipe(log="auto"))
    assert found is not None
    assert found.evening_suggested
    assert adjusted_rand_score(TRUTH, evened.labels) > 0.9 > adjusted_rand_score(TRUTH, plain.labels) + 0.2


def test_they_are_left_where_the_segments_then_come_again_clearly_better() -> None:
    found = compare_evened_out(segment(by_difference(), k=2, seed=1))
    assert found is not None
    assert found.plain.agreement > 0.95
    assert not found.evening_suggested
    assert found.say_suggestion().startswith(
        "Suggested: leave them as they are. Segments then come again better in other customers ("
    )


def test_features_that_were_named_are_those_that_are_evened_out(table: CustomerTable) -> None:
    result = segment(table, k=4, seed=42, recipe=Recipe(log=("Milk",)))
    found = compare_evened_out(result)
    assert found is not None
    assert found.features == ("Milk",)
    assert found.evened.sizes == tuple(sorted(result.sizes.tolist()))


def test_where_nothing_is_skewed_there_is_nothing_to_compare() -> None:
    even = groups(GENERATOR.normal(50, 5, (200, 2)))
    assert compare_evened_out(segment(even, k=2, seed=1)) is None
    assert compare_evened_out(segment(even, k=2, seed=1, recipe=Recipe(log="auto"))) is None


def test_so_few_customers_that_halves_cannot_be_segmented_are_no_evidence() -> None:
    few = groups([[1.0, 1], [2, 3], [3, 2], [2, 8], [9, 7], [4, 4], [900, 7], [1000, 9], [800, 5]])
    found = compare_evened_out(segment(few, k=5, seed=1, recipe=Recipe(log=("spend",))))
    assert found is not None
    assert found.evening_suggested
    assert "nan" not in found.say_suggestion()
    assert found.say_suggestion().endswith("too few customers to find out more.")


def test_it_ends_when_somebody_asks_for_that(table: CustomerTable) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare_evened_out(segment(table, k=4, seed=42), stop)
