"""Files made to harm who reads them: small ones that take all the memory, all the time, or the process itself."""

from __future__ import annotations

import gzip
import struct
from itertools import pairwise
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import parquet

from tests.corpus_formats import as_old_excel, as_zip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_OFFICE = "http://schemas.openxmlformats.org/"
_MAIN = f'xmlns="{_OFFICE}spreadsheetml/2006/main"'
_LINKS = f'xmlns="{_OFFICE}package/2006/relationships"'
_KIND = f"{_OFFICE}officeDocument/2006/relationships"
_FIRST_ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def as_workbook(rows: str, **parts: str) -> bytes:
    """Return a workbook of one sheet with nothing in it that isn't needed, and these parts more."""
    return as_zip(
        **{
            "[Content_Types].xml": f'<Types xmlns="{_OFFICE}package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships {_LINKS}><Relationship Id="r" Type="{_KIND}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_KIND}"><sheets><sheet name="A" sheetId="1" r:id="r"/>'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships {_LINKS}><Relationship Id="r" Type="{_KIND}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f"<worksheet {_MAIN}><sheetData>{rows}</sheetData></worksheet>",
            **parts,
        }
    )


def with_a_cell_far_away(cell: str) -> bytes:
    """Return a workbook with one cell in the corner of the sheet and one in the opposite one."""
    return as_workbook(f'{_FIRST_ROW}<row r="1048576"><c {cell}><v>1</v></c></row>')


def with_texts_without_number() -> bytes:
    """Return a workbook that promises more texts than there is memory for."""
    return as_workbook(
        _FIRST_ROW, **{"xl/sharedStrings.xml": f'<sst {_MAIN} uniqueCount="4294967295"><si><t>x</t></si></sst>'}
    )


def old_excel_in_a_circle() -> bytes:
    """Return a workbook of the format before 2007 in which the folder's second sector is its first."""
    free, last, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    straight, circle = (struct.pack("<12I", table, end, *range(3, 10), last, free, free) for end in (last, 1))
    content = as_old_excel()
    assert straight in content
    return content.replace(straight, circle)


def wide_csv(columns: int = 20_000) -> bytes:
    """Return five lines of that many columns."""
    names = ",".join(f"c{number}" for number in range(columns))
    return (names + f"\n{','.join(['1'] * columns)}" * 4).encode()


def gzip_bomb(megabytes: int) -> bytes:
    """Return an archive of CSV lines that unpacks to that size; made quickly, since all its members are one."""
    return gzip.compress(b"customer_id,spend\n") + gzip.compress(b"a,1\n" * 250_000) * megabytes


def long_texts(path: Path) -> None:
    """Write a Parquet file with the same text of a megabyte in each of 1,500 rows, kept once."""
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 1500, pa.int32()), ["x" * 1_000_000])
    parquet.write_table(pa.table({"v": range(1500), "text": texts}), path, store_schema=False)


def many_rows(path: Path, millions: int = 51) -> None:
    """Write a Parquet file of some kilobytes in which every row is the same."""
    rows = pa.table({"v": pa.array([1.5]).take(pa.array([0] * 1_000_000))})
    with parquet.ParquetWriter(path, rows.schema) as file:
        for _ in range(millions):
            file.write_table(rows)


def document_far_away() -> bytes:
    """Return an OpenDocument sheet of one line and one cell, each repeated as often as there is room."""
    known = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    sheet = f'<office:spreadsheet><table:table table:name="A">{row}</table:table></office:spreadsheet>'
    content = f"<office:document-content {known}><office:body>{sheet}</office:body></office:document-content>"
    return as_zip(**{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def with_entities() -> bytes:
    """Return a workbook with a text of a few letters that stand for a billion."""
    more = "".join(f'<!ENTITY {after} "{f"&{one};" * 10}">' for one, after in pairwise("abcdefghij"))
    texts = f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{more}]><sst {_MAIN}><si><t>&j;</t></si></sst>'
    return as_workbook('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', **{"xl/sharedStrings.xml": texts})


def a_csv(name: str = "v", text: str = "x") -> bytes:
    """Return nine lines with this name and this text in one of three columns."""
    lines = [f"id,{name},visits", *(f"c{row},{text},{row}" for row in range(9))]
    return "\n".join(lines).encode()


def _holds(content: Callable[[], bytes]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content())

    return write


# The name of each, how it is written, and what is said of it: refused early, or by what befalls its reader.
BREAKS = "cannot be read: it is broken, or needs more than"
HOSTILE: list[tuple[str, Callable[[Path], None], str]] = [
    ("far.xlsx", _holds(lambda: with_a_cell_far_away('r="XFD1048576"')), "reaches to row 1,048,576"),
    # The same, written so that a look at the text doesn't see it.
    ("far_hidden.xlsx", _holds(lambda: with_a_cell_far_away('r = "XFD1048576"')), BREAKS),
    ("promises.xlsx", _holds(with_texts_without_number), BREAKS),
    ("circle.xls", _holds(old_excel_in_a_circle), BREAKS),
    ("wide.csv", _holds(wide_csv), "At most 2,000 columns can be read here, but “wide.csv” has 20,000"),
    ("bomb.csv.gz", _holds(lambda: gzip_bomb(120)), "unpacks to more than 100 MB"),
    ("texts.parquet", long_texts, "takes more memory to read than"),
    ("cell.csv", _holds(lambda: a_csv(text="x" * 40_000)), "at most 32,767 characters here, but one in the column “v”"),
    ("name.csv", _holds(lambda: a_csv(name="n" * 1001)), "The name of a column can have at most 1,000 characters here"),
    ("deep.jsonl", _holds(lambda: b'{"a":' * 20_000 + b"1" + b"}" * 20_000), "cannot be read as JSON"),
    ("keys.jsonl", _holds(lambda: b"".join(b'{"k%d":1}\n' % key for key in range(5000))), "not objects"),
    ("far.ods", _holds(document_far_away), "broken"),
    ("entities.xlsx", _holds(with_entities), "broken"),
    ("rows.parquet", many_rows, "but “rows.parquet” has 51,000,000. Send fewer rows"),
]  # fmt: skip
