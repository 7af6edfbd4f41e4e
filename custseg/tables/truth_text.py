"""Truth values written as text: yes and no, in a few languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.tables.text_cells import drop_blank, first_texts, is_blank, plain

if TYPE_CHECKING:
    import numpy.typing as npt

PAIRS = (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("ja", "nein"), ("oui", "non"), ("si", "no"))
_TRUE, _FALSE = ([pair[side] for pair in PAIRS] for side in (0, 1))


def are_truths(series: nw.Series[Any]) -> bool:
    """Whether all texts of a column are the two words of one such pair."""
    seen = {text.lower() for text in first_texts(series)}
    pair = next((pair for pair in PAIRS if seen and seen <= set(pair)), None)
    return pair is not None and bool(plain(drop_blank(series)).is_in(list(pair)).all())


def parse(series: nw.Series[Any]) -> tuple[npt.NDArray[np.float64], int | None]:
    """Return 1 or 0 a row, NaN where there is no value; and the first row (from 0) that is neither, if any."""
    texts = series.cast(nw.String)
    words = plain(texts)
    true, false = (_said(words.is_in(side)) for side in (_TRUE, _FALSE))
    invalid = ~(true | false | _said(is_blank(texts)))
    return np.where(true, 1.0, np.where(false, 0.0, np.nan)), int(invalid.argmax()) if invalid.any() else None


def _said(answers: nw.Series[Any]) -> npt.NDArray[np.bool_]:
    return np.asarray(answers.fill_null(value=False).to_numpy(), dtype=bool)
