"""The levels of a category: read once, the same for every dataframe, and one for each customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given

from custseg import CustomerTable, DataError
from tests.strategies import tables_of_any_kind

if TYPE_CHECKING:
    from collections.abc import Callable

CELLS = {"spend": [1.0, 2.0, 3.0, 4.0], "branch": ["north", " south\n1 ", None, "north"]}


def written(table: CustomerTable, name: str) -> list[str | None]:
    levels = table.levels(name)
    return [levels.texts[code] for code in levels.codes]


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_each_customer_has_its_level_in_every_dataframe(make: Callable[[object], object]) -> None:
    table = CustomerTable.read(make(CELLS))
    assert written(table, "branch") == ["north", "south 1", None, "north"]
    assert written(table, "spend") == ["1", "2", "3", "4"]


def test_whole_numbers_keep_all_their_digits_beside_a_gap() -> None:
    cells = pd.Series([2**60 + 1, 2**60 + 2, None, 2**60 + 1], dtype="Int64")
    table = CustomerTable.read(pd.DataFrame({**CELLS, "code": cells}))
    assert written(table, "code") == [str(2**60 + 1), str(2**60 + 2), None, str(2**60 + 1)]


def test_they_are_found_once_whatever_the_columns_are_for() -> None:
    table = CustomerTable.read(pd.DataFrame(CELLS), roles={"branch": "ignored"})
    levels = table.levels("branch")
    assert table.change(roles={"branch": "category"}).levels("branch") is levels
    assert table.change(money={"spend": True}).levels("branch") is levels


def test_a_sample_has_levels_of_its_own() -> None:
    table = CustomerTable.read(pd.DataFrame(CELLS))
    assert len(table.levels("branch").codes) == 4
    assert written(table.sample(np.array([3, 1])), "branch") == ["north", "south 1"]


def test_codes_take_a_byte_where_a_byte_holds_them_and_cannot_be_written() -> None:
    few = CustomerTable.read(pd.DataFrame(CELLS)).levels("branch")
    assert few.codes.dtype == np.uint8
    with pytest.raises(ValueError, match="read-only"):
        few.codes[0] = 1
    many = CustomerTable.read(pd.DataFrame({"spend": np.arange(300.0), "c": [f"c{row}" for row in range(300)]}))
    assert many.levels("c").codes.dtype == np.uint16
    assert len(set(written(many, "c"))) == 300


@given(tables_of_any_kind())
def test_of_any_table_equal_cells_have_the_same_level_and_a_level_one_line(customers: object) -> None:
    try:
        table = CustomerTable.read(customers)
    except DataError:
        return
    for column in table.columns:
        texts = written(table, column.name)
        assert len(texts) == len(table)
        assert all(text is None or (text and text == " ".join(text.split())) for text in texts)
        missing = table.frame[column.name].is_null().to_list()
        assert all(text is None for text, gap in zip(texts, missing, strict=True) if gap)
        for cell, text in zip(table.frame[column.name].to_list(), texts, strict=True):
            assert text is None or not isinstance(cell, str) or text == " ".join(cell.split())
