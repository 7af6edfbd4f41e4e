"""How far a feature has shifted from one time to another, and whether that is more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from custseg.change.normal_scores import chance_of_shift
from custseg.language import mark, say
from custseg.ranks import mid_ranks
from custseg.tables.column_roles import Column  # noqa: TC001 - a field's type
from custseg.tables.written_values import written
from custseg.wording import capitalised

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

Shift = Literal["stable", "some shift", "large shift"]
# Siddiqi, "Credit Risk Scorecards" (2006), of the population stability index.
SOME_SHIFT, LARGE_SHIFT = 0.1, 0.25
# The logarithm of an empty bin is infinite, so every bin counts as holding at least one customer in ten thousand, or
# half a customer of the fewer: of a handful most bins are empty by chance.
SMALLEST_SHARE, SMALLEST_COUNT = 1e-4, 0.5
# Of tables where nothing has changed, about one in a hundred has a feature that is said to have shifted.
CHANCE = 0.01


@dataclass(frozen=True, slots=True)
class Drift:
    """How far one feature has shifted.

    Attributes
    ----------
    feature
        Its name.
    stability_index
        The population stability index (Siddiqi, 2006) over the deciles of the customers before, a value that many of
        them have and a missing one each being a bin of its own: 0 where nothing changed.
    p_value
        How likely chance brings so large a shift in any of the features, if both were drawn from the same customers:
        the smaller of the chance of the index (Yurdakul & Naranjo, "Statistical properties of the population stability
        index", 2020) and that of ``chance_of_shift``, times the tests that were made (Bonferroni).
    median_before, median_now
        In the feature's units, over those that have a value; NaN where none has.
    missing_before, missing_now
        Share of the customers that have no value.
    column
        Its column, which says what people call it, and how its numbers are written.

    """

    feature: str
    stability_index: float
    p_value: float
    median_before: float
    median_now: float
    missing_before: float
    missing_now: float
    column: Column

    @property
    def label(self) -> str:
        """What people call the feature."""
        return self.column.label or self.feature

    @property
    def medians(self) -> tuple[str, str]:
        """Both medians as people write them; a dash where there is none."""
        return written(self.column, self.median_before), written(self.column, self.median_now)

    @property
    def shift(self) -> Shift:
        """The word for the index; “stable” also where chance explains it."""
        return shift_of(self.stability_index, self.p_value)

    @property
    def sentence(self) -> str:
        """How the feature has shifted, as plain text."""
        shifted = how_shifted(self.label, self.shift, self.stability_index)
        if np.isnan(self.median_now):
            return say("{shifted}: nobody has a value now.", shifted=shifted)
        before, now = self.medians
        if abs(self.missing_now - self.missing_before) < 0.01:
            return say("{shifted}: its median was {before} and is now {now}.", shifted=shifted, before=before, now=now)
        return say(
            "{shifted}: its median was {before} and is now {now}; {missing_before:.0%} had no value, {missing_now:.0%} "
            "have none now.",
            shifted=shifted,
            before=before,
            now=now,
            missing_before=self.missing_before,
            missing_now=self.missing_now,
        )


_HOW_SHIFTED: dict[Shift, str] = {
    "stable": mark("{label} has hardly shifted since (population stability index {index:.2f})"),
    "some shift": mark("{label} has shifted somewhat since (population stability index {index:.2f})"),
    "large shift": mark("{label} has shifted a lot since (population stability index {index:.2f})"),
}


def how_shifted(label: str, shift: Shift, stability_index: float) -> str:
    """Say how far a column has shifted, and by which index, as the beginning of a sentence."""
    return say(_HOW_SHIFTED[shift], label=capitalised(label), index=stability_index)


def shift_of(stability_index: float, p_value: float) -> Shift:
    """Return the word for an index that chance brings with this probability."""
    if stability_index <= SOME_SHIFT or p_value > CHANCE:
        return "stable"
    return "large shift" if stability_index > LARGE_SHIFT else "some shift"


def stability_index(counts: npt.NDArray[np.intp]) -> tuple[float, float]:
    """Return the population stability index of 2 x bins customers, and how likely chance brings a larger one."""
    from scipy.stats import chi2

    before, now = counts.sum(axis=1).tolist()
    smallest = max(SMALLEST_SHARE, SMALLEST_COUNT / min(before, now))
    shares = np.maximum(counts / [[before], [now]], smallest)
    index = float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
    bins = int(counts.any(axis=0).sum())
    return index, float(chi2.sf(index / (1 / before + 1 / now), bins - 1)) if bins > 1 else 1.0


def measure_drift(column: Column, before: Floats, now: Floats, features: int = 1) -> Drift:
    """Measure how far the values of a feature (NaN where missing), one of so many features, have shifted."""
    index, chance = stability_index(_binned(before, now))
    return Drift(
        feature=column.name,
        stability_index=index,
        p_value=min(2 * features * min(chance, chance_of_shift(before, now)), 1.0),
        median_before=_median(before),
        median_now=_median(now),
        missing_before=float(np.isnan(before).mean()),
        missing_now=float(np.isnan(now).mean()),
        column=column,
    )


def _binned(before: Floats, now: Floats) -> npt.NDArray[np.intp]:
    """Count both (2 x bins) in bins that end at the deciles of ``before``, and in a last one what is missing."""
    deciles = np.quantile(before[~np.isnan(before)], np.arange(1, 10) / 10)
    edges, repeats = np.unique(deciles, return_counts=True)
    # Below the first edge, on it, between it and the second, ...: what lies on an edge is counted with what is below,
    # except where more than a tenth of the customers do. Among many zeros, a shift from zero would be lost otherwise.
    starts = np.ones(2 * len(edges) + 1, dtype=np.intp)
    starts[1::2] = repeats > 1
    bins = np.cumsum(starts) - 1
    return np.array([_count_in_bins(values, edges, bins) for values in (before, now)])


def _count_in_bins(values: Floats, edges: Floats, bins: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    known = values[~np.isnan(values)]
    # An edge that a value is above counts twice, one that it is on counts once.
    positions = (2 * mid_ranks(known, edges)).astype(np.intp)
    return np.append(np.bincount(bins[positions], minlength=bins[-1] + 1), len(values) - len(known))


def _median(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")
