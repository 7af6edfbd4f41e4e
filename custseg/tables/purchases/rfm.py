"""RFM as the field knows it: scores for recency, frequency and monetary value, and the names of their combinations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import yaml

from custseg.errors import DataError, SettingError, listed, quote
from custseg.language import say
from custseg.tables.purchases.aggregation import FREQUENCY, MONETARY, RECENCY
from custseg.tables.sources import SourceTable
from custseg.tables.table import CustomerTable, as_frame

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Cuts = int | Mapping[str, Sequence[float]]

SCORES = {"r_score": RECENCY, "f_score": FREQUENCY, "m_score": MONETARY}
SEGMENT = "rfm_segment"
_NAMES = Path(__file__).with_name("rfm_segments.yaml")
_FIFTHS = 5
_MOST_SCORES = 100


@dataclass(frozen=True, slots=True, eq=False)
class RfmScores:
    """The scores of customers, one a row, in the order of their table.

    Attributes
    ----------
    scores
        By name (``r_score``, ``f_score``, and ``m_score`` where amounts are known): whole numbers from 1, the worst.
    segments
        What the combination of each customer's scores is called.
    cuts
        By name of the score: the values between one score and the next, in the unit of what is scored, from the worst
        to the best.

    """

    scores: Mapping[str, npt.NDArray[np.int64]] = field(repr=False)
    segments: npt.NDArray[np.object_] = field(repr=False)
    cuts: Mapping[str, tuple[float, ...]]

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return the scores and the name of each customer as columns."""
        return {**self.scores, SEGMENT: self.segments}

    def frame(self) -> pd.DataFrame:
        """Return the scores and the name of each customer, one a row."""
        import pandas as pd

        return pd.DataFrame(self.columns())


def rfm_scores(table: object, cuts: Cuts = _FIFTHS) -> RfmScores:
    """Score how recently, how often and for how much each customer bought.

    The score is one more than the number of quantiles that a value exceeds, so that equal values have equal scores; a
    recency exceeds one where fewer days have passed. Names are those of fifths: of other numbers of scores the worst
    counts as 1, the best as 5, and the others evenly between.

    Parameters
    ----------
    table
        Customers with ``recency_days``, ``frequency`` and, where amounts are known, ``monetary_value``, as
        ``from_transactions`` makes them; or a dataframe.
    cuts
        How many scores there are, of as many customers each where no values are equal; or the quantiles between them by
        the name of the column, such as ``{"monetary_value": [0.5, 0.8, 0.95]}``. A column without any is cut in five.

    Raises
    ------
    SettingError
        There is no such column, or the cuts are no quantiles.
    DataError
        A customer has no number to score.

    """
    frame = table.frame if isinstance(table, CustomerTable | SourceTable) else as_frame(table)
    absent = [name for name in (RECENCY, FREQUENCY) if name not in frame.columns]
    if absent:
        msg = say(
            "Scores need {needed}, but {absent} is not among {columns}. Make the table with "
            "from_transactions, and say which column holds the dates.",
            needed=listed([RECENCY, FREQUENCY]),
            absent=listed(absent),
            columns=listed(frame.columns),
        )
        raise SettingError(msg)
    measured = {score: name for score, name in SCORES.items() if name in frame.columns}
    quantiles = _quantiles(cuts, list(measured.values()))
    scores, between = {}, {}
    for score, name in measured.items():
        # The fewer days have passed, the better.
        sign = -1.0 if name == RECENCY else 1.0
        values = sign * _known(frame[name])
        edges = np.quantile(values, quantiles[name])
        scores[score] = np.searchsorted(edges, values, side="left") + 1
        between[score] = tuple((sign * edges).tolist())
    fifths = [_as_fifths(scores[score], len(quantiles[name]) + 1) for score, name in measured.items()]
    return RfmScores(scores, _named(fifths), between)


def _known(series: nw.Series[Any]) -> npt.NDArray[np.float64]:
    values = np.asarray(series.cast(nw.Float64).to_numpy(), dtype=np.float64)
    if not np.isfinite(values).all():
        row = int(np.argmin(np.isfinite(values)))
        msg = say(
            "Scores need a number in each row, but {name} has none in row {row}. Fill it in.",
            name=quote(series.name),
            row=row + 1,
        )
        raise DataError(msg)
    return values


def _quantiles(cuts: Cuts, names: list[str]) -> dict[str, list[float]]:
    if isinstance(cuts, Mapping):
        unknown = [name for name in cuts if name not in names]
        if unknown:
            msg = say("cuts are for {names}, but got some for {unknown}.", names=listed(names), unknown=listed(unknown))
            raise SettingError(msg)
        evenly = _evenly(_FIFTHS)
        return {name: _checked(name, list(cuts[name])) if name in cuts else evenly for name in names}
    number: object = cuts
    if isinstance(number, bool) or not isinstance(number, int) or not 2 <= number <= _MOST_SCORES:
        msg = say(
            "cuts must be a number of scores from 2 to {most}, or quantiles by column, but got {cuts}.",
            most=_MOST_SCORES,
            cuts=quote(cuts),
        )
        raise SettingError(msg)
    return dict.fromkeys(names, _evenly(number))


def _evenly(scores: int) -> list[float]:
    return [place / scores for place in range(1, scores)]


def _checked(name: str, quantiles: list[float]) -> list[float]:
    ends = [0.0, *quantiles, 1.0]
    if not quantiles or not all(low < high for low, high in pairwise(ends)):
        msg = say(
            "The cuts of {name} must be quantiles that rise between 0 and 1, but got {quantiles}.",
            name=quote(name),
            quantiles=quote(quantiles),
        )
        raise SettingError(msg)
    return quantiles


def _as_fifths(scores: npt.NDArray[np.int64], most: int) -> npt.NDArray[np.int64]:
    """Spread scores from 1 to some number over 1 to 5; halves are rounded up."""
    return np.floor(1 + (_FIFTHS - 1) * (scores - 1) / (most - 1) + 0.5).astype(np.int64)


def _named(fifths: list[npt.NDArray[np.int64]]) -> npt.NDArray[np.object_]:
    recency, *others = fifths
    together = np.floor(np.mean(others, axis=0) + 0.5).astype(np.int64)
    return np.asarray(_segment_names()[recency - 1, together - 1], dtype=object)


@cache
def _segment_names() -> npt.NDArray[np.object_]:
    """Return the name of each combination: scores of recency x those of frequency and monetary value, from 1 on."""
    rows = yaml.safe_load(_NAMES.read_text(encoding="utf-8"))["segments"]
    return np.array([rows[score] for score in sorted(rows)], dtype=object)
