"""Results as Excel workbooks, in which nothing that came from a table is computed."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from custseg.errors import DataError, quote
from custseg.export.csv import looks_like_a_formula
from custseg.export.customer_parts import customer_parts
from custseg.export.labelled_customers import customers_frame
from custseg.export.result_tables import evidence_frame, rules_frame, segments_frame, words_of
from custseg.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from custseg.export.bundle import ResultBundle

# What a sheet holds (Microsoft, "Excel specifications and limits").
_MOST_ROWS, _MOST_COLUMNS, _LONGEST_TEXT = 1_048_576, 16_384, 32_767
# Excel keeps 15 digits of a number; more of them tell customers apart, and are text.
_MOST_DIGITS = 15
_FIRST_DAY = date(1900, 3, 1)
# Characters that XML has no way to write.
_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_WIDEST, _NARROWEST, _ROWS_LOOKED_AT = 60, 8, 50


def write_customers_workbook(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write every customer, as ``customers_frame`` has them, to one sheet."""
    import pandas as pd

    # Before an engine is asked for what no sheet holds.
    table = bundle.segmentation.table
    _check_fits("Customers", len(table), len(table.columns))
    frames = list(map(customers_frame, customer_parts(bundle)))
    _write({"Customers": pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]}, stream)


def write_workbook(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write the tables of a result, without any single customer: a sheet each."""
    tables = {
        say("Segments"): segments_frame(bundle),
        say("What to do"): _actions(bundle),
        say("Evidence"): evidence_frame(bundle),
        say("Rules"): rules_frame(bundle),
    }
    _write(tables, stream)


def _actions(bundle: ResultBundle) -> pd.DataFrame:
    import pandas as pd

    words = words_of(bundle)
    rows = [
        (each.segment, words.names[each.segment - 1], each.area, each.text, each.evidence) for each in words.actions
    ]
    return pd.DataFrame(rows, columns=["segment", "name", "area", "what to do", "why"])


def _write(tables: Mapping[str, pd.DataFrame], stream: BinaryIO) -> None:
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    for name, frame in tables.items():
        _check_fits(name, *frame.shape)
    content = BytesIO()
    # No text is taken for a formula, an address or a number.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        with Workbook(content, {"constant_memory": True, **plain}) as book:
            looks = _Looks(
                heading=book.add_format({"bold": True, "bottom": 1}),
                text=book.add_format({"quote_prefix": True}),
                day=book.add_format({"num_format": "yyyy-mm-dd"}),
                moment=book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            )
            for name, frame in tables.items():
                _fill(book.add_worksheet(name), frame, looks)
    except FileCreateError as problem:
        # Sheets are written by way of the disk, and XlsxWriter has an error of its own for one that is full.
        raise problem.args[0] from problem
    stream.write(content.getvalue())


def _check_fits(name: str, rows: int, columns: int) -> None:
    if rows >= _MOST_ROWS or columns > _MOST_COLUMNS:
        msg = say(
            "A sheet of Excel holds {most_rows:,} rows below the heading and {most_columns:,} columns, "
            "but {name} has {rows:,} rows and {columns:,} columns. Save it as CSV or Parquet.",
            most_rows=_MOST_ROWS - 1,
            most_columns=_MOST_COLUMNS,
            name=quote(name),
            rows=rows,
            columns=columns,
        )
        raise DataError(msg)


@dataclass(frozen=True, slots=True)
class _Looks:
    heading: Format
    text: Format
    day: Format
    moment: Format


def _fill(sheet: Worksheet, frame: pd.DataFrame, looks: _Looks) -> None:
    sheet.freeze_panes(1, 0)
    for place, (name, column) in enumerate(frame.items()):
        shown = [str(name), *map(str, column.iloc[:_ROWS_LOOKED_AT])]
        sheet.set_column(place, place, min(max(_NARROWEST, *map(len, shown)) + 2, _WIDEST))
        sheet.write_string(0, place, _in_xml(str(name)), looks.heading)
    writers = [_writer(sheet, column, looks) for _, column in frame.items()]
    columns = [column.astype(object).where(column.notna(), None).tolist() for _, column in frame.items()]
    for row, cells in enumerate(zip(*columns, strict=True), start=1):
        for place, value in enumerate(cells):
            if value is not None:
                writers[place](row, place, value)


def _writer(sheet: Worksheet, column: pd.Series[Any], looks: _Looks) -> Callable[[int, int, Any], object]:
    """Return what writes a cell of a column; where all are numbers that Excel holds, nobody looks at each again."""
    kind = column.dtype.kind
    known = column.dropna() if kind in "iuf" else column
    largest = known.abs().max() if kind in "iuf" and len(known) else 0
    if (kind in "iu" and largest < 10**_MOST_DIGITS) or (kind == "f" and math.isfinite(largest)):
        put: Callable[[int, int, Any], object] = sheet.write_number
        return put
    return partial(_put, sheet, looks)


def _put(sheet: Worksheet, looks: _Looks, row: int, place: int, value: Any) -> None:
    """Write a cell as what it is: a number as a number, and text as text, whatever it looks like."""
    if isinstance(value, bool | np.bool_):
        sheet.write_boolean(row, place, bool(value))
    elif _is_exact(value):
        sheet.write_number(row, place, float(value))
    elif _is_day(value):
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        sheet.write_datetime(row, place, moment, looks.day if moment.time() == time() else looks.moment)
    else:
        _put_text(sheet, row, place, _in_xml(str(value)), looks)


def _put_text(sheet: Worksheet, row: int, place: int, text: str, looks: _Looks) -> None:
    if len(text) > _LONGEST_TEXT:
        msg = say(
            "A cell of Excel holds {most:,} characters, but a text in row {row} has {characters:,}. "
            "Save it as CSV or Parquet.",
            most=_LONGEST_TEXT,
            row=row,
            characters=len(text),
        )
        raise DataError(msg)
    # The mark keeps text as it is where somebody edits the cell.
    sheet.write_string(row, place, text, looks.text if looks_like_a_formula(text) else None)


def _is_exact(value: Any) -> bool:
    """Whether Excel holds a number as it is."""
    if isinstance(value, Decimal):
        return bool(value.is_finite()) and len(value.as_tuple().digits) <= _MOST_DIGITS
    if isinstance(value, int | np.integer):
        return bool(abs(int(value)) < 10**_MOST_DIGITS)
    return isinstance(value, float) and math.isfinite(value)


def _is_day(value: Any) -> bool:
    """Whether a value is a day or a moment that Excel can count; it knows no time zones, and no days long ago."""
    if isinstance(value, datetime):
        return value.tzinfo is None and bool(value.date() >= _FIRST_DAY)
    return isinstance(value, date) and value >= _FIRST_DAY


def _in_xml(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
