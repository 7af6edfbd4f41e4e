"""Open a model document that may come from anywhere, or say in one sentence what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from custseg.errors import DataError, SettingError, quote, reason_of_system
from custseg.export.checked_document import place_of
from custseg.export.document.content import VERSION, ModelContent
from custseg.export.document.scoring import scoring_of
from custseg.export.document.test_rows import as_arrow
from custseg.language import say
from custseg.wrong_entries import reason_of

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
        raise DataError(_no_document(say(": its text is broken"))) from problem
    _check_test_rows(found)
    return found


def _no_document(why: str) -> str:
    return say("This is no model document of custseg{why}. Save the model again, or choose another file.", why=why)


def _is_text(source: str | bytes) -> bool:
    """Whether it is a document, and not its path: a document is an object of JSON."""
    return isinstance(source, bytes) or source.lstrip("\ufeff \t\r\n").startswith("{")


def _read_file(path: Path) -> bytes:
    try:
        if not path.is_file():
            msg = say("There is no file {name} to load a model from. Check the path.", name=quote(path.name))
            raise DataError(msg)
        with path.open("rb") as stream:
            # One more than is taken, whatever the file system says of its size.
            text = stream.read(LARGEST + 1)
    except (OSError, ValueError) as problem:
        if isinstance(problem, DataError):
            raise
        msg = say(
            "{name} cannot be opened: {problem}.",
            name=quote(path.name),
            problem=reason_of_system(problem) if isinstance(problem, OSError) else say("its path is broken"),
        )
        raise DataError(msg) from problem
    return text.removeprefix(b"\xef\xbb\xbf")


def _too_large() -> DataError:
    return DataError(
        say("A model document has at most {largest} MB, and this one is larger.", largest=LARGEST // 1000000)
    )


def _what_is_wrong(problem: ValidationError) -> str:
    errors = problem.errors(include_url=False)
    first = next((one for one in errors if one["loc"][:1] in (("version",), ("format",))), errors[0])
    if first["loc"] == ("version",) and first["type"] == "literal_error" and _is_newer(first["input"]):
        return say(
            "This model document is of version {version}, and this custseg reads version {own}. Install a newer "
            "custseg to open it.",
            version=quote(first["input"]),
            own=VERSION,
        )
    where = quote(place_of(first)) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        return _no_document(say(": version {own} has no key {where}", own=VERSION, where=where))
    said = reason_of(first)
    if not where:
        return _no_document(f": {said}")
    return _no_document(say(": at {where}, {said}", where=where, said=said))


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
        raise DataError(_no_document(say(": it cannot place its own test rows ({why})", why=why))) from problem
    for number, (row, segment) in enumerate(zip(found.test_rows, segments, strict=True), start=1):
        if (row.segment or 0) != segment:
            msg = say(
                "This model document contradicts itself: its test row {number} comes out in segment "
                "{segment}, and it says {said}. It was changed after it was saved. Save the model again.",
                number=number,
                segment=segment or say("none"),
                said=row.segment or say("none"),
            )
            raise DataError(msg)
