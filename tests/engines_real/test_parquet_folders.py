"""Folders of Parquet files that differ among themselves, or change while somebody looks at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from custseg import CustomerTable, DataError
from custseg.tables.expressions import Known
from tests.engines_real.shop import FEW, assert_as_in_memory, customers, fitted, opened

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("steps_in_the_engine")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return _write(tmp_path / "customers", customers())


def _write(folder: Path, frame: pd.DataFrame) -> Path:
    folder.mkdir(exist_ok=True)
    for place in range(3):
        frame.iloc[place::3].to_parquet(folder / f"part-{place}.parquet", index=False)
    return folder


def test_a_column_that_some_files_lack_is_empty_there(folder: Path) -> None:
    frame = customers()
    frame.iloc[1::3].drop(columns="milk").to_parquet(folder / "part-1.parquet", index=False)
    counted = opened(str(folder)).customers.aggregate([Known("milk")])
    assert counted[Known("milk")] == frame["milk"][frame.index % 3 != 1].notna().sum()


def test_a_column_of_another_type_in_one_file_is_a_sentence(folder: Path) -> None:
    wrong = customers().iloc[2::3]
    wrong.assign(milk="much").to_parquet(folder / "part-2.parquet", index=False)
    with pytest.raises(DataError, match=r"“milk” is text in some of these files"):
        fitted(opened(str(folder)))


def test_a_column_that_vanishes_before_the_fit_is_a_sentence(folder: Path) -> None:
    table = opened(str(folder))
    _write(folder, customers().drop(columns="milk"))
    with pytest.raises(DataError, match=r"DuckDB could not answer"):
        fitted(table)


def test_files_that_are_added_during_a_fit_are_not_of_the_table(folder: Path) -> None:
    later = customers(1).assign(customer_id=lambda frame: "later" + frame["customer_id"])

    def add(_: object) -> None:
        later.to_parquet(folder / "part-9.parquet", index=False)

    found, told = fitted(opened(str(folder)), add)
    assert len(told) > 1
    assert_as_in_memory(found)
    assert len(CustomerTable.read(folder, most_in_memory=FEW)) == 2 * len(later)


def test_rows_that_are_added_to_a_file_during_a_fit_are_a_sentence(folder: Path) -> None:
    frame = customers()
    longer = pd.concat([frame.iloc[0::3], frame.iloc[:7].assign(customer_id=list("abcdefg"))])

    def rewrite(_: object) -> None:
        longer.to_parquet(folder / "part-0.parquet", index=False)

    with pytest.raises(DataError, match=r"DuckDB .*(changed|could not answer)"):
        fitted(opened(str(folder)), rewrite)


def test_files_that_vanish_during_a_fit_are_a_sentence(folder: Path) -> None:
    with pytest.raises(DataError, match=r"DuckDB could not answer: the files of the table are no longer there"):
        fitted(opened(str(folder)), lambda _: (folder / "part-0.parquet").unlink(missing_ok=True))
