"""What each column is for, with the reason in words, and what happens when a person decides otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from custseg import CustomerTable, DataError, SettingError, segment

DAY = dt.datetime(2024, 1, 1)  # noqa: DTZ001 - most tables know no time zones
SPEND = [1.5, 2.5, 9.5, 4.0] * 10


def reasons(**columns: Any) -> dict[str, tuple[str, str]]:
    table = CustomerTable.read(pl.DataFrame(columns | {"spend": SPEND}, strict=False))
    return {column.name: (column.role, column.reason) for column in table.columns if column.name != "spend"}


CORRECT = "correct or empty such cells"


@pytest.mark.parametrize(
    ("cells", "role", "reason"),
    [
        ([7.5] * 40, "ignored", "the same value in every row"),
        ([7.5] * 39 + [None], "ignored", "the same value in every row that has one"),
        (["5 €", "5.00 €"] * 20, "ignored", "the same value in every row"),
        (["5", "NA"] * 20, "ignored", "the same value in every row that has one"),
        ([None] * 40, "ignored", "no row has a value"),
        ([float("nan")] * 40, "ignored", "no row has a value"),
        ([1.5, 2.5, None, float("nan"), None] * 8, "ignored", "60% missing"),
        ([1.5, 2.5, None, float("nan")] * 10, "feature", "numbers"),
        (["1,5", "2,5", "NA", "", "?"] * 8, "ignored", "60% missing"),
        (["1,5", "2,5", "NA", ""] * 10, "feature", "numbers written as text; “1,5” is read as 1.5"),
        ([1, 2, 3, 4, 5] * 8, "category", "only 5 different whole numbers, so probably codes"),
        ([1, 2, 3, 4, 5, 6, 7, 8] * 5, "feature", "numbers"),
        (["x", "y"] * 20, "category", "2 different values"),
        ([f"text {row % 20}" for row in range(40)], "category", "20 different values"),
        ([f"text {row % 21}" for row in range(40)], "ignored", "free text"),
        ([*map(str, range(38)), "oops", "oops"], "ignored", f"not only numbers: “oops” in row 39; {CORRECT}"),
        ([*map(str, range(38)), "unknown", "n.a."], "feature", "numbers written as text; “0” is read as 0"),
        ([True, False] * 20, "category", "yes or no; as a feature it counts 1 or 0"),
        (["yes", "No", "n/a", ""] * 10, "category", "yes or no; as a feature it counts 1 or 0"),
        (["2024-01-31", "2024-02-01"] * 20, "ignored", "a date; as a feature it counts days"),
        ([[1], [2]] * 20, "ignored", "neither numbers nor texts, such as lists"),
    ],
)
def test_a_role_comes_with_its_reason(cells: list[Any], role: str, reason: str) -> None:
    assert reasons(column=cells) == {"column": (role, reason)}


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("zip", "a postal code"),
        ("Post code PLZ", "a postal code"),
        ("phone_number_mobile", "a telephone number"),
        ("BILLINGPOSTALCODE", "a postal code"),
        ("latitude", "a place on the map"),
    ],
)
def test_numbers_named_as_a_code_are_no_feature(name: str, what: str) -> None:
    assert reasons(**{name: [row * 37 % 23 + 10_000 for row in range(40)]}) == {
        name: ("ignored", f"{what}, judging by its name")
    }


def test_one_identifier_is_found_and_it_is_the_one_named_so() -> None:
    found = reasons(mail=[f"{row}@x" for row in range(40)], customer_id=list(range(40)), key=list(range(40)))
    assert found == {
        "mail": ("ignored", "another identifier"),
        "customer_id": ("identifier", "a different value in every row"),
        "key": ("ignored", "a row number"),
    }


def test_a_number_of_the_customer_with_a_gap_or_a_repetition_says_so() -> None:
    numbers = [100 + row * 37 % 41 for row in range(40)]
    assert reasons(id=[*numbers[:-1], None])["id"] == (
        "identifier", "the number of the customer, in spite of 1 row without it"
    )  # fmt: skip
    assert reasons(id=[*numbers[:-1], numbers[0]])["id"] == (
        "identifier", "the number of the customer, in spite of 1 row that repeats one before"
    )  # fmt: skip


def test_an_identifier_of_a_long_table_is_different_to_its_end() -> None:
    rows = 5000
    ids = np.random.default_rng(0).permutation(rows)
    spend = np.arange(rows) * 1.5
    assert CustomerTable.read(pd.DataFrame({"id": ids, "v": spend})).identifier == "id"
    repeated = CustomerTable.read(pd.DataFrame({"id": np.append(ids[:-1], ids[0]), "v": spend}))
    assert [doubt.sentence for doubt in repeated.doubts] == [
        "“id” should be different in every row, but 1 row repeats one before."
    ]


def test_a_chosen_role_is_taken_with_the_reason_that_it_was_chosen() -> None:
    frame = pl.DataFrame({"id": range(40), "truth": [True, False] * 20, "spend": SPEND})
    table = CustomerTable.read(frame, roles={"truth": "feature", "id": "ignored"})
    assert table.features == ("truth", "spend")
    assert table.identifier is None
    assert {table.column(name).reason for name in ("truth", "id")} == {"chosen by you"}
    np.testing.assert_array_equal(table.matrix(["truth"])[:2, 0], [1, 0])
    assert len(segment(table, k=2, seed=0).labels) == 40


def test_another_identifier_takes_the_place_of_the_first() -> None:
    table = CustomerTable.read(pl.DataFrame({"a": list("xyz"), "b": list("pqr"), "v": [1, 2, 4]}))
    changed = table.change(roles={"b": "identifier"})
    assert (table.identifier, changed.identifier) == ("a", "b")
    assert list(changed.identifiers) == ["p", "q", "r"]
    assert (changed.column("a").role, changed.column("a").reason) == ("ignored", "another column is the identifier")


def test_a_feature_that_is_none_any_more_is_no_money_either() -> None:
    table = CustomerTable.read(pl.DataFrame({"spend": [1, 2, 4], "v": [1, 2, 4]}))
    assert table.money(["spend", "v"]) == ("spend",)
    changed = table.change(roles={"spend": "ignored"})
    assert changed.money(["spend", "v"]) == ()
    assert changed.change(money={"v": True, "spend": True}).money(["spend", "v"]) == ("v",)


def test_the_table_that_was_changed_stays_as_it_was() -> None:
    table = CustomerTable.read(pl.DataFrame({"a": [1, 2, 4], "b": [1, 2, 4]}))
    changed = table.change(roles={"a": "ignored"}, units={"b": "EUR"})
    assert (table.features, table.unit("b")) == (("a", "b"), "")
    assert (changed.features, changed.unit("b")) == (("b",), "EUR")
    assert changed.has_the_customers_of(table)
    assert table.change() is table


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        ({"w": "feature"}, "There is no column called “w”. Choose from “v”, “text”, “same”, “date”."),
        (
            {"v": "target"},
            "There is no role “target”. Choose from “identifier”, “feature”, “category”, “outcome”, “ignored”.",
        ),
        (
            {"text": "feature"},
            "“text” cannot be a feature, since it holds no numbers. Make it a category, or ignore it.",
        ),
        ({"same": "feature"}, "“same” cannot be a feature, since its values do not differ. Leave it as it is."),
        ({"v": "ignored"}, "Segmenting needs at least one feature. Make another column a feature first."),
    ],
)
def test_a_role_that_cannot_be_had_is_refused(roles: dict[str, Any], sentence: str) -> None:
    frame = pl.DataFrame({"v": [1, 2, 4], "text": ["a", "a", "b"], "same": [5, 5, 5], "date": ["2024-01-31"] * 3})
    with pytest.raises(SettingError) as refused:
        CustomerTable.read(frame).change(roles=roles)
    assert str(refused.value) == sentence


def test_a_role_chosen_from_the_start_may_make_a_table_usable() -> None:
    frame = pl.DataFrame({"id": [3, 1, 2], "text": ["a", "a", "b"]})
    with pytest.raises(DataError, match="needs at least one column of numbers that differ"):
        CustomerTable.read(frame)
    assert CustomerTable.read(frame, roles={"id": "feature"}).features == ("id",)


def test_a_date_as_a_feature_counts_days_and_says_from_when() -> None:
    frame = pd.DataFrame({"last order": [dt.datetime(2024, 1, 31, 18), DAY, None], "v": [1, 2, 4]})  # noqa: DTZ001
    table = CustomerTable.read(frame, roles={"last order": "feature"})
    assert table.unit("last order") == "days before 31 January 2024"
    np.testing.assert_array_equal(table.matrix(["last order"])[:, 0], [0, 30, np.nan])


def test_the_features_beyond_forty_wait_to_be_chosen() -> None:
    table = CustomerTable.read(pl.DataFrame({f"c{place}": [1, 2, place + 4] for place in range(43)}))
    assert len(table.features) == 40
    assert table.column("c42").reason == "40 features were found before it; choose it in place of another"
    assert table.change(roles={"c42": "feature", "c0": "ignored"}).features[-1] == "c42"
