"""The file formats of a result: one list, for the page, the command line, notebooks and scripts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO

from custseg.display import show
from custseg.errors import SettingError, listed, quote
from custseg.export.csv import write_columns, write_customers, write_segments
from custseg.export.files import whole_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from os import PathLike

    from custseg.export.bundle import ResultBundle

# Letters and digits of any language are taken everywhere, and so are these few signs within a name.
_NOT_IN_NAMES = re.compile(r"[^\w &,()-]")
# In bytes; names of files have 255 at most, of which some tools take a share.
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Format:
    """A file format.

    Attributes
    ----------
    name, title, description
        Its name in scripts, its title on the page, and its description in the command's help.
    suffix, media_type
        The end of a file's name, with the dot, and its media type (RFC 6838).
    write
        Writes a result to a binary stream, and leaves it open.
    option
        The command's option for it, where that is not its name.
    by_suffix
        Whether it may be meant where only the suffix of a file is given.

    """

    name: str
    title: str
    description: str
    suffix: str
    media_type: str
    write: Callable[[ResultBundle, BinaryIO], None]
    option: str = ""
    by_suffix: bool = True

    @property
    def filename(self) -> str:
        """The default name of a file of this format."""
        return f"{self.name}{self.suffix}"

    def filename_for(self, title: str, day: date) -> str:
        """Return a name that tells of which table a file is, and from when; every file system takes it."""
        return f"{_in_a_name(title)}{self.name} {day:%Y-%m-%d}{self.suffix}"


def _in_a_name(title: str) -> str:
    """Return what of a title any file system takes, of no more bytes than leave room for the rest."""
    words = " ".join(_NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFC", title)).split())
    short = words.encode()[:_LONGEST_TITLE].decode(errors="ignore").strip(" -,")
    return f"{short} " if short else ""


def _write_report(bundle: ResultBundle, stream: BinaryIO) -> None:
    show(bundle.model, "report").write(stream)


def _write_report_with_customers(bundle: ResultBundle, stream: BinaryIO) -> None:
    show(bundle.model, "report").write(stream, customers=True)


def _write_project(bundle: ResultBundle, stream: BinaryIO) -> None:
    stream.write(bundle.model.write_project())


def _write_model(bundle: ResultBundle, stream: BinaryIO) -> None:
    stream.write(bundle.segmentation.to_document(*bundle.names_and_notes).to_json().encode())


FORMATS: list[Format] = [
    Format(
        "report", "Report to share (HTML)",
        "Write the picture, table and descriptions, without single customers, to this HTML file",
        ".html", "text/html", _write_report,
    ),
    Format(
        "report with customers", "Report with customers (HTML)",
        "Write all charts, tables and descriptions, with single customers, to this HTML file",
        ".html", "text/html", _write_report_with_customers, option="report_with_customers", by_suffix=False,
    ),
    Format(
        "segments", "Segments (CSV)", "Write one row per segment to this CSV file", ".csv", "text/csv", write_segments,
    ),
    Format(
        "customers", "Customers (CSV)", "Write every customer, with its segment, to this CSV file",
        ".csv", "text/csv", write_customers, option="members",
    ),
    Format(
        "columns", "Columns that decided (CSV)", "Write how much each column decided to this CSV file",
        ".csv", "text/csv", write_columns,
    ),
    Format(
        "project", "Project to go on with (JSON)",
        "Write the settings, runs, names and notes, without the customers, to this JSON file",
        ".json", "application/json", _write_project,
    ),
    Format(
        "model", "Model to score with (JSON)",
        "Write what gives customers their segments, without the customers, to this JSON file",
        ".model.json", "application/json", _write_model,
    ),
]  # fmt: skip


def save(
    bundle: ResultBundle, path: str | PathLike[str], format_name: str | None = None, *, overwrite: bool = True
) -> None:
    """Write a result to a file, which replaces an existing one only once it is complete.

    Raises
    ------
    SettingError
        There is no such format, or the file's name does not tell which one to use.
    WriteError
        The file cannot be written; its text says which and why.

    """
    chosen = find_format(path, format_name)
    with whole_file(path, overwrite=overwrite) as stream:
        chosen.write(bundle, stream)


def _by_suffix(filename: str) -> list[Format]:
    """Return the formats with the longest suffix that a name ends in: .model.json is more than .json."""
    ending = [form for form in FORMATS if form.by_suffix and filename.lower().endswith(form.suffix)]
    longest = max((len(form.suffix) for form in ending), default=0)
    return [form for form in ending if len(form.suffix) == longest]


def find_format(path: str | PathLike[str], name: str | None = None) -> Format:
    """Return the format with that name or, if none is given, the only one with the suffix of the path.

    Raises
    ------
    SettingError
        There is no such format, or more than one.

    """
    suffix = PurePath(path).suffix.lower()
    matching = [form for form in FORMATS if form.name == name] if name is not None else _by_suffix(PurePath(path).name)
    if len(matching) == 1:
        return matching[0]
    names = listed([form.name for form in matching or FORMATS])
    if matching:
        msg = (
            f"A file that ends in {quote(suffix)} could be any of {names}. Say which one you want, as in "
            f"format={matching[0].name!r}."
        )
    elif name is not None:
        msg = f"There is no format called {quote(name)}. Choose from {names}."
    else:
        suffixes = listed(sorted({form.suffix for form in FORMATS}))
        msg = (
            f"The name {quote(PurePath(path).name)} must end in one of {suffixes} to tell the format. Change it, or "
            f"say which format you want: {names}."
        )
    raise SettingError(msg)
