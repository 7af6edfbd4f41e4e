"""The file formats of a result: one list, for the page, the command line, notebooks and scripts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO

from custseg.display import show
from custseg.errors import SettingError, listed, quote
from custseg.export.csv import (
    write_borderline,
    write_columns,
    write_customers,
    write_evidence,
    write_movers,
    write_raw_customers,
    write_rules,
    write_segments,
    write_selection,
)
from custseg.export.files import whole_file
from custseg.export.parquet import write_customers_parquet
from custseg.export.result_json import write_result
from custseg.export.story import write_story
from custseg.export.workbook import write_customers_workbook, write_workbook
from custseg.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from os import PathLike

    from custseg.export.bundle import ResultBundle

# Letters and digits of any language are taken everywhere, and so are these few signs within a name.
_NOT_IN_NAMES = re.compile(r"[^\w &,()-]")
# In bytes; names of files have 255 at most, of which some tools take a share.
_LONGEST_TITLE = 120


def _nothing_against(_: ResultBundle) -> str:
    return ""


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
    at_hand, group
        Whether many want it, so that the page has a button for it; otherwise, what it stands under in a list.
    why_not
        Says in a sentence why a result can't be written so yet; empty where it can.
    by_hand
        Whether it is about something that only a person does, so that the command has no option for it.
    by_suffix
        Whether it may be meant where only the suffix of a file is given.
    drawn
        Whether HoloViews draws it, which one thread alone can use.
    changes_model
        Whether writing it changes the model, so that it is written where that is.

    """

    name: str
    title: str
    description: str
    suffix: str
    media_type: str
    write: Callable[[ResultBundle, BinaryIO], None]
    option: str = ""
    at_hand: bool = True
    group: str = ""
    why_not: Callable[[ResultBundle], str] = _nothing_against
    by_hand: bool = False
    by_suffix: bool = True
    drawn: bool = False
    changes_model: bool = False

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


def _why_no_movers(bundle: ResultBundle) -> str:
    known = bundle.model is not None and bundle.model.migration is not None
    return "" if known else say("Nobody has moved yet: no later table of these customers was followed.")


def _why_no_selection(bundle: ResultBundle) -> str:
    known = bundle.model is not None and bundle.model.selected is not None
    return "" if known else say("No customers are selected. Select some first.")


def _write_report(bundle: ResultBundle, stream: BinaryIO) -> None:
    show(bundle.model, "report").write(stream)


def _why_no_picture(_: ResultBundle) -> str:
    return (
        ""
        if find_spec("matplotlib")
        else say("Pictures need matplotlib. Install it with pip install 'custseg[pictures]'.")
    )


def _write_picture(kind: str, bundle: ResultBundle, stream: BinaryIO) -> None:
    show(bundle.model, "still picture").write(stream, kind)


def _write_report_with_customers(bundle: ResultBundle, stream: BinaryIO) -> None:
    show(bundle.model, "report").write(stream, customers=True)


def _write_project(bundle: ResultBundle, stream: BinaryIO) -> None:
    stream.write(bundle.model.write_project())


def _write_model(bundle: ResultBundle, stream: BinaryIO) -> None:
    stream.write(bundle.segmentation.to_document(*bundle.names_and_notes).to_json().encode())


_SEGMENTS, _CUSTOMERS, _PICTURES = mark("Segments"), mark("Customers"), mark("Pictures")
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_PARQUET = "application/vnd.apache.parquet"

