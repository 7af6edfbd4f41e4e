"""Results as CSV text, safe to open in a spreadsheet."""

from __future__ import annotations

from csv import QUOTE_NONNUMERIC
from typing import TYPE_CHECKING

import numpy as np

from custseg.tables.table import unique_name

if TYPE_CHECKING:
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.certainty import Certainty
    from custseg.insight.profile import Profile
    from custseg.narrative.interpretation import Interpretation

# What makes a spreadsheet take a text as a formula (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def customers_csv(result: Segmentation, words: Interpretation | None = None) -> str:
    """Write every customer as it came, with its segment, and where there are words its name, in the last columns."""
    frame = result.customers
    if words is not None:
        names = np.array(["", *words.names], dtype=object)
        frame = frame.assign(**{unique_name("segment_name", frame.columns): names[result.labels]})
    return _safe_text(frame)


def summary_csv(profile: Profile, words: Interpretation, certainty: Certainty | None = None) -> str:
    """Write one row a segment: its name, what somebody noted, shares and averages, and where known how sure it is."""
    frame = profile.frame.reset_index()
    frame.insert(1, "name", list(words.names), allow_duplicates=True)
    if any(words.notes):
        frame.insert(2, "note", list(words.notes), allow_duplicates=True)
    if certainty is not None:
        frame.insert(
            len(frame.columns) - len(profile.frame.columns),
            "how sure",
            list(certainty.stability),
            allow_duplicates=True,
        )
        frame.insert(
            len(frame.columns) - len(profile.frame.columns), "jaccard", certainty.jaccard, allow_duplicates=True
        )
    return _safe_text(frame)


def _safe_text(frame: pd.DataFrame) -> str:
    """Write a frame as CSV, with an apostrophe before texts, headers included, that a spreadsheet would compute."""
    import pandas as pd

    columns = [column if pd.api.types.is_numeric_dtype(column) else column.map(_defused) for _, column in frame.items()]
    safe = pd.concat(columns, axis=1)
    safe.columns = pd.Index([_defused(name) for name in frame.columns])
    # Every text in quotation marks: left to itself pandas puts none around a carriage return, where a spreadsheet then
    # starts a new row, and computes it.
    return safe.to_csv(index=False, quoting=QUOTE_NONNUMERIC)


def _defused(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
