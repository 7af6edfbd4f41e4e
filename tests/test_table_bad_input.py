"""What a table that cannot be used gets: a sentence that says what was expected, what came and what to do."""

from __future__ import annotations

import re
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


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path).startswith(f"There is no file “{tmp_path.name}” to read customers from.")


def test_a_name_too_long_for_a_file_is_refused_like_one_that_cannot_be_opened(tmp_path: Path) -> None:
    assert refusal(tmp_path / ("x" * 5000)).endswith("xxx...” cannot be opened: File name too long.")


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_is_called_empty(tmp_path: Path, content: str) -> None:
    assert refusal_of_file(tmp_path, content) == (
        "“clients.csv” is empty. A CSV file with a header line and one line a customer was expected."
    )


def test_a_header_alone_has_no_customers(tmp_path: Path) -> None:
    sentence = "The table has no customers, only column names. Add one row a customer."
    assert refusal_of_file(tmp_path, "a,b\n") == sentence
    assert refusal(pd.DataFrame({"a": []})) == sentence


@pytest.mark.parametrize("content", ["n,v\nGruß,1\nx,2\n", "Größe,v\n1,1\n2,3\n"])
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_that_is_not_utf_8_is_told_how_to_be_saved(tmp_path: Path, content: str, encoding: str) -> None:
    sentence = refusal_of_file(tmp_path, content.encode(encoding))
    assert re.fullmatch(
        r"“clients\.csv” is not UTF-8 text \(byte \d+\)\. Save it as CSV in UTF-8 and try again\.", sentence
    )


@pytest.mark.parametrize(
    ("content", "line"),
    [("a,b\n1,2\n3,4,5\n", 3), ("a,b\n1,2,3\n4,5\n7,8\n", 2), ("a,b\n1,2,3\n4,5,6\n", 2), ("a,b\n1,2,\n3,4,\n", 2)],
)
def test_a_line_longer_than_the_header_is_numbered(tmp_path: Path, content: str, line: int) -> None:
    assert refusal_of_file(tmp_path, content) == (
        f"“clients.csv” cannot be read as a CSV table: “Expected 2 fields in line {line}, saw 3”. "
        "Each line needs as many values as the header."
    )


def test_a_line_shorter_than_the_header_has_a_cell_without_a_number(tmp_path: Path) -> None:
    assert "“b” has no number in row 2" in refusal_of_file(tmp_path, "a,b\n1,2\n3\n")


def test_an_open_quotation_mark_makes_no_table(tmp_path: Path) -> None:
    assert refusal_of_file(tmp_path, 'a,b\n"1,2\n3,4\n').startswith(
        "“clients.csv” cannot be read as a CSV table: “EOF "
    )


def test_repeated_column_names_are_listed(tmp_path: Path) -> None:
    sentence = "Each column needs a name of its own, but “a” came more than once. Rename them."
    assert refusal_of_file(tmp_path, "a,b,a\n1,2,3\n4,5,6\n") == sentence
    assert refusal(pd.DataFrame([[1, 2, 3], [4, 5, 6]], columns=["a", "b", "a"])) == sentence


def test_names_that_are_the_same_as_texts_are_repeated() -> None:
    assert "but “1” came more than once" in refusal(pd.DataFrame([[1, 2], [4, 5]], columns=[1, "1"]))


def test_a_table_without_a_column_of_numbers_lists_what_there_is(tmp_path: Path) -> None:
    sentence = "none among “name”, “constant”. Add such a column."
    assert refusal_of_file(tmp_path, "name,constant\nx,1\ny,1\n").endswith(sentence)
    assert refusal(pd.DataFrame({"name": ["x", "y"], "constant": [1, 1]})).endswith(sentence)


def test_another_separator_shows_as_one_column_without_numbers(tmp_path: Path) -> None:
    assert "none among “a;b”" in refusal_of_file(tmp_path, "a;b\n1;2\n3;4\n")


def test_a_single_customer_does_not_differ() -> None:
    assert refusal(pd.DataFrame({"a": [1.0]})).startswith("Segmenting needs at least one column of numbers that differ")


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ([1.5, None, 3.0], "no number"),
        ([1.5, np.nan, 3.0], "no number"),
        (pd.array([1, None, 3], dtype="Int64"), "no number"),
        ([1.5, np.inf, 3.0], "an infinite value"),
        ([1.5, -np.inf, 3.0], "an infinite value"),
    ],
)
def test_a_cell_that_is_no_number_is_named_with_its_column_row_and_customer(cells: Any, found: str) -> None:
    customers = pd.DataFrame({"customer_id": ["W1", "W2", "W3"], "Fresh": [1.0, 2.0, 4.0], "Milk": cells})
    assert refusal(customers) == (
        f"Every feature needs a number for every customer, but “Milk” has {found} in row 2 (customer “W2”); "
        "1 such cell in all. Fill these cells, or leave out the rows or the column."
    )


def test_cells_that_are_no_numbers_are_counted_and_the_first_row_is_named() -> None:
    customers = pd.DataFrame({"a": [1.0, 2.0, np.nan, np.nan], "b": [5.0, np.inf, 3.0, 4.0]})
    assert "“b” has an infinite value in row 2 (customer “2”); 3 such cells in all." in refusal(customers)


def test_a_missing_cell_in_a_file_is_named_too(tmp_path: Path) -> None:
    sentence = refusal_of_file(tmp_path, "client id,Milk\nx,2\ny,\nz,NA\n")
    assert "“Milk” has no number in row 2 (customer “y”); 2 such cells in all." in sentence


def test_a_hostile_name_is_quoted_on_one_line() -> None:
    customers = pd.DataFrame({"<script>\nalert(1)": [1.0, np.nan, 3.0]})
    assert "“<script> alert(1)” has no number" in refusal(customers)


@pytest.mark.parametrize("customers", [None, 3, np.eye(3), {"a": [1, 2]}, pd.Series([1, 2])])
def test_what_is_neither_a_frame_nor_a_path_is_refused_with_its_type(customers: object) -> None:
    assert refusal(customers) == (
        f"Customers must be a dataframe or the path of a CSV file, but “{type(customers).__name__}” came. "
        "Pass a pandas dataframe with one row a customer."
    )


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"resources": 3}', '{"resources": [{"path": "clients.csv", "schema": 3}]}']
)
def test_a_broken_data_package_beside_the_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "datapackage.json").write_text(content, encoding="utf-8")
    sentence = refusal_of_file(tmp_path, "a,b\n1,2\n3,5\n")
    assert sentence.startswith("The description of the data, “datapackage.json” beside “clients.csv”, cannot be read")
    assert sentence.endswith("Mend it, or remove it to go without titles and units.")


def test_a_data_package_about_other_files_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text('{"resources": [{"path": "other.csv"}]}', encoding="utf-8")
    (tmp_path / "clients.csv").write_text("a,b\n1,2\n3,5\n", encoding="utf-8")
    assert CustomerTable.read(tmp_path / "clients.csv").title == "clients"
