"""What became of the customers of each segment: which share of them left, responded, defaulted, and how sure that is.

Outcomes are not compared when customers are segmented, so that a difference between segments is a finding.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from custseg.tables.expressions import SEGMENT, Count
from custseg.tables.outcome_words import are_yes_and_no, find_event, fold, known_levels, say_event, say_with
from custseg.wording import as_written

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.schema import ColumnsByRole

    Counts = npt.NDArray[np.intp]
    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

CONFIDENCE, SIGNIFICANT = 0.95, 0.05
# With this many times the share of all customers, or of those of whom it is not so, a difference matters to people.
TELLING_FACTOR = 1.25
# Below so many expected customers the chi-squared distribution does not hold (Cochran, 1954).
_FEWEST_EXPECTED = 5


@dataclass(frozen=True, eq=False)
class Outcome:
    """One thing that became of customers, in each of the k segments. Customers in no segment are not counted.

    Attributes
    ----------
    column, label
        Where it stands, and what people call that.
    event
        The level of the column that it is about, as the table has it.
    answer
        The same as people say it: “yes” for the 1 in a column of 1 and 0.
    said
        What these customers did, to stand after a share: “left”; empty where there is no word for it.
    main
        Whether it is the event of its column. Where a column has more than two levels, each of them is an outcome, and
        none may be the main one.
    events, known, missing
        How many customers of each segment it happened to, of how many that is known, and of how many not, k.
    p_values
        How often chance alone would set a segment as far apart from all others, k: Fisher's exact test where fewer
        than 5 customers are expected in a cell, else Pearson's chi-squared test; 1 where there is nothing to test.
    tested
        How many such tests there are of the result; p must be that much smaller (Bonferroni).

    """

    column: str
    label: str
    event: str
    answer: str
    said: str
    main: bool
    events: Counts = field(repr=False)
    known: Counts = field(repr=False)
    missing: Counts = field(repr=False)
    p_values: Floats = field(repr=False)
    tested: int = 1

    def __post_init__(self) -> None:
        for array in (self.events, self.known, self.missing, self.p_values):
            array.setflags(write=False)

    @property
    def words(self) -> str:
        """What happened: “left”, or “Customer Status: Joined” where there is no word for it."""
        return self.said or f"{self.label}: {self.answer}"

    @property
    def shares(self) -> Floats:
        """Share of each segment's customers it happened to, where that is known, k; NaN where it is of nobody."""
        return _divided(self.events, self.known)

    @property
    def overall(self) -> float:
        """The same share of all segmented customers."""
        return float(_divided(self.events.sum(), self.known.sum()))

    @property
    def intervals(self) -> Floats:
        """Where each share is with 95% confidence, k x 2: Wilson's score interval; NaN where nothing is known."""
        return score_intervals(self.events, self.known)

    @property
    def overall_interval(self) -> tuple[float, float]:
        """The same of all segmented customers."""
        low, high = score_intervals(self.events.sum(), self.known.sum())
        return float(low), float(high)

    @property
    def lifts(self) -> Floats:
        """How many times the share of all segmented customers each share is, k; NaN where it happened to nobody."""
        return _divided(self.shares, np.asarray(self.overall))

    @property
    def differs(self) -> Flags:
        """Whether each segment differs from the others by more than chance explains, k."""
        return np.less(self.p_values * self.tested, SIGNIFICANT)

    @property
    def telling(self) -> Flags:
        """Whether each segment differs by more than chance explains, and by so much that it matters, k.

        That is by TELLING_FACTOR, in the share of those to whom it happened or of the others.
        """
        shares, overall = self.shares, self.overall
        pairs = ((shares, overall), (overall, shares), (1 - shares, 1 - overall), (1 - overall, 1 - shares))
        matters = np.any([np.greater_equal(one, TELLING_FACTOR * other) for one, other in pairs], axis=0)
        return np.logical_and(self.differs, matters)

    @property
    def frame(self) -> pd.DataFrame:
        """One row per segment, and one of all: customers of whom it is known, events, share, interval, lift and p."""
        import pandas as pd

        rows = [*range(1, len(self.known) + 1), "all"]
        low, high = np.vstack([self.intervals, self.overall_interval]).T
        columns = {
            "customers": [*self.known, self.known.sum()],
            "events": [*self.events, self.events.sum()],
            "share": [*self.shares, self.overall],
            "low": low,
            "high": high,
            "lift": [*self.lifts, 1.0],
            "p": [*self.p_values, np.nan],
        }
        return pd.DataFrame(columns, index=pd.Index(rows, name="segment"))

    def _repr_html_(self) -> str:
        return as_written(self.frame.to_html())


