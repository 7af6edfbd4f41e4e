"""Text files as UTF-8: unpacked where they are gzipped, and recoded where they come in another encoding."""

from __future__ import annotations

import codecs
import gzip
import tempfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from custseg.errors import DataError, quote
from custseg.language import mark, say
from custseg.tables.sources.encoding import USUAL, guess_encoding
from custseg.tables.sources.limits import most_unpacked, unpacks_to_too_much
from custseg.tables.sources.signature import GZIP, not_a_table

if TYPE_CHECKING:
    from collections.abc import Iterator

# A few kilobytes can be packed so that they unpack to any size; no table of customers is larger than this.
LARGEST_UNPACKED = 4 * 1024**3
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NAMES = {
    **dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), "UTF-16"),
    **{f"cp{number}": f"Windows-{number}" for number in (1250, 1251, 1252, 1253)},
    "iso8859_2": "ISO 8859-2",
    "koi8_r": "KOI8-R",
    "cp932": "Shift-JIS",
    "gb18030": "GB 18030",
}
_CHUNK = 1 << 18
_LOOK_AT_FIRST = 1 << 16
_GUESS_BY_FIRST = 1 << 22


@dataclass(frozen=True, slots=True)
class Text:
    """A UTF-8 file, and in which encoding it came."""

    path: Path
    encoding: str

    @property
    def notes(self) -> tuple[str, ...]:
        """Say which encoding was read where it was not the usual one."""
        name = _NAMES.get(self.encoding)
        return (say("Read as {name} text.", name=name),) if name else ()


class _NotThatEncodingError(Exception):
    """A file that is not in the encoding that was tried."""


@contextmanager
def as_utf8(path: Path) -> Iterator[Text]:
    """Give a text file as UTF-8 while the block runs: itself where it is, else a copy.

    Raises
    ------
    DataError
        The file is empty, is not text, or is a gzip archive that is broken or unpacks to too much.

    """
    with tempfile.TemporaryDirectory(prefix="custseg-") as folder:
        source = _unpacked(path, Path(folder))
        encoding = _marked_encoding(source, path)
        if encoding is None:
            encoding = "utf-8" if _is_utf8(source) else _guessed(source)
        elif encoding == "utf-8-sig" and not _is_utf8(source):
            raise _not_recognised(path)
        if encoding in ("utf-8", "utf-8-sig"):
            yield Text(source, encoding)
            return
        copy = Path(folder) / "recoded"
        _recode(source, copy, encoding, path)
        yield Text(copy, encoding)


def _unpacked(path: Path, folder: Path) -> Path:
    with path.open("rb") as file:
        if file.read(2) != GZIP:
            return path
    unpacked, size, most = folder / "unpacked", 0, most_unpacked(LARGEST_UNPACKED)
    try:
        with gzip.open(path) as packed, unpacked.open("wb") as file:
            while chunk := packed.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise unpacks_to_too_much(path, most)
                file.write(chunk)
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        msg = say(
            "{name} is a gzip archive that is broken or cut off. Pack it again, or send it unpacked.",
            name=quote(path.name),
        )
        raise DataError(msg) from problem
    return unpacked


def _marked_encoding(source: Path, path: Path) -> str | None:
    """Return the encoding that the first bytes tell, or None where they tell none. ``path`` names it in errors."""
    with source.open("rb") as file:
        first = file.read(_LOOK_AT_FIRST)
    if not first.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        msg = say(
            "{name} is empty. A table with a line of column names and one line per customer was expected.",
            name=quote(path.name),
        )
        raise DataError(msg)
    for first_bytes, encoding in _MARKS.items():
        if first.startswith(first_bytes):
            return encoding
    if b"\0" not in first:
        return None
    # Latin letters in UTF-16 have a zero in every second byte.
    for encoding, zeros in (("utf-16-le", first[1::2]), ("utf-16-be", first[::2])):
        if zeros.count(0) > 0.8 * len(zeros):
            return encoding
    raise not_a_table(path, mark("not text"))


def _guessed(source: Path) -> str:
    with source.open("rb") as file:
        encoding = guess_encoding(file.read(_GUESS_BY_FIRST))
    # The beginning may be in one encoding, and the rest not.
    return encoding if _decodes(source, encoding) else USUAL


def _is_utf8(path: Path) -> bool:
    return _is_ascii(path) or _decodes(path, "utf-8")


def _decodes(path: Path, encoding: str) -> bool:
    try:
        for _ in _decoded(path, encoding):
            pass
    except _NotThatEncodingError:
        return False
    return True


def _is_ascii(path: Path) -> bool:
    """Look for what is in every encoding the same: that takes a third of the time of decoding it."""
    # One buffer for all of the file stays in the processor's cache.
    buffer = bytearray(_CHUNK)
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            chunk = buffer if size == _CHUNK else buffer[:size]
            if not chunk.isascii() or b"\0" in chunk:
                return False
    return True


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as problem:
                raise _NotThatEncodingError from problem
            if "\0" in text:
                raise _NotThatEncodingError
            yield text
            if not chunk:
                return


def _recode(source: Path, copy: Path, encoding: str, path: Path) -> None:
    try:
        with copy.open("w", encoding="utf-8", newline="") as file:
            for text in _decoded(source, encoding):
                file.write(text)
    except _NotThatEncodingError as problem:
        raise _not_recognised(path) from problem


def _not_recognised(path: Path) -> DataError:
    return DataError(
        say("{name} is text in an encoding that was not recognised. Save it as CSV in UTF-8.", name=quote(path.name))
    )
