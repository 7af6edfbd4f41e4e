"""Open a model document that may come from anywhere, or say in one sentence what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from custseg.errors import DataError, SettingError, quote
from custseg.export.checked_document import place_of
from custseg.export.document.content import VERSION, ModelContent
from custseg.export.document.scoring import scoring_of
from custseg.export.document.test_rows import as_arrow

LARGEST = 20_000_000


def read_content(source: str | bytes | os.PathLike[str]) -> ModelContent:
    """Read a document: its text, or the path of a file.

    Raises
    ------
    DataError
        It is no model document, or one of a newer version, or was changed after it was saved.

    """
    text = source if isinstance(source, str | bytes) and _is_text(source) else _read_file(Path(os.fsdecode(source)))
    if len(text) > LARGEST:
        raise _too_large()
    try:
        found = ModelContent.model_validate_json(text)
    except ValidationError as problem:
        raise DataError(_what_is_wrong(problem)) from problem
    except UnicodeError as problem:
        raise DataError(_NO_DOCUMENT.format(": its text is broken")) from problem
    _check_test_rows(found)
    return found


_NO_DOCUMENT = "This is no model document of custseg{}. Save the model again, or choose another file."


def _is_text(source: str | bytes) -> bool:
    """Whether it is a document, and not its path: a document is an object of JSON."""
    return isinstance(source, bytes) or source.lstrip("\ufeff \t\r\n").startswith("{")


def _read_file(path: Path) -> bytes:
    try:
        if not path.is_file():
            msg = f"There is no file {quote(path.name)} to load a model from. Check the path."
            raise DataError(msg)
        with path.open("rb") as stream:
            # One more than is taken, whatever the file system says of its size.
            text = stream.read(LARGEST + 1)
    except (OSError, ValueError) as problem:
        if isinstance(problem, DataError):
            raise
        msg = f"{quote(path.name)} cannot be opened: {getattr(problem, 'strerror', None) or 'its path is broken'}."
        raise DataError(msg) from problem
    return text.removeprefix(b"\xef\xbb\xbf")


def _too_large() -> DataError:
    return DataError(f"A model document has at most {LARGEST // 1_000_000} MB, and this one is larger.")


def _what_is_wrong(problem: ValidationError) -> str:
    errors = problem.errors(include_url=False, include_context=False)
    first = next((one for one in errors if one["loc"][:1] in (("version",), ("format",))), errors[0])
    if first["loc"] == ("version",) and first["type"] == "literal_error" and _is_newer(first["input"]):
        return (
            f"This model document is of version {quote(first['input'])}, and this custseg reads version {VERSION}. "
            "Install a newer custseg to open it."
        )
    where = quote(place_of(first)) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        return _NO_DOCUMENT.format(f": version {VERSION} has no key {where}")
    said = first["msg"].removeprefix("Value error, ")
    return _NO_DOCUMENT.format(f": {said}" if not where else f": at {where}, {said[:1].lower()}{said[1:]}")


def _is_newer(version: object) -> bool:
    return isinstance(version, int) and not isinstance(version, bool) and version > VERSION


def _check_test_rows(found: ModelContent) -> None:
    """Raise DataError where the recipe is not allowed, or test rows are in other segments than the document says."""
    try:
        scoring = scoring_of(found)
        with np.errstate(all="ignore"):
            values = scoring.values(as_arrow(found.columns, [row.cells for row in found.test_rows]))
            segments = scoring.place(values).segments.tolist()
    except (SettingError, DataError, ArithmeticError, np.linalg.LinAlgError, TypeError, ValueError) as problem:
        why = str(problem).rstrip(".")
        raise DataError(_NO_DOCUMENT.format(f": it cannot place its own test rows ({why})")) from problem
    for number, (row, segment) in enumerate(zip(found.test_rows, segments, strict=True), start=1):
        if (row.segment or 0) != segment:
            msg = (
                f"This model document contradicts itself: its test row {number} comes out in segment "
                f"{segment or 'none'}, and it says {row.segment or 'none'}. It was changed after it was saved. Save "
                "the model again."
            )
            raise DataError(msg)
