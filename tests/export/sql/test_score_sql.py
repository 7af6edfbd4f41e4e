"""SQL that scores: the same segments as Python, in DuckDB for real, and in every dialect as its parser reads it."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import ErrorLevel, exp

import custseg
from custseg import CustomerTable, ModelDocument, Recipe, SettingError, segment
from custseg.export.sql.dialects import DIALECTS
from tests.export.document.models import RECIPES, customers, of_every_kind, result_of
from tests.strategies import segmentations

WRITTEN = [name for name in RECIPES if name not in ("similar customers", "mixture")]
_NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
HOSTILE = st.sampled_from(
    [
        "a;b",
        'a"b',
        "a`b",
        "a]b",
        "a[b",
        "a'b",
        "a\\b",
        "a\nb",
        "--",
        "/*",
        "ü €",
        "select",
        "{{ x }}",
        "a.b",
        "\u202e",
        "$$",
    ]
)


def scored(document: ModelDocument, frame: pd.DataFrame, **chosen: Any) -> pd.DataFrame:
    connection = duckdb.connect()
    connection.register("customers", frame)
    found: pd.DataFrame = connection.execute(document.to_sql("duckdb", "customers", **chosen)).df()
    return found


def answer(statement: str) -> int:
    ((found,),) = duckdb.connect().execute(statement).fetchall()
    return int(found)


def assert_as_in_python(found: pd.DataFrame, document: ModelDocument, frame: pd.DataFrame) -> None:
    expected = document.score(frame)
    assert found["segment"].fillna(0).tolist() == expected["segment"].fillna(0).tolist()
    assert found["segment_name"].fillna("").tolist() == expected["segment_name"].fillna("").tolist()
    for column in ("distance", "margin"):
        np.testing.assert_allclose(found[column].astype(float), expected[column].astype(float), atol=1e-9)


@pytest.mark.parametrize("name", WRITTEN)
def test_duckdb_gives_the_segments_that_python_gives(name: str) -> None:
    document, frame = result_of(name).to_document(), customers(name)
    found = scored(document, frame)
    assert_as_in_python(found, document, frame)
    assert found.columns.tolist()[0] == "customer"
    assert found["customer"].tolist() == frame["customer"].tolist()


@pytest.fixture(scope="module")
def of_kinds() -> tuple[ModelDocument, pd.DataFrame]:
    frame = of_every_kind()
    roles: Any = {"last order": "feature", "channel": "category"}
    table = CustomerTable.read(frame, open_questions=True, roles=roles, levels={"channel": {1: "shop"}})
    assert {column.format.kind for column in table.columns} >= {
        "date",
        "birth year",
        "ordinal",
        "truth",
        "number as text",
    }
    return segment(table, k=3, seed=0, recipe=Recipe(categories=True)).to_document(), frame


def test_columns_of_every_kind_are_read_as_in_python(of_kinds: tuple[ModelDocument, pd.DataFrame]) -> None:
    document, frame = of_kinds
    assert_as_in_python(scored(document, frame), document, frame)
    few: dict[str, Any] = {
        "spend": np.nan, "bill": ["n/a", None, "-€ 1.500e3"], "size": [None, " large ", "-"],
        "member": ["YES", None, "n/a"], "channel": 7,
    }  # fmt: skip
    gaps = frame.head(3).assign(**few)
    assert_as_in_python(scored(document, gaps), document, gaps)


@given(segmentations(), st.data())
@settings(max_examples=12)
def test_any_segmentation_comes_out_alike_under_any_names(result: custseg.Segmentation, data: st.DataObject) -> None:
    given_names = data.draw(
        st.lists(HOSTILE | _NAMES, min_size=len(result.features), max_size=len(result.features), unique_by=str.casefold)
    )
    called = dict(zip(result.features, given_names, strict=True))
    words = data.draw(st.lists(HOSTILE | _NAMES, min_size=result.k, max_size=result.k))
    document = result.to_document(names=words)
    content = document.content
    renamed = content.model_copy(
        update={
            "features": tuple(one.model_copy(update={"name": called[one.name]}) for one in content.features),
            "test_rows": tuple(
                row.model_copy(update={"cells": {called[name]: cell for name, cell in row.cells.items()}})
                for row in content.test_rows
            ),
        }
    )
    document = ModelDocument(renamed)
    frame = result.table.to_pandas().rename(columns=called)
    found = scored(document, frame)
    assert found["segment"].tolist() == result.labels.tolist()
    assert found["segment_name"].tolist() == [words[label - 1] for label in result.labels]
    assert found.columns.tolist()[: len(given_names)] == given_names
    assert answer(document.to_sql("duckdb", check=True)) == 0
    assert_means_the_same(document, data.draw(st.sampled_from(sorted(DIALECTS))))


def assert_means_the_same(document: ModelDocument, dialect: str) -> None:
    """Have the dialect's own parser read a statement: one query, whose names and texts are those of the document."""
    (read,) = sqlglot.parse(document.to_sql(dialect), read=DIALECTS[dialect], error_level=ErrorLevel.RAISE)
    assert isinstance(read, exp.Select)
    assert {*document.features, *document.categories} <= {one.name for one in read.find_all(exp.Identifier)}
    said = {str(one.this) for one in read.find_all(exp.Literal, exp.National)}
    assert set(document.names) <= said


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_reads_what_is_written_in_it(dialect: str) -> None:
    document = result_of("prepared").to_document()
    assert_means_the_same(document, dialect)
    (read,) = sqlglot.parse(document.to_sql(dialect, check=True), read=DIALECTS[dialect], error_level=ErrorLevel.RAISE)
    assert isinstance(read, exp.Select)


