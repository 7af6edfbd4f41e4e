"""The tables of a result that hold no single customer: the segments, the evidence for what is said, and the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.export.summary_columns import summary_frame
from custseg.insight.rules import find_rules
from custseg.narrative.interpretation import interpret
from custseg.tables.table import unique_name

if TYPE_CHECKING:
    import pandas as pd

    from custseg.export.bundle import ResultBundle
    from custseg.narrative.interpretation import Interpretation


def segments_frame(bundle: ResultBundle) -> pd.DataFrame:
    """Return one row per segment: every known statistic, the average of each compared feature, and what all rest on.

    The last is what was understood of the table, left out of it and answered about it, as far as there is any.
    """
    frame = summary_frame(bundle, labelled=True)
    # A feature may have this name too.
    frame.insert(0, "segment", frame.index, allow_duplicates=True)
    remarks = bundle.segmentation.table.remarks
    if remarks:
        frame[unique_name("about_this_data", frame.columns)] = " ".join(remarks)
    return frame


def evidence_frame(bundle: ResultBundle) -> pd.DataFrame:
    """Return one row per claim that the words make: the numbers behind it, and the sentence that says them."""
    words = words_of(bundle)
    return words.evidence.assign(sentence=[claim.evidence for claim in words.claims])


def rules_frame(bundle: ResultBundle) -> pd.DataFrame:
    """Return one row per segment: the rule that sets it apart, on whom it was tested, and how often it is right."""
    found = bundle.rules or find_rules(bundle.segmentation)
    frame = found.frame
    frame.insert(0, "segment", range(1, len(frame) + 1))
    return frame.assign(**{"about these rules": found.note})


def words_of(bundle: ResultBundle) -> Interpretation:
    """Return the segments in words, also where nobody has asked for these yet."""
    return bundle.words or interpret(bundle.profile)
