"""How the categories of a table, compared or not, are associated with the segments: “Channel”, “Region”.

Unless they take part, K-Means never saw them. Where a category is associated with the segments all the same, it helps
to recognise who is in which.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from custseg.errors import SettingError
from custseg.insight.independence import check_independence
from custseg.language import mark, say, written
from custseg.tables.expressions import SEGMENT, Count
from custseg.tables.levels import MOST_LEVELS, NO_VALUE, OTHER
from custseg.tables.table import unique_name
from custseg.wording import as_written, capitalised, count, number, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.schema import ColumnsByRole

    Counts = npt.NDArray[np.intp]
    Floats = npt.NDArray[np.float64]

Strength = Literal["no", "weak", "moderate", "strong"]
# Cohen, "Statistical Power Analysis for the Behavioral Sciences" (1988), page 227, of his w: Cramér's V times the root
# of the smaller dimension less one, so that V needs less of a larger table.
_STRENGTHS: tuple[tuple[float, Strength], ...] = ((0.5, "strong"), (0.3, "moderate"), (0.1, "weak"))
_ADVERBS: dict[Strength, str] = {
    "no": mark("barely"), "weak": mark("weakly"), "moderate": mark("moderately"), "strong": mark("strongly"),
}  # fmt: skip
SIGNIFICANT = 0.05
# A level sets a segment apart where it is this many times as frequent as among all, and chance does not explain it.
_TELLING_LIFT = 1.25


class Telling(NamedTuple):
    """The level that most sets a segment apart: its share of the segment, and of all segmented customers."""

    level: str
    share: float
    overall: float


@dataclass(frozen=True, eq=False)
class Association:
    """How one category column is distributed over the k segments. Customers in no segment are not counted.

    Attributes
    ----------
    column
        Its name.
    levels
        Its values as texts, the most frequent first. A missing value is a level of its own, “no value”; beyond the
        MOST_LEVELS most frequent, the others are merged as the last one, “other”.
    counts
        Customers of each segment with each level, k x levels.
    chi_squared, degrees_of_freedom, p_value, by_permutation
        Of the test of ``counts``; see ``custseg.insight.independence``.
    cramers_v
        Cramér's V ("Mathematical Methods of Statistics", 1946): 0 for no association, 1 where one gives away the other.
    tested
        How many columns were tested in all; p must be that much smaller (Bonferroni).
    merged
        How many levels “other” stands for; 0 where there is no such level.
    cells
        How many counts were looked at in all columns tested; what is said of one must be that much less likely by
        chance (Bonferroni). 0 stands for those of this column alone.
    label
        What people call the column; empty where that is its name.
    compared
        Whether customers were also compared by it: segments then go with it by construction.

    """

    column: str
    levels: tuple[str, ...]
    counts: Counts = field(repr=False)
    chi_squared: float
    degrees_of_freedom: int
    p_value: float
    by_permutation: bool
    cramers_v: float
    tested: int = 1
    merged: int = 0
    cells: int = 0
    label: str = ""
    compared: bool = False

    def __post_init__(self) -> None:
        self.counts.setflags(write=False)

    @property
    def shares(self) -> Floats:
        """Share of each segment's customers that have each level, k x levels; a row sums to 1."""
        return np.asarray(self.counts / self.counts.sum(axis=1, keepdims=True), dtype=np.float64)

    @property
    def overall(self) -> Floats:
        """Share of all segmented customers that have each level."""
        return np.asarray(self.counts.sum(axis=0) / self.counts.sum(), dtype=np.float64)

    @property
    def dependent(self) -> bool:
        """Whether the column is associated with the segments more than chance explains."""
        return self.p_value * self.tested < SIGNIFICANT

    @property
    def strength(self) -> Strength:
        """The word for how strong the association is; “no” also where chance explains it."""
        effect = self.cramers_v * np.sqrt(min(self.counts.shape) - 1)
        return next((word for least, word in _STRENGTHS if self.dependent and effect >= least), "no")

    @property
    def sentence(self) -> str:
        """Whether the column is associated with the segments, and how that is known, as plain text."""
        too_large = not self.dependent and self.p_value < SIGNIFICANT
        # Among many columns one below 0.001 may be too large: then it is said how large.
        chance = "p < 0.001" if self.p_value < 0.001 and not too_large else f"p = {written(self.p_value, '.2g')}"
        chance += say(" by permutation") if self.by_permutation else ""
        numbers = say(
            "Cramér's V {cramers_v:.2f}; chi-squared {chi_squared} on {degrees_of_freedom} of freedom, {chance}",
            cramers_v=self.cramers_v,
            chi_squared=number(self.chi_squared),
            degrees_of_freedom=count(self.degrees_of_freedom, "degree"),
            chance=chance,
        )
        if too_large:
            numbers += say(", which is not small enough with {tested} columns tested", tested=self.tested)
        how = say(_ADVERBS[self.strength]) if self.dependent else say("not")
        why = (
            say(" Customers were compared by it, so that this is no surprise.")
            if self.compared and self.dependent
            else ""
        )
        return say(
            "{column} is {how} associated with the segments ({numbers}).{why}",
            column=capitalised(self.label or self.column),
            how=how,
            numbers=numbers,
            why=why,
        )

    def telling(self, segment: int) -> Telling | None:
        """Return the level that most sets a segment (from 1) apart, or None where none does.

        Raises
        ------
        SettingError
            There is no such segment.

        """
        k = len(self.counts)
        if segment not in range(1, k + 1):
            msg = say("There is no segment {segment}. Choose from 1 to {k}.", segment=segment, k=k)
            raise SettingError(msg)
        # What is merged says nothing that a person could look for.
        named = len(self.levels) - (self.merged > 0)
        shares, overall = self.shares[segment - 1, :named], self.overall[:named]
        likely = self._chances[segment - 1, :named] * (self.cells or self.counts.size)
        tells = (likely < SIGNIFICANT) & (shares >= _TELLING_LIFT * overall)
        if not self.dependent or not tells.any():
            return None
        # In one segment, adjusted residuals (Haberman, 1973) are in the order of these distances.
        distances = (shares - overall) / np.sqrt(overall * (1 - overall))
        best = int(np.where(tells, distances, -np.inf).argmax())
        return Telling(self.levels[best], float(shares[best]), float(overall[best]))

    @property
    def _chances(self) -> Floats:
        """How likely each count, or a larger one, is at most when customers are permuted, k x levels.

        The normal distribution of a residual does not hold for the few customers of a rare level. The count is
        hypergeometric, and beyond its mean a binomial one is at least as large (Uhlmann, "Vergleich der
        hypergeometrischen mit der Binomial-Verteilung", 1966).
        """
        from scipy.stats import binom

        customers, sizes = self.counts.sum(), (self.counts.sum(axis=1), self.counts.sum(axis=0))
        fewer, more = np.minimum.outer(*sizes), np.maximum.outer(*sizes)
        chances = binom.sf(self.counts - 1, fewer, more / customers)
        return np.asarray(np.where(self.counts > fewer * more / customers + 1, chances, 1.0), dtype=np.float64)

    @property
    def frame(self) -> pd.DataFrame:
        """Share of each level in each segment, and in a last row of all segmented customers."""
        import pandas as pd

        rows = [*(f"segment {position}" for position in range(1, len(self.counts) + 1)), "all segments"]
        return pd.DataFrame(
            np.vstack([self.shares, self.overall]),
            index=rows,
            columns=pd.Index(self.levels, name=self.label or self.column),
        )

    def _repr_html_(self) -> str:
        return as_written(f"<p>{html.escape(self.sentence)}</p>{self.frame.to_html(float_format=percent)}")


