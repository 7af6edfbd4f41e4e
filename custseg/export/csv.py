"""Results as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import re
from csv import QUOTE_NONNUMERIC
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from custseg.clustering.without_columns import influence
from custseg.export.customer_parts import customer_parts
from custseg.export.summary_columns import summary_frame
from custseg.insight.filled_in import say_filled_in
from custseg.tables.table import unique_name
from custseg.tables.whole_numbers import are_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from custseg.clustering.segmentation import Segmentation
    from custseg.export.bundle import ResultBundle

# A spreadsheet takes text that starts with such a sign, or with a tab or a carriage return, for a formula (OWASP, "CSV
# Injection"). Some also do so after blanks and characters that are not seen, and with a full-width sign.
_FORMULA = re.compile(r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")
_DECIMALS_OF_A_PROBABILITY = 4
# Rows made safe at a time, so that a large table is not in memory twice.
_ROWS_AT_A_TIME = 100_000


def write_customers(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write every customer, as ``customers_frame`` has them."""
    write_frames(map(customers_frame, customer_parts(bundle)), stream)


def customers_frame(bundle: ResultBundle) -> pd.DataFrame:
    """Return every customer as read, with the number and, where known, the name of its segment in the last columns.

    Where features were filled in, one more column says of whom, and which. Of a mixture, the probability of each
    segment follows.
    """
    result = bundle.segmentation
    frame = _with_whole_numbers(result.customers)
    if bundle.words is not None:
        names = np.array(["", *bundle.words.names], dtype=object)
        frame = frame.assign(**{unique_name("segment_name", frame.columns): names[result.labels]})
    filled = say_filled_in(result)
    if filled is not None:
        frame = frame.assign(**{unique_name("filled_in", frame.columns): filled})
    if result.mixture is not None:
        frame = _with_memberships(frame, result)
    return frame


def _with_memberships(frame: pd.DataFrame, result: Segmentation) -> pd.DataFrame:
    """Add with which probability each customer is of each segment."""
    shares = result.memberships(result.table).round(_DECIMALS_OF_A_PROBABILITY)
    for number, share in shares.items():
        frame = frame.assign(**{unique_name(f"probability_{number}", frame.columns): share.to_numpy()})
    return frame


def write_segments(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write one row per segment: every known statistic, the average of each compared feature, and what all rest on.

    The last is what was understood of the table, left out of it and answered about it, as far as there is any.
    """
    frame = summary_frame(bundle, labelled=True)
    # A feature may have this name too.
    frame.insert(0, "segment", frame.index, allow_duplicates=True)
    remarks = bundle.segmentation.table.remarks
    if remarks:
        frame[unique_name("about_this_data", frame.columns)] = " ".join(remarks)
    write_frame(frame, stream)


def write_columns(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write one row per compared column: its share of what sets the segments apart, and what they would be without."""
    frame, result = influence(bundle.segmentation).frame, bundle.segmentation
    write_frame(frame.assign(column=frame["column"].map(result.schema.label)), stream)


def _with_whole_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Write 12347 where a gap in a column has made 12347.0 of it."""
    whole = {
        name: column.astype("Int64")
        for name, column in frame.items()
        if column.dtype.kind == "f" and are_whole(column.to_numpy(dtype="float64", na_value=np.nan))
    }
    return frame.assign(**{str(name): column for name, column in whole.items()})


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
        for start in range(0, len(frame), _ROWS_AT_A_TIME)
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


def _defused(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
