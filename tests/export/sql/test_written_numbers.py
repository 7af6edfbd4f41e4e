"""Numbers that are written as texts are read by each dialect as in memory, and nothing else is read as one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import pytest
from sqlglot import exp

from custseg import CustomerTable, Recipe, segment
from custseg.export.sql.dialects import dialect_of
from custseg.export.sql.written_numbers import bare_text, currencies_out, number_in
from tests.export.sql.test_score_sql import assert_as_in_python, scored
from tests.export.sql.written_numbers import TEXTS, read_in_memory

if TYPE_CHECKING:
    from custseg.tables.number_text import DecimalSign

DECIMALS: tuple[DecimalSign, ...] = (".", ",")


@pytest.mark.parametrize("decimal", DECIMALS)
def test_duckdb_reads_numbers_in_texts_as_in_memory(decimal: DecimalSign) -> None:
    dialect = dialect_of("duckdb")
    read = dialect.write(number_in(bare_text(exp.column("written"), dialect), decimal, dialect))
    connection = duckdb.connect()
    statement = f"SELECT {read} FROM (SELECT ? AS written)"  # noqa: S608 - no word of it comes from outside
    for text in TEXTS:
        # What stands around a text is taken off before: see tests of columns of every kind.
        ((found,),) = connection.execute(statement, [text.strip()]).fetchall()
        assert found == read_in_memory(text, decimal), text


@pytest.mark.parametrize("decimal", DECIMALS)
def test_sql_server_without_patterns_reads_the_same(decimal: DecimalSign) -> None:
    dialect = dialect_of("tsql")
    for text in TEXTS:
        bare = _value(bare_text(exp.column("written"), dialect), text.strip())
        for take_out in currencies_out(dialect):
            bare = _value(take_out(exp.column("written")), bare)
        found = _value(number_in(exp.column("written"), decimal, dialect), bare)
        # A blank between sign and number can be no currency's any more.
        assert found == read_in_memory(text.replace("- ", "-"), decimal), text


def _value(expression: Any, text: str) -> Any:  # noqa: C901, PLR0911 - a case for each kind
    """Compute an expression of one text as SQL Server does, which cannot be had here."""

    def of(part: Any) -> Any:
        return _value(part, text)

    match expression:
        case exp.Column():
            return text
        case exp.Literal() | exp.National():
            return expression.name
        case exp.Anonymous(this="REPLACE"):
            where, what, instead = map(of, expression.expressions)
            return where.replace(what, instead)
        case exp.Trim():
            return of(expression.this).strip(" ")
        case exp.Collate():
            return of(expression.this)
        case exp.Add():
            return of(expression.this) + of(expression.expression)
        case exp.Like():
            # Of its wildcards, brackets mean the same.
            return bool(re.fullmatch(of(expression.expression).replace("%", ".*"), of(expression.this), re.DOTALL))
        case exp.Not():
            return not of(expression.this)
        case exp.And():
            return of(expression.this) and of(expression.expression)
        case exp.Case():
            return next((of(chosen.args["true"]) for chosen in expression.args["ifs"] if of(chosen.this)), None)
        case exp.TryCast():
            return _as_a_float(of(expression.this))
    raise TypeError(expression)


def _as_a_float(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?", text) else None


def test_a_column_that_has_become_one_of_numbers_is_read_too() -> None:
    frame = pd.DataFrame({"bill": [f"{n * 7 % 90 + 1}.25" for n in range(60)], "visits": [n % 13 for n in range(60)]})
    frame.loc[3, "bill"] = " "
    document = segment(CustomerTable.read(frame, open_questions=True), k=2, seed=0).to_document()
    assert document.content.columns[0].cells.kind == "number as text"
    later = frame.assign(bill=pd.to_numeric(frame["bill"], errors="coerce"))
    assert_as_in_python(scored(document, later), document, frame)


def test_categories_that_are_numbers_in_texts_are_told_apart_as_they_are_written() -> None:
    frame = pd.DataFrame(
        {"spend": [n * 7 % 90 for n in range(60)], "shop": [["1,5", " 2,5", "unknown"][n % 3] for n in range(60)]}
    )
    table = CustomerTable.read(frame, open_questions=True, roles={"shop": "category"})
    document = segment(table, k=2, seed=0, recipe=Recipe(categories=True)).to_document()
    assert document.content.categories[0].cells.kind == "number as text"
    assert_as_in_python(scored(document, frame), document, frame)