def find_associations(segmentation: Segmentation, columns: ColumnsByRole | None = None) -> tuple[Association, ...]:
    """Test each category column of the table against the segments; those with one value only can't be tested.

    ``columns`` say which those are, where somebody has changed that since the segmentation was made.
    """
    schema = columns or segmentation.schema
    counted = [_count(segmentation, name) for name in schema.categories]
    return associate(counted, schema.label, segmentation.categories)


class LevelCounts(NamedTuple):
    """A column, its levels as people read them, customers by segment and level, and how many levels are merged."""

    column: str
    levels: tuple[str, ...]
    counts: Counts
    merged: int = 0


def associate(
    counted: Sequence[LevelCounts], label: Callable[[str], str] = str, compared: Collection[str] = ()
) -> tuple[Association, ...]:
    """Test the columns of one table, as counted; ``label`` returns what people call a column.

    ``compared`` are those that customers were also compared by.
    """
    testable = [columns for columns in counted if len(columns.levels) > 1]
    cells = sum(columns.counts.size for columns in testable)
    return tuple(
        _associate(columns, label(columns.column), len(testable), cells, compared=columns.column in compared)
        for columns in testable
    )


def _count(segmentation: Segmentation, name: str) -> LevelCounts:
    found = segmentation.assignment.aggregate([Count()], by=(SEGMENT, name))
    # The first row and the last are of those in no segment.
    return _most_frequent(name, found.levels[name], found[Count()][1:-1])


def _most_frequent(name: str, texts: Sequence[str | None], counts: Counts) -> LevelCounts:
    """Order the levels that anybody has, name the one that is missing, and merge the rare ones."""
    sizes = counts.sum(axis=0).tolist()
    order = sorted(
        (level for level, size in enumerate(sizes) if size),
        key=lambda level: (-sizes[level], texts[level] is None, texts[level] or ""),
    )
    common = set([level for level in order if texts[level] is not None][:MOST_LEVELS])
    # What is missing stays on its own, however rare it is.
    kept = [level for level in order if level in common or texts[level] is None]
    rare = [level for level in order if level not in kept]
    no_value = unique_name(NO_VALUE, [text for text in texts if text is not None])
    names = tuple(texts[level] or no_value for level in kept)
    if not rare:
        return LevelCounts(name, names, counts[:, kept], 0)
    merged = np.column_stack([counts[:, kept], counts[:, rare].sum(axis=1)])
    return LevelCounts(name, (*names, unique_name(OTHER, names)), merged, len(rare))


def _associate(counted: LevelCounts, label: str, tested: int, cells: int, *, compared: bool) -> Association:
    found = check_independence(counted.counts, SIGNIFICANT / tested)
    customers, smaller = counted.counts.sum(), min(counted.counts.shape)
    return Association(
        column=counted.column,
        levels=counted.levels,
        counts=counted.counts,
        chi_squared=found.chi_squared,
        degrees_of_freedom=found.degrees_of_freedom,
        p_value=found.p_value,
        by_permutation=found.by_permutation,
        cramers_v=float(np.sqrt(found.chi_squared / customers / (smaller - 1))),
        tested=tested,
        merged=counted.merged,
        cells=cells,
        label=label if label != counted.column else "",
        compared=compared,
    )
