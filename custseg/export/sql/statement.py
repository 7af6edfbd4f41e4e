"""The statement that scores a table where it lies, and the one that checks that an engine scores as custseg does."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from custseg.clustering.scored_frames import new_names
from custseg.errors import SettingError, listed, quote
from custseg.export.sql.dialects import check_names, column, dialect_of, divided, named, number, table_of
from custseg.export.sql.placing import Steps, place
from custseg.language import say
from custseg.tables.table import unique_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.export.document.content import Cell, ComparedColumn, ModelContent
    from custseg.export.sql.dialects import Dialect

_TEST_ROWS = "custseg_test_rows"


def score_sql(
    document: ModelContent, dialect: str, table: str | Sequence[str], keep: Sequence[str] | None = None
) -> str:
    """Return the statement that gives each customer of a table its segment; see ``ModelDocument.to_sql``."""
    return dialect_of(dialect).write(scoring_statement(document, dialect, table, keep))


def scoring_statement(
    document: ModelContent, dialect: str, table: str | Sequence[str], keep: Sequence[str] | None = None
) -> exp.Select:
    """Return the same statement, before it is written."""
    chosen = dialect_of(dialect)
    return _scoring(document, chosen, table_of(table, chosen), _kept(document, keep))


def _kept(document: ModelContent, keep: Any) -> tuple[str, ...]:
    """Return the columns that come along: the identifier and what is compared, where nobody says otherwise."""
    if isinstance(keep, str) or (keep is not None and not all(isinstance(name, str) and name for name in keep)):
        msg = say("The columns to keep must be a list of names, but got {keep}.", keep=quote(keep))
        raise SettingError(msg)
    identifier = document.understanding.identifier
    compared = [one.name for one in document.columns]
    wanted = [*([identifier] if identifier else []), *compared] if keep is None else list(keep)
    check_names(wanted)
    alike = [name for place, name in enumerate(wanted) if name in wanted[:place]]
    if alike:
        msg = say("Each column is kept once, but {alike} is named again.", alike=listed(alike))
        raise SettingError(msg)
    return tuple(wanted)


def _scoring(document: ModelContent, dialect: Dialect, source: exp.Table, kept: tuple[str, ...]) -> exp.Select:
    carried = [f"column_{position + 1}" for position in range(len(kept))]
    steps = Steps(source, {alias: column(name) for alias, name in zip(carried, kept, strict=True)}, dialect)
    place(document, dialect, steps)
    segment, name, distance, margin = new_names(kept)
    called = exp.Case()
    for number_of_it, one in enumerate(document.names, start=1):
        called = called.when(_is_segment(number_of_it), dialect.text(one))
    return steps.select(
        *(exp.alias_(exp.column(alias), named(name)) for alias, name in zip(carried, kept, strict=True)),
        exp.alias_(exp.column("segment"), segment),
        exp.alias_(called, name),
        exp.alias_(_where_in_one(_distance("own_squared")), distance),
        exp.alias_(_where_in_one(_margin()), margin),
    )


def _is_segment(segment: int) -> exp.Expr:
    return exp.EQ(this=exp.column("segment"), expression=exp.Literal.number(segment))


def _where_in_one(value: exp.Expr) -> exp.Expr:
    return exp.Case().when(exp.Not(this=exp.Is(this=exp.column("segment"), expression=exp.null())), value)


def _distance(name: str) -> exp.Expr:
    return exp.Sqrt(this=exp.column(name))


def _margin() -> exp.Expr:
    """Return 1 - own / other distance; 0 for who could be in either."""
    own, other = exp.column("own_squared"), exp.column("other_squared")
    ratio = divided(_distance("own_squared"), _distance("other_squared"))
    apart = exp.Sub(this=number(1), expression=ratio)
    nearer = exp.and_(exp.LTE(this=own, expression=other), exp.GT(this=other.copy(), expression=number(0)))
    return exp.Case().when(nearer, apart).else_(number(0))


def check_sql(document: ModelContent, dialect: str, *, only_if_wrong: bool = False) -> str:
    """Return the statement that counts the test rows of a document that an engine puts into another segment.

    With ``only_if_wrong`` it has no row where there are none of these.
    """
    chosen = dialect_of(dialect)
    expected = unique_name("expected_segment", [one.name for one in document.columns])
    steps = Steps(exp.to_table(_TEST_ROWS), {"expected": column(expected)}, chosen)
    place(document, chosen, steps)
    segment, wanted = (
        exp.Coalesce(this=exp.column(name), expressions=[exp.Literal.number(0)]) for name in ("segment", "expected")
    )
    none = exp.Literal.number(0)
    wrong = exp.Case().when(exp.NEQ(this=segment, expression=wanted), exp.Literal.number(1)).else_(none)
    counted = exp.alias_(exp.Coalesce(this=exp.Sum(this=wrong), expressions=[none.copy()]), "wrong")
    statement = steps.select(counted, first=(_TEST_ROWS, _test_rows(document, chosen, expected)))
    if only_if_wrong:
        statement = statement.having(exp.GT(this=exp.Sum(this=wrong.copy()), expression=none.copy()))
    return chosen.write(statement)


def _test_rows(document: ModelContent, dialect: Dialect, expected: str) -> exp.Expr:
    """Return the test rows, one SELECT each: the form that every dialect has."""
    rows: exp.Expr | None = None
    for row in document.test_rows:
        cells = [exp.alias_(_literal(row.cells[one.name], one, dialect), named(one.name)) for one in document.columns]
        segment = exp.null() if row.segment is None else exp.Literal.number(row.segment)
        one_row = exp.select(*cells, exp.alias_(exp.cast(segment, "int"), named(expected)))
        rows = one_row if rows is None else exp.Union(this=rows, expression=one_row, distinct=False)
    if rows is None:
        msg = say("This model document has no test rows to check with. Save the model again.")
        raise SettingError(msg)
    return rows


def _literal(cell: Cell, entry: ComparedColumn, dialect: Dialect) -> exp.Expr:
    """Return a cell of a test row, of the type that its column has."""
    stored = entry.cells.stored
    kind = {"number": "double", "truth": "boolean", "date": "date", "moment": "timestamp"}.get(stored)
    if kind is None:
        text = exp.null() if cell is None else dialect.text(str(cell))
        return exp.cast(text, "nvarchar(max)" if dialect.name == "tsql" else "text", dialect=dialect.sqlglot)
    if cell is None:
        return exp.cast(exp.null(), kind)
    if stored == "truth":
        return exp.cast(exp.Literal.number(int(bool(cell))), "boolean")
    if stored == "number":
        return exp.cast(number(float(cell)), "double")
    moment = dt.datetime.fromisoformat(str(cell)).isoformat(" ") if stored == "moment" else str(cell)
    return exp.cast(exp.Literal.string(moment), kind)