FORMATS: list[Format] = [
    Format(
        "report", mark("Report to share (HTML)"),
        mark("Write the picture, table and descriptions, without single customers, to this HTML file."),
        ".html", "text/html", _write_report,
    ),
    Format(
        "story", mark("Presentation (PowerPoint)"),
        mark("Write the verdict, each segment and what to do as slides to this PowerPoint file."),
        ".pptx", _POWERPOINT, write_story,
    ),
    Format(
        "report with customers", mark("Report with customers (HTML)"),
        mark("Write all charts, tables and descriptions, with single customers, to this HTML file."),
        ".html", "text/html", _write_report_with_customers, option="report_with_customers", by_suffix=False,
        drawn=True,
    ),
    Format(
        "segments", mark("Segments (CSV)"),
        mark("Write one row per segment to this CSV file."), ".csv", "text/csv", write_segments,
    ),
    Format(
        "customers", mark("Customers (CSV)"), mark("Write every customer, with its segment, to this CSV file."),
        ".csv", "text/csv", write_customers, option="members",
    ),
    Format(
        "customers_raw", mark("Customers for programs (CSV)"),
        mark(
            "Write the same to this CSV file with each text as it is, for programs: in a spreadsheet, formulas in it "
            "run."
        ),
        ".csv", "text/csv", write_raw_customers, option="members_raw", at_hand=False, group=_CUSTOMERS,
    ),
    Format(
        "customers_excel", mark("Customers (Excel)"),
        mark("Write every customer, with its segment, to this Excel file."),
        ".xlsx", _EXCEL, write_customers_workbook, option="members_excel",
    ),
    Format(
        "customers_parquet", mark("Customers (Parquet)"),
        mark("Write every customer, with its segment, to this Parquet file."),
        ".parquet", _PARQUET, write_customers_parquet, option="members_parquet", at_hand=False, group=_CUSTOMERS,
    ),
    Format(
        "borderline", mark("Who could be elsewhere (CSV)"),
        mark("Write the customers who could also be in another segment to this CSV file."),
        ".csv", "text/csv", write_borderline, at_hand=False, group=_CUSTOMERS,
    ),
    Format(
        "movers", mark("Who moved (CSV)"),
        mark("Write the customers who are in another segment in the table that --follow names to this CSV file."),
        ".csv", "text/csv", write_movers, at_hand=False, group=_CUSTOMERS, why_not=_why_no_movers,
    ),
    Format(
        "selection", mark("Selected customers (CSV)"), mark("Write the customers who are selected to this CSV file."),
        ".csv", "text/csv", write_selection, at_hand=False, group=_CUSTOMERS, why_not=_why_no_selection, by_hand=True,
    ),
    Format(
        "workbook", mark("Segments and evidence (Excel)"),
        mark(
            "Write the segments, what to do, the evidence and the rules to this Excel file, without any single "
            "customer."
        ),
        ".xlsx", _EXCEL, write_workbook,
    ),
    Format(
        "evidence", mark("Evidence (CSV)"), mark("Write the numbers behind every statement to this CSV file."),
        ".csv", "text/csv", write_evidence, at_hand=False, group=_SEGMENTS,
    ),
    Format(
        "rules", mark("Rules (CSV)"), mark("Write the rule that sets each segment apart to this CSV file."),
        ".csv", "text/csv", write_rules, at_hand=False, group=_SEGMENTS,
    ),
    Format(
        "columns", mark("Columns that decided (CSV)"), mark("Write how much each column decided to this CSV file."),
        ".csv", "text/csv", write_columns, at_hand=False, group=_SEGMENTS,
    ),
    Format(
        "result", mark("Result for programs (JSON)"),
        mark("Write the segments, their numbers and their words to this JSON file."),
        ".json", "application/json", write_result, at_hand=False, group=_SEGMENTS, by_suffix=False,
    ),
    Format(
        "picture", mark("Picture of the customers (PNG)"), mark("Write the picture of the customers to this PNG file."),
        ".png", "image/png", partial(_write_picture, "png"), at_hand=False, group=_PICTURES, why_not=_why_no_picture,
        drawn=True,
    ),
    Format(
        "picture_svg", mark("Picture of the customers (SVG)"),
        mark("Write the picture of the customers to this SVG file."),
        ".svg", "image/svg+xml", partial(_write_picture, "svg"), at_hand=False, group=_PICTURES,
        why_not=_why_no_picture, drawn=True,
    ),
    Format(
        "project", mark("Project to go on with (JSON)"),
        mark("Write the settings, runs, names and notes, without the customers, to this JSON file."),
        ".json", "application/json", _write_project, changes_model=True,
    ),
    Format(
        "model", mark("Model to score with (JSON)"),
        mark("Write what gives customers their segments, without the customers, to this JSON file."),
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
    reason = chosen.why_not(bundle)
    if reason:
        raise SettingError(reason)
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
        msg = say(
            "A file that ends in {suffix} could be any of {names}. Say which one you want, as in format={example!r}.",
            suffix=quote(suffix),
            names=names,
            example=matching[0].name,
        )
    elif name is not None:
        msg = say("There is no format called {name}. Choose from {names}.", name=quote(name), names=names)
    else:
        suffixes = listed(sorted({form.suffix for form in FORMATS}))
        msg = say(
            "The name {name} must end in one of {suffixes} to tell the format. Change it, or say which "
            "format you want: {names}.",
            name=quote(PurePath(path).name),
            suffixes=suffixes,
            names=names,
        )
    raise SettingError(msg)
