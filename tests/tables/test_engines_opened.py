"""Tables that stay where they are: addresses, folders of Parquet files, and what is refused of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, DataError
from custseg.tables.sources.engines import parse_address

if TYPE_CHECKING:
    from pathlib import Path


def _customers(count: int, seed: int = 0) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "customer_id": [f"C{number:05}" for number in range(count)],
            "milk": generator.lognormal(3, 1, count).round(2),
            "visits": generator.poisson(6, count),
            "channel": generator.choice(["shop", "web"], count),
        }
    )


def test_a_folder_of_parquet_files_is_one_table_that_stays_where_it_is(tmp_path: Path) -> None:
    everybody = _customers(500)
    for year, some in everybody.groupby(np.arange(500) % 2 + 2024):
        folder = tmp_path / "customers" / f"year={year}"
        folder.mkdir(parents=True)
        some.to_parquet(folder / "part.parquet", index=False)
    table = CustomerTable.read(tmp_path / "customers", most_in_memory=100)
    assert len(table) == 500
    assert table.features == ("milk", "visits")
    assert {"channel", "year"} <= {column.name for column in table.columns}
    assert any("stay in DuckDB" in note for note in table.notes)
    with pytest.raises(DataError, match="stay in DuckDB"):
        _ = table.identifiers


def test_a_pattern_names_files_and_a_small_table_comes_into_memory(tmp_path: Path) -> None:
    for number in range(3):
        some = _customers(40)
        some["customer_id"] += f"-{number}"
        some.to_parquet(tmp_path / f"part-{number}.parquet")
    table = CustomerTable.read(str(tmp_path / "part-*.parquet"))
    assert len(table) == 120
    assert len(table.identifiers) == 120


def test_a_large_parquet_file_stays_where_it_is_and_a_small_one_does_not(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    _customers(300).to_parquet(path)
    assert CustomerTable.read(path).elsewhere is None
    assert CustomerTable.read(path, most_in_memory=200).elsewhere is not None


def test_files_whose_columns_are_of_different_types_are_refused_in_words(tmp_path: Path) -> None:
    pd.DataFrame({"milk": [1.0, 2.0]}).to_parquet(tmp_path / "a.parquet")
    pd.DataFrame({"milk": [[1], [2]]}).to_parquet(tmp_path / "b.parquet")
    with pytest.raises(DataError, match="differ in their columns"):
        CustomerTable.read(tmp_path)


def test_a_folder_without_parquet_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no Parquet files"):
        CustomerTable.read(tmp_path)


def test_a_table_of_a_duckdb_file_is_opened_by_its_address(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        customers = _customers(300)  # noqa: F841 - DuckDB reads it by its name
        connection.execute('CREATE TABLE "odd; ""name" AS SELECT * FROM customers')
    table = CustomerTable.read(f"duckdb://{path}?table=odd%3B%20%22name", most_in_memory=100)
    assert len(table) == 300
    with pytest.raises(DataError, match="Choose from"):
        CustomerTable.read(f"duckdb://{path}?table=other")
    with pytest.raises(DataError, match="no file"):
        CustomerTable.read(f"duckdb://{tmp_path}/none.duckdb?table=customers")


def test_rows_that_are_no_customers_are_refused_though_a_sample_does_not_show_it(tmp_path: Path) -> None:
    # Of so few rows of each customer, a sample holds hardly a second one.
    count = 60_000
    frame = _customers(count).assign(customer_id=[f"C{number % (count - 1):05}" for number in range(count)])
    frame.to_parquet(tmp_path / "lines.parquet")
    with pytest.raises(DataError, match="One row per customer"):
        CustomerTable.read(tmp_path, most_in_memory=1000)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://anna:s3cret@db/shop?table=customers", "password"),
        ("postgresql://db/shop?table=customers&password=s3cret", "password"),
        ("mysql://db/shop?table=customers", "no engine"),
        ("spark://host:15002", "must say which"),
        ("spark://host:port?table=a", "cannot be understood"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_secrets(address: str, said: str) -> None:
    with pytest.raises(DataError, match=said) as refused:
        parse_address(address)
    assert "s3cret" not in str(refused.value)
