"""Customers in: what is read, what each column is for, and the notes about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custseg import CustomerTable

if TYPE_CHECKING:
    from pathlib import Path

SPEND = ("Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen")
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "**bold**",
    "a<b",
    "[x](javascript:alert(1))",
    "=1+1",
    "two\nlines",
    " space ",
]


def roles(**columns: Any) -> dict[str, str]:
    return {column.name: column.role for column in CustomerTable.read(pd.DataFrame(columns)).columns}


def test_the_bundled_table_has_440_customers_and_six_spend_columns(table: CustomerTable) -> None:
    assert len(table) == 440
    assert table.features == SPEND
    assert table.money(table.features) == SPEND
    assert table.identifier == "customer_id"
    assert {column.name for column in table.columns if column.role == "category"} == {"Channel", "Region"}


def test_a_file_and_a_frame_of_the_same_customers_hold_the_same_numbers(
    table: CustomerTable, frame: pd.DataFrame
) -> None:
    from_frame = CustomerTable.read(frame)
    np.testing.assert_array_equal(table.matrix(SPEND), frame[list(SPEND)].to_numpy(float))
    np.testing.assert_array_equal(from_frame.matrix(SPEND), table.matrix(SPEND))
    assert from_frame.features == table.features


def test_a_path_may_be_a_text(table_path: Path) -> None:
    assert len(CustomerTable.read(str(table_path))) == 440


def test_a_customer_table_is_taken_as_it_is(table: CustomerTable) -> None:
    assert CustomerTable.read(table) is table


def test_title_source_and_units_come_from_the_data_package_beside_the_file(table: CustomerTable) -> None:
    assert table.title == "Wholesale customers"
    assert "10.24432/C5030X" in table.source
    assert {table.unit(name) for name in SPEND} == {"monetary units a year"}
    assert table.unit("Channel") == ""
    assert table.unit("no such column") == ""


def test_what_the_caller_says_wins_over_the_data_package(table_path: Path) -> None:
    table = CustomerTable.read(table_path, title="Ours", units={"Fresh": "EUR"}, money=["Milk"])
    assert (table.title, table.unit("Fresh"), table.unit("Milk")) == ("Ours", "EUR", "monetary units a year")
    assert table.money(SPEND) == ("Milk",)


def test_a_file_without_a_data_package_is_called_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("a,b\n1,2\n3,5\n", encoding="utf-8")
    table = CustomerTable.read(path)
    assert (table.title, table.source, table.unit("a")) == ("clients", "", "")


def test_a_byte_order_mark_is_not_part_of_the_first_name(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_bytes(b"\xef\xbb\xbfa,b\n1,2\n3,5\n")
    assert CustomerTable.read(path).features == ("a", "b")


def test_the_matrix_gives_the_columns_asked_for_in_that_order_and_cannot_be_written(
    table: CustomerTable, frame: pd.DataFrame
) -> None:
    np.testing.assert_array_equal(table.matrix(("Milk", "Fresh")), frame[["Milk", "Fresh"]].to_numpy(float))
    assert not table.matrix(SPEND).flags.writeable


def test_reading_leaves_the_frame_of_the_caller_alone(frame: pd.DataFrame) -> None:
    before = frame.copy(deep=True)
    CustomerTable.read(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_customers_are_told_apart_by_the_identifier_else_by_the_row(table: CustomerTable) -> None:
    assert list(table.identifiers[[0, 439]]) == ["W001", "W440"]
    assert list(CustomerTable.read(pd.DataFrame({"a": [5.0, 6.0]})).identifiers) == ["1", "2"]


@pytest.mark.parametrize("name", ["customer_id", "CustomerID", "ID", "account no", "Customer", "clientKey"])
def test_whole_numbers_named_as_an_identifier_identify(name: str) -> None:
    assert roles(**{name: [7, 8, 9], "spend": [1.5, 2.5, 9.5]}) == {name: "identifier", "spend": "feature"}


@pytest.mark.parametrize("name", ["paid", "Milk", "valid", "piano"])
def test_other_whole_numbers_are_a_feature_even_where_each_is_different(name: str) -> None:
    assert roles(**{name: [7, 8, 9]}) == {name: "feature"}


def test_only_the_first_column_that_could_identifies() -> None:
    assert roles(name=["x", "y", "z"], mail=["a", "b", "c"], v=[1, 2, 3])["name"] == "identifier"
    assert roles(name=["x", "y", "z"], mail=["a", "b", "c"], v=[1, 2, 3])["mail"] != "identifier"


def test_a_few_whole_numbers_among_many_customers_are_codes() -> None:
    assert roles(code=[1, 2, 3] * 20, v=range(60)) == {"code": "category", "v": "feature"}
    assert roles(code=[3, 1, 2], v=range(3))["code"] == "feature"


def test_texts_that_repeat_and_truth_values_are_categories() -> None:
    found = roles(text=["x", "y"] * 4, truth=[True, False] * 4, kind=pd.Categorical(["p", "q"] * 4), v=range(8))
    assert found == {"text": "category", "truth": "category", "kind": "category", "v": "feature"}


def test_what_cannot_help_is_ignored_with_the_reason() -> None:
    columns = {
        "constant": [5, 5, 5, 5],
        "same text": ["x", "x", "x", "x"],
        "nothing": [None, None, None, None],
        "when": pd.date_range("2024-01-01", periods=4),
        "lists": [[1], [2], [2], [3]],
        "id": ["a", "b", "c", "d"],
        "prose": ["a", "b", "c", "d"],
        "v": [1, 2, 3, 5],
    }
    table = CustomerTable.read(pd.DataFrame(columns))
    reasons = {column.name: column.reason for column in table.columns if column.role == "ignored"}
    assert reasons == {
        "constant": "the same value in every row",
        "same text": "the same value in every row",
        "nothing": "no row has a value",
        "when": "a date; as a feature it counts days",
        "lists": "neither numbers nor texts, such as lists",
        "prose": "free text",
    }
    assert table.features == ("v",)


@pytest.mark.parametrize("name", ["spend", "Total Sales", "revenue_2024", "monetary", "MntWines", "Purchases"])
def test_a_telling_name_makes_money(name: str) -> None:
    table = CustomerTable.read(pd.DataFrame({name: [1.0, 2.0, 3.0]}))
    assert table.money(table.features) == (name,)


@pytest.mark.parametrize("name", ["age", "visits", "Order count", "income", "recency days", "spend share"])
def test_a_name_that_tells_otherwise_makes_no_money(name: str) -> None:
    table = CustomerTable.read(pd.DataFrame({name: [100.0, 200.0, 3000.0]}))
    assert table.money(table.features) == ()


def test_what_only_looks_like_an_amount_is_asked_about_and_not_taken_for_money() -> None:
    columns = {"wealthy": [150.0, 200, 5000], "small": [1.0, 2, 50], "even": [990.0, 1e3, 1010]}
    table = CustomerTable.read(pd.DataFrame(columns))
    assert table.money(table.features) == ()
    (doubt,) = table.doubts
    assert (doubt.argument, doubt.matters, doubt.choices[0][0]) == ("money", False, "['wealthy']")
    assert CustomerTable.read(pd.DataFrame(columns), money=["wealthy"]).money(table.features) == ("wealthy",)


def test_goods_side_by_side_are_money_and_a_single_one_is_not() -> None:
    goods = pd.DataFrame({"wine": [150.0, 200, 5000], "meat": [1.0, 2, 50], "age": [20.0, 30, 40]})
    assert CustomerTable.read(goods).money(goods.columns) == ("wine", "meat")
    assert CustomerTable.read(goods[["wine", "age"]]).money(["wine", "age"]) == ()


def test_what_goes_below_zero_is_not_taken_for_spend() -> None:
    table = CustomerTable.read(pd.DataFrame({"sales": [-100.0, 200.0, 3000.0]}))
    assert table.money(table.features) == ()


def test_the_notes_say_what_was_understood(table: CustomerTable) -> None:
    assert table.notes == (
        "440 customers, 6 features to segment on.",
        "Identifier: “customer_id”.",
        "Category: “Channel” (2 different values).",
        "Category: “Region” (3 different values).",
        "Counted as spend: “Fresh”, “Milk”, “Grocery”, “Frozen”, “Detergents_Paper”, “Delicassen”.",
    )


def test_the_notes_say_once_what_is_so_of_several_columns() -> None:
    columns = {name: [0, 1] * 20 for name in ("AcceptedCmp1", "AcceptedCmp2", "Response")}
    table = CustomerTable.read(pd.DataFrame({"spend": np.arange(40.0), **columns}))
    (note,) = [note for note in table.notes if note.startswith("Outcome")]
    assert note == (
        "Outcome: “AcceptedCmp1”, “AcceptedCmp2”, “Response” (what became of customers, judging by their names)."
    )


def test_the_notes_count_one_feature_in_the_singular() -> None:
    assert CustomerTable.read(pd.DataFrame({"a": [5.0, 6.0]})).notes == ("2 customers, 1 feature to segment on.",)


def test_names_that_are_no_texts_become_texts() -> None:
    table = CustomerTable.read(pd.DataFrame([[1.0, 2.0], [3.0, 5.0]], columns=[2023, ("a", 1)]))
    assert table.features == ("2023", "('a', 1)")
    np.testing.assert_array_equal(table.matrix(["('a', 1)"]), [[2.0], [5.0]])


def test_hostile_names_and_cells_are_kept_as_they_are(tmp_path: Path) -> None:
    customers = pd.DataFrame(
        {"who": HOSTILE} | {name: np.arange(7.0) ** at for at, name in enumerate(HOSTILE, start=1)}
    )
    path = tmp_path / "hostile.csv"
    customers.to_csv(path, index=False)
    for source in (customers, path):
        table = CustomerTable.read(source)
        assert table.identifier == "who"
        assert list(table.identifiers) == HOSTILE
        assert table.features == tuple(HOSTILE)


def test_in_a_column_of_texts_only_an_empty_cell_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "regions.csv"
    path.write_text("Region,v\nNA,1\nNone,2\n,3\nNA,4\nWest,5\nnull,6\n", encoding="utf-8")
    regions = CustomerTable.read(path).frame.to_pandas()["Region"]
    assert list(regions.dropna()) == ["NA", "None", "NA", "West", "null"]
    assert list(regions.isna()) == [False, False, True, False, False, False]


def test_a_long_column_of_numbers_and_texts_is_one_column_of_texts(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    numbers = "".join(f"{row},{row}\n" for row in range(300_000))
    path.write_text(f"code,v\n{numbers}K9,300000\n", encoding="utf-8")
    table = CustomerTable.read(path)
    assert table.identifier == "code"
    assert (table.identifiers[0], table.identifiers[-1]) == ("0", "K9")


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "float32", "int8"])
def test_every_type_of_number_is_read(dtype: str) -> None:
    table = CustomerTable.read(pd.DataFrame({"a": [1, 2, 3]}).astype({"a": dtype}))
    np.testing.assert_array_equal(table.matrix(["a"]), [[1.0], [2.0], [3.0]])


def test_the_rows_index_does_not_matter() -> None:
    customers = pd.DataFrame({"a": [1.0, 2.0, 3.0]}, index=[7, 7, 7])
    np.testing.assert_array_equal(CustomerTable.read(customers).matrix(["a"]), [[1.0], [2.0], [3.0]])


def test_what_is_written_with_a_currency_is_money_in_that_unit() -> None:
    table = CustomerTable.read(pd.DataFrame({"Umsatz": ["1.234,50 €", "7,00 €", "99,90 €"], "Besuche": [1, 5, 2]}))
    assert table.money(table.features) == ("Umsatz",)
    assert (table.unit("Umsatz"), table.unit("Besuche")) == ("€", "")


def test_a_dataframe_that_is_changed_later_does_not_change_the_table() -> None:
    customers = pd.DataFrame({"a": [1.0, 2.0, 4.0], "b": [5.0, 6.0, 9.0], "n": [1, 2, 3]})
    table = CustomerTable.read(customers)
    before = table.matrix(table.features).copy()
    customers.loc[0, "a"] = -7.0
    customers["b"] *= 2
    np.testing.assert_array_equal(table.matrix(table.features), before)
    assert table.to_pandas()["a"].tolist() == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, pa.table])
def test_the_numbers_of_all_features_exist_once_whatever_is_asked_of_them(kind: Any) -> None:
    columns = {
        "a": [1.5, 2, 4],
        "whole": [7, 8, 9],
        "b": ["1,5 €", "2 €", None],
        "when": ["2024-01-01", "", "2024-02-01"],
    }
    table = CustomerTable.read(kind(columns))
    values = table.matrix(table.features)
    changed = table.change(roles={"when": "feature"}, money={"a": True})
    assert all(np.shares_memory(values, table.matrix([name])) for name in table.features)
    assert all(np.shares_memory(values, changed.matrix([name])) for name in table.features)
    assert np.shares_memory(values, table.matrix(("a", "b")))
    assert np.shares_memory(values, table.change(roles={"whole": "ignored"}).matrix(("a", "b")))


def test_the_numbers_of_a_dataframe_of_floats_are_not_copied() -> None:
    customers = pd.DataFrame(np.random.default_rng(0).normal(size=(50, 3)), columns=["a", "b", "c"])
    if int(pd.__version__.partition(".")[0]) >= 3:
        assert np.shares_memory(CustomerTable.read(customers).matrix(("a", "b", "c")), customers["b"].to_numpy())
    arrow = pa.table({"a": [1.0, 2.0, 4.0]})
    assert np.shares_memory(CustomerTable.read(arrow).matrix(["a"]), arrow["a"].chunk(0).to_numpy())


def test_two_tables_can_be_compared_and_used_as_keys(table: CustomerTable, frame: pd.DataFrame) -> None:
    other = CustomerTable.read(frame)
    assert table == table  # noqa: PLR0124 - that it can be asked
    assert table != other
    assert len({table, other}) == 2
    assert hash(other.columns) == hash(CustomerTable.read(frame).columns)


def test_some_of_the_customers_are_read_as_all_of_them_were() -> None:
    columns = {
        "id": ["a", "b", "c", "d"],
        "v": ["1,5 €", "2 €", None, "4 €"],
        "when": ["2024-01-01", "", "2024-02-01", ""],
    }
    table = CustomerTable.read(pl.DataFrame(columns), roles={"when": "feature"})
    some = table.sample(np.array([3, 0]))
    np.testing.assert_array_equal(some.matrix(table.features), table.matrix(table.features)[[3, 0]])
    assert list(some.identifiers) == ["d", "a"]
    assert some.notes == (
        "2 customers, 2 features to segment on.",
        *(note for note in table.notes[1:-1]),
        "Some values are missing in “when”.",
    )
