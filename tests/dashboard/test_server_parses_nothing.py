"""A server hands what visitors bring to processes of its own, and never opens or parses a byte of it itself."""

from __future__ import annotations

import asyncio
import gzip
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import pyarrow as pa
import pytest
import yaml
from pyarrow import csv, parquet

from custseg import Playbook, SegmentationModel
from custseg.session.project import Project
from dashboard.data_picker import Intake
from dashboard.file_reader import FileReader
from dashboard.followup_upload import Later
from dashboard.playbook_upload import OwnPlaybook
from dashboard.project_upload import OpenProject
from dashboard.reading_limits import ReadingLimits
from dashboard.reading_process import ReadingPool
from tests.corpus_formats import as_excel, as_lines, as_old_excel, as_parquet, as_zip
from tests.dashboard.test_uploads import until
from tests.hostile_files import document_far_away

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custseg import CustomerTable
    from dashboard.file_place import FilePlace

MARK = "brought_by_a_visitor"
COLUMNS = {"customer_id": [f"C{n}" for n in range(30)], "visits": list(range(30)), "spend": [n * n for n in range(30)]}
ROWS = [list(COLUMNS), *map(list, zip(*COLUMNS.values(), strict=True))]
TEXT = "\n".join(",".join(map(str, row)) for row in ROWS)
TABLES = {
    "csv": TEXT.encode(),
    "csv.gz": gzip.compress(TEXT.encode()),
    "parquet": as_parquet(pa.table(COLUMNS)),
    "xlsx": as_excel(A=ROWS),
    "jsonl": as_lines(*(dict(zip(COLUMNS, row, strict=True)) for row in ROWS[1:])).encode(),
}
# What can't be read as a table is looked at by the same parsers.
REFUSED = {"xls": as_old_excel(), "ods": document_far_away(), "zip": as_zip(a=TEXT), "txt": b"\xff\xfe\x00" + bytes(50)}
_watched: list[str] = []


def _look(event: str, arguments: tuple[Any, ...]) -> None:
    if _watched and event == "open" and MARK in str(arguments[0]) and "r" in str(arguments[1]):
        _watched.append(str(arguments[0]))


# There is no way to remove it.
sys.addaudithook(_look)


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    pool = ReadingPool(ReadingLimits(), processes=1)
    yield pool
    pool.end()


@pytest.fixture
def no_parser(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no parser be called here, and note each file of a visitor that is opened for reading."""
    import duckdb
    import python_calamine
    from pyarrow import dataset, ipc

    def refuse(*_: object, **__: object) -> NoReturn:
        pytest.fail("the server parsed a file of a visitor")

    for owner, names in (
        (parquet, ("ParquetFile", "read_table", "read_schema", "read_metadata")),
        (csv, ("open_csv", "read_csv")),
        (dataset, ("dataset",)),
        (ipc, ("open_file",)),
        (pa, ("memory_map", "OSFile")),
        (duckdb, ("connect",)),
        (python_calamine, ("CalamineWorkbook",)),
        (gzip, ("open", "GzipFile", "decompress")),
        (yaml, ("SafeLoader",)),
        (Project, ("read", "model_validate_json")),
        (Playbook, ("read",)),
    ):
        for name in names:
            monkeypatch.setattr(owner, name, refuse)
    monkeypatch.setattr("zipfile.ZipFile", refuse)
    _watched[:] = ["begun"]
    yield
    found = _watched[1:]
    _watched.clear()
    assert found == []


def bring(place: FilePlace, name: str, content: bytes) -> None:
    """Drop a file and wait for what is said of it."""

    async def scenario() -> None:
        before = (place.note, place.model.error)
        place.upload.take({"name": f"{MARK}.{name}", "data": content, "chunk": 1, "total_chunks": 1})
        await until(lambda: (place.note, place.model.error) != before and " ..." not in place.note)
        await until(lambda: len(asyncio.all_tasks()) == 1)

    asyncio.run(scenario())


@pytest.mark.usefixtures("no_parser")
@pytest.mark.parametrize("kind", [*TABLES, *REFUSED])
def test_a_table_is_read_elsewhere(kind: str, table: CustomerTable, pool: ReadingPool) -> None:
    intake = Intake(SegmentationModel(table), source="wholesale")
    intake.reader = FileReader(pool)
    bring(intake, kind, {**TABLES, **REFUSED}[kind])
    if kind in TABLES:
        assert intake.model.table.features == ("visits", "spend")
        assert intake.model.error is None
    else:
        assert MARK in str(intake.model.error)
        assert intake.model.table is table
    intake.leave()


def test_a_later_table_is_read_elsewhere(
    table: CustomerTable, pool: ReadingPool, request: pytest.FixtureRequest
) -> None:
    model = SegmentationModel(table, k=2, seed=0)
    model.run_clustering()
    later = Later(model, FileReader(pool))
    request.getfixturevalue("no_parser")
    bring(later, "csv", TABLES["csv"])
    assert "has no column called" in later.note
    later.leave()


def test_a_project_and_a_playbook_are_read_elsewhere(
    table: CustomerTable, pool: ReadingPool, request: pytest.FixtureRequest
) -> None:
    model = SegmentationModel(table, k=3, seed=5)
    model.run_clustering()
    project = model.project.write()
    other = SegmentationModel(table)
    opened, own = OpenProject(other, FileReader(pool)), OwnPlaybook(other, FileReader(pool))
    request.getfixturevalue("no_parser")
    bring(opened, "json", project)
    assert other.project == model.project
    assert "is used now" in opened.note
    bring(opened, "json", b"[" * 1_000_000)
    assert "This is no project of custseg" in opened.note
    bring(own, "yaml", b"title: Ours")
    assert other.playbook is not None
    assert other.playbook.title == "Ours"
    bring(own, "yaml", b"a: " + b"[" * 500_000)
    assert 'role="alert"' in own.note
    opened.leave()
    own.leave()
