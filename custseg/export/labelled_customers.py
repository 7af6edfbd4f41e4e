"""Every customer as it was read, with what the result says of it in further columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.clustering.trimming import distances
from custseg.insight.certainty import margins
from custseg.insight.filled_in import say_filled_in
from custseg.sampling import chunks
from custseg.tables.table import unique_name
from custseg.tables.whole_numbers import are_whole

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from custseg.clustering.segmentation import Segmentation
    from custseg.export.bundle import ResultBundle

_DECIMALS_OF_A_PROBABILITY = 4


def customers_frame(bundle: ResultBundle) -> pd.DataFrame:
    """Return every customer as read, and then its segment and what else is known of it.

    That is the name of the segment, where there are words; the distance to its centroid, in prepared units; the margin
    (1 at the centroid, 0 on the border to another segment; see ``custseg.insight.certainty.margins``); which features
    were filled in, where any was. A mixture has no distances, and the probability of each segment in their place.
    """
    frame = _with_whole_numbers(bundle.segmentation.table.to_pandas())
    return frame.assign(**_further(bundle, list(frame.columns)))


def customers_arrow(bundle: ResultBundle) -> pa.Table:
    """Return the same as an Arrow table, in which each column that was read has the type that it came with."""
    import pyarrow as pa

    table = bundle.segmentation.table
    read = table.frame.to_arrow().select(list(table.frame.columns))
    for name, values in _further(bundle, read.column_names).items():
        read = read.append_column(name, pa.array(values, from_pandas=True))
    return read


def _with_whole_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Have 12347 where a gap in a column has made 12347.0 of it."""
    whole = {
        name: column.astype("Int64")
        for name, column in frame.items()
        if column.dtype.kind == "f" and are_whole(column.to_numpy(dtype="float64", na_value=np.nan))
    }
    return frame.assign(**{str(name): column for name, column in whole.items()})


def _further(bundle: ResultBundle, names: list[str]) -> dict[str, Any]:
    """Return the further columns, in order, under names that no other column has."""
    found: dict[str, Any] = {}
    for name, values in _said_of_each(bundle).items():
        found[unique_name(name, [*names, *found])] = values
    return found


def _said_of_each(bundle: ResultBundle) -> dict[str, Any]:
    result = bundle.segmentation
    said: dict[str, Any] = {"segment": _segments(result)}
    if bundle.words is not None:
        said["segment_name"] = np.array(["", *bundle.words.names], dtype=object)[result.labels]
    values = result.table.matrix(result.compared)
    if result.mixture is None:
        said["distance"] = _distances(result, values)
    said["margin"] = margins(result, values)[0]
    filled = say_filled_in(result)
    if filled is not None:
        said["filled_in"] = filled
    if result.mixture is not None:
        shares = result.memberships(result.table).round(_DECIMALS_OF_A_PROBABILITY)
        said |= {f"probability_{number}": share.to_numpy() for number, share in shares.items()}
    return said


def _segments(result: Segmentation) -> Any:
    """Return the segment of each customer, with nothing for one in none."""
    import pandas as pd

    segmented = result.segmented
    return result.labels if segmented.all() else pd.arrays.IntegerArray(result.labels.astype(np.int64), ~segmented)


def _distances(result: Segmentation, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return how far each customer is from the centroid of its segment, in prepared units; NaN for one in none."""
    found = np.full(len(values), np.nan)
    for chunk in chunks(len(values)):
        rows = chunk.start + np.flatnonzero(result.segmented[chunk])
        labels = (result.labels[rows] - 1).astype(np.uint8)
        found[rows] = distances(result.preparation.apply(values[rows]), result.prepared_centroids, labels)
    return found
