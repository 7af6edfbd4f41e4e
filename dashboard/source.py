"""Which customers a server shows: the file named by CUSTSEG_SOURCE, else the bundled table."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from custseg import CustomerTable

SETTING = "CUSTSEG_SOURCE"
BUNDLED = Path(__file__).resolve().parents[1] / "data" / "wholesale_customers.csv"


def read_source() -> CustomerTable:
    """Read the server's table, which sessions share. Raises DataError where it can't be used."""
    path = Path(os.environ.get(SETTING) or BUNDLED)
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    return _read(path, changed)


@lru_cache(maxsize=1)
def _read(path: Path, changed: int) -> CustomerTable:  # noqa: ARG001 - so that a changed file is read again
    return CustomerTable.read(path)
