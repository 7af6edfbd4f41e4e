"""Write files completely or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator


class WriteError(OSError):
    """A file cannot be written: ``filename`` is its path as given, ``strerror`` the reason, and its text says both."""

    def __str__(self) -> str:
        return f"{self.filename} cannot be written: {self.strerror}."


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file for writing; it replaces the one at ``path`` once it is complete.

    On failure, the old file stays, or none is left. A pipe or a device is written to directly.

    Raises
    ------
    WriteError
        The file cannot be written.

    """
    # A link is kept, and leads to the new file.
    target = Path(os.path.realpath(path))
    try:
        with _stream(target) as stream:
            yield stream
    except OSError as problem:
        # The error of a full disk names no file, and others name the temporary one.
        raise WriteError(problem.errno, _reason(problem, Path(path).parent), str(path)) from problem


def _reason(problem: OSError, folder: Path) -> str:
    if problem.errno == errno.ENOENT and not folder.exists():
        return f"there is no folder {folder}. Make it first"
    return problem.strerror or str(problem)


@contextmanager
def _stream(target: Path) -> Iterator[BinaryIO]:
    if target.exists() and not target.is_file() and not target.is_dir():
        with target.open("wb") as stream:
            yield stream
        return
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    part = target.with_name(f".custseg-{token_hex(8)}.part")
    try:
        with part.open("xb") as stream:
            yield stream
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
