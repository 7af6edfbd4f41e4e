"""The names of columns in a text table, from its first lines."""

from __future__ import annotations

import csv
from io import StringIO
from itertools import islice

from custseg.tables.sources.header_rows import LOOK_AT_FIRST, Header, find_header


def header_of(lines: str, separator: str, mark: str) -> tuple[Header, tuple[int, ...]] | None:
    """Find the names in the first lines; also how many lines the first 0, 1, 2, ... rows take. None without rows."""
    reader = csv.reader(StringIO(lines, newline="\n"), delimiter=separator, quotechar=mark)
    rows, ends = [], [0]
    try:
        for row in islice(filter(None, reader), LOOK_AT_FIRST):
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error:
        # A line of more than 128 kB.
        return None
    if not rows:
        return None
    longest = max(map(len, rows))
    return find_header([row + [""] * (longest - len(row)) for row in rows]), tuple(ends)
