"""Whose segment changed: as pandas finds it, with a reason that holds when only that column changes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from custseg import CustomerTable, Recipe, compare, migrate, segment
from custseg.change.moves_in_short import moves_between_runs, moves_over_time
from custseg.change.who_changed import who_changed, who_moved

FRAME = pd.DataFrame({"id": list("abcdef"), "x": [1.0, 2, 1, 9, 8, 9], "y": [1.0, 2, 3, 1, 2, 3]})
NAMES = ["Few", "Many"]


def test_who_moved_left_and_came_with_the_column_that_moved_them() -> None:
    result = segment(FRAME, k=2, seed=0)
    later = pd.DataFrame({"id": list("gfedcb"), "x": [1.0, 9, 8, 1, 1, 2], "y": [1.0, 3, 2, 1.5, 3, 2]})
    found = migrate(result, later)
    few, many = (f"{result.labels[row]} {NAMES[result.labels[row] - 1]}" for row in (0, 3))
    assert who_changed(found, NAMES).to_numpy().tolist() == [
        ["d", many, few, "X: 9 before, 1 now"],
        ["a", few, "no longer there", ""],
        ["g", "not there before", few, ""],
    ]
    assert moves_over_time(found, NAMES) == (
        f"1 of 5 customers in both tables (20%) changed segment, from “{many}” to “{few}”. 1 left and 1 came."
    )


def test_the_column_that_is_named_moves_a_customer_most(frame: pd.DataFrame) -> None:
    result = segment(CustomerTable.read(frame), k=4, seed=42)
    later = frame.copy()
    later.loc[later.index[::7], "Grocery"] *= 6
    changed = who_changed(migrate(result, later), ["a", "b", "c", "d"])
    assert len(changed) > 5
    assert all(why.startswith("Grocery: ") for why in changed["why"])


def test_no_reason_is_made_up_where_a_value_is_missing() -> None:
    frame = pd.concat([FRAME] * 4).reset_index(drop=True).assign(id=[f"c{row}" for row in range(24)])
    result = segment(frame, k=2, seed=0, recipe=Recipe(missing="median"))
    later = frame.copy()
    later.loc[0, ["x", "y"]] = [np.nan, 9]
    later.loc[1, "x"] = 9
    changed = who_changed(migrate(result, later), NAMES).set_index("customer")
    assert changed.loc["c1", "why"] == "X: 2 before, 9 now"
    assert all(why == "" for name, why in changed["why"].items() if name != "c1")


def test_two_runs_say_who_moved_and_where_most_went() -> None:
    table = CustomerTable.read(FRAME)
    before, after = segment(table, k=2, seed=0), segment(table, k=3, seed=0)
    found = compare(before, after)
    moved = who_moved(found, NAMES, ["A", "B", "C"])
    assert moved["customer"].tolist() == found.moved_customers["customer"].tolist()
    assert set(moved["why"]) == {"Number of segments: 2 before, 3 after."}
    sentence = moves_between_runs(found, NAMES, ["A", "B", "C"])
    assert sentence.startswith(f"{len(moved)} of 6 customers (")
    assert f"from “{moved['from'][0]}” to “{moved['to'][0]}”" in sentence
    assert moves_between_runs(compare(before, before), NAMES, NAMES) == "None of 6 customers changed segment."
