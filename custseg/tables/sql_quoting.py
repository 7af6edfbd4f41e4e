"""Names and texts from a table, quoted so that they mean themselves in SQL."""

from __future__ import annotations


def name_sql(name: str) -> str:
    """Quote the name of a column."""
    return '"' + name.replace('"', '""') + '"'


def text_literal(text: str) -> str:
    """Quote a text."""
    return "'" + text.replace("'", "''") + "'"
