"""What a table that cannot be used gets: a sentence that says what was expected, what came and what to do."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, DataError

if TYPE_CHECKING:
    from pathlib import Path


def refusal(customers: object) -> str:
    with pytest.raises(DataError) as refused:
        CustomerTable.read(customers)
    assert isinstance(refused.value, ValueError)
    return str(refused.value)


def refusal_of_file(folder: Path, content: bytes | str) -> str:
    path = folder / "clients.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return refusal(path)


@pytest.mark.parametrize("name", ["missing.csv", "no/such/folder.csv"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    sentence = refusal(tmp_path / name)
    assert sentence.startswith(f"There is no file “{name.rpartition('/')[2]}” to read customers from.")
    assert str(tmp_path) not in sentence


def test_a_folder_without_parquet_files_is_no_table(tmp_path: Path) -> None:
    assert refusal(tmp_path).startswith(f"There are no Parquet files in “{tmp_path.name}”.")


def test_a_name_too_long_for_a_file_is_refused_like_one_that_cannot_be_opened(tmp_path: Path) -> None:
    assert refusal(tmp_path / ("x" * 5000)).endswith("xxx...” cannot be opened: File name too long.")


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_is_called_empty(tmp_path: Path, content: str) -> None:
    assert refusal_of_file(tmp_path, content) == (
        "“clients.csv” is empty. A table with a line of column names and one line per customer was expected."
    )


def test_a_header_alone_has_no_customers(tmp_path: Path) -> None:
    sentence = "The table has no customers, only column names. Add one row per customer."
    assert refusal_of_file(tmp_path, "a,b\n") == sentence
    assert refusal(pd.DataFrame({"a": []})) == sentence


def test_a_file_in_no_known_encoding_is_told_how_to_be_saved(tmp_path: Path) -> None:
    assert refusal_of_file(tmp_path, b"name,v\nA\x81b,1\nx,2\n") == (
        "“clients.csv” is text in an encoding that was not recognised. Save it as CSV in UTF-8."
    )


@pytest.mark.parametrize(
    ("content", "line", "wrong", "values"),
    [
        ("a,b\n1,2\n3,4,5\n", 3, "3,4,5", 3),
        ("a,b\n1,2,3\n4,5\n7,8\n", 2, "1,2,3", 3),
        ("a,b\n1,2,3\n4,5,6\n", 2, "1,2,3", 3),
        ("a,b\n1,2,\n3,4,\n", 2, "1,2,", 3),
        ("a,b\n1,2\n3\n", 3, "3", 1),
        ("name,b\nAnna,2\nBert, Jr.,3\nCarl,4\n", 3, "Bert, Jr.,3", 3),
        ("name,b\nAnna,2\nBert, Jr.,\nCarl,4\n", 3, "Bert, Jr.,", 3),
        ('a,b\n"1,2\n3,4\n', 2, '"1,2 3,4', 1),
    ],
)
def test_a_line_of_another_length_than_the_header_is_numbered_and_shown(
    tmp_path: Path, content: str, line: int, wrong: str, values: int
) -> None:
    assert refusal_of_file(tmp_path, content) == (
        f"“clients.csv” cannot be read as a CSV table: 2 values were expected in line {line}, as there are column "
        f"names, but got {values}: “{wrong}”. Correct this line."
    )


def test_repeated_column_names_are_listed(tmp_path: Path) -> None:
    sentence = "Each column needs its own name, but got “a” more than once. Rename them."
    assert refusal_of_file(tmp_path, "a,b,a\n1,2,3\n4,5,6\n") == sentence
    assert refusal(pd.DataFrame([[1, 2, 3], [4, 5, 6]], columns=["a", "b", "a"])) == sentence


def test_names_that_are_the_same_as_texts_are_repeated() -> None:
    assert "but got “1” more than once" in refusal(pd.DataFrame([[1, 2], [4, 5]], columns=[1, "1"]))


def test_a_table_without_a_column_of_numbers_lists_what_there_is(tmp_path: Path) -> None:
    sentence = "none among “name”, “constant”. Add such a column."
    assert refusal_of_file(tmp_path, "name,constant\nx,1\ny,1\n").endswith(sentence)
    assert refusal(pd.DataFrame({"name": ["x", "y"], "constant": [1, 1]})).endswith(sentence)


def test_a_line_of_numbers_in_place_of_the_column_names_is_refused(tmp_path: Path) -> None:
    assert refusal_of_file(tmp_path, "1;2\n3;4\n5;7\n") == (
        "The first line of “clients.csv” was expected to name the columns, but it holds only “1”, “2”. "
        "Add a line of column names above it."
    )


def test_a_single_customer_does_not_differ() -> None:
    assert refusal(pd.DataFrame({"a": [1.0]})).startswith("Segmenting needs at least one column of numbers that differ")


@pytest.mark.parametrize(
    "cells", [[1.5, np.inf, 3.0], [1.5, -np.inf, 3.0], [Decimal(1), Decimal("Infinity"), Decimal(3)], [1, 10**400, 3]]
)
def test_an_infinite_cell_is_named_with_its_column_row_and_customer(cells: Any) -> None:
    customers = pd.DataFrame({"customer_id": ["W1", "W2", "W3"], "Fresh": [1.0, 2.0, 4.0], "Milk": cells})
    assert refusal(customers) == (
        "Every number must be finite, but “Milk” has an infinite value in row 2 (customer “W2”); "
        "1 such cell in all. Correct these cells, or leave them empty."
    )


def test_infinite_cells_are_counted_and_the_first_row_is_named() -> None:
    customers = pd.DataFrame({"a": [1.0, 2.0, np.nan, np.nan], "b": [5.0, np.inf, 3.0, -np.inf]})
    assert "“b” has an infinite value in row 2 (customer “2”); 2 such cells in all." in refusal(customers)


def test_an_infinite_cell_in_a_file_is_named_too(tmp_path: Path) -> None:
    sentence = refusal_of_file(tmp_path, "client id,Milk\nx,2\ny,inf\nz,3\n")
    assert "“Milk” has an infinite value in row 2 (customer “y”); 1 such cell in all." in sentence


def test_a_hostile_name_is_quoted_on_one_line() -> None:
    customers = pd.DataFrame({"<script>\nalert(1)": [1.0, np.inf, 3.0]})
    assert "“<script> alert(1)” has an infinite value" in refusal(customers)


@pytest.mark.parametrize("customers", [None, 3, np.eye(3), {"a": [1, 2]}, pd.Series([1, 2])])
def test_what_is_neither_a_frame_nor_a_path_is_refused_with_its_type(customers: object) -> None:
    assert refusal(customers) == (
        "Customers must be a dataframe or the path of a file (CSV, Parquet, Excel or JSON Lines), but got "
        f"“{type(customers).__name__}”. Pass a dataframe with one row per customer."
    )


@pytest.mark.parametrize(
    "content",
    [
        *("{", "[]", '{"resources": 3}', '{"resources": [{"path": "clients.csv", "schema": 3}]}'),
        # Nested as deeply as nobody means, and longer than any.
        *('{"resources":' + "[" * 100_000, '{"resources": []}' + " " * 5_000_000),
    ],
    ids=["cut off", "a list", "a number", "a schema", "deep", "long"],
)
def test_a_broken_data_package_beside_the_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "datapackage.json").write_text(content, encoding="utf-8")
    sentence = refusal_of_file(tmp_path, "a,b\n1,2\n3,5\n")
    assert sentence.startswith("The description of the data, “datapackage.json” beside “clients.csv”, cannot be read")
    assert sentence.endswith("Correct it, or remove it to do without titles and units.")


def test_a_data_package_about_other_files_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text('{"resources": [{"path": "other.csv"}]}', encoding="utf-8")
    (tmp_path / "clients.csv").write_text("a,b\n1,2\n3,5\n", encoding="utf-8")
    assert CustomerTable.read(tmp_path / "clients.csv").title == "clients"
