"""The levels of a category: its different values as people would write them, and which of them each customer has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.tables.column_format import to_numbers
from custseg.tables.text_cells import MISSING
from custseg.tables.whole_numbers import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from custseg.tables.column_roles import Column
    from custseg.tables.expressions import LevelOf


# So many levels of a category are told apart; rarer ones count as one.
MOST_LEVELS = 12
NO_VALUE, OTHER = "no value", "other"


@dataclass(frozen=True, eq=False)
class Levels:
    """The levels of one column.

    Attributes
    ----------
    texts
        Each level on one line, all different, in no order; None stands for no value.
    codes
        The position in ``texts`` of each customer's level, in as few bytes as hold it.

    """

    texts: tuple[str | None, ...]
    codes: npt.NDArray[np.unsignedinteger[Any]]

    def __post_init__(self) -> None:
        self.codes.setflags(write=False)


def positions_among(
    found: Levels, wanted: LevelOf, rows: slice | npt.NDArray[np.intp] | None = None
) -> npt.NDArray[np.float64]:
    """Return the level of each customer, or of those in some rows, as a number; see ``LevelOf``."""
    position = {text: float(place) for place, text in enumerate(wanted.levels)}
    other = float(len(wanted.levels))
    numbers = np.array([position.get(text, np.nan if text is None else other) for text in found.texts])
    return np.asarray(numbers[found.codes if rows is None else found.codes[rows]], dtype=np.float64)


class FrameLevels:
    """The levels of the columns of one frame, each found when it is first asked for."""

    def __init__(self, frame: nw.DataFrame[Any]) -> None:
        self._frame = frame
        # What stands for no value hangs on the format.
        self._found: dict[tuple[str, str], Levels] = {}

    def of(self, column: Column) -> Levels:
        """Return the levels of a column."""
        key = column.name, column.format.kind
        if key not in self._found:
            self._found[key] = _find_levels(self._frame[column.name], column)
        found, called = self._found[key], dict(column.level_labels)
        return Levels(tuple(called.get(text or "", text) for text in found.texts), found.codes) if called else found


def _find_levels(series: nw.Series[Any], column: Column) -> Levels:
    import pandas as pd

    # A few values are written for people, in place of a million cells. A gap is -1, so the last.
    positions, values = pd.factorize(_cells(series, column))
    texts = [*_written(values, series, column), None]
    distinct = tuple(dict.fromkeys(texts))
    code = {text: position for position, text in enumerate(distinct)}
    few_bytes = np.min_scalar_type(len(distinct) - 1)
    return Levels(distinct, np.array([code[text] for text in texts], dtype=few_bytes)[positions])


def _cells(series: nw.Series[Any], column: Column) -> npt.NDArray[Any]:
    """Return the cells so that equal ones can be found."""
    if series.dtype == nw.String or (series.dtype.is_integer() and not series.null_count()):
        return series.to_numpy()
    cells = np.empty(len(series), dtype=object)
    # Lists and the like can't be compared by their hash.
    cells[:] = series.to_list() if column.format.kind != "other" else [_text(cell) for cell in series.to_list()]
    return cells


def _written(values: Iterable[Any], series: nw.Series[Any], column: Column) -> list[str | None]:
    """Write each value on one line; None for one that stands for no value, such as a blank or a dash among numbers."""
    texts = [_text(value) for value in values]
    if column.format.kind in ("truth", "ordinal"):
        # A later table may hold words that were not known.
        texts = [None if text is None or text.lower() in MISSING else text for text in texts]
    elif column.format.kind == "number as text":
        asked = nw.new_series(column.name, texts, nw.String, backend=series.implementation)
        texts = [
            None if np.isnan(value) else text
            for text, value in zip(texts, to_numbers(asked, column.format), strict=True)
        ]
    return [text or None for text in texts]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, float):
        if value is None or np.isnan(value):
            return None
        # A gap among whole numbers makes floating point ones of them.
        return as_text(value) if value.is_integer() else f"{value:.12g}"
    return " ".join(str(value).split())
