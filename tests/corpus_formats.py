"""More files for the corpus: Parquet, Excel, JSON Lines, gzip, and what only pretends to be a table."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import struct
from decimal import Decimal
from io import BytesIO
from math import nan
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import openpyxl
import pyarrow as pa
from pyarrow import parquet

from tests.corpus import DATE, EMPTY, IDENTIFIER, NO_FEATURE, PLAIN, TEXTS, TRUTH, OddFile, as_text
from tests.corpus_layouts import LAYOUTS

CSV = "id,v\na,1\nb,2.5\nc,4\n"
CUSTOMERS = [{"id": "a", "v": 1}, {"id": "b", "v": 2.5}, {"id": "c", "v": 4}]
ROWS: list[list[Any]] = [["id", "v"], ["a", 1], ["b", 2.5], ["c", 4]]
NOON = dt.datetime(2024, 1, 2, 12)  # noqa: DTZ001 - a spreadsheet knows no time zones
JUNK = np.random.default_rng(0).bytes(9000)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAME_DAY = ("ignored", "the same day in every row")
OTHER = ("ignored", "neither numbers nor texts, such as lists")
FAR_AWAY = "reaches to row 1,048,576 and column 16,384, more than 50,000,000 cells. Delete the cells far outside"
NOT_OBJECTS = "one JSON object per customer, but it holds values that are not objects. Write one object per line"


def as_parquet(table: pa.Table) -> bytes:
    file = BytesIO()
    parquet.write_table(table, file)
    return file.getvalue()


def as_excel(**sheets: list[list[Any]]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def as_old_excel(*records: tuple[int, bytes]) -> bytes:
    """Return a workbook of the format before 2007 (a compound file of 512-byte sectors) with these records in it."""
    begin, end = (0x809, struct.pack("<4H2I", 0x600, 5, 0, 0, 0, 0)), (0x0A, b"")
    stream = b"".join(struct.pack("<2H", kind, len(body)) + body for kind, body in (begin, *records, end))
    stream = stream.ljust(8 * 512, b"\0")
    free, last, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = OLE + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, last, 0, last, 0) + struct.pack("<109I", 0, *[free] * 108)
    sectors = struct.pack("<128I", table, last, *range(3, 10), last, *[free] * 118)
    entries = [("Root Entry", 5, 1, last, 0), ("Workbook", 2, free, 2, len(stream))]
    folder = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<H2B3I", 2 * len(name) + 2, kind, 1, free, free, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
        for name, kind, child, start, size in entries
    )
    return header + sectors + folder.ljust(512, b"\0") + stream


def as_zip(**files: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def as_lines(*objects: Any) -> str:
    return "".join(f"{json.dumps(value)}\n" for value in objects)


def bomb() -> bytes:
    """Return a spreadsheet of a few kilobytes that says it unpacks to more than a gigabyte."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x" * 1000)
    content = file.getvalue()
    # The size is written down twice: before the part, and in the directory at the end.
    return content.replace((1000).to_bytes(4, "little"), (2 * 1024**3).to_bytes(4, "little"))