def score_intervals(events: npt.ArrayLike, known: npt.ArrayLike) -> Floats:
    """Return the 95% interval of shares, with a last axis for its two ends; NaN where nothing is known.

    The score interval of Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927): it stays within 0 and 1 and holds for few customers too.
    """
    z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
    n, share = np.asarray(known, dtype=np.float64), _divided(events, known)
    centre = _divided(share * n + z**2 / 2, n + z**2)
    half = z * _divided(np.sqrt(share * (1 - share) * n + z**2 / 4), n + z**2)
    # Of none and of all, one end is the share itself; rounding would set it a little beside.
    ends = [np.minimum(centre - half, share), np.maximum(centre + half, share)]
    return np.asarray(np.clip(np.stack(ends, axis=-1), 0, 1))


def find_outcomes(segmentation: Segmentation, columns: ColumnsByRole | None = None) -> tuple[Outcome, ...]:
    """Count what became of the customers of each segment, for each outcome column of the table.

    ``columns`` say which those are, where somebody has changed that since the segmentation was made.
    """
    roles = columns or segmentation.schema
    found = [outcome for name in roles.outcomes for outcome in _count(segmentation, name, roles.label(name))]
    tested = len(found) * segmentation.k
    return tuple(replace(_distinctly_said(outcome, found), tested=tested) for outcome in found)


def _count(segmentation: Segmentation, name: str, label: str) -> list[Outcome]:
    aggregated = segmentation.assignment.aggregate([Count()], by=(SEGMENT, name))
    levels, counts = _merged(aggregated.levels[name], aggregated[Count()])
    if not levels:
        return []
    # Which level is the event shall not depend on who was left out.
    event = find_event(dict(zip(levels, counts[:, :-1].sum(axis=0).tolist(), strict=True)))
    # The first row and the last are of those in no segment.
    of_segments, missing = counts[1:-1, :-1], counts[1:-1, -1]
    yes_or_no = are_yes_and_no(levels)
    told = range(len(levels)) if event is None or len(levels) > 2 else [levels.index(event)]
    return [
        Outcome(
            column=name,
            label=label,
            event=levels[position],
            answer=fold(levels[position], yes_or_no=True) if yes_or_no else levels[position],
            said=say_event(name, label, levels[position], yes_or_no=yes_or_no),
            main=levels[position] == event,
            events=of_segments[:, position],
            known=of_segments.sum(axis=1),
            missing=missing,
            p_values=_p_values(of_segments[:, position], of_segments.sum(axis=1)),
        )
        for position in told
    ]


def _merged(texts: Sequence[str | None], counts: Counts) -> tuple[list[str], Counts]:
    """Return the levels that say something, the most frequent first, and the counts of these, and last of no value.

    What is written in two ways is one level.
    """
    sizes = counts.sum(axis=0)
    known = known_levels(text for text, size in zip(texts, sizes.tolist(), strict=True) if size)
    groups: dict[str, list[int]] = {}
    for text in known:
        groups.setdefault(fold(text, yes_or_no=are_yes_and_no(known)), []).append(texts.index(text))
    largest = sorted(groups.values(), key=lambda group: (-sizes[group].sum(), str(texts[group[0]])))
    columns = [counts[:, group].sum(axis=1) for group in largest]
    unknown = counts.sum(axis=1) - np.sum(columns, axis=0, dtype=np.intp)
    names = [str(texts[max(group, key=lambda position: sizes[position])]) for group in largest]
    return names, np.column_stack([*columns, unknown]).astype(np.intp)


def _p_values(events: Counts, known: Counts) -> Floats:
    """Test for each segment whether it happened to its customers as often as to all others."""
    from scipy.stats import chi2_contingency, fisher_exact

    p_values = np.ones(len(known))
    for position, (happened, of) in enumerate(zip(events, known, strict=True)):
        both = np.array(
            [[happened, of - happened], [events.sum() - happened, known.sum() - of - events.sum() + happened]]
        )
        if both.sum(axis=0).all() and both.sum(axis=1).all():
            tested = chi2_contingency(both, correction=False)
            few = tested.expected_freq.min() < _FEWEST_EXPECTED
            p_values[position] = fisher_exact(both).pvalue if few else tested.pvalue
    return p_values


def _distinctly_said(outcome: Outcome, outcomes: Sequence[Outcome]) -> Outcome:
    """Name the column where the same is said of several columns, and the level where it is said twice of one."""
    alike = [other.column for other in outcomes if other.said == outcome.said]
    if not outcome.said or len(alike) == 1:
        return outcome
    twice_of_one = len(alike) > len(set(alike))
    return replace(outcome, said="" if twice_of_one else say_with(outcome.said, outcome.label))


def _divided(parts: npt.ArrayLike, wholes: npt.ArrayLike) -> Floats:
    """Divide, to NaN where there is nothing to divide by."""
    above, below = np.broadcast_arrays(np.asarray(parts, dtype=np.float64), np.asarray(wholes, dtype=np.float64))
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0))
