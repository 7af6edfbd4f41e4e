"""The files that a result can be written to: one list, for the page, the command, notebooks and scripts alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO

from custseg.display import show
from custseg.errors import SettingError, listed, quote
from custseg.export.csv import write_customers, write_segments
from custseg.export.files import whole_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from custseg.export.bundle import ResultBundle


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Attributes
    ----------
    name, title, description
        What a script calls it, what the page calls it, and what the help of the command says that it does.
    suffix, media_type
        What a file's name ends in, with the dot, and its media type (RFC 6838).
    write
        Writes a result to a binary stream, which stays open.
    option
        What the command calls it, where the command has another thing of its name.

    """

    name: str
    title: str
    description: str
    suffix: str
    media_type: str
    write: Callable[[ResultBundle, BinaryIO], None]
    option: str = ""

    @property
    def filename(self) -> str:
        """What a file of this kind is called by itself."""
        return f"{self.name}{self.suffix}"


def _write_report(bundle: ResultBundle, stream: BinaryIO) -> None:
    show(bundle.model, "report").write(stream)


FORMATS: list[Format] = [
    Format(
        "report", "Report to share (HTML)", "Write the picture, table and words to this HTML file",
        ".html", "text/html", _write_report,
    ),
    Format(
        "segments", "Segments (CSV)", "Write one row a segment to this CSV file", ".csv", "text/csv", write_segments,
    ),
    Format(
        "customers", "Customers (CSV)", "Write every customer with a segment to this CSV file",
        ".csv", "text/csv", write_customers, option="members",
    ),
]  # fmt: skip


def save(bundle: ResultBundle, path: str | PathLike[str], format_name: str | None = None) -> None:
    """Write a result to a file, which takes the place of one that is there once all of it is written.

    Raises
    ------
    SettingError
        There is no such format, or the file's name doesn't tell which one is wanted.
    OSError
        The file cannot be written; its ``filename`` and ``strerror`` say which and why.

    """
    chosen = find_format(path, format_name)
    with whole_file(path) as stream:
        chosen.write(bundle, stream)


def find_format(path: str | PathLike[str], name: str | None = None) -> Format:
    """Return the format of that name or, without one, the only one whose files end as the path does.

    Raises
    ------
    SettingError
        There is none, or more than one.

    """
    suffix = PurePath(path).suffix.lower()
    found = [form for form in FORMATS if (form.suffix == suffix if name is None else form.name == name)]
    if len(found) == 1:
        return found[0]
    names = listed([form.name for form in found or FORMATS])
    if found:
        msg = (
            f"A file that ends in {quote(suffix)} can be any of {names}. Say which one is wanted, as in "
            f"format={found[0].name!r}."
        )
    elif name is not None:
        msg = f"There is no format called {quote(name)}. Choose from {names}."
    else:
        suffixes = listed(sorted({form.suffix for form in FORMATS}))
        msg = (
            f"{quote(PurePath(path).name)} does not end as the files of any format do, which is in {suffixes}. Change "
            f"its name, or say which format is wanted: {names}."
        )
    raise SettingError(msg)
