"""Where files go that a command writes: nothing that is there is lost, and that is known before the work begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from custseg.cli.progress import progress
from custseg.export.files import WriteError, check_destination
from custseg.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from custseg import SegmentationModel
    from custseg.export.formats import Format

Overwrite = Annotated[bool, typer.Option("--overwrite", help=mark("Replace files that are there already."))]


def check_all(paths: Iterable[Path], *, overwrite: bool) -> None:
    """Refuse a destination that can't be written, or that is there already, before any work. Raises WriteError."""
    for path in paths:
        try:
            check_destination(path, overwrite=overwrite)
        except FileExistsError as problem:
            raise _with_option(problem) from problem


def save(model: SegmentationModel, path: Path, form: Format, *, overwrite: bool) -> None:
    """Write a file of a format. Raises WriteError."""
    with progress(say("Writing {name}", name=path.name)):
        try:
            model.save(path, form.name, overwrite=overwrite)
        except FileExistsError as problem:
            raise _with_option(problem) from problem


def _with_option(problem: OSError) -> WriteError:
    reason = say("{why}. Choose another name, or say --overwrite", why=problem.strerror)
    return WriteError(problem.errno, reason, problem.filename)
