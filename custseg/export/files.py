"""Files that are there as a whole or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file to write, which takes the place of the one at ``path`` once all of it is written.

    What fails leaves the one that was there, or none. A pipe or a device is written to as it is.

    Raises
    ------
    OSError
        It cannot be written. Its ``filename`` is the path that was asked for, its ``strerror`` the reason.

    """
    # A link stays, and leads to the new file.
    target = Path(os.path.realpath(path))
    try:
        with _stream(target) as stream:
            yield stream
    except OSError as problem:
        # A full disk's error names no file, and another the temporary one.
        raise type(problem)(problem.errno, problem.strerror or str(problem), str(path)) from problem


@contextmanager
def _stream(target: Path) -> Iterator[BinaryIO]:
    if target.exists() and not target.is_file() and not target.is_dir():
        with target.open("wb") as stream:
            yield stream
        return
    if target.is_dir():
        raise IsADirectoryError(21, os.strerror(21))
    part = target.with_name(f".custseg-{token_hex(8)}.part")
    try:
        with part.open("xb") as stream:
            yield stream
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
