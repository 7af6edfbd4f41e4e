"""Results as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import re
from csv import QUOTE_NONNUMERIC
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, BinaryIO

from custseg.clustering.without_columns import influence
from custseg.export.customer_parts import customer_parts
from custseg.export.labelled_customers import customers_frame
from custseg.export.result_tables import evidence_frame, rules_frame, segments_frame
from custseg.insight.certainty import borderline_customers

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from custseg.export.bundle import ResultBundle
    from custseg.tables.expressions import Condition

# A spreadsheet takes text that starts with such a sign, or with a tab or a carriage return, for a formula (OWASP, "CSV
# Injection"). Some also do so after blanks and characters that are not seen, and with a full-width sign.
_FORMULA = re.compile(r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")
# Rows made safe at a time, so that a large table is not in memory twice.
_ROWS_AT_A_TIME = 100_000


def write_customers(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write every customer, as ``customers_frame`` has them."""
    write_frames(map(customers_frame, customer_parts(bundle)), stream)


def write_raw_customers(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write the same for programs: no text is changed, and a spreadsheet computes what looks like a formula."""
    for place, frame in enumerate(map(customers_frame, customer_parts(bundle))):
        frame.to_csv(stream, index=False, header=place == 0, lineterminator="\n", quoting=QUOTE_NONNUMERIC)


def write_evidence(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write one row per claim that the words make: the numbers behind it."""
    write_frame(evidence_frame(bundle), stream)


def write_rules(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write one row per segment: the rule that sets it apart, and how often it is right."""
    write_frame(rules_frame(bundle), stream)


def write_borderline(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write the customers who could also be in another segment, the least certain first."""
    write_frame(borderline_customers(bundle.segmentation), stream)


def write_movers(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write the customers who are in another segment in the later table: who, from where, and to where."""
    write_frame(bundle.model.migration.moved_customers, stream)


def write_selection(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write the customers who are selected, with the same columns as all have."""
    write_some_customers(bundle, bundle.model.selected.where, stream)


def write_some_customers(bundle: ResultBundle, where: Condition, stream: BinaryIO) -> None:
    """Write the customers of whom a condition holds, with the same columns as all have."""
    write_frames(map(customers_frame, customer_parts(bundle, where)), stream)


def write_segments(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write one row per segment, as ``segments_frame`` has them."""
    write_frame(segments_frame(bundle), stream)


def write_columns(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write one row per compared column: its share of what sets the segments apart, and what they would be without."""
    frame, result = influence(bundle.segmentation).frame, bundle.segmentation
    write_frame(frame.assign(column=frame["column"].map(result.schema.label)), stream)


def write_frame(frame: pd.DataFrame, stream: BinaryIO) -> None:
    """Write a frame as CSV, with an apostrophe before text, headers included, that a spreadsheet would compute.

    It is UTF-8 with a byte order mark, without which Excel assumes another encoding.
    """
    write_frames([frame], stream)


def write_frames(frames: Iterable[pd.DataFrame], stream: BinaryIO) -> None:
    """Write frames with the same columns below each other, as ``write_frame`` writes one."""
    text = TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    parts = (
        frame.iloc[start : start + _ROWS_AT_A_TIME]
        for frame in frames
        # Of nobody there is a heading all the same.
        for start in range(0, max(len(frame), 1), _ROWS_AT_A_TIME)
    )
    try:
        for place, part in enumerate(parts):
            safe = _defused_frame(part)
            # All text is quoted: by default pandas leaves a carriage return unquoted, where a spreadsheet would start a
            # new row and compute it.
            safe.to_csv(text, index=False, header=place == 0, quoting=QUOTE_NONNUMERIC, lineterminator="\n")
    finally:
        # The stream is the caller's to close.
        text.detach()


def _defused_frame(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    safe_columns = [_defused_column(column) for _, column in frame.items()]
    safe = pd.concat(safe_columns, axis=1)
    safe.columns = pd.Index([_defused(name) for name in frame.columns])
    return safe


def _defused_column(column: pd.Series[Any]) -> pd.Series[Any]:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        return column
    if column.dtype != object:
        return column.map(_defused)
    # Series.map would make floating point numbers of whole ones among gaps.
    return pd.Series(list(map(_defused, column)), column.index, dtype=object, name=column.name)


def looks_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet would compute a text, or ask somebody to."""
    return _FORMULA.match(text) is not None


def _defused(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and looks_like_a_formula(value) else value
