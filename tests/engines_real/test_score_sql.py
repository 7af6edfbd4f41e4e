"""SQL that scores runs on real PostgreSQL and Spark, and puts each customer where Python does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import psycopg
import pytest
from psycopg import sql
from sqlglot import exp

from custseg import CustomerTable, ModelDocument, Recipe, segment
from custseg.export.sql.dialects import dialect_of
from custseg.export.sql.written_numbers import bare_text, number_in
from tests.engines import Engines
from tests.engines_real.servers import LOOPBACK, Server, postgresql, wait_until
from tests.export.document.models import customers, of_every_kind, result_of
from tests.export.sql.written_numbers import TEXTS, read_in_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from custseg.tables.number_text import DecimalSign

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
PASSWORD = "quiet-otter-3"  # noqa: S105 - of a server that lives as long as these tests
MODELS = ("plain", "prepared", "complete customers", "trimmed")
_KINDS = {"f": "double precision", "i": "bigint", "b": "boolean", "M": "timestamp"}


def of_kinds() -> tuple[ModelDocument, pd.DataFrame]:
    frame = of_every_kind()
    roles: Any = {"last order": "feature", "channel": "category"}
    table = CustomerTable.read(frame, open_questions=True, roles=roles)
    document = segment(table, k=3, seed=0, recipe=Recipe(categories=True, log="auto")).to_document()
    return document, frame.assign(row=range(len(frame)))


@pytest.fixture(scope="module")
def ask_postgresql() -> Iterator[Callable[[str], list[Any]]]:
    """Ask a server that holds both tables, under names that have to be quoted."""
    with postgresql(PASSWORD) as server, _connected(server) as connection:
        for name, frame in (('odd; "name"', customers()), ("kinds", of_kinds()[1])):
            _fill(connection, name, frame)

        def ask(statement: str) -> list[Any]:
            return connection.execute(statement.encode()).fetchall()

        yield ask


def _connected(server: Server) -> psycopg.Connection[Any]:
    """Connect once the server takes connections, which is a little later than it answers."""
    found: list[psycopg.Connection[Any]] = []

    def connects() -> bool:
        try:
            found.append(
                psycopg.connect(
                    host=LOOPBACK, port=server.port, user="owner", password=PASSWORD, dbname="postgres", autocommit=True
                )
            )
        except psycopg.OperationalError:
            return False
        return True

    wait_until(connects)
    return found[0]


def _fill(connection: psycopg.Connection[Any], name: str, frame: pd.DataFrame) -> None:
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(_KINDS.get(frame[column].dtype.kind, "text")))
        for column in frame.columns
    ]
    connection.execute(sql.SQL("CREATE TABLE {} ({})").format(sql.Identifier(name), sql.SQL(", ").join(columns)))
    copy = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))
    with connection.cursor() as cursor, cursor.copy(copy) as rows:
        for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
            rows.write_row(row)


def assert_as_in_python(rows: list[Any], document: ModelDocument, frame: pd.DataFrame, key: str) -> None:
    expected = document.score(frame).sort_values(key, ignore_index=True)
    found = pd.DataFrame([tuple(row) for row in rows], columns=[key, "segment", "segment_name", "distance", "margin"])
    found = found.sort_values(key, ignore_index=True)
    assert found["segment"].fillna(0).astype(int).tolist() == expected["segment"].fillna(0).astype(int).tolist()
    assert found["segment_name"].fillna("").tolist() == expected["segment_name"].fillna("").tolist()
    for column in ("distance", "margin"):
        pd.testing.assert_series_equal(found[column].astype(float), expected[column].astype(float), atol=1e-9)


@pytest.mark.parametrize("name", MODELS)
def test_postgresql_puts_each_customer_where_python_does(name: str, ask_postgresql: Callable[[str], list[Any]]) -> None:
    document = result_of(name).to_document()
    statement = document.to_sql("postgresql", ('odd; "name"',), keep=["customer"])
    assert_as_in_python(ask_postgresql(statement), document, customers(), "customer")
    assert ask_postgresql(document.to_sql("postgresql", check=True)) == [(0,)]


def test_postgresql_reads_columns_of_every_kind(ask_postgresql: Callable[[str], list[Any]]) -> None:
    document, frame = of_kinds()
    assert_as_in_python(ask_postgresql(document.to_sql("postgresql", "kinds", keep=["row"])), document, frame, "row")
    assert ask_postgresql(document.to_sql("postgresql", check=True)) == [(0,)]


@pytest.mark.parametrize("decimal", [".", ","])
def test_postgresql_reads_numbers_in_texts_as_in_memory(
    decimal: DecimalSign, ask_postgresql: Callable[[str], list[Any]]
) -> None:
    dialect = dialect_of("postgresql")
    for text in TEXTS:
        written = exp.cast(exp.Literal.string(text.strip()), "text")
        read = dialect.write(exp.select(number_in(bare_text(written, dialect), decimal, dialect)))
        assert ask_postgresql(read) == [(read_in_memory(text, decimal),)], text


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    engines, folder = Engines(), tmp_path_factory.mktemp("tables")
    for name, frame in (("customers", customers()), ("kinds", of_kinds()[1])):
        frame.to_parquet(folder / name, coerce_timestamps="us")
        engines.open("Spark", folder / name).createOrReplaceTempView(name)
    yield engines.session()
    engines.close()


@pytest.mark.parametrize("name", ["prepared", "trimmed"])
def test_spark_puts_each_customer_where_python_does(name: str, spark: Any) -> None:
    document = result_of(name).to_document()
    rows = spark.sql(document.to_sql("spark", "customers", keep=["customer"])).collect()
    assert_as_in_python(rows, document, customers(), "customer")
    assert [tuple(row) for row in spark.sql(document.to_sql("spark", check=True)).collect()] == [(0,)]


def test_spark_reads_columns_of_every_kind(spark: Any) -> None:
    document, frame = of_kinds()
    assert_as_in_python(spark.sql(document.to_sql("spark", "kinds", keep=["row"])).collect(), document, frame, "row")
