"""How sound a table is: for each column its type, what is missing, how its values are spread, and what to beware of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from custseg.errors import quote
from custseg.tables.skewness import STRONG_SKEW, skewed_features, skewness
from custseg.wording import count, number, percent

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from custseg.tables.column_roles import Column
    from custseg.tables.reading import Reading
    from custseg.tables.table import CustomerTable

    Floats = npt.NDArray[np.float64]

BINS = 12
SAME = 0.95
# Tukey's "far out" (Exploratory Data Analysis, 1977): this many interquartile ranges beyond a quartile.
FAR_OUT = 3.0
_LONG = 1e15
_MUCH_MISSING = 0.2
_MOSTLY_ZERO = 0.5
# Spread, skewness and correlation of more customers than this look the same.
_MOST_ROWS = 100_000
_KINDS = {
    "number": "numbers",
    "number as text": "numbers as text",
    "truth": "yes or no",
    "date": "dates",
    "text": "texts",
    "other": "other",
}


@dataclass(frozen=True, slots=True)
class ColumnHealth:
    """One column: its kind, missing cells, least, middle and largest value as text, a histogram, and warnings.

    ``histogram`` counts the values in BINS equal ranges from the least to the largest; empty without numbers.
    """

    column: Column
    kind: str
    missing: int
    least: str = ""
    middle: str = ""
    largest: str = ""
    histogram: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableHealth:
    """All columns of a table, and how many customers it holds."""

    rows: int
    columns: tuple[ColumnHealth, ...] = field(repr=False)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Every warning as a sentence that names its column."""
        return tuple(f"{quote(one.column.name)}: {warning}." for one in self.columns for warning in one.warnings)

    @property
    def frame(self) -> pd.DataFrame:
        """One row a column of the table."""
        import pandas as pd

        return pd.DataFrame(
            {
                "column": [one.column.name for one in self.columns],
                "type": [one.kind for one in self.columns],
                "role": [one.column.role for one in self.columns],
                "reason": [one.column.reason for one in self.columns],
                "missing": [one.missing for one in self.columns],
                "min": [one.least for one in self.columns],
                "median": [one.middle for one in self.columns],
                "max": [one.largest for one in self.columns],
                "warnings": ["; ".join(one.warnings) for one in self.columns],
            }
        )

    def _repr_html_(self) -> str:
        return str(self.frame.to_html(index=False))


def check_health(table: CustomerTable) -> TableHealth:
    """Look at every column of a table."""
    same = _said_twice(table)
    return TableHealth(len(table), tuple(_check_column(table, column, same) for column in table.columns))


def _check_column(table: CustomerTable, column: Column, same: dict[str, tuple[str, float]]) -> ColumnHealth:
    reading, kind = table.reading(column.name), _KINDS[column.format.kind]
    missing = reading.missing
    if not column.format.countable or column.role == "identifier":
        return ColumnHealth(column, kind, missing)
    warnings = [f"{percent(missing / reading.rows)} missing"] if missing > _MUCH_MISSING * reading.rows else []
    if not reading.known or reading.infinite:
        return ColumnHealth(column, kind, missing, warnings=tuple(warnings))
    known = reading.floats[~np.isnan(reading.floats)] if missing else reading.floats
    if column.role == "feature":
        warnings += _warn_of_spread(known)
    if column.name in same:
        other, correlation = same[column.name]
        warnings.append(f"says nearly the same as {quote(other)} (correlation {correlation:.2f})")
    histogram = np.histogram(known, bins=BINS)[0] if not reading.constant else np.zeros(0, dtype=int)
    return ColumnHealth(
        column, kind, missing, *_extremes(reading, known), tuple(int(bin_) for bin_ in histogram), tuple(warnings)
    )


def _extremes(reading: Reading, known: Floats) -> tuple[str, str, str]:
    latest = reading.format.latest
    if reading.format.kind == "date" and latest is not None:
        # Days are counted back from the latest.
        days = (reading.largest, np.median(known), reading.least)
        first, median, last = (str(np.datetime64(latest) - np.timedelta64(int(day), "D")) for day in days)
        return first, median, last
    least, middle, largest = (_written(float(value)) for value in (reading.least, np.median(known), reading.largest))
    return least, middle, largest


def _written(value: float) -> str:
    return f"{value:,.0f}" if value.is_integer() and abs(value) < _LONG else number(value)


def _warn_of_spread(known: Floats) -> list[str]:
    warnings = []
    zero = float((known == 0).mean())
    if zero > _MOSTLY_ZERO:
        warnings.append(f"{percent(zero)} are 0")
    skew = float(skewness(_sample(known)[:, None])[0])
    if abs(skew) >= STRONG_SKEW:
        side = "above" if skew > 0 else "below"
        warnings.append(f"a few customers far {side} the rest (skewness {skew:.1f})")
    low, high = np.quantile(known, (0.25, 0.75))
    reach = FAR_OUT * (high - low)
    outliers = int(((known < low - reach) | (known > high + reach)).sum())
    if outliers and high > low:
        warnings.append(f"{count(outliers, 'outlier')}")
    return warnings


def _said_twice(table: CustomerTable) -> dict[str, tuple[str, float]]:
    """Return, for each feature that says nearly the same as one before it, that one and their correlation."""
    features = table.features
    values = _sample(table.matrix(features))
    filled = np.where(np.isnan(values), np.nanmedian(values, axis=0), values)
    spread = filled.std(axis=0)
    varied = np.isfinite(spread) & (spread > 0)
    standard = (filled - filled.mean(axis=0)) / np.where(varied, spread, 1.0)
    correlations = np.where(np.outer(varied, varied), standard.T @ standard / len(standard), 0.0)
    found = {}
    for place, name in enumerate(features):
        before = np.abs(correlations[place, :place])
        if len(before) and before.max() >= SAME:
            other = int(before.argmax())
            found[name] = (features[other], float(correlations[place, other]))
    return found


def _sample(values: Floats) -> Floats:
    if len(values) <= _MOST_ROWS:
        return values
    return values[np.random.default_rng(0).choice(len(values), _MOST_ROWS, replace=False)]


@dataclass(frozen=True, slots=True)
class LogAdvice:
    """What the logarithm would do to one skewed feature: skewness and histogram, before and after."""

    feature: str
    skewness: tuple[float, float]
    histograms: tuple[tuple[int, ...], tuple[int, ...]]


def advise_log(table: CustomerTable) -> tuple[LogAdvice, ...]:
    """Recommend the logarithm for each feature that is strongly skewed and never negative, and show why."""
    values = _sample(table.matrix(table.features))
    advice = []
    for name in skewed_features(values, table.features):
        known = values[:, table.features.index(name)]
        known = known[~np.isnan(known)]
        both = (known, np.log1p(known))
        before, after = (float(skewness(one[:, None])[0]) for one in both)
        counts = [tuple(int(bin_) for bin_ in np.histogram(one, bins=BINS)[0]) for one in both]
        advice.append(LogAdvice(name, (before, after), (counts[0], counts[1])))
    return tuple(advice)
