"""The file of a ledger: whole whatever happens, closed to all else, and refused in words where it is not one."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from custseg import DataError, Ledger
from custseg.ledger.file import VERSION, LedgerFile
from tests.ledger.planted import customers, many

ROOT = Path(__file__).resolve().parents[2]
GROUPS = many(A=40, B=35, C=30)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "ledger.duckdb"
    Ledger.open(path).add("1", customers(GROUPS), k=3, seed=0)
    return path


@pytest.fixture
def path(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(written, tmp_path / "ledger.duckdb"))


# Dies as it is told to: before a period is committed, or right after.
_KILLED = """
import os, signal, sys
from custseg import Ledger
from custseg.ledger import ledger
from tests.ledger.planted import customers, many

def die(*arguments):
    found(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[2] == "before":
    found = ledger._write
    ledger._write = die
opened = Ledger.open(sys.argv[1])
opened.add("2", customers(many(A=40, B=35, C=30) | {"A1": "B"}, 1), segments="kept")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("when", "periods"), [("before", ["1"]), ("after", ["1", "2"])])
def test_a_ledger_is_whole_after_its_writer_was_killed(path: Path, when: str, periods: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", _KILLED, str(path), when], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    ledger = Ledger.open(path)
    assert [period.name for period in ledger.history().periods] == periods
    # The next one is added as if nothing had been.
    assert ledger.add("3", customers(GROUPS, 2), segments="kept").moved == len(periods) - 1


# Holds the file open until it is told to let go.
_WRITING = """
import sys
from pathlib import Path
from custseg.ledger.file import LedgerFile
with LedgerFile(Path(sys.argv[1])).writing():
    print("writing", flush=True)
    sys.stdin.readline()
"""


def test_two_writers_at_once_are_told_apart(path: Path) -> None:
    command = [sys.executable, "-c", _WRITING, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "writing\n"
        with pytest.raises(DataError, match="is in use by something else"):
            Ledger(LedgerFile(path)).add("2", customers(GROUPS, 1))
        other.communicate("\n")
    assert Ledger.open(path).add("2", customers(GROUPS, 1), segments="kept").moved == 0


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE custseg_ledger SET version = 99", "is of version “99”, and this custseg reads version 2"),
        ("DELETE FROM custseg_ledger", "is of version none"),
        ("DROP TABLE custseg_ledger", "no ledger of custseg"),
        ("ALTER TABLE flows ADD COLUMN more INTEGER", "was changed by something else: its table “flows”"),
        ("DROP TABLE alarms; CREATE VIEW alarms AS SELECT * FROM read_text('/etc/hostname')", "its table “alarms”"),
        (
            "DROP TABLE custseg_ledger; CREATE VIEW custseg_ledger AS SELECT 1 AS version FROM glob('/etc/*')",
            "no ledger of custseg",
        ),
    ],
)
def test_a_ledger_that_was_changed_is_refused_in_words(path: Path, statement: str, told: str) -> None:
    with duckdb.connect(path) as connection:
        connection.execute(statement)
    with pytest.raises(DataError, match=told):
        Ledger.open(path)
    before = path.read_bytes()
    with pytest.raises(DataError, match=told):
        Ledger(LedgerFile(path)).add("2", customers(GROUPS, 1))
    assert path.read_bytes() == before


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Return a ledger of version 1, to which somebody who spoke German added the second period."""
    path = tmp_path / "older.duckdb"
    path.write_bytes(gzip.decompress(Path(__file__).with_name("ledger-version-1.duckdb.gz").read_bytes()))
    return path


def test_a_ledger_of_version_1_says_its_alarms_as_it_has_them(older: Path) -> None:
    before = older.read_bytes()
    history = Ledger.open(older).history()
    assert history.last is not None
    assert len(history.last.alarms) == 6
    assert (
        "New: 3 Häufige Besucher ist von 27\u00a0% der Kunden (60) auf 14\u00a0% (30) geschrumpft." in history.sentences
    )
    assert older.read_bytes() == before


def test_a_ledger_of_version_1_goes_on_as_one_of_this_version(older: Path) -> None:
    ledger = Ledger.open(older)
    alarms = [raised.alarm.found for raised in ledger.history().periods[1].alarms]
    groups = many(A=90, B=70, C=60)
    later = {name: "A" if group == "C" and number % 2 else group for number, (name, group) in enumerate(groups.items())}
    period = ledger.add("2026-12", customers(later, 2), segments="kept")
    history = Ledger.open(older).history()
    assert [raised.alarm.found for raised in history.periods[1].alarms] == alarms
    assert ("shrunk", "3") in {(raised.alarm.kind, raised.alarm.subject) for raised in period.alarms if not raised.new}
    told = "has shrunk from 27% of the customers (60) to 14% (30)."
    assert [text for text in history.sentences if text.startswith("Still so: 3 ") and text.endswith(told)]


@pytest.mark.parametrize("figures", ['{"kind": "whole"}', '{"kind": "shrunk"}', "{", '{"kind": "shrunk", "code": "x"}'])
def test_figures_that_custseg_does_not_write_are_no_alarm(older: Path, figures: str) -> None:
    Ledger.open(older).add("2026-12", customers(many(A=90, B=70, C=60), 2), segments="kept")
    with duckdb.connect(older) as connection:
        connection.execute("UPDATE alarms SET figures = ? WHERE kind = 'shrunk'", [figures])
    alarms = [raised.alarm.kind for period in Ledger.open(older).history().periods for raised in period.alarms]
    assert alarms
    assert "shrunk" not in alarms


def test_what_is_asked_of_a_ledger_draws_no_bar_and_changes_no_setting(path: Path) -> None:
    settings = "SELECT current_setting('enable_progress_bar'), current_setting('lock_configuration')"
    for opened in (LedgerFile(path).reading, LedgerFile(path).writing):
        with opened() as connection:
            assert connection.execute(settings).fetchall() == [(False, True)]


def test_a_file_that_is_no_ledger_is_refused_and_left_alone(tmp_path: Path) -> None:
    text, folder, other = tmp_path / "notes.txt", tmp_path / "folder", tmp_path / "other.duckdb"
    text.write_text("Not a ledger." * 1000)
    folder.mkdir()
    with duckdb.connect(other) as connection:
        connection.execute("CREATE TABLE mine AS SELECT 1 AS a")
    for path, told in ((text, "no ledger of custseg"), (folder, "is a folder"), (other, "no ledger of custseg")):
        with pytest.raises(DataError, match=told):
            Ledger.open(path)
        with pytest.raises(DataError, match=told):
            Ledger(LedgerFile(path)).add("1", customers(GROUPS))
    assert text.read_text() == "Not a ledger." * 1000
    # DuckDB would take it for data to read, and keep what is written in memory.
    with pytest.raises(DataError, match="A ledger is a file such as"):
        Ledger.open(tmp_path / "ledger.csv").add("1", customers(GROUPS))
    with pytest.raises(DataError, match="There is no folder"):
        Ledger.open(tmp_path / "none" / "ledger.duckdb").add("1", customers(GROUPS))
    with pytest.raises(DataError, match="There is no ledger"):
        Ledger.open(tmp_path / "none.duckdb").history()


@pytest.mark.parametrize(
    "change",
    [
        {"centroids": [[0, 0]]},
        {"centroids": [["nan", 0], [0, 0], [0, 0]]},
        {"features": ["nothing"]},
        {"columns": []},
        {"ids": [1, 2]},
        {"more": 1},
        {"steps": {"log": ["nothing"]}},
    ],
)
def test_a_document_that_does_not_hold_together_is_refused(path: Path, change: dict[str, object]) -> None:
    with duckdb.connect(path) as connection:
        ((document,),) = connection.execute("SELECT document FROM bases").fetchall()
        connection.execute("UPDATE bases SET document = ?", [json.dumps(json.loads(document) | change)])
    ledger = Ledger.open(path)
    with pytest.raises(DataError, match="changed by something else"):
        ledger.add("2", customers(GROUPS, 1))
    assert [period.name for period in ledger.history().periods] == ["1"]


def test_what_a_ledger_holds_reads_nothing_but_the_ledger(path: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with duckdb.connect(path) as connection:
        connection.execute(f"DROP TABLE basis_1; CREATE VIEW basis_1 AS SELECT * FROM read_csv('{secret}')")  # noqa: S608
    with pytest.raises(DataError):
        Ledger.open(path).add("2", customers(GROUPS, 1))
    with Ledger.open(path).file.reading() as connection, pytest.raises(duckdb.Error):
        connection.execute("SELECT * FROM read_csv(?)", [str(secret)])
    with Ledger.open(path).file.reading() as connection, pytest.raises(duckdb.Error):
        connection.execute("SET enable_external_access = true")


def test_the_version_is_in_the_file(path: Path) -> None:
    with duckdb.connect(path, read_only=True) as connection:
        assert connection.execute("SELECT version FROM custseg_ledger").fetchall() == [(VERSION,)]
    assert os.access(path, os.R_OK)
