"""Lines at the end of a table that sum it up: they are no customers, and are left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from custseg.language import say
from custseg.wording import count

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_LINES = 5
_FEWEST_ROWS = 3
_TOTAL = re.compile(
    r"(?:(?:grand|sub|overall|column|general|report)?[ -]?(?:totals?|sum|average|mean)"
    r"|(?:gesamt|zwischen)?-?summe|gesamt|insgesamt|(?:mittel|durchschnitts)wert|durchschnitt"
    r"|(?:sous-)?total(?: g[ée]n[ée]ral)?|totaux|somme|moyenne)[ :]*",
    re.IGNORECASE,
)


def without_totals(table: pa.Table) -> tuple[pa.Table, tuple[str, ...]]:
    """Leave out totals in the last lines, and say so: lines that are called so, or hold the sums of the columns."""
    rows = table.num_rows
    while rows > _FEWEST_ROWS - 1 and table.num_rows - rows < _MOST_LINES and _is_total(table, rows - 1):
        rows -= 1
    left_out = table.num_rows - rows
    if not left_out:
        return table, ()
    note = say("{lines} of totals at the end left out.", lines=count(left_out, "line"))
    return _with_numbers(table.slice(0, rows)), (note,)


def _is_total(table: pa.Table, row: int) -> bool:
    cells: list[Any] = [column[row].as_py() for column in table.columns]
    texts = [(place, cell) for place, cell in enumerate(cells) if isinstance(cell, str) and cell.strip()]
    if texts and _TOTAL.fullmatch(texts[0][1].strip()):
        place, label = texts[0]
        # A kind of customer may be called so, but then it comes more often.
        return label not in table.column(place).slice(0, row).to_pylist()
    # Who has no name at all, and exactly what all others have together, is nobody.
    return row >= _FEWEST_ROWS and not texts and cells[0] is None and _sums_up(table, row, cells)


def _sums_up(table: pa.Table, row: int, cells: list[Any]) -> bool:
    from pyarrow import compute

    above = table.slice(0, row)
    found = [
        (cell, compute.sum(above.column(place)).as_py())
        for place, cell in enumerate(cells)
        if isinstance(cell, int | float) and not isinstance(cell, bool)
    ]
    return bool(found) and all(total and abs(cell - total) <= 1e-6 * abs(total) for cell, total in found)


def _with_numbers(table: pa.Table) -> pa.Table:
    """Make numbers of columns that were texts only for what stood in the lines that are left out."""
    import pyarrow as pa
    from pyarrow import compute

    for place, name in enumerate(table.column_names):
        texts = table.column(place)
        if not pa.types.is_string(texts.type) or texts.null_count == len(texts):
            continue
        for kind in (pa.int64(), pa.float64()):
            try:
                numbers = texts.cast(kind)
            except pa.ArrowInvalid:
                continue
            # What begins with a zero is a code.
            code = "^[-+]?0[0-9]" if kind == pa.float64() else "^[-+]?0[0-9]|^[+]"
            if not compute.any(compute.match_substring_regex(texts, code)).as_py():
                table = table.set_column(place, name, numbers)
            break
    return table
