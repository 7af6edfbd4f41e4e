"""All that is asked of an engine through Ibis can be said in the SQL of warehouses that can't be had here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlglot
from sqlglot import expressions

from custseg import CustomerTable, Recipe, segment
from custseg.clustering.engines import pushed_down
from custseg.insight.certainty import OnBorder
from custseg.insight.customer_listing import HasLevel, Order, list_customers
from custseg.tables.engine.engine_frame import EngineFrame
from custseg.tables.expressions import SEGMENT, Both, Count, IdentifierContains, InSegments, Passing, Total
from custseg.tables.placed import Grid, placed
from custseg.tables.shapes import InBox, OnFeatures
from tests.engines import NAMES, REGION, Engines, random_customers

if TYPE_CHECKING:
    from pathlib import Path

DIALECTS = "snowflake", "bigquery", "databricks"
_ASKED = "assignment, steps, listings, pictures and sums"


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Ask all of it of Ibis on this machine, and write each question down in each dialect."""
    path = tmp_path_factory.mktemp("warehouse") / "customers.parquet"
    random_customers(0).to_parquet(path)
    told: dict[str, list[str]] = {dialect: [] for dialect in DIALECTS}
    collect = EngineFrame.collect

    def collect_and_tell(engine: EngineFrame, lazy: Any) -> Any:
        for dialect, written in told.items():
            written.append(engine.sql(lazy, dialect) or "")
        return collect(engine, lazy)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EngineFrame, "collect", collect_and_tell)
        patch.setattr(pushed_down, "SAMPLE_SIZE", 500)
        ask(path)
    return told


def ask(path: Path) -> None:
    """Do what a page does with customers in an engine."""
    table = CustomerTable.read(Engines().open("Ibis", path), most_in_memory=100)
    result = segment(table, k=3, seed=0, recipe=Recipe(log="auto", categories=(REGION,), exceptional=8))
    customers = result.assignment
    customers.aggregate([Count(), Total(NAMES[0])], by=(SEGMENT, REGION))
    box = Passing(InBox(OnFeatures((NAMES[0], NAMES[1])), (0, 0), (50, 60)))
    for where in (box, InSegments(frozenset({1})), IdentifierContains("7"), Passing(OnBorder(result))):
        customers.aggregate([Count()], where=where)
    listing = list_customers(table, result, Both(box, Passing(HasLevel(REGION, "north"))), Order(NAMES[0], True))
    listing.screen(0, 20, (REGION,))
    placed(customers, OnFeatures((NAMES[0], NAMES[1]))).counts(Grid((0, 100), (0, 100), 20, 20), SEGMENT)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_statement_is_one_of_the_dialect(statements: dict[str, list[str]], dialect: str) -> None:
    assert len(statements[dialect]) > 12, f"Too few questions for {_ASKED}."
    for statement in statements[dialect]:
        (parsed,) = sqlglot.parse(statement, read=dialect, error_level=sqlglot.ErrorLevel.RAISE)
        assert isinstance(parsed, expressions.Query)
        assert not list(parsed.find_all(expressions.Command))
        # Written again from what was understood, it is the same.
        assert sqlglot.transpile(parsed.sql(dialect), read=dialect, write=dialect) == [parsed.sql(dialect)]
        # Names are as the table has them, quotation marks and all.
        tables = {table.name for table in parsed.find_all(expressions.Table)}
        assert all("customers" in name or name.startswith(("t", "ibis")) for name in tables)