def far_away() -> bytes:
    """Return a small spreadsheet with one more cell in its last row and column."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for row in ROWS:
        sheet.append(row)
    sheet.cell(1_048_576, 16_384, 7)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


MANY_TYPES = {
    "id": ["a", "b", "c"],
    "decimal": [Decimal("1.50"), Decimal("2.25"), None],
    "small": pa.array([1, 2, 250], pa.uint8()),
    "half": pa.array([1, 2, 3.5], pa.float16()),
    "gap": [1.5, nan, 3.0],
    "null": [1.5, None, 3.0],
    "day": [dt.date(2024, 1, 1), dt.date(2024, 1, 2), None],
    "moment": pa.array([1, 2, 3], pa.timestamp("us", tz="Europe/Berlin")),
    "lasting": pa.array([1, 2, 3], pa.duration("s")),
    "bytes": [b"x", b"y", b"z"],
    "truth": [True, None, False],
    "nothing": pa.nulls(3),
    "kind": pa.array(["x", "y", "x"]).dictionary_encode(),
    "text": pa.array(["1,5", "2,5", "3"], pa.large_string()),
    "list": [[1], [2], [3]],
    "object": [{"x": 1}, {"x": 2}, {"x": 3}],
}
_PRETENDERS: dict[str, str | bytes] = {
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "an archive or a document": as_zip(clients=CSV),
    "an empty archive": as_zip(),
    "a web page": "\n<!DOCTYPE html>\n<html><table><tr><td>1</td></tr></table></html>",
    "an XML document": '<?xml version="1.0"?><a/>',
    "an SQLite database": b"SQLite format 3\0" + bytes(100),
    "not text": JUNK,
}
PRETENDERS = [
    OddFile(f"{what} called .csv", content, refused=f"but “clients.csv” is {what}. Choose another file.")
    for what, content in _PRETENDERS.items()
]
PACKED = [
    OddFile("gzip", lambda: gzip.compress(CSV.encode()), PLAIN, name="clients.csv.gz"),
    OddFile("gzip of Windows-1252 by another name", lambda: gzip.compress("id;ä\nö;1,5\nb;2\n".encode("cp1252")),
            {"ä": [1.5, 2]}, identifiers=["ö", "b"],
            remarks=("Read as Windows-1252 text.", "Values are separated by semicolons.")),
    OddFile("gzip of JSON Lines", lambda: gzip.compress(as_lines(*CUSTOMERS).encode()), PLAIN, name="c.jsonl.gz"),
    OddFile("gzip cut off", lambda: gzip.compress(JUNK.hex().encode())[:-50],
            refused="is a gzip archive that is broken or cut off. Pack it again"),
    OddFile("gzip that is junk", b"\x1f\x8b\x08junk", refused="gzip archive that is broken"),
    OddFile("gzip of nothing", gzip.compress(b""), refused="“clients.csv” is empty"),
    OddFile("gzip of a PDF document", gzip.compress(b"%PDF-1.7"), refused="is a PDF document"),
]  # fmt: skip
PARQUET = [
    OddFile("Parquet", as_parquet(pa.Table.from_pylist(CUSTOMERS)), PLAIN, name="clients.parquet"),
    OddFile("Parquet of many types", as_parquet(pa.table(MANY_TYPES)), {
        "decimal": [1.5, 2.25, nan], "small": [1, 2, 250], "half": [1, 2, 3.5], "gap": [1.5, nan, 3],
        "null": [1.5, nan, 3], "text": [1.5, 2.5, 3]},
        roles={"id": IDENTIFIER, "day": DATE, "moment": SAME_DAY, "lasting": OTHER, "bytes": OTHER,
               "truth": TRUTH, "nothing": EMPTY, "kind": ("category", "2 different values"),
               "text": as_text("1,5", "1.5"), "list": OTHER,
               "object": OTHER}),
    OddFile("Parquet of NaN for the most part", as_parquet(pa.table({"v": [nan, nan, None, 1, 2], "w": range(5)})),
            {"w": [0, 1, 2, 3, 4]}, roles={"v": ("ignored", "60% missing")}),
    OddFile("Parquet of nested columns alone", as_parquet(pa.table({"v": [[1], [2]]})), refused=NO_FEATURE),
    OddFile("Parquet of names that come twice", as_parquet(pa.table([[1, 2], [3, 4]], names=["v", "v"])),
            refused="“v” more than once"),
    OddFile("Parquet without rows", as_parquet(pa.table({"v": pa.nulls(0, pa.int64())})), refused="has no customers"),
    OddFile("Parquet without columns", as_parquet(pa.table({})), refused="has no customers"),
    OddFile("Parquet with infinity", as_parquet(pa.table({"v": [1.0, float("-inf")]})),
            refused="infinite value in row 2"),
    *(OddFile(f"Parquet {how}", content, refused="is a Parquet file that is broken or cut off. Write or copy it again",
              name="clients.parquet")
      for how, content in {
          "cut off": as_parquet(pa.Table.from_pylist(CUSTOMERS))[:-9],
          "with its start broken": b"PAR1" + bytes(60) + as_parquet(pa.Table.from_pylist(CUSTOMERS))[64:],
          "that is its first letters": b"PAR1",
          "that is junk": b"PAR1" + JUNK[:400] + b"PAR1",
      }.items()),
]  # fmt: skip
EXCEL = [
    OddFile("Excel", as_excel(A=ROWS), PLAIN, name="clients.xlsx"),
    OddFile("Excel called .csv", as_excel(A=ROWS), PLAIN),
    OddFile("Excel of several sheets, the first empty", as_excel(Empty=[], A=ROWS, B=[["q"], [1], [2]]), PLAIN,
            remarks=("Read from the sheet “A” of 3.",)),
    OddFile("Excel with a sheet chosen", as_excel(A=ROWS, B=[["q", "z"], [1, 2], [3, 5]]),
            {"q": [1, 3], "z": [2, 5]}, sheet="B", remarks=("Read from the sheet “B” of 2.",)),
    OddFile("Excel without the sheet chosen", as_excel(A=ROWS), sheet="<b>",
            refused="“clients.csv” has no sheet called “<b>”. Choose from “A”."),
    OddFile("Excel without cells", as_excel(A=[], B=[]), refused="holds no cells"),
    OddFile("Excel of column names alone", as_excel(A=ROWS[:1]), refused="has no customers, only column names"),
    OddFile("Excel with titles and blank lines",
            as_excel(A=[["Report"], [None], ["of 2024"], *ROWS[:2], [], *ROWS[2:]]),
            PLAIN, remarks=("2 lines above the column names left out.",)),
    OddFile("Excel of mixed types", as_excel(A=[
        ["id", "v", "day", "mixed", "truth", "nothing", 2024],
        ["a", 1, dt.date(2024, 1, 1), 1, True, None, 7], ["b", "2,5", NOON, "x", False, " ", 8]]),
        {"v": [1, 2.5], "2024": [7, 8]},
        roles={"day": DATE, "mixed": ("category", "2 different values"), "truth": TRUTH, "nothing": EMPTY,
               "v": as_text("2,5", "2.5")}),
    OddFile("Excel of names that come twice", as_excel(A=[["v", "v"], [1, 2]]), refused="“v” more than once"),
    OddFile("Excel with a column that has no name", as_excel(A=[["id", None], ["a", 1], ["b", 2]]),
            {"column 2": [1, 2]}),
    OddFile("Excel with one column", as_excel(A=[["v"], [1], [2.5], [4]]), PLAIN),
    OddFile("Excel cut off", as_excel(A=ROWS)[:-40], refused="is a broken Excel file or archive"),
    OddFile("Excel with broken parts", as_zip(**{"xl/workbook.xml": "junk"}), refused="spreadsheet that is broken"),
    OddFile("Excel that unpacks to gigabytes", bomb, refused="unpacks to more than 1 GB. Send fewer rows"),
    OddFile("Excel with a password", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(500),
            refused="is protected by a password. Save it without one", name="clients.xlsx"),
    OddFile("Excel with a stray cell far away", far_away, refused=FAR_AWAY, name="clients.xlsx"),
    *(OddFile(f"old Excel with {what} cut off", as_old_excel((kind, b"")),
              refused="is a spreadsheet that is broken or cut off. Save or copy it again", name="clients.xls")
      for what, kind in (("a name", 0x18), ("its dates", 0x22), ("its password", 0x2F))),
    OddFile("old Excel that is junk", OLE + b"junk" * 500, refused="is a spreadsheet that is broken", name="c.xls"),
]  # fmt: skip
JSON = [
    OddFile("JSON Lines", as_lines(*CUSTOMERS), PLAIN, name="clients.jsonl"),
    OddFile("JSON Lines called .csv", as_lines(*CUSTOMERS), PLAIN),
    OddFile("a JSON array", json.dumps(CUSTOMERS, indent=2), PLAIN, name="clients.json"),
    OddFile("JSON Lines in UTF-16", as_lines(*CUSTOMERS).encode("utf-16"), PLAIN, name="clients.jsonl"),
    OddFile("JSON Lines with a byte order mark", b"\xef\xbb\xbf" + as_lines(*CUSTOMERS).encode(), PLAIN),
    OddFile("JSON Lines with other names in each", as_lines({"v": 1}, {"w": 2}, {"v": 3, "w": 4}, {"v": 5, "w": 6}),
            {"v": [1, nan, 3, 5], "w": [nan, 2, 4, 6]}, name="clients.jsonl"),
    OddFile("nested JSON", as_lines({"v": {"x": 1}, "w": [1, 2], "y": 1}, {"v": {"x": 2}, "w": [], "y": 2}),
            {"y": [1, 2]}, roles={"v": OTHER, "w": OTHER}),
    OddFile("JSON with numbers as texts and dates",
            as_lines({"v": "1.5 €", "d": "2024-01-01"}, {"v": "2 €", "d": None}),
            {"v": [1.5, 2]}, roles={"d": ("ignored", "the same day in every row that has one")}),
    OddFile("JSON of hostile names", as_lines({"<b>\n": 1, "w": "<script>"}, {"<b>\n": 2, "w": "{{1}}"}),
            {"<b>\n": [1, 2]}, identifiers=["<script>", "{{1}}"], name="a[1]*.json"),
    OddFile("broken JSON", '{"id":"a","v":1}\n{"id":"b","v":2.5\n', name="clients.jsonl",
            refused=r"one JSON object per customer, but it cannot be read as JSON near line \d"),
    OddFile("CSV called .json", CSV, refused="cannot be read as JSON", name="clients.json"),
    OddFile("JSON of one name twice", '{"v":1,"v":2}\n{"v":2,"v":3}\n', refused="two names in an object are the same"),
    OddFile("JSON of names that differ in capitals", as_lines({"V": 1, "v": 2}),
            refused="differ only in capital letters"),
    *(OddFile(f"JSON of {what}", content, refused=NOT_OBJECTS, name="clients.json")
      for what, content in {"numbers": "[1, 2]", "lines of numbers": "1\n2\n", "texts": '"a"\n"b"\n', "nothing": "[]",
                            "empty objects": "{}\n{}\n"}.items()),
]  # fmt: skip
CORPUS = [*TEXTS, *LAYOUTS, *PRETENDERS, *PACKED, *PARQUET, *EXCEL, *JSON]
