"""How the categories of a table, which were not compared, go with the segments: “Channel”, “Region”.

K-Means never saw them. Where a category goes with the segments all the same, it is a way to recognise who is in which.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from custseg.errors import SettingError
from custseg.tables.column_format import to_numbers
from custseg.tables.table import unique_name
from custseg.wording import count, number, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    import narwhals as nw
    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.column_roles import Column
    from custseg.tables.table import CustomerTable

    Counts = npt.NDArray[np.intp]
    Floats = npt.NDArray[np.float64]

Strength = Literal["no", "weak", "moderate", "strong"]
MOST_LEVELS = 12
NO_VALUE, OTHER = "no value", "other"
# Cohen, "Statistical Power Analysis for the Behavioral Sciences" (1988), page 227, of his w: Cramér's V times the root
# of the smaller dimension less one, so that V needs less of a larger table.
_STRENGTHS: tuple[tuple[float, Strength], ...] = ((0.5, "strong"), (0.3, "moderate"), (0.1, "weak"))
SIGNIFICANT = 0.05
# A level sets a segment apart where it is more frequent by this many standard errors (Haberman, "The Analysis of
# Residuals in Cross-Classified Tables", 1973) and by this factor.
_TELLING_RESIDUAL, _TELLING_FACTOR = 2.0, 1.25
# Cochran, "Some Methods for Strengthening the Common Chi-squared Tests" (1954).
_COCHRAN_LEAST, _COCHRAN_FEW, _COCHRAN_SHARE = 1.0, 5.0, 0.2
# Of tables drawn by chance; a run of the page waits for them.
RESAMPLES = 1999


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
        The values it has, as texts, the most frequent first. A missing value is a level of its own, “no value”;
        beyond the MOST_LEVELS most frequent the others are put together as the last one, “other”.
    counts
        Customers of each segment with each level, k x levels.
    chi_squared, degrees_of_freedom
        Pearson's statistic of ``counts``, without a correction for continuity.
    p_value
        How often chance alone would bring as large a statistic.
    exact
        Whether that is from RESAMPLES random tables with the same margins, in place of the chi-squared distribution,
        which does not hold where few customers are expected (Cochran, 1954).
    cramers_v
        Cramér's V ("Mathematical Methods of Statistics", 1946): 0 for no association, 1 where one tells the other.
    tested
        How many columns were tested in all; so much smaller must p be (Bonferroni).
    put_together
        How many levels “other” stands for; 0 where there is no such level.

    """

    column: str
    levels: tuple[str, ...]
    counts: Counts = field(repr=False)
    chi_squared: float
    degrees_of_freedom: int
    p_value: float
    exact: bool
    cramers_v: float
    tested: int = 1
    put_together: int = 0

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
        """Whether the column goes with the segments more than chance explains."""
        return self.p_value * self.tested < SIGNIFICANT

    @property
    def strength(self) -> Strength:
        """The word for how closely the column goes with the segments; “no” also where chance explains it."""
        effect = self.cramers_v * np.sqrt(min(self.counts.shape) - 1)
        return next((word for least, word in _STRENGTHS if self.dependent and effect >= least), "no")

    @property
    def sentence(self) -> str:
        """Whether the column goes with the segments, and how that is known, as plain text."""
        chance = "p < 0.001" if self.p_value < 0.001 else f"p = {self.p_value:.2g}"
        numbers = (
            f"Cramér's V {self.cramers_v:.2f}; chi-squared {number(self.chi_squared)} on "
            f"{count(self.degrees_of_freedom, 'degree')} of freedom, {chance}{' by permutation' if self.exact else ''}"
        )
        if not self.dependent:
            if self.p_value < SIGNIFICANT:
                numbers += f", which is not rare enough with {self.tested} columns tested"
            return f"{self.column} does not go with the segments ({numbers})."
        if self.strength == "no":
            return f"{self.column} hardly goes with the segments ({numbers})."
        return f"{self.column} goes with the segments: {self.strength} ({numbers})."

    def telling(self, segment: int) -> Telling | None:
        """Return the level that most sets a segment (from 1) apart, or None where none does.

        Raises
        ------
        SettingError
            There is no such segment.

        """
        k = len(self.counts)
        if segment not in range(1, k + 1):
            msg = f"There is no segment {segment}. Choose from 1 to {k}."
            raise SettingError(msg)
        # What is put together says nothing that a person could look for.
        named = len(self.levels) - (self.put_together > 0)
        shares, overall = self.shares[segment - 1, :named], self.overall[:named]
        residuals = self._residuals[segment - 1, :named]
        tells = (residuals > _TELLING_RESIDUAL) & (shares >= _TELLING_FACTOR * overall)
        if not self.dependent or not tells.any():
            return None
        best = int(np.where(tells, residuals, -np.inf).argmax())
        return Telling(self.levels[best], float(shares[best]), float(overall[best]))

    @property
    def _residuals(self) -> Floats:
        """Adjusted residuals, k x levels: how many standard errors each count is from what is expected."""
        rows, columns = (self.counts.sum(axis=axis, keepdims=True) / self.counts.sum() for axis in (1, 0))
        expected = rows * columns * self.counts.sum()
        return np.asarray((self.counts - expected) / np.sqrt(expected * (1 - rows) * (1 - columns)), dtype=np.float64)

    @property
    def frame(self) -> pd.DataFrame:
        """Share of each level in each segment, and in a last row of all segmented customers."""
        import pandas as pd

        rows = [*(f"segment {position}" for position in range(1, len(self.counts) + 1)), "all segments"]
        return pd.DataFrame(
            np.vstack([self.shares, self.overall]), index=rows, columns=pd.Index(self.levels, name=self.column)
        )

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence)}</p>{self.frame.to_html(float_format=percent)}"


