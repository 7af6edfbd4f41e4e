"""Score a file into another, some rows at a time: neither has to fit into memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.clustering.scored_frames import beside
from custseg.errors import DataError, SettingError, listed, quote
from custseg.export.files import whole_file
from custseg.language import say
from custseg.tables import number_text, truth_text
from custseg.tables.sources import stream

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    import numpy.typing as npt
    import pyarrow as pa

    from custseg.export.document.content import ComparedColumn
    from custseg.export.document.model_document import ModelDocument

FORMATS = (".parquet", ".csv")
_ROWS_AT_A_TIME = 100_000
_ROW = re.compile(r"\brow (\d+)")


@dataclass(frozen=True, slots=True)
class ScoredFile:
    """What came of it.

    Attributes
    ----------
    rows
        How many customers there were.
    sizes
        How many of them are in each segment.
    in_none
        How many are in no segment.
    missing
        How many have no value, by feature; those of whom nobody misses a value are left out.
    unknown
        How many have a level that none of the first customers had, by category; without those of whom nobody has.

    """

    rows: int
    sizes: tuple[int, ...]
    in_none: int
    missing: dict[str, int]
    unknown: dict[str, int]

    def remarks(self) -> tuple[str, ...]:
        """Say what was not as when the segments were found, in sentences."""
        said = [
            say(
                "{number:,} of {rows:,} customers have no value in {name}.",
                number=number,
                rows=self.rows,
                name=quote(name),
            )
            for name, number in self.missing.items()
        ]
        said += [
            say(
                "{number:,} of {rows:,} customers have a level of {name} that the model does not know.",
                number=number,
                rows=self.rows,
                name=quote(name),
            )
            for name, number in self.unknown.items()
        ]
        return tuple(said)


def score_file(
    document: ModelDocument,
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    on_progress: Callable[[int], None] | None = None,
) -> ScoredFile:
    """Write the customers of a file, each with its segment, its name, the distance and the margin, to another one.

    All columns and rows stay as they are. From CSV to Parquet, features become numbers, and what else there is stays
    text, as it is written.

    Parameters
    ----------
    document
        The model.
    source
        A CSV, Parquet, Excel or JSON Lines file of customers.
    target
        A file whose name ends in .parquet or .csv; it is there once it is complete.
    overwrite
        Whether it replaces one that is there already.
    on_progress
        Called with the number of customers that are scored so far.

    Raises
    ------
    DataError
        The file cannot be read, lacks a column that is compared, or has one that can't be read.
    SettingError
        The name of the target ends in something else.
    WriteError
        The target cannot be written, or is there already.

    """
    suffix = Path(target).suffix.lower()
    if suffix not in FORMATS:
        msg = say(
            "A scored file ends in {formats}, but got {name}. Change its name.",
            formats=listed(list(FORMATS)),
            name=quote(Path(target).name),
        )
        raise SettingError(msg)
    told = _Told(document.k, on_progress or (lambda _: None))
    with whole_file(target, overwrite=overwrite) as written, stream(Path(source), _ROWS_AT_A_TIME) as (schema, batches):
        _check_columns(document, schema.names)
        first = schema.empty_table()
        _write(written, suffix, partial(_scored, document, suffix == ".parquet"), _tables(first, batches), told)
    return told.result()


def _check_columns(document: ModelDocument, there: list[str]) -> None:
    wanted = list(document.scoring.columns)
    absent = [name for name in wanted if name not in there]
    if absent:
        msg = say(
            "The model compares columns called {wanted}, but the file has none called {absent}. Add them, "
            "or rename those that hold this.",
            wanted=listed(wanted),
            absent=listed(absent),
        )
        raise DataError(msg)


def _tables(first: pa.Table, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Yield an empty table, from which the columns are known where there are no rows, then those of the file."""
    import pyarrow as pa

    yield first
    for batch in batches:
        if batch.num_rows:
            yield pa.Table.from_batches([batch])


def _write(
    written: Any,
    suffix: str,
    score: Callable[[pa.Table, _Told], pa.Table],
    tables: Iterator[pa.Table],
    told: _Told,
) -> None:
    from pyarrow import csv, parquet

    head = score(next(tables), told)
    writer = parquet.ParquetWriter if suffix == ".parquet" else csv.CSVWriter
    with writer(written, head.schema) as opened:
        if suffix == ".csv":
            opened.write_table(head)
        for table in tables:
            opened.write_table(score(table, told).cast(head.schema))


def _scored(document: ModelDocument, typed: bool, table: pa.Table, told: _Told) -> pa.Table:  # noqa: FBT001
    read, kept = table, table
    for entry in document.content.columns:
        read = _as_kept(read, entry)
        if typed and entry.role == "feature":
            kept = kept.set_column(kept.column_names.index(entry.name), entry.name, read[entry.name])
    try:
        values = document.scoring.values(read)
    except DataError as problem:
        # Rows are counted within what is read at a time.
        counted = _ROW.sub(lambda found: f"row {int(found[1]) + told.rows:,}", str(problem))
        raise DataError(counted) from problem
    placed = document.scoring.place(values)
    told.of(document, values, placed.segments)
    return nw.to_native(beside(nw.from_native(kept, eager_only=True), placed, document.names))


def _as_kept(table: pa.Table, entry: ComparedColumn) -> pa.Table:
    """Return a table with a column of texts as it was where the model was made, if that is what they are."""
    import pyarrow as pa

    place = table.column_names.index(entry.name)
    if not pa.types.is_string(table.schema.types[place]) or entry.cells.stored in ("text", "other"):
        return table
    texts = nw.from_native(table[entry.name], series_only=True)
    if entry.cells.stored == "number":
        numbers, wrong = number_text.parse(texts, entry.cells.decimal)
        kept: Any = pa.array(numbers, pa.float64(), from_pandas=True)
    elif entry.cells.stored == "truth":
        numbers, wrong = truth_text.parse(texts)
        kept = pa.array([None if np.isnan(one) else bool(one) for one in numbers], pa.bool_())
    else:
        kept, wrong = _as_dates(table[entry.name])
    return table if wrong is not None else table.set_column(place, entry.name, kept)


def _as_dates(texts: pa.ChunkedArray) -> tuple[Any, int | None]:
    import pyarrow as pa

    try:
        return texts.cast(pa.timestamp("us")), None
    except pa.ArrowInvalid:
        return None, 0


class _Told:
    """What is counted while rows go by."""

    def __init__(self, k: int, on_progress: Callable[[int], None]) -> None:
        self._sizes, self.rows, self._on_progress = np.zeros(k + 1, dtype=np.intp), 0, on_progress
        self._missing: dict[str, int] = {}
        self._unknown: dict[str, int] = {}

    def of(self, document: ModelDocument, values: npt.NDArray[np.float64], segments: npt.NDArray[np.intp]) -> None:
        """Count some more customers."""
        self.rows += len(segments)
        self._sizes += np.bincount(segments, minlength=len(self._sizes))
        gaps = np.isnan(values[:, : len(document.features)]).sum(axis=0).tolist()
        for held, found in (
            (self._missing, dict(zip(document.features, gaps, strict=True))),
            (self._unknown, document.scoring.unknown_levels(values)),
        ):
            for name, number in found.items():
                if number:
                    held[name] = held.get(name, 0) + number
        self._on_progress(self.rows)

    def result(self) -> ScoredFile:
        """Return all of it."""
        in_none, *sizes = self._sizes.tolist()
        return ScoredFile(self.rows, tuple(sizes), in_none, self._missing, self._unknown)
