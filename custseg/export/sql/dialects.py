"""The dialects of SQL that are written, and how a name, a text and a number stand in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from custseg.errors import SettingError, listed, quote
from custseg.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

# As people call them, and as sqlglot does.
DIALECTS = {
    "duckdb": "duckdb", "postgresql": "postgres", "snowflake": "snowflake", "bigquery": "bigquery", "spark": "spark",
    "tsql": "tsql",
}  # fmt: skip
_ALSO_CALLED = {"postgres": "postgresql", "databricks": "spark", "sqlserver": "tsql", "t-sql": "tsql"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """A dialect of SQL.

    Attributes
    ----------
    name
        What people call it.
    sqlglot
        What sqlglot calls it.

    """

    name: str
    sqlglot: str

    def write(self, statement: exp.Expr) -> str:
        """Return a statement as text."""
        return statement.sql(dialect=self.sqlglot, pretty=True)

    def text(self, text: str) -> exp.Expr:
        """Return a text; SQL Server keeps letters of all languages only in those that it is told of."""
        return exp.National(this=text) if self.name == "tsql" else exp.Literal.string(text)

    def fenced(self, step: exp.Select) -> exp.Select:
        """Return a step that is computed as it stands: PostgreSQL writes one out wherever the next one uses it."""
        return step.offset(0) if self.name == "postgresql" else step

    def exactly(self, text: exp.Expr) -> exp.Expr:
        """Return a text that is compared letter by letter; SQL Server takes capitals for small letters otherwise."""
        if self.name != "tsql":
            return text
        return exp.Collate(this=text, expression=exp.Var(this="Latin1_General_BIN2"))


def dialect_of(name: object) -> Dialect:
    """Return the dialect of that name. Raises SettingError where there is none."""
    asked = str(name).casefold()
    asked = _ALSO_CALLED.get(asked, asked)
    if not isinstance(name, str) or asked not in DIALECTS:
        msg = say(
            "There is no dialect of SQL called {name}. Choose from {dialects}.",
            name=quote(name),
            dialects=listed(list(DIALECTS)),
        )
        raise SettingError(msg)
    return Dialect(asked, DIALECTS[asked])


def column(name: str, table: str | None = None) -> exp.Column:
    """Return a column, its name quoted."""
    return exp.Column(this=named(name), table=None if table is None else named(table))


def named(name: str) -> exp.Identifier:
    """Return a name, quoted so that it means itself."""
    return exp.Identifier(this=name, quoted=True)


def number(value: float) -> exp.Expr:
    """Return a floating point number to the last bit; without an exponent, engines would take it for a decimal."""
    text = np.format_float_scientific(abs(float(value)), unique=True, trim="0")
    literal = exp.Literal.number(text)
    return exp.Neg(this=literal) if np.signbit(value) and value else literal


def replaced(text: exp.Expr, what: exp.Expr, instead: exp.Expr) -> exp.Expr:
    """Return a text with another in the place of each that is looked for."""
    return exp.Anonymous(this="REPLACE", expressions=[text, what, instead])


def divided(value: exp.Expr, by: exp.Expr) -> exp.Expr:
    """Return a floating point number over another: no dialect has to be told that they are no whole ones."""
    return exp.Div(this=value, expression=by, typed=True, safe=False)


def table_of(table: Any, dialect: Dialect) -> exp.Table:
    """Return a table: as it would stand in a statement, or the parts of its name, which are then quoted.

    Raises
    ------
    SettingError
        It is no name of a table.

    """
    if not isinstance(table, str):
        return _of_parts(table)
    try:
        # It is parsed, and runs nowhere.
        parsed: Any = sqlglot.parse_one(f"SELECT * FROM {table}", read=dialect.sqlglot)  # noqa: S608
    except (SqlglotError, ValueError, RecursionError) as problem:
        raise _no_table(table) from problem
    found: exp.Table | None = parsed.find(exp.Table)
    # A name alone, and nothing before, beside or after it.
    if found is None or parsed != exp.select("*").from_(found) or not isinstance(found.this, exp.Identifier):
        raise _no_table(table)
    if any(found.args[key] for key in set(found.args) - {"this", "db", "catalog"}):
        raise _no_table(table)
    return found.copy()


def _of_parts(table: Any) -> exp.Table:
    parts = list(table) if hasattr(table, "__iter__") else []
    if not 1 <= len(parts) <= 3 or not all(isinstance(part, str) and part and "\0" not in part for part in parts):
        raise _no_table(table)
    *holders, name = (named(part) for part in parts)
    return exp.Table(this=name, **dict(zip(("db", "catalog"), reversed(holders), strict=False)))


def _no_table(table: object) -> SettingError:
    return SettingError(
        say(
            "A table was expected as it stands in a statement, such as “sales.customers”, but got "
            "{table}. Quote a name with other signs as the dialect does, or give its parts: (“sales”, "
            "“odd; name”).",
            table=quote(table),
        )
    )


def check_names(names: Sequence[str]) -> None:
    """Raise SettingError for a name that no dialect can quote."""
    odd = [name for name in names if "\0" in name]
    if odd:
        msg = say("No table of a warehouse has a column called {odd}. Rename it, and segment again.", odd=quote(odd[0]))
        raise SettingError(msg)