def find_associations(segmentation: Segmentation) -> tuple[Association, ...]:
    """Test each category column of the table against the segments; those with one value only can't be tested."""
    columns = [column for column in segmentation.table.columns if column.role == "category"]
    found = [_associate(segmentation, column) for column in columns]
    tested = [one for one in found if one is not None]
    return tuple(replace(one, tested=len(tested)) for one in tested)


def _associate(result: Segmentation, column: Column) -> Association | None:
    levels, which = _levels(result.table, column)
    here = result.segmented
    cells = (result.labels[here] - 1) * len(levels) + which[here]
    counts = np.bincount(cells, minlength=result.k * len(levels)).reshape(result.k, len(levels))
    kept, counts, put_together = _most_frequent(levels, counts)
    if len(kept) < 2:
        return None
    chi_squared, degrees, p_value, exact = _test(counts)
    return Association(
        column=column.name,
        levels=tuple(kept),
        counts=counts,
        chi_squared=chi_squared,
        degrees_of_freedom=degrees,
        p_value=p_value,
        exact=exact,
        cramers_v=float(np.sqrt(chi_squared / counts.sum() / (min(counts.shape) - 1))),
        put_together=put_together,
    )


def _levels(table: CustomerTable, column: Column) -> tuple[list[str | None], Counts]:
    """Return the different values as they are shown, None for a missing one, and which of them each customer has."""
    import pandas as pd

    series = table.frame[column.name]
    cells = np.empty(len(series), dtype=object)
    cells[:] = series.to_list() if column.format.kind != "other" else [_text(cell) for cell in series.to_list()]
    # A few values are looked at, in place of a million cells.
    codes, values = pd.factorize(cells)
    texts: list[str | None] = [*_shown(values, series, column), None]
    known = list(dict.fromkeys(texts))
    position = {text: place for place, text in enumerate(known)}
    return known, np.array([position[text] for text in texts], dtype=np.intp)[codes]


def _shown(values: Iterable[Any], series: nw.Series[Any], column: Column) -> list[str | None]:
    """Write each value on one line; None for one that stands for no value, such as a blank or a dash among numbers."""
    import narwhals as nw

    texts = [_text(value) for value in values]
    if column.format.kind in ("truth", "number as text"):
        asked = nw.new_series(column.name, texts, nw.String, backend=series.implementation)
        texts = [
            None if np.isnan(value) else text
            for text, value in zip(texts, to_numbers(asked, column.format), strict=True)
        ]
    return [text or None for text in texts]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, float):
        # A gap among whole numbers makes floating point ones of them.
        return None if value is None or np.isnan(value) else f"{value:.12g}"
    return " ".join(str(value).split())


def _most_frequent(levels: list[str | None], counts: Counts) -> tuple[list[str], Counts, int]:
    """Order the levels that anybody has, name what is missing, and put together the rare ones; say how many."""
    sizes = counts.sum(axis=0)
    order = sorted(
        np.flatnonzero(sizes).tolist(), key=lambda place: (-sizes[place], levels[place] is None, levels[place] or "")
    )
    # What is missing stays on its own, however rare it is.
    named = [place for place in order if levels[place] is not None][:MOST_LEVELS]
    kept = [place for place in order if place in named or levels[place] is None]
    rest = [place for place in order if place not in kept]
    texts = [text for text in levels if text is not None]
    names = [unique_name(NO_VALUE, texts) if levels[place] is None else str(levels[place]) for place in kept]
    if not rest:
        return names, counts[:, kept], 0
    merged = np.column_stack([counts[:, kept], counts[:, rest].sum(axis=1)])
    return [*names, unique_name(OTHER, names)], merged, len(rest)


def _test(counts: Counts) -> tuple[float, int, float, bool]:
    """Return chi-squared, its degrees of freedom, p, and whether p is from random tables."""
    from scipy.stats import MonteCarloMethod, chi2_contingency

    statistic, p_value, degrees, expected = chi2_contingency(counts, correction=False)
    few = np.mean(expected < _COCHRAN_FEW) > _COCHRAN_SHARE
    exact = bool(few or expected.min() < _COCHRAN_LEAST)
    if exact:
        # Random tables with these margins are what permuting the customers gives, and take no longer for more of them.
        method = MonteCarloMethod(n_resamples=RESAMPLES, rng=np.random.default_rng(0))
        p_value = chi2_contingency(counts, correction=False, method=method).pvalue
    return float(statistic), int(degrees), float(p_value), exact
