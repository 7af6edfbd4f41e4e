"""What of a saved file would act in the program that opens it: read with readers that others wrote."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import openpyxl
from PIL import Image
from pptx import Presentation
from pyarrow import parquet

from tests.hostile import FLAG, MARKED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What a spreadsheet computes, also behind signs that can't be seen.
_FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[-+]?[\d.,]+(e[-+]?\d+)?%?")
_RUNS = {"script", "img", "iframe", "object", "embed", "form", "link", "svg", "math", "base", "meta", "style"}


def acting_in(filename: str, content: bytes) -> list[str]:
    """Return what would act in a file of that name; a kind of file that nobody reads here is an error."""
    reader = _READERS[filename[filename.rindex(".") :]]
    return list(reader(content))


def _in_csv(content: bytes) -> Iterator[str]:
    rows = csv.reader(content.decode("utf-8-sig").splitlines(keepends=True))
    cells = [cell for row in rows for cell in row]
    yield from (cell for cell in cells if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell))


def _in_workbook(content: bytes) -> Iterator[str]:
    book = openpyxl.load_workbook(BytesIO(content))
    for sheet in book:
        for row in sheet.iter_rows():
            yield from (str(cell.value) for cell in row if cell.data_type == "f" or cell.hyperlink)
    # Other files, programs and names that compute.
    yield from map(
        str, (*book._external_links, *book.defined_names.values(), *([book.vba_archive] * bool(book.vba_archive)))
    )


def _in_presentation(content: bytes) -> Iterator[str]:
    for slide in Presentation(BytesIO(content)).slides:
        yield from (part.target_ref for part in slide.part.rels.values() if part.is_external)
        for shape in slide.shapes:
            if shape.has_chart:
                yield from _in_workbook(shape.chart.part.chart_workbook.xlsx_part.blob)
            if shape.has_text_frame:
                text = shape.text_frame.text
                yield from [text] if not re.sub(r"[\n\v]", "", text).isprintable() else []


class _Tags(HTMLParser):
    """Collects what of a page runs and what its attributes are, but not scripts, in which values are data."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        about = " ".join([tag, *(f"{name}={value}" for name, value in own.items())])
        runs = tag in _RUNS or any(name.startswith("on") for name in own)
        leads = any(
            own.get(name, "#").partition(":")[0] not in ("#", "data") for name in ("href", "src") if name in own
        )
        if MARKED in own or (runs and FLAG in about) or (leads and not own.get("href", "").startswith("#")):
            self.found.append(about[:200])


def _in_page(content: bytes) -> Iterator[str]:
    parser = _Tags()
    parser.feed(content.decode())
    parser.close()
    yield from parser.found


def _in_drawing(content: bytes) -> Iterator[str]:
    for part in ET.fromstring(content).iter():  # noqa: S314 - it was written here
        name = part.tag.rpartition("}")[2]
        leads = [text for name, text in part.attrib.items() if name.endswith("href") and not text.startswith("#")]
        yield from ([name] if name in _RUNS - {"style", "svg"} else []) + leads
        yield from (name for name in part.attrib if name.startswith("on"))


def _in_image(content: bytes) -> Iterator[str]:
    with Image.open(BytesIO(content)) as image:
        image.verify()
        yield from (text for text in map(str, image.info.values()) if FLAG in text)


def _in_json(content: bytes) -> Iterator[str]:
    def refuse(constant: str) -> Any:
        raise AssertionError(constant)

    json.loads(content, parse_constant=refuse)
    yield from ()


def _in_parquet(content: bytes) -> Iterator[str]:
    table = parquet.read_table(BytesIO(content))
    table.validate(full=True)
    yield from (str(field.type) for field in table.schema if str(field.type).startswith("extension"))


_READERS: dict[str, Callable[[bytes], Iterator[str]]] = {
    ".csv": _in_csv,
    ".html": _in_page,
    ".json": _in_json,
    ".parquet": _in_parquet,
    ".png": _in_image,
    ".pptx": _in_presentation,
    ".svg": _in_drawing,
    ".xlsx": _in_workbook,
}
