"""Levels in order: recognised by their words, given by a person, and read as ranks from 1."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg import CustomerTable, DataError, SettingError, segment
from custseg.tables.expressions import LevelOf
from custseg.tables.ordinal import order_of

SCALES = [
    ("low", "medium", "high"),
    ("Small", "Medium", "Large"),
    ("S", "M", "L", "XL"),
    ("never", "rarely", "sometimes", "often", "always"),
    ("High School", "Bachelor", "Master", "PhD"),
    ("niedrig", "mittel", "hoch"),
    ("nie", "selten", "manchmal", "oft", "immer"),
    ("Bronze", "Silver", "Gold"),
    ("Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"),
    ("1 - very bad", "2 - bad", "3 - good"),
    ("1 star", "2 stars", "3 stars", "10 stars"),
]


@given(st.sampled_from(SCALES), st.randoms())
def test_words_that_have_an_order_are_put_into_it(scale: tuple[str, ...], random: object) -> None:
    shuffled = list(scale)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert order_of(shuffled) == scale


@pytest.mark.parametrize(
    "levels",
    [
        ("north", "south"),
        ("low",),
        (),
        ("low", "medium", "purple"),
        # Which of two words for the same comes first, nobody knows.
        ("low", "Low", "high"),
        ("1", "2", "3"),
        ("1: Horeca", "2: Retail"),
        ("5 apples", "6 apples"),
        ("Month-to-month", "One year", "Two year"),
        ("Male", "Female"),
    ],
)
def test_words_that_have_none_stay_as_they_are(levels: tuple[str, ...]) -> None:
    assert order_of(levels) is None


def test_whole_numbers_are_a_scale_only_where_the_column_is_named_so() -> None:
    numbers = ("3", "1", "5", "2", "4")
    assert order_of(numbers, "JobSatisfaction") == ("1", "2", "3", "4", "5")
    assert order_of(numbers, "star_rating") == ("1", "2", "3", "4", "5")
    assert order_of(numbers, "Region") is None
    assert order_of(("1", "250"), "rating") is None


def table(**columns: list[object]) -> CustomerTable:
    return CustomerTable.read(
        pd.DataFrame({"spend": np.arange(60.0), **{n: cells * 20 for n, cells in columns.items()}})
    )


def test_a_column_in_order_is_a_category_that_can_be_a_feature() -> None:
    read = table(loyalty=["low", "high", None])
    column = read.column("loyalty")
    assert (column.role, column.order) == ("category", ("low", "high"))
    assert "in order: “low”, “high”" in column.reason
    feature = read.change(roles={"loyalty": "feature"})
    np.testing.assert_array_equal(feature.matrix(["loyalty"])[:3, 0], [1, 2, np.nan])
    assert feature.levels("loyalty").texts == ("low", "high", None)


@pytest.mark.parametrize("cells", [["S", "M", "XL"], [10, 30, 20], [1.5, 2.5, 0.5]])
def test_a_person_gives_the_order(cells: list[Any]) -> None:
    given_order = [cells[2], cells[0], cells[1]]
    read = table(size=cells)
    ordered = CustomerTable.read(read.frame, orders={"size": given_order}, roles={"size": "feature"})
    np.testing.assert_array_equal(ordered.matrix(["size"])[:3, 0], [2, 3, 1])
    assert ordered.column("size").order == tuple(map(str, given_order))


def test_an_ordered_categorical_of_pandas_says_its_order_itself() -> None:
    levels = ["purple", "green", "blue"]
    cells = pd.Categorical(["green", "blue", None] * 20, categories=levels, ordered=True)
    read = CustomerTable.read(pd.DataFrame({"spend": np.arange(60.0), "colour": cells}))
    assert read.column("colour").order == tuple(levels)
    np.testing.assert_array_equal(read.change(roles={"colour": "feature"}).matrix(["colour"])[:3, 0], [2, 3, np.nan])


def test_what_stands_for_no_value_needs_no_place_in_an_order() -> None:
    read = table(size=["S", "n/a", "L"]).change(orders={"size": ["S", "L"]})
    assert read.levels("size").texts == ("S", None, "L")
    np.testing.assert_array_equal(read.change(roles={"size": "feature"}).matrix(["size"])[:3, 0], [1, np.nan, 2])


def test_two_orders_of_the_same_table_do_not_touch_each_other() -> None:
    read = table(size=["S", "M", "L"])
    up, down = (
        read.change(orders={"size": order}, roles={"size": "feature"}) for order in (["S", "M", "L"], ["L", "M", "S"])
    )
    np.testing.assert_array_equal(up.matrix(["size"]) + down.matrix(["size"]), np.full((60, 1), 4.0))


@pytest.mark.parametrize(
    ("orders", "sentence"),
    [
        ({"size": ["S", "M"]}, "The order of “size” leaves out “L”. Name every level, from the least to the most."),
        ({"size": ["S"]}, "must be a list of at least two different levels"),
        ({"size": "SML"}, "must be a list of at least two different levels"),
        ({"size": ["S", "M", "L", "S"]}, "must be a list of at least two different levels"),
        ({"colour": ["S", "M"]}, "There is no column called “colour”. Choose from “spend”, “size”."),
    ],
)
def test_an_order_that_does_not_fit_is_refused_in_a_sentence(orders: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingError, match=sentence.replace(".", r"\.")):
        CustomerTable.read(table(size=["S", "M", "L"]).frame, orders=orders)


def test_new_customers_count_by_the_same_order() -> None:
    read = table(size=["S", "M", "L"])
    found = segment(read.change(roles={"size": "feature", "spend": "ignored"}), k=3, seed=0)
    later = pd.DataFrame({"size": ["L", "S", None, "M"]})
    own = dict(zip(["S", "M", "L"], found.labels[:3].tolist(), strict=True))
    assert found.assign(later).tolist() == [own["L"], own["S"], own["M"], own["M"]]
    with pytest.raises(DataError, match="A level among “S”, “M”, “L” was expected in “size”, row 2, but got “XS”"):
        found.assign(pd.DataFrame({"size": ["L", "XS"]}))


def test_a_level_is_asked_for_as_a_number() -> None:
    read = table(region=["n", None, "s"])
    np.testing.assert_array_equal(read.matrix([LevelOf("region", ("s",))])[:3, 0], [1, np.nan, 0])
    np.testing.assert_array_equal(read.matrix(["spend", LevelOf("region", ("s", None))])[:3, 1], [2, 1, 0])
