"""A spreadsheet is read once: what was read is kept beside it, for looking at it and for making customers."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING

import narwhals as nw
import pyarrow as pa

from custseg.tables.sources import SourceTable, read_once

if TYPE_CHECKING:
    from pathlib import Path

_NOTES = b"notes"


def read_and_keep(path: Path, sheet: str | None) -> Path | SourceTable:
    """Read a file that can only be read whole, or take what was kept of it; the path of any other.

    ``path`` has to lie in a folder that goes with it.

    Raises
    ------
    DataError
        The file cannot be read.

    """
    # In a folder of its own, where no visitor's file comes, whatever its name is.
    kept = path.parent / "kept" / f"{hashlib.sha256((sheet or '').encode()).hexdigest()}.arrow"
    if kept.is_file():
        return _kept(kept)
    found = read_once(path, sheet)
    if isinstance(found, SourceTable):
        # A disk that is full costs time alone.
        with suppress(OSError):
            _keep(found, kept)
    return found


def _keep(found: SourceTable, kept: Path) -> None:
    table = found.frame.to_arrow()
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), _NOTES: json.dumps(found.notes).encode()})
    kept.parent.mkdir(exist_ok=True)
    # Under its name only when it is whole: the process may be ended meanwhile.
    unfinished = kept.with_suffix(".part")
    with pa.OSFile(str(unfinished), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    unfinished.replace(kept)


def _kept(kept: Path) -> SourceTable:
    with pa.memory_map(str(kept)) as file:
        table = pa.ipc.open_file(file).read_all()
    notes = json.loads(table.schema.metadata[_NOTES])
    return SourceTable(nw.from_native(table, eager_only=True), tuple(notes))
