"""Write files completely or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, BinaryIO

from custseg.errors import reason_of_system
from custseg.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator


class WriteError(OSError):
    """A file cannot be written: ``filename`` is its path as given, ``strerror`` the reason, and its text says both."""

    def __str__(self) -> str:
        return say("{name} cannot be written: {why}.", name=self.filename, why=self.strerror)


class FileThereError(WriteError, FileExistsError):
    """A file is there already, and is not to be replaced."""


@contextmanager
def whole_file(path: str | os.PathLike[str], *, overwrite: bool = True) -> Iterator[BinaryIO]:
    """Open a file for writing; it replaces the one at ``path`` once it is complete.

    On failure, the old file stays, or none is left. A pipe or a device is written to directly.

    Raises
    ------
    WriteError
        The file cannot be written; without ``overwrite`` also where there is one already (``FileExistsError`` too).

    """
    # A link is kept, and leads to the new file.
    target = Path(os.path.realpath(path))
    with _told(path):
        _check(target, overwrite=overwrite)
        with _stream(target, overwrite=overwrite) as stream:
            yield stream


def check_destination(path: str | os.PathLike[str], *, overwrite: bool = True) -> None:
    """Raise as ``whole_file`` does, as far as it is known before anything is written."""
    target = Path(os.path.realpath(path))
    with _told(path):
        _check(target, overwrite=overwrite)
        if not target.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        if not os.access(target if _is_device(target) else target.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@contextmanager
def _told(path: str | os.PathLike[str]) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        # The error of a full disk names no file, and others name the temporary one.
        kind = FileThereError if isinstance(problem, FileExistsError) else WriteError
        raise kind(problem.errno, _reason(problem, Path(path).parent), str(path)) from problem


def _check(target: Path, *, overwrite: bool) -> None:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not overwrite and target.is_file():
        raise FileExistsError(errno.EEXIST, say("it is there already"))


def _is_device(target: Path) -> bool:
    return target.exists() and not target.is_file()


def _reason(problem: OSError, folder: Path) -> str:
    if problem.errno == errno.ENOENT and not folder.exists():
        return say("there is no folder {folder}. Make it first", folder=folder)
    return reason_of_system(problem) if problem.strerror else str(problem)


@contextmanager
def _stream(target: Path, *, overwrite: bool) -> Iterator[BinaryIO]:
    if _is_device(target):
        with target.open("wb") as stream:
            yield stream
        return
    part = target.with_name(f".custseg-{token_hex(8)}.part")
    try:
        with part.open("xb") as stream:
            yield stream
        # Somebody else may have written it meanwhile.
        _check(target, overwrite=overwrite)
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