@pytest.mark.parametrize("name", WRITTEN)
def test_the_check_counts_what_comes_out_otherwise(name: str) -> None:
    document = result_of(name).to_document()
    assert answer(document.to_sql("duckdb", check=True)) == 0
    moved = document.content.segments[0].prepared_centroid
    other = document.content.segments[0].model_copy(update={"prepared_centroid": tuple(one + 50 for one in moved)})
    wrong = document.content.model_copy(update={"segments": (other, *document.content.segments[1:])})
    found = answer(ModelDocument(wrong).to_sql("duckdb", check=True))
    assert found == sum(row.segment == 1 for row in document.content.test_rows) > 0


def test_the_check_of_columns_of_every_kind(of_kinds: tuple[ModelDocument, pd.DataFrame]) -> None:
    assert answer(of_kinds[0].to_sql("duckdb", check=True)) == 0


def test_who_says_what_to_keep_gets_that() -> None:
    document, frame = result_of("plain").to_document(), customers().assign(Margin=1)
    found = scored(document, frame, keep=["Margin", "customer"])
    assert found.columns.tolist() == ["Margin", "customer", "segment", "segment_name", "distance", "margin_2"]
    assert scored(document, frame, keep=[]).columns.tolist() == ["segment", "segment_name", "distance", "margin"]
    with pytest.raises(SettingError, match="Each column is kept once, but “customer” is named again"):
        document.to_sql(keep=["customer", "customer"])


def test_a_table_is_a_name_and_nothing_more() -> None:
    document = result_of("plain").to_document()
    assert 'FROM sales."odd name"' in document.to_sql("duckdb", 'sales."odd name"')
    assert 'FROM "a;b"."c""d"' in document.to_sql("duckdb", ("a;b", 'c"d'))
    assert "FROM [a]]b]" in document.to_sql("tsql", ("a]b",))
    for table in (
        "a; DROP TABLE b",
        "a, b",
        "(SELECT 1)",
        "a AS b",
        "a JOIN b",
        "",
        "a WHERE 1=1",
        "f()",
        "a -- b\n; x",
    ):
        with pytest.raises(SettingError, match="A table was expected as it stands in a statement"):
            document.to_sql("duckdb", table)
    hostile: list[Any] = [(), ("a", "b", "c", "d"), ("a\0",), 7]
    for parts in hostile:
        with pytest.raises(SettingError, match="A table was expected"):
            document.to_sql("duckdb", parts)


def test_what_is_not_written_is_a_sentence() -> None:
    with pytest.raises(SettingError, match=r"no dialect of SQL called “oracle”. Choose from “duckdb”, “postgresql”"):
        result_of("plain").to_document().to_sql("oracle")
    with pytest.raises(SettingError, match="A mixture is not written as SQL"):
        result_of("mixture").to_document().to_sql()
    with pytest.raises(SettingError, match="Filling gaps from similar customers is not written as SQL"):
        result_of("similar customers").to_document().to_sql()
    days = pd.DataFrame({"since": [f"{n % 28 + 1}.3.{2000 + n % 20}" for n in range(60)], "visits": range(60)})
    found = segment(CustomerTable.read(days, open_questions=True, roles={"since": "feature"}), k=2, seed=0)
    with pytest.raises(SettingError, match="“since” holds dates in a way that duckdb is not asked to read"):
        found.to_document().to_sql()


def test_infinite_numbers_are_taken_for_none() -> None:
    document, frame = result_of("plain").to_document(), customers().head(3)
    infinite = frame.assign(visits=[np.inf, -np.inf, np.nan])
    assert scored(document, infinite)["segment"].tolist() == document.assign(frame.assign(visits=np.nan)).tolist()


def test_sql_server_tells_capitals_and_letters_of_all_languages_apart() -> None:
    text = result_of("prepared").to_document(names=["größer", "b", "c", "d"]).to_sql("tsql")
    assert "N'größer'" in text
    assert "COLLATE Latin1_General_BIN2" in text
