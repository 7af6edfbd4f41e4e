"""Names of columns: each its own, and every column has one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from custseg.errors import DataError, listed
from custseg.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable


def check_names(names: Iterable[str]) -> None:
    """Raise DataError where two columns have the same name; names left empty don't count."""
    repeated = [name for name, times in Counter(names).items() if times > 1 and name.strip()]
    if repeated:
        msg = say(
            "Each column needs its own name, but got {repeated} more than once. Rename them.", repeated=listed(repeated)
        )
        raise DataError(msg)


def filled_names(names: Iterable[str]) -> list[str]:
    """Name the columns that came without a name by their position: “column 3”."""
    filled = list(names)
    for position, name in enumerate(filled, start=1):
        if not name.strip():
            wanted = f"column {position}"
            while wanted in filled:
                wanted += " without a name"
            filled[position - 1] = wanted
    return filled
