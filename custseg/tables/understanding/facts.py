"""What the first rows of a table show of each column: its words, its values, how often they repeat."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.tables.text_cells import MISSING, is_text
from custseg.tables.understanding.column_words import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import narwhals as nw
    import numpy.typing as npt

    from custseg.tables.reading import Reading

    Floats = npt.NDArray[np.float64]

# What a table means shows in as many rows.
FIRST_ROWS = 50_000
# Fewer rows say little of how values are spread.
FEWEST_ROWS_TO_JUDGE = 30
# With fewer rows for each value, those that repeat one stand in the table twice by mistake.
FEW_REPEATS = 1.05
# With no more of these (see ``values_each``), each value goes with one of the other column, but for mistakes.
ONE_EACH = 1.02


@dataclass(frozen=True, eq=False)
class ColumnFacts:
    """One column: how it was read (all of it), and its first cells."""

    name: str
    reading: Reading
    cells: nw.Series[Any] = field(repr=False)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the name."""
        return words_of(self.name)

    @property
    def numeric(self) -> bool:
        """Whether it holds numbers, as a type of their own or as text."""
        return self.reading.format.kind in ("number", "number as text")

    @property
    def is_date(self) -> bool:
        """Whether it holds dates."""
        return self.reading.format.kind == "date"

    @cached_property
    def values(self) -> Floats:
        """The numbers of the first rows, NaN where there is none."""
        return self.reading.floats[: len(self.cells)]

    @cached_property
    def finite(self) -> Floats:
        """Those numbers that are there and can be computed with."""
        return self.values[np.isfinite(self.values)]

    @cached_property
    def whole(self) -> bool:
        """Whether all numbers are whole ones, whatever their type."""
        return self.numeric and len(self.finite) > 0 and bool((self.finite == np.floor(self.finite)).all())

    @cached_property
    def codes(self) -> npt.NDArray[np.intp]:
        """The same whole number for the same value, -1 where there is none."""
        import pandas as pd

        if self.reading.format.kind == "other":
            return np.full(len(self.cells), -1)
        if self.is_date:
            # As days: a broken file may hold some that Python's calendar does not.
            return np.asarray(pd.factorize(self.values)[0], dtype=np.intp)
        # Whole numbers as they are: among floats, the numbers of cards would lose their last digits.
        exact = self.cells.dtype.is_integer() and not self.cells.null_count()
        floats = self.numeric and not exact and not (is_text(self.cells) and self.whole)
        cells = (
            self.values if floats else self.cells.to_numpy() if exact else np.array(self.cells.to_list(), dtype=object)
        )
        codes, texts = pd.factorize(cells)
        if is_text(self.cells):
            gaps = [position for position, text in enumerate(texts) if str(text).strip().lower() in MISSING]
            codes = np.where(np.isin(codes, gaps), -1, codes)
        return np.asarray(codes, dtype=np.intp)

    @cached_property
    def filled(self) -> int:
        """How many of the first rows hold a value."""
        return int((self.codes >= 0).sum())

    @cached_property
    def distinct(self) -> int:
        """How many different values the first rows hold."""
        # The codes are positions, so that counting them is cheaper than sorting.
        return int(np.count_nonzero(np.bincount(self.codes[self.codes >= 0])))

    @property
    def repeats(self) -> bool:
        """Whether a value comes more than once, and not all are the same."""
        return 1 < self.distinct < self.filled

    @property
    def rows_each(self) -> float:
        """How many of the first rows hold the same value, on average."""
        return self.filled / max(self.distinct, 1)

    @cached_property
    def different_cells(self) -> list[str]:
        """The different values of the first rows as they are written, in order."""
        return sorted({str(cell) for cell in self.cells.drop_nulls().unique().to_list()})

    @property
    def texts(self) -> list[str]:
        """The different values of the first rows as texts, in small letters."""
        return sorted({cell.strip().lower() for cell in self.different_cells})


Facts = dict[str, ColumnFacts]


def find_facts(frame: nw.DataFrame[Any], readings: Mapping[str, Reading]) -> Facts:
    """Look at the first rows of each column."""
    first = frame.head(FIRST_ROWS)
    return {name: ColumnFacts(name, reading, first[name]) for name, reading in readings.items()}


def values_each(of: ColumnFacts, other: ColumnFacts) -> float:
    """Return how many different values of another column go with one value of this, on average over those that repeat.

    1 where each value goes with one value of the other: an order has one customer, a customer several orders.
    """
    both = (of.codes >= 0) & (other.codes >= 0)
    here, there = of.codes[both], other.codes[both]
    if not len(here):
        return 1.0
    keys, counts = np.unique(here, return_counts=True)
    several = np.isin(here, keys[counts > 1])
    if not several.any():
        return 1.0
    pairs = np.unique(np.column_stack([here[several], there[several]]), axis=0)
    return len(pairs) / len(np.unique(here[several]))
