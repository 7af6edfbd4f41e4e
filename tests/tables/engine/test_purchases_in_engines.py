"""Purchases that stay in an engine give the customers that they give in memory, and customers who stay there."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, DataError, Lifecycle, SettingError, TransactionColumns, from_transactions, segment
from custseg.tables.expressions import Count, Total
from tests.engines import KINDS, Engines

if TYPE_CHECKING:
    from pathlib import Path

    from custseg.tables.expressions import Aggregate

# PySpark leaves the sockets open by which it brings rows.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

LINES = TransactionColumns("who", "day", "units * price", order="order")
VARIANTS = {
    "a line is a purchase": TransactionColumns("who", "day", "units * price"),
    "orders": LINES,
    "fees, returns and discounts": replace(LINES, amount="units * price * (1 - discount) - fee", return_mark="C"),
    "once an order": replace(LINES, amount="total", once_an_order=True),
    "failed and refunded": replace(LINES, status="state", not_bought=("Failed",), returned=("refund",)),
    "one currency of two": replace(LINES, currency="money", currency_is="eur"),
    "what was bought, and by whom": replace(LINES, category="article", attributes=("country", "shop")),
    "without amounts or days": TransactionColumns("who", None, None, order="order", category="few"),
    "only what goes out": TransactionColumns("who", "day", "max(- price, 0)"),
}
IN_SPARK = "fees, returns and discounts", "what was bought, and by whom"


def purchases(rows: int = 900) -> pd.DataFrame:
    """Draw lines of orders, with cancellations, refunds, gaps, ties to round and names of every kind."""
    generator = np.random.default_rng(5)
    order = generator.integers(0, rows // 3, rows)
    of_order: dict[str, Any] = {
        "who": np.array([f"c{number % 97}" if number % 31 else None for number in range(rows)], dtype=object),
        "day": pd.to_datetime("2024-11-20") + pd.to_timedelta(generator.integers(0, 600, rows), "D"),
        "state": generator.choice(["ok", "Failed ", "REFUND", "shipped"], rows, p=[0.6, 0.1, 0.1, 0.2]),
        "money": generator.choice(["EUR", "usd"], rows, p=[0.8, 0.2]),
        "country": np.array([f"land {number % 5}" for number in range(rows)], dtype=object),
    }
    mark = np.where(order % 11 == 0, "C", "")
    columns: dict[str, Any] = {name: values[order] for name, values in of_order.items()}
    columns["order"] = np.char.add(mark, (1000 + order // 2).astype(str)).astype(object)
    # The lines of one order must agree, also where it is a cancellation of another.
    for name in ("who", "day", "state", "money"):
        columns[name] = of_order[name][order // 2]
    return pd.DataFrame(
        columns
        | {
            "units": generator.integers(-2, 9, rows),
            "total": np.where(np.arange(rows) % 50, order // 2 % 70 - 9, 12.5),
            "price": np.where(generator.random(rows) < 0.03, np.nan, generator.integers(-50, 9000, rows) / 1000),
            "discount": generator.choice([0.0, 0.125, 0.25], rows),
            "fee": np.where(generator.random(rows) < 0.5, np.nan, 0.3),
            "article": [f"article {number}" if number < 40 else None for number in generator.zipf(1.6, rows) % 44],
            "few": generator.choice(["tea", "ham"], rows),
            "shop": [f"s{number}" for number in generator.integers(0, 2, rows)],
        }
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("purchases") / "purchases.parquet"
    frame = purchases()
    frame["day"] = frame["day"].astype("datetime64[us]")
    frame.to_parquet(path, index=False)
    return path


def everywhere() -> list[Any]:
    return [
        pytest.param(kind, name, id=f"{kind}-{name}")
        for kind in KINDS
        for name in VARIANTS
        if kind != "Spark" or name in IN_SPARK
    ]


@pytest.mark.parametrize(("kind", "name"), everywhere())
def test_few_customers_are_those_of_memory_with_the_same_remarks(
    engines: Engines, path: Path, kind: str, name: str
) -> None:
    expected = from_transactions(purchases(), VARIANTS[name])
    found = from_transactions(engines.open(kind, path), VARIANTS[name])
    assert found.elsewhere is None
    assert found.features == expected.features
    assert found.identifiers.tolist() == expected.identifiers.tolist()
    np.testing.assert_allclose(found.matrix(found.features), expected.matrix(expected.features), rtol=1e-9)
    for column in expected.columns:
        if column.role == "category":
            assert found.to_pandas()[column.name].tolist() == expected.to_pandas()[column.name].tolist()
    assert found.remarks == expected.remarks


@pytest.mark.parametrize("kind", KINDS)
def test_shares_are_those_of_an_earlier_table(engines: Engines, path: Path, kind: str) -> None:
    columns, like = VARIANTS["what was bought, and by whom"], ["products", "share of article 3", "share of nothing"]
    expected = from_transactions(purchases(), columns, like=like)
    assert [name for name in expected.to_pandas() if name in like] == like
    found = from_transactions(engines.open(kind, path), columns, like=like)
    for name in like:
        np.testing.assert_allclose(found.to_pandas()[name], expected.to_pandas()[name], rtol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_many_customers_stay_there_and_are_segmented_there(engines: Engines, path: Path, kind: str) -> None:
    columns = VARIANTS["orders"]
    expected = from_transactions(purchases(), columns)
    found = from_transactions(engines.open(kind, path), columns, most_in_memory=50)
    assert found.elsewhere is not None
    assert found.elsewhere.name == kind
    assert len(found) == len(expected)
    wanted: list[Aggregate] = [Count(), *map(Total, expected.features)]
    there, here = (table.customers.aggregate(wanted) for table in (found, expected))
    for one in wanted:
        np.testing.assert_allclose(there[one], here[one], rtol=1e-9)
    sizes = [segment(table, k=3, seed=0).sizes.tolist() for table in (found, expected)]
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("kind", ["DuckDB", "Polars"])
def test_scores_and_lifecycle_are_added_to_few_and_refused_of_many(engines: Engines, path: Path, kind: str) -> None:
    asked: Any = {"scores": True, "lifecycle": Lifecycle(30, 90), "as_of": dt.date(2026, 8, 1)}
    expected = from_transactions(purchases(), LINES, **asked)
    found = from_transactions(engines.open(kind, path), LINES, **asked)
    names = ["r_score", "rfm_segment", "lifecycle"]
    assert found.to_pandas()[names].astype(str).equals(expected.to_pandas()[names].astype(str))
    with pytest.raises(SettingError, match=f"need all customers in memory, and .* stay in {kind}"):
        from_transactions(engines.open(kind, path), LINES, **asked, most_in_memory=50)


def test_a_parquet_file_of_more_lines_than_come_into_memory_is_added_up_where_it_is(path: Path) -> None:
    found = from_transactions(path, LINES, most_in_memory=50)
    assert found.elsewhere is not None
    assert len(found) == len(from_transactions(path, LINES))
    assert any("stay in DuckDB" in note for note in found.notes)


def test_what_an_engine_is_not_asked_to_read_is_a_sentence(engines: Engines, tmp_path: Path) -> None:
    path = tmp_path / "texts.parquet"
    frame = purchases()
    frame["day"] = frame["day"].dt.strftime("%d.%m.%Y")
    frame.to_parquet(path, index=False)
    with pytest.raises(SettingError, match=r"“day” holds “String”, which Polars is not asked to read as days. Convert"):
        from_transactions(engines.open("Polars", path), LINES)
    # DuckDB reads them as those of a file.
    assert len(from_transactions(engines.open("DuckDB", path), LINES)) == len(from_transactions(frame, LINES))


def test_what_lines_of_an_order_leave_empty_is_a_sentence(engines: Engines, tmp_path: Path) -> None:
    path = tmp_path / "gaps.parquet"
    frame = purchases()
    frame.loc[frame.index % 4 == 0, "who"] = None
    frame.to_parquet(path, index=False)
    with pytest.raises(DataError, match=r"leave “who” empty where its other lines say it. Fill these cells in Polars"):
        from_transactions(engines.open("Polars", path), LINES)


def test_several_currencies_are_refused_there_too(engines: Engines, path: Path) -> None:
    with pytest.raises(DataError, match=r"names several: “EUR” .*, “USD”"):
        from_transactions(engines.open("Polars", path), replace(LINES, currency="money"))


def test_a_table_of_customers_from_there_is_read_as_any_other(engines: Engines, path: Path) -> None:
    table = from_transactions(engines.open("Polars", path), LINES, most_in_memory=50)
    assert CustomerTable.read(table) is table
    assert table.identifier == "who"
    assert table.money(table.features) == ("monetary_value",)
