"""Tables that do not begin with their column names or end with their last customer, as CSV and as spreadsheets."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any

import openpyxl

from tests.corpus import IDENTIFIER, OddFile

Rows = list[list[Any]]

UNNAMED = "No line names the columns, so that they are numbered: add such a line above the first to name them."
JOINED = "Column names in two lines were joined."
TOTALS = "1 line of totals at the end left out."
BLANKS = "Values are separated by blanks."
DAY = dt.date(2024, 1, 31)
NAMES = ["client", "since", "v", "w"]
CLIENTS: Rows = [["Ann", DAY, 1.5, 12], ["Bob", DAY, 2.25, 9], ["Cy", dt.date(2024, 2, 1), 4.125, 8]]
VALUES: dict[str, list[float]] = {"v": [1.5, 2.25, 4.125], "w": [12, 9, 8]}
NUMBERED: dict[str, list[float]] = {"column 3": [1.5, 2.25, 4.125], "column 4": [12, 9, 8]}
TABLE: Rows = [NAMES, *CLIENTS]


def above(lines: int) -> str:
    return f"{lines} line{'s' if lines > 1 else ''} above the column names left out."


def as_csv(rows: Rows, separator: str = ",") -> str:
    file = StringIO()
    width = max(map(len, rows))
    csv.writer(file, delimiter=separator, lineterminator="\n").writerows(
        row + [""] * (width - len(row)) for row in rows
    )
    return file.getvalue()


def as_sheet(rows: Rows, *merged: str) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def in_both(what: str, rows: Rows, features: dict[str, list[float]], *remarks: str, **more: Any) -> list[OddFile]:
    """Return the same table as CSV and as a spreadsheet."""
    text = OddFile(what, as_csv(rows), features, remarks=remarks, **more)
    return [text, replace(text, what=f"{what}, in Excel", content=as_sheet(rows), name="clients.xlsx")]


PREAMBLES = [
    *in_both("a title and a date above the names", [["Sales report"], ["Exported on", DAY], [], *TABLE],
             VALUES, above(3)),
    *in_both("a title above years", [["Report"], ["client", 2023, 2024], ["a", 5, 7], ["b", 6, 9], ["c", 8, 2]],
             {"2023": [5, 6, 8], "2024": [7, 9, 2]}, above(1)),
    *in_both("notes of three cells above the names", [["Filter", "region", "north"], *TABLE], VALUES, above(1)),
]  # fmt: skip
# An empty line within a sheet is none that was left out, and CSV counts it.
PREAMBLES[1] = replace(PREAMBLES[1], remarks=(above(2),))
TOTALS_BELOW = [
    *(file for label in ("Total", "Grand total:", "Summe", "TOTAL GÉNÉRAL")
      for file in in_both(f"a last line called {label}", [*TABLE, [label, None, 7.875, 29]], VALUES, TOTALS)),
    *in_both("a last line of sums without a name", [*TABLE, [None, None, 7.875, 29]], VALUES, TOTALS),
    *in_both("totals and an average", [*TABLE, ["Total", None, 7.875, 29], ["Average", None, 2.625, 9.67]], VALUES,
             "2 lines of totals at the end left out."),
    *in_both("a total below numbers that are identifiers",
             [["id", "v"], [12347, 1], [12348, 2.5], [12349, 4], ["Total", 7.5]], {"v": [1, 2.5, 4]}, TOTALS,
             identifiers=["12347", "12348", "12349"]),
    *in_both("a last customer without a name", [*TABLE, [None, None, 7, 30]],
             {"v": [1.5, 2.25, 4.125, 7], "w": [12, 9, 8, 30]}),
    *in_both("a kind of customer called total", [["client", "kind", "v"], ["a", "total", 1], ["b", "part", 2],
             ["c", "part", 4], ["d", "total", 5]], {"v": [1, 2, 4, 5]}),
]  # fmt: skip
WITHOUT_NAMES = [
    *in_both("no names above texts, dates and numbers", CLIENTS, NUMBERED, UNNAMED, identifiers=["Ann", "Bob", "Cy"]),
    *in_both("no names above codes", [["C001", 5], ["C002", 9], ["C003", 7]], {"column 2": [5, 9, 7]}, UNNAMED,
             roles={"column 1": IDENTIFIER}),
    *in_both("no names above numbers", [[5.5, 7], [3.25, 4], [8, 2]],
             {"column 1": [5.5, 3.25, 8], "column 2": [7, 4, 2]}, UNNAMED),
    *in_both("names that are numbers one after the other", [["client", 1, 2, 3], ["a", 5, 6, 7], ["b", 9, 2, 4]],
             {"1": [5, 9], "2": [6, 2], "3": [7, 4]}),
    OddFile("blanks between columns and no names",
            " 00001 19970101  7   11.77\n 00002 19970112  8   12.00\n 00003 19970112  5   77.00\n"
            " 00004 19970102  2 120.76\n",
            {"column 3": [7, 8, 5, 2], "column 4": [11.77, 12, 77, 120.76]}, remarks=(BLANKS, UNNAMED)),
    OddFile("blanks between columns and no names, as CDNOW",
            " 00001 19970101  1   11.77\n 00002 19970112  1   12.00\n 00002 19970112  5   77.00\n"
            " 00003 19970102  2  20.76\n",
            refused="the rows seem to be orders: no column names, .* as in CDNOW"),
    OddFile("blanks between columns", "client  since       v\nAnn     2024-01-31  1.5\nBob     2024-02-01  12.25\n",
            {"v": [1.5, 12.25]}, remarks=(BLANKS,)),
    OddFile("blanks within names of customers", "client       v    w\nAnn Lee      1,5  12\nBob          2,5  9\n"
            "Cy van Dyke  4    8\n", {"v": [1.5, 2.5, 4], "w": [12, 9, 8]}, remarks=(BLANKS,),
            identifiers=["Ann Lee", "Bob", "Cy van Dyke"]),
    OddFile("one column of days with times", "when it was\n2024-01-31 10:00\n2024-02-01 11:00\n2024-02-02 12:00\n",
            refused="there is none among “when it was”"),
    OddFile("one column of numbers with blanks in them", "total spend\n1 234\n2 345\n5 117\n",
            {"total spend": [1234, 2345, 5117]}),
]  # fmt: skip
TWO_LINES: Rows = [
    ["client", "spend", None, "visits"], [None, "shop", "web", "all"], ["Ann", 1.5, 12, 3], ["Bob", 2.25, 9, 4],
    ["Cy", 4.125, 8, 5],
]  # fmt: skip
JOINED_NAMES: dict[str, list[float]] = {
    "spend shop": [1.5, 2.25, 4.125],
    "spend web": [12, 9, 8],
    "visits all": [3, 4, 5],
}
TWO_NAMES = [
    *in_both("names in two lines", TWO_LINES, JOINED_NAMES, JOINED, identifiers=["Ann", "Bob", "Cy"]),
    OddFile("names in two lines, merged",
            as_sheet([["Report"], ["client", "spend", None, "visits"], [None, 2023, 2024, None], *TWO_LINES[2:]],
                     "A1:D1", "A2:A3", "B2:C2", "D2:D3"),
            {"spend 2023": [1.5, 2.25, 4.125], "spend 2024": [12, 9, 8], "visits": [3, 4, 5]},
            remarks=(above(1), JOINED), name="clients.xlsx"),
]  # fmt: skip
OTHER_TABLE: Rows = [["product", "price"], ["cheese", 4], ["wine", 9]]
NOT_READ = (
    "The sheet holds one other table, which was not read: the largest was. Give each table a sheet of its own to read "
    "another."
)
TWO_TABLES = [
    OddFile("another table below", as_csv([*TABLE, []]) + as_csv(OTHER_TABLE),
            refused=r"“clients\.csv” holds more than one table: another begins in line 6\. Save each in a file"),
    OddFile("another table below, as wide", as_csv([*TABLE, [], *OTHER_TABLE]),
            refused=r"holds more than one table: another begins in line 6\."),
    OddFile("another table below, in a sheet", as_sheet([*TABLE, [], *OTHER_TABLE]), VALUES, remarks=(NOT_READ,),
            name="clients.xlsx"),
    OddFile("a larger table below, in a sheet", as_sheet([*OTHER_TABLE, [], ["Clients"], *TABLE]), VALUES,
            remarks=(above(1), NOT_READ), name="clients.xlsx"),
    OddFile("another table beside",
            as_sheet([[*row, None, *other] for row, other in zip(TABLE, [*OTHER_TABLE, []], strict=True)]), VALUES,
            remarks=(NOT_READ,), name="clients.xlsx"),
    OddFile("an empty column in a sheet", as_sheet([[*row[:3], None, *row[3:]] for row in TABLE]), VALUES,
            roles={"column 4": ("ignored", "no row has a value")}, name="clients.xlsx"),
    OddFile("a note below a table", as_sheet([*TABLE, [], ["Source: our own"]]), VALUES,
            remarks=("1 line below the table left out.",), name="clients.xlsx"),
]  # fmt: skip
LAYOUTS = [*PREAMBLES, *TOTALS_BELOW, *WITHOUT_NAMES, *TWO_NAMES, *TWO_TABLES]
