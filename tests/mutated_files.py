"""Tables in each format, broken in ways that a seed chooses: as a disk, a network or an attacker does it."""

from __future__ import annotations

import gzip
import random
import struct
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pyarrow as pa

from tests.corpus_formats import as_excel, as_lines, as_old_excel, as_parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NAMES = ("customer_id", "region", "joined", "visits", "spend")
_ROWS = [
    (f"C{number:03}", "NSEW"[number % 4], f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}", number, number * 7.25)
    for number in range(40)
]
_TEXT = "\n".join([",".join(_NAMES), *(",".join(map(str, row)) for row in _ROWS)])
_BEGIN_SHEET = struct.pack("<4H2I", 0x600, 0x10, 0, 0, 0, 0)
_EXTREMES = (
    b"\0",
    b"\xff",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\x80",
    b'"',
    b"\n",
    b",",
    b"<",
    b"[" * 50,
)


def old_workbook() -> bytes:
    """Return a workbook of the format before 2007 with a table of texts and numbers."""
    cells: list[tuple[int, bytes]] = []
    for row, values in enumerate([_NAMES[:1] + _NAMES[3:], *((row[0], *row[3:]) for row in _ROWS)]):
        for column, value in enumerate(values):
            place = struct.pack("<3H", row, column, 15)
            if isinstance(value, str):
                cells.append((0x204, place + struct.pack("<HB", len(value), 0) + value.encode("latin-1")))
            else:
                cells.append((0x203, place + struct.pack("<d", value)))
    begins = 20 + 4 + 9 + 4
    sheet = struct.pack("<I2B2B", begins, 0, 0, 1, 0) + b"A"
    return as_old_excel((0x85, sheet), (0x0A, b""), (0x809, _BEGIN_SHEET), *cells)


def _archive(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            # With a date that stands still.
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return file.getvalue()


def _parts(archive: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _workbook() -> bytes:
    parts = _parts(as_excel(A=[list(_NAMES), *map(list, _ROWS)]))
    # It says when it was written.
    return _archive({name: part for name, part in parts.items() if not name.startswith("docProps/")})


ORIGINALS: dict[str, Callable[[], bytes]] = {
    "csv": _TEXT.encode,
    "parquet": lambda: as_parquet(pa.table(dict(zip(_NAMES, zip(*_ROWS, strict=True), strict=True)))),
    "xlsx": _workbook,
    "xls": old_workbook,
    "jsonl": lambda: as_lines(*(dict(zip(_NAMES, row, strict=True)) for row in _ROWS)).encode(),
    "csv.gz": lambda: gzip.compress(_TEXT.encode(), mtime=0),
    "zip": lambda: _archive({"customers.csv": _TEXT.encode()}),
}


def mutations(kind: str, number: int) -> Iterator[bytes]:
    """Yield so many broken files of a kind, the same ones each time."""
    original = ORIGINALS[kind]()
    for seed in range(number):
        chance = random.Random(f"{kind} {seed}")  # noqa: S311 - nothing secret
        # What is packed is broken inside too: else its checksum alone would be tried.
        yield _broken_inside(original, chance) if kind == "xlsx" and seed % 2 else _broken(original, chance)


def _broken(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        content = chance.choice(_WAYS)(content, chance)
    return content


def _broken_inside(content: bytes, chance: random.Random) -> bytes:
    parts = _parts(content)
    chosen = chance.choice([name for name in parts if name.startswith("xl/")])
    return _archive({**parts, chosen: _broken(parts[chosen], chance)})


def _place(content: bytes, chance: random.Random) -> int:
    """Return a place in a file; in a third of the cases near its end, where Parquet and archives say what they hold."""
    last = max(len(content) - 1, 0)
    return chance.randint(max(0, last - 600), last) if chance.random() < 1 / 3 else chance.randint(0, last)


def _turn_a_bit(content: bytes, chance: random.Random) -> bytes:
    place = _place(content, chance)
    return (
        content[:place]
        + bytes(value ^ (1 << chance.randrange(8)) for value in content[place : place + 1])
        + content[place + 1 :]
    )


def _write_over(content: bytes, chance: random.Random) -> bytes:
    place, written = _place(content, chance), chance.choice(_EXTREMES)
    return content[:place] + written + content[place + len(written) :]


def _write_between(content: bytes, chance: random.Random) -> bytes:
    place = _place(content, chance)
    return content[:place] + chance.choice(_EXTREMES) * chance.choice((1, 3, 40)) + content[place:]


def _cut_out(content: bytes, chance: random.Random) -> bytes:
    place = _place(content, chance)
    return content[:place] + content[place + chance.choice((1, 4, 60)) :]


def _repeat(content: bytes, chance: random.Random) -> bytes:
    place, size = _place(content, chance), chance.choice((4, 60, 500))
    return content[:place] + content[place : place + size] * chance.choice((2, 5)) + content[place + size :]


def _cut_off(content: bytes, chance: random.Random) -> bytes:
    return content[: _place(content, chance)] if chance.random() < 1 / 4 else _turn_a_bit(content, chance)


_WAYS = (_turn_a_bit, _turn_a_bit, _write_over, _write_over, _write_between, _cut_out, _repeat, _cut_off)
