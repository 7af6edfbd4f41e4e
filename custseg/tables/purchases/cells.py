"""The SQL that reads the cells of one column of purchases: as a text, a day, or an exact number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from custseg.tables.date_text import day_sql
from custseg.tables.number_text import number_sql
from custseg.tables.sql_quoting import name_sql, text_literal
from custseg.tables.text_cells import MISSING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb
    import narwhals as nw

    from custseg.tables.reading import Reading

# Sums of floating point numbers would depend on which thread met which row first.
_EXACT = "DECIMAL(18, 4)"
_WHOLE_WITH_POINT = re.compile(r"[0-9]+\.0")


@dataclass(frozen=True, slots=True)
class Cells:
    """The columns of a table of purchases: their types in DuckDB, and how their first rows are read."""

    types: Mapping[str, str]
    readings: Mapping[str, Reading]
    whole_with_point: frozenset[str]

    @classmethod
    def of(cls, relation: duckdb.DuckDBPyRelation, frame: nw.DataFrame[Any], readings: Mapping[str, Reading]) -> Cells:
        """Look at the types of a relation, of which ``frame`` and ``readings`` hold the first rows."""
        types = dict(zip(relation.columns, map(str, relation.types), strict=True))
        pointed = frozenset(name for name, kind in types.items() if kind == "VARCHAR" and _pointed(frame[name]))
        return cls(types, readings, pointed)

    def text(self, name: str) -> str:
        """Return the SQL of a text without blanks around it, NULL where it is empty; "12347.0" is "12347"."""
        column = name_sql(name)
        if self.types[name] in ("DOUBLE", "FLOAT"):
            # Numbers of customers and orders, among which gaps have made floating point numbers of whole ones.
            whole = f"CAST(TRY_CAST({column} AS BIGINT) AS VARCHAR)"
            return (
                f"CASE WHEN isnan({column}) THEN NULL WHEN TRY_CAST({column} AS BIGINT) = {column} THEN {whole} "
                f"ELSE CAST({column} AS VARCHAR) END"
            )
        text = f"nullif(trim(CAST({column} AS VARCHAR)), '')"
        return f"regexp_replace({text}, '^([0-9]+)[.]0$', '\\1')" if name in self.whole_with_point else text

    def identifier(self, name: str) -> str:
        """Return the SQL of the number of a customer or an order, NULL also where the text says that there is none."""
        gaps = ", ".join(text_literal(text) for text in MISSING)
        text = self.text(name)
        return f"CASE WHEN lower({text}) NOT IN ({gaps}) THEN {text} END" if self.types[name] == "VARCHAR" else text

    def day(self, name: str) -> str:
        """Return the SQL of a day, NULL where it can't be read."""
        column, date_format = name_sql(name), self.readings[name].format.date_format
        # Numbers may be dates too, such as seconds since 1970.
        if self.types[name] == "VARCHAR" or date_format:
            return day_sql(column, date_format)
        if self.types[name] == "TIMESTAMP WITH TIME ZONE":
            # A cast would give the day that it is where the computer stands.
            return f"CAST(make_timestamp(epoch_us({column})) AS DATE)"
        return f"CAST({column} AS DATE)"

    def number(self, name: str) -> str:
        """Return the SQL of an exact decimal, NULL where it can't be read."""
        column = name_sql(name)
        if self.types[name] == "VARCHAR":
            return number_sql(column, self.readings[name].format.decimal, _EXACT)
        return f"TRY_CAST({column} AS {_EXACT})"

    def empty(self, name: str) -> str:
        """Return the SQL of whether a cell holds nothing."""
        column = name_sql(name)
        if self.types[name] in ("DOUBLE", "FLOAT"):
            return f"({column} IS NULL OR isnan({column}))"
        if self.types[name] != "VARCHAR":
            return f"{column} IS NULL"
        gaps = ", ".join(text_literal(text) for text in MISSING)
        return f"({column} IS NULL OR lower(trim({column})) IN ({gaps}))"


def _pointed(series: nw.Series[Any]) -> bool:
    """Whether the texts are whole numbers that some program has written with a point and a nought."""
    texts = [text.strip() for text in series.to_list() if text and text.strip()]
    return bool(texts) and all(_WHOLE_WITH_POINT.fullmatch(text) for text in texts)
