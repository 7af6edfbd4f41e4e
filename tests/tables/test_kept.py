"""What is found of a table once, and kept for whoever asks again."""

from __future__ import annotations

import numpy as np
import pytest

from custseg import CustomerTable, Recipe, segment
from custseg.sampling import sample_rows, seeded_rows
from custseg.tables.kept import Kept


def test_what_was_found_is_not_found_again() -> None:
    kept, found = Kept(), iter(range(9))
    assert [kept.get(key, lambda: next(found)) for key in "abab"] == [0, 1, 0, 1]


def test_what_nobody_asked_for_lately_is_let_go() -> None:
    kept = Kept()
    for number in range(100):
        kept.get(number, lambda: "asked for once")
        assert kept.get("often", lambda: "asked for each time") == "asked for each time"
    found = [number for number in range(100) if kept.get(number, lambda: "") == "asked for once"]
    assert len(found) < 10


def test_runs_of_any_number_of_segments_share_how_features_are_made_comparable(table: CustomerTable) -> None:
    recipe = Recipe(log="auto")
    first, second = (segment(table, k=k, seed=0, recipe=recipe) for k in (3, 4))
    assert first.preparation is second.preparation
    assert segment(table, k=3, seed=0).preparation.steps != first.preparation.steps
    without = table.change(roles={"Fresh": "ignored"})
    assert segment(without, k=3, seed=0, recipe=recipe).preparation.features == without.features


@pytest.mark.parametrize("customers", [50, 5000])
def test_rows_that_are_drawn_once_are_those_of_the_seed_and_nobody_changes_them(customers: int) -> None:
    rows = seeded_rows(customers, 100, 3)
    np.testing.assert_array_equal(rows, sample_rows(customers, 100, np.random.default_rng(3)))
    assert seeded_rows(customers, 100, 3) is rows
    assert not rows.flags.writeable
