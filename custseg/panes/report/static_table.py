"""A Tabulator as a plain table: it can be read, sorted and printed without Tabulator's scripts."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from custseg.language import say, written
from custseg.panes.base.numbers import pattern_of

if TYPE_CHECKING:
    import pandas as pd
    import panel as pn

# More rows than this lie in a box that scrolls, and are not printed.
MOST_ROWS = 12
# More columns than this are printed as rows.
MOST_COLUMNS = 14
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def table_html(table: pn.widgets.Tabulator) -> str:
    """Write a table with its columns and headings; texts are escaped, headings come escaped already."""
    fields = [field for field in table.value.columns if field not in table.hidden_columns]
    heads = "".join(_head(table, field) for field in fields)
    rows = [_row(table, fields, row) for _, row in table.value.iterrows()]
    tall = len(rows) > MOST_ROWS
    note = say("The first {some} of {all} are printed here.", some=MOST_ROWS, all=len(rows))
    said = f'<p class="printed">{html.escape(note)}</p>' if tall else ""
    kinds = "table" + " tall" * tall + " wide" * (len(fields) > MOST_COLUMNS and not tall)
    return (
        f'<div class="{kinds}" tabindex="0" style="--columns: {len(fields)}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>{said}"
    )


def _head(table: pn.widgets.Tabulator, field: str) -> str:
    title = table.titles.get(field, html.escape(field))
    inner = f'<button type="button">{title}</button>' if title else ""
    if _is_colour(table, field):
        # For who listens; colours are in no order.
        inner = f'<span class="unseen">{title}</span>'
    tag = "th" if title else "td"
    scope = ' scope="col"' if title else ""
    return f'<{tag}{scope} data-field="{html.escape(field)}"{_side(table, field)}>{inner}</{tag}>'


def _row(table: pn.widgets.Tabulator, fields: list[str], row: pd.Series[Any]) -> str:
    return f"<tr>{''.join(_cell(table, field, row[field]) for field in fields)}</tr>"


def _cell(table: pn.widgets.Tabulator, field: str, value: Any) -> str:
    formatter = table.formatters.get(field)
    if _is_colour(table, field):
        colour = value if _COLOUR.fullmatch(str(value)) else "transparent"
        inner = f'<span class="swatch" style="background: {colour}"></span>'
    elif pattern := pattern_of(formatter):
        inner = html.escape(written_as(value, pattern))
    else:
        inner = html.escape(str(value))
    return f'<td data-field="{html.escape(field)}"{_side(table, field)}>{inner}</td>'


def _is_colour(table: pn.widgets.Tabulator, field: str) -> bool:
    formatter = table.formatters.get(field)
    return isinstance(formatter, dict) and formatter.get("type") == "color"


def _side(table: pn.widgets.Tabulator, field: str) -> str:
    aligned = table.text_align if isinstance(table.text_align, dict) else {}
    return ' class="number"' if aligned.get(field) == "right" else ""


def written_as(value: float, pattern: str) -> str:
    """Write a number as a pattern of Numbro has it, of which tables have ``0,0``, ``0.00`` and ``0.0%``."""
    decimals = len(pattern.rstrip("% ").partition(".")[2])
    kind = "%" if pattern.endswith("%") else "f"
    return written(value, f"{',' if ',' in pattern else ''}.{decimals}{kind}")
