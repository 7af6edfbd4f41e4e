"""A table means the same whatever brings it: a file, a frame of any library, a relation, many rows or few."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custseg import SettingError, from_transactions, understand
from custseg.tables.purchase_columns import TransactionColumns
from custseg.tables.sources import excel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from custseg.tables.sources import SourceTable
    from custseg.tables.understanding import Understanding

CUSTOMERS = pd.DataFrame(
    {
        "client_no": [f"K{number}" for number in range(120)],
        "region": ["North", "South", "West"] * 40,
        "num_orders": np.random.default_rng(1).poisson(8, 120) + 1,
        "total_spend": np.random.default_rng(2).lognormal(5, 1, 120).round(2),
    }
)
PURCHASES = pd.DataFrame(
    {
        "receipt_no": range(1, 91),
        "member_id": [f"M{number % 30}" for number in range(90)],
        "date": pd.Timestamp("2023-01-02") + pd.to_timedelta(np.arange(90) * 3, unit="D"),
        "kind_type": (["Sale"] * 8 + [" refund "]) * 10,
        "total": np.random.default_rng(3).lognormal(3, 1, 90).round(2),
    }
)
KINDS: dict[str, Callable[[pd.DataFrame], object]] = {
    "Polars": pl.from_pandas,
    "Arrow": lambda frame: pa.Table.from_pandas(frame, preserve_index=False),
    "DuckDB": lambda frame: duckdb.connect().from_df(frame),
}


def said(understood: Understanding) -> dict[str, object]:
    """Return all that was understood but how columns are stored."""
    names = [each.name for each in fields(understood) if each.name not in {"columns", "preview"}]
    return {name: getattr(understood, name) for name in names}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("frame", [CUSTOMERS, PURCHASES], ids=["customers", "purchases"])
def test_frames_of_any_library_mean_the_same(kind: str, frame: pd.DataFrame) -> None:
    expected, understood = understand(frame), understand(KINDS[kind](frame))
    assert said(understood) == said(expected)
    assert understood.preview.customers == expected.preview.customers
    assert understood.preview.total == pytest.approx(expected.preview.total)


def test_many_rows_mean_what_few_do() -> None:
    many = pd.concat([CUSTOMERS] * 2500, ignore_index=True)
    many["client_no"] = np.arange(len(many)) + 1_000_000
    understood = understand(many)
    assert (understood.rows, understood.identifier) == ("customers", "client_no")
    assert (understood.features, understood.money) == (("num_orders", "total_spend"), ("total_spend",))
    assert understood.preview.total == pytest.approx(many["total_spend"].sum())


def test_what_a_type_calls_a_refund_is_taken_off_whatever_its_sign() -> None:
    signs = np.where(PURCHASES["kind_type"] == "Sale", 1, -1)
    net = float((PURCHASES["total"] * signs).sum())
    understood = understand(PURCHASES)
    assert understood.returns == "“kind_type” is “ refund ”"
    assert understood.preview.total == pytest.approx(net)
    signed = PURCHASES.assign(total=PURCHASES["total"] * signs)
    assert understand(signed).preview.total == pytest.approx(net)


def test_returns_are_told_by_the_values_that_are_given() -> None:
    columns = TransactionColumns("member_id", "date", "total", status="kind_type", returned=["REFUND"])  # type: ignore[arg-type]
    table = from_transactions(PURCHASES, columns)
    signs = np.where(PURCHASES["kind_type"] == "Sale", 1, -1)
    net = (PURCHASES["total"] * signs).groupby(PURCHASES["member_id"]).sum()
    assert table.matrix(["monetary_value"]).sum() == pytest.approx(net.sum())


def test_returns_need_a_status() -> None:
    with pytest.raises(SettingError, match="returned says something of status"):
        from_transactions(PURCHASES, TransactionColumns("member_id", "date", "total", returned=("refund",)))


def test_a_workbook_of_purchases_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sales.xlsx"
    PURCHASES.to_excel(path, index=False)
    reads, read = [], excel.read

    def counted(*arguments: Any) -> SourceTable:
        reads.append(arguments)
        return read(*arguments)

    monkeypatch.setattr(excel, "read", counted)
    understood, expected = understand(path), understand(PURCHASES)
    assert len(reads) == 1
    assert (understood.rows, understood.purchases) == (expected.rows, expected.purchases)
    assert understood.preview.total == pytest.approx(expected.preview.total)


def test_customers_of_visits_alone_have_no_lines_of_an_order() -> None:
    visits = TransactionColumns("member_id", "date", None)
    made = from_transactions(PURCHASES, visits)
    assert understand(PURCHASES, columns=visits).features == ("recency_days", "frequency", "tenure_days")
    assert made.to_pandas().columns.tolist()[1:] == ["recency_days", "frequency", "tenure_days"]
