"""How far a compared category has shifted from one time to another: the shares of its levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.change.drift import Shift, how_shifted, shift_of, stability_index
from custseg.language import say
from custseg.tables.column_roles import Column  # noqa: TC001 - a field's type
from custseg.tables.levels import NO_VALUE, OTHER
from custseg.wording import percent

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.tables.expressions import LevelOf

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CategoryDrift:
    """How far one category has shifted.

    Attributes
    ----------
    column
        The category.
    stability_index
        The population stability index (Siddiqi, 2006) over its levels: 0 where nothing changed.
    p_value
        How likely chance brings so large a shift in any of the table's columns.
    level
        The level whose share has changed most.
    share_before, share_now
        Its share of the customers.

    """

    column: Column
    stability_index: float
    p_value: float
    level: str
    share_before: float
    share_now: float

    @property
    def label(self) -> str:
        """What people call the category."""
        return self.column.label or self.column.name

    @property
    def shares(self) -> tuple[str, str]:
        """The level and its share of the customers at both times, as people write them."""
        before, now = (f"{self.level}: {percent(share)}" for share in (self.share_before, self.share_now))
        return before, now

    @property
    def shift(self) -> Shift:
        """The word for the index; “stable” also where chance explains it."""
        return shift_of(self.stability_index, self.p_value)

    @property
    def sentence(self) -> str:
        """How the category has shifted, as plain text."""
        before, now = percent(self.share_before), percent(self.share_now)
        return say(
            "{shifted}: {before} of the customers had “{level}”, {now} have it now.",
            shifted=how_shifted(self.label, self.shift, self.stability_index),
            before=before,
            level=self.level,
            now=now,
        )


def measure_category_drift(column: Column, asked: LevelOf, before: Floats, now: Floats, columns: int) -> CategoryDrift:
    """Measure how far a category, one of so many columns, has shifted, of levels as numbers (see ``LevelOf``)."""
    # After the levels: any other, and none where that is no level itself.
    names = [NO_VALUE if level is None else level for level in asked.levels] + [OTHER, NO_VALUE]
    codes = [np.where(np.isnan(values), len(names) - 1, values).astype(np.intp) for values in (before, now)]
    counts = np.array([np.bincount(own, minlength=len(names)) for own in codes])
    index, chance = stability_index(counts)
    shares = counts / counts.sum(axis=1, keepdims=True)
    # Of two levels that change alike, up to rounding, the first: it is the more frequent one.
    most = int(np.abs(shares[1] - shares[0]).round(9).argmax())
    return CategoryDrift(
        column, index, min(columns * chance, 1.0), names[most], float(shares[0, most]), float(shares[1, most])
    )
