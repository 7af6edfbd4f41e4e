"""Which format a file has, from its first bytes."""

from __future__ import annotations

import gzip
import zlib
from enum import Enum
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from custseg.errors import DataError, quote
from custseg.language import mark, say


class Format(Enum):
    """The formats that are read; the value names the module that does it."""

    CSV = "delimited"
    PARQUET = "parquet"
    EXCEL = "excel"
    JSON = "json_lines"


READABLE = "a CSV, Parquet, Excel or JSON Lines file"
GZIP = b"\x1f\x8b"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    b"%PDF": mark("a PDF document"),
    b"\x89PNG": mark("a picture"),
    b"\xff\xd8\xff": mark("a picture"),
    b"GIF8": mark("a picture"),
    b"SQLite format 3": mark("an SQLite database"),
    b"PK\x05\x06": mark("an empty archive"),
    b"BZh": mark("a bzip2 archive"),
    b"7z\xbc\xaf": mark("a 7-Zip archive"),
    b"Rar!": mark("a RAR archive"),
    b"\xfd7zXZ": mark("an xz archive"),
    b"\x28\xb5\x2f\xfd": mark("a Zstandard archive"),
    b"{\\rtf": mark("a formatted text (RTF)"),
    b"<!doctype html": mark("a web page"),
    b"<html": mark("a web page"),
    b"<?xml": mark("an XML document"),
}


def format_of(path: Path) -> Format:
    """Return the format of a file. Raises DataError where it is none that holds a table of customers."""
    with path.open("rb") as file:
        first = file.read(64)
    if first.startswith(b"PAR1"):
        return Format.PARQUET
    if first.startswith(_OLD_OFFICE):
        return Format.EXCEL
    if first.startswith(b"PK\x03\x04"):
        return _format_of_archive(path)
    if first.startswith(GZIP):
        first = _first_unpacked(path)
    start = first.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for signature, what in _OTHERS.items():
        if first.startswith(signature) or start.startswith(signature):
            raise not_a_table(path, what)
    named_json = Path(path.name.lower().removesuffix(".gz")).suffix in (".json", ".jsonl", ".ndjson")
    return Format.JSON if named_json or start.startswith((b'{"', b'[{"')) else Format.CSV


def _first_unpacked(path: Path) -> bytes:
    try:
        with gzip.open(path) as file:
            return file.read(64)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        # Reading it says what is wrong with it.
        return b""


def _format_of_archive(path: Path) -> Format:
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
    except (BadZipFile, NotImplementedError, OSError, ValueError) as problem:
        # Of a later version, or with places in it that are none.
        raise not_a_table(path, mark("a broken Excel file or archive")) from problem
    if any(name.startswith("xl/") for name in names) or "content.xml" in names:
        return Format.EXCEL
    raise not_a_table(path, mark("an archive or a document"))


def not_a_table(path: Path, what: str) -> DataError:
    """Return the error for a file that holds something else."""
    return DataError(
        say(
            "A CSV, Parquet, Excel or JSON Lines file was expected, but {name} is {what}. Choose another file.",
            name=quote(path.name),
            what=say(what),
        )
    )
