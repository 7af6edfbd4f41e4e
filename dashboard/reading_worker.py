"""What a reading process runs: it reads files that came from visitors, within limits, and answers with plain columns.

A request (``worker_requests``) has the ``task``, the ``path``, the ``language`` to speak, and what else the task needs.
After an answer with ``notes`` comes the table that they are about, as an Arrow stream.
Nothing that is pickled crosses.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa

# What reading needs is imported before a file comes.
from pyarrow import csv, dataset, parquet  # noqa: F401

from custseg.errors import DataError, quote
from custseg.language import say
from custseg.narrative.playbook import Playbook
from custseg.tables.purchase_columns import TransactionColumns
from custseg.tables.purchases.source_rows import opened
from custseg.tables.purchases.transactions import aggregate_purchases
from custseg.tables.sources import SourceTable, read_file, sheets_of
from custseg.tables.sources.limits import check_names, check_texts, limited
from custseg.tables.sources.progress import told_to
from custseg.tables.understanding.understand import look_at_rows, of_purchases
from dashboard.confinement import MEGABYTE
from dashboard.kept_reading import read_and_keep
from dashboard.reading_limits import ReadingLimits
from dashboard.worker_requests import do_requests, say_to

if TYPE_CHECKING:
    from custseg.tables.understanding import Rows

# They are all sent to the page.
_MOST_SHEETS = 1000

with suppress(ImportError):
    import python_calamine  # noqa: F401


def answer_requests(described: dict[str, int], folder: Path) -> None:
    """Answer requests until there are no more, or until who asked is gone."""
    limits = ReadingLimits(**described)

    def do(request: dict[str, Any], answers: IO[bytes]) -> None:
        with limited(limits.of_the_file), told_to(lambda progress: say_to(answers, {"progress": progress})):
            _read(request, answers, limits)

    do_requests(do, limits.seconds, folder)


def _read(request: dict[str, Any], answers: IO[bytes], limits: ReadingLimits) -> None:
    found = _TASKS[request.pop("task")](**request)
    if not isinstance(found, SourceTable):
        say_to(answers, {"found": found})
        return
    _check_answer(found, Path(request["path"]), limits)
    table = found.frame.to_arrow()
    say_to(answers, {"notes": found.notes})
    with pa.ipc.new_stream(answers, table.schema) as stream:
        stream.write_table(table)
    answers.flush()


def _check_answer(found: SourceTable, path: Path, limits: ReadingLimits) -> None:
    table = found.frame.to_arrow()
    check_texts(table, path)
    if table.nbytes > limits.answer_megabytes * MEGABYTE:
        msg = say(
            "{name} is more than {megabytes:,} MB as plain columns, the limit here. Send fewer rows or columns.",
            name=quote(path.name),
            megabytes=limits.answer_megabytes,
        )
        raise DataError(msg)


def _sheets(path: str) -> tuple[str, ...]:
    found = sheets_of(Path(path))
    check_names(found, Path(path), "sheet")
    if len(found) > _MOST_SHEETS:
        msg = say(
            "{name} has {sheets:,} sheets, and one of at most {most:,} can be chosen here. Save the one that matters "
            "in a file of its own.",
            name=quote(Path(path).name),
            sheets=len(found),
            most=_MOST_SHEETS,
        )
        raise DataError(msg)
    return found


def _rows(path: str, sheet: str | None, rows: Rows | None, columns: dict[str, Any] | None) -> dict[str, Any]:
    """Say what a row is, and what follows where it is a purchase; of a customer each column is understood later."""
    source = read_and_keep(Path(path), sheet)
    facts, found = look_at_rows(source, sheet)
    check_names(facts, Path(path))
    offered = {
        "names": list(facts),
        "dates": [name for name, column in facts.items() if column.is_date],
        "numbers": [name for name, column in facts.items() if column.numeric],
        "rows": _rows_in(source, sheet) if found.doubts else 0,
    }
    chosen = TransactionColumns(**columns) if columns else None
    if rows is None and chosen is None and found.rows == "customers" and not found.doubts:
        return {**offered, "understood": None, "reasons": found.reasons}
    understood = of_purchases(source, sheet, facts, found, rows=rows, columns=chosen)
    return {**offered, "understood": asdict(understood), "reasons": found.reasons}


def _rows_in(source: Path | SourceTable, sheet: str | None) -> int:
    with opened(source, sheet) as relation:
        return len(relation)


def _customers(path: str, sheet: str | None) -> SourceTable:
    source = read_and_keep(Path(path), sheet)
    return source if isinstance(source, SourceTable) else read_file(source, sheet)


def _customers_of_purchases(
    path: str, sheet: str | None, columns: dict[str, str | None], like: list[str] | None
) -> SourceTable:
    source = read_and_keep(Path(path), sheet)
    return aggregate_purchases(source, TransactionColumns(**columns), sheet=sheet, like=like)  # type: ignore[arg-type]


def _playbook(path: str) -> dict[str, Any]:
    return Playbook.read(path).model_dump(mode="json")


def _project(path: str) -> dict[str, Any]:
    # It takes much more with it than a table needs.
    from custseg.session.project import Project

    return Project.read(Path(path).read_bytes()).model_dump(mode="json")


_TASKS: dict[str, Any] = {
    "project": _project,
    "playbook": _playbook,
    "sheets": _sheets,
    "rows": _rows,
    "customers": _customers,
    "customers_of_purchases": _customers_of_purchases,
}
