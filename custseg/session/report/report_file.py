"""Read a report from its file, which may come from anywhere: its document, and the words that people read in it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from custseg.errors import DataError, SettingError, reason_of_system
from custseg.language import mark, say
from custseg.session.report.document import ReportDocument

if TYPE_CHECKING:
    from os import PathLike

LARGEST = 50_000_000
# Where the document and the digest of the words stand in the file.
DOCUMENT_ID, DIGEST_NAME = "custseg-report", "custseg-text"
_SILENT = ("script", "style", "title")


@dataclass(frozen=True)
class ReportFile:
    """A report: its document, the words of its page, and what these were when it was made (SHA-256)."""

    document: ReportDocument
    words: str
    digest: str

    @property
    def words_are_those(self) -> bool:
        """Whether the words are those that the file was made with, by what it says itself."""
        return digest_of(self.words) == self.digest


def read_report(path: str | PathLike[str]) -> ReportFile:
    """Read a report.

    Raises
    ------
    DataError
        The file can't be read, or is no report; the message says why.

    """
    page = _read(Path(path))
    reader = _Page()
    reader.feed(page)
    reader.close()
    if len(reader.documents) != 1:
        message = (
            mark("{name} is no report of custseg: there is more than one document in it. Choose another file.")
            if reader.documents
            else mark("{name} is no report of custseg: there is no document in it. Choose another file.")
        )
        raise DataError(say(message, name=Path(path).name))
    try:
        document = ReportDocument.read(reader.documents[0])
    except SettingError as problem:
        raise DataError(str(problem)) from problem
    return ReportFile(document, reader.words, reader.digest)


def words_of(page: str) -> str:
    """Return all words of a page, or of a part of one, that are no script or style, one space between each."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    return reader.words


def digest_of(words: str) -> str:
    """Return what only the same words have (SHA-256)."""
    return sha256(words.encode()).hexdigest()


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            msg = say(
                "{name} is too large for a report: it has more than {largest} MB.",
                name=path.name,
                largest=LARGEST // 1000000,
            )
            raise DataError(msg)
        return path.read_text(encoding="utf-8")
    except OSError as problem:
        msg = say("{path} cannot be read: {strerror}.", path=path, strerror=reason_of_system(problem))
        raise DataError(msg) from problem
    except UnicodeDecodeError as problem:
        msg = say("{name} is no report of custseg: it is no text in UTF-8. Choose another file.", name=path.name)
        raise DataError(msg) from problem


class _Page(HTMLParser):
    """Collects the documents, the digest and the words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.documents: list[str] = []
        self.digest = ""
        self._texts: list[str] = []
        self._silent = 0
        self._in_document = False

    @property
    def words(self) -> str:
        return " ".join(" ".join(self._texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._silent += tag in _SILENT
        if given.get("id") == DOCUMENT_ID:
            self._in_document = True
            self.documents.append("")
        if tag == "meta" and given.get("name") == DIGEST_NAME:
            self.digest = given.get("content") or ""

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0
        self._in_document = False

    def handle_data(self, data: str) -> None:
        if self._in_document:
            self.documents[-1] += data
        elif not self._silent:
            self._texts.append(data)
