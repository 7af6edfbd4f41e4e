"""What a hostile file does to who reads it: nothing but a sentence, and the next file is read."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from custseg import CustomerTable, DataError, TransactionColumns, from_transactions, migrate, segment, understand
from custseg.language import spoken
from dashboard.file_reader import FileReader
from dashboard.reading_limits import ReadingLimits
from dashboard.reading_process import ReadingPool
from tests.corpus_formats import CORPUS, as_excel
from tests.hostile_files import HOSTILE, gzip_bomb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.corpus import OddFile

ROOT = Path(__file__).resolve().parents[2]
# Only what is broken waits as long as this.
PATIENCE = 60
LIMITS = ReadingLimits(seconds=30, megabytes=800, unpacked_megabytes=100)


class Wanted:
    """Waits for an answer for so many looks, then no more."""

    def __init__(self, looks: int = sys.maxsize) -> None:
        self._looks = looks
        self.heard: list[str] = []

    def tell(self, progress: str) -> None:
        self.heard.append(progress)

    def check(self) -> None:
        self._looks -= 1
        if self._looks < 0:
            raise NoLongerWantedError


class NoLongerWantedError(Exception):
    pass


@pytest.fixture(scope="module")
def reader() -> Iterator[FileReader]:
    pool = ReadingPool(LIMITS, processes=1)
    yield FileReader(pool)
    pool.end()


@pytest.fixture
def strict() -> Iterator[Callable[[ReadingLimits], FileReader]]:
    """Make readers with other limits, which end with the test."""
    pools: list[ReadingPool] = []

    def make(limits: ReadingLimits) -> FileReader:
        pools.append(ReadingPool(limits, processes=1))
        return FileReader(pools[-1])

    yield make
    for pool in pools:
        pool.end()


@pytest.mark.parametrize(("name", "write", "said"), HOSTILE, ids=[name for name, *_ in HOSTILE])
def test_a_hostile_file_is_refused_in_a_sentence_and_the_next_is_read(
    name: str, write: Callable[[Path], None], said: str, reader: FileReader, tmp_path: Path, table_path: Path
) -> None:
    write(tmp_path / name)

    def look_and_read() -> None:
        # As the page does.
        reader.look_at_rows(tmp_path / name, None, Wanted())
        reader.customers_of(tmp_path / name, None, Wanted())

    with pytest.raises(DataError) as refused:
        look_and_read()
    assert said in str(refused.value)
    assert f"“{name}”" in str(refused.value)
    assert str(refused.value).endswith(".")
    assert len(reader.customers_of(table_path, None, Wanted())) == 440


@pytest.mark.parametrize("odd", CORPUS[::7], ids=lambda odd: odd.what)
def test_what_another_process_reads_is_understood_as_what_is_read_here(
    odd: OddFile, reader: FileReader, tmp_path: Path
) -> None:
    path = odd.write(tmp_path)
    here = said_of(lambda: CustomerTable.read(path, sheet=odd.sheet))
    assert said_of(lambda: reader.customers_of(path, odd.sheet, Wanted())) == here


def said_of(read: Callable[[], CustomerTable]) -> object:
    try:
        table = read()
    except DataError as problem:
        return str(problem)
    return table.columns, table.title, table.notes, table.frame.to_arrow().to_pydict().__repr__()


def test_a_file_is_refused_and_described_in_the_language_of_who_sent_it(reader: FileReader, tmp_path: Path) -> None:
    hostile, table = tmp_path / "hostile.csv", tmp_path / "customers.csv"
    hostile.write_bytes(b"%PDF-1.7")
    table.write_text("id;spend\n" + "".join(f"{row};{row * 10}\n" for row in range(40)), encoding="utf-8")
    with spoken("de"):
        with pytest.raises(DataError, match="ist ein PDF-Dokument"):
            reader.columns_of(hostile, None, Wanted())
        assert reader.columns_of(table, None, Wanted()).notes == ("Die Werte sind durch Semikolons getrennt.",)
    assert reader.columns_of(table, None, Wanted()).notes == ("Values are separated by semicolons.",)


def test_purchases_are_recognised_and_become_the_same_customers(reader: FileReader, tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    rows = [f"c{n % 9},2024-0{n % 8 + 1}-11,{n}.5,{'tea' if n % 2 else 'soap'}" for n in range(90)]
    path.write_text("\n".join(["customer,date,amount,category", *rows]), encoding="utf-8")
    found = reader.look_at_rows(path, None, Wanted())
    assert found.purchases == understand(path)
    columns = found.purchases.purchases
    assert columns == TransactionColumns("customer", "date", "amount", "category")
    assert columns is not None
    here, there = (
        from_transactions(path),
        reader.customers_of_purchases(path, columns, None, Wanted()),
    )
    assert (there.notes, there.columns, there.title) == (here.notes, here.columns, here.title)
    assert there.frame.to_arrow().equals(here.frame.to_arrow())


def test_later_purchases_are_read_as_the_earlier_ones_were_with_their_shares(
    reader: FileReader, tmp_path: Path
) -> None:
    def sales(name: str, bestseller: str, rows: int) -> Path:
        articles = [bestseller if n % 5 == 0 else f"article {n % 37}" for n in range(rows)]
        lines = [f"c{n % 9},2024-0{n % 8 + 1}-11,{n}.5,{n}.2,{articles[n]}" for n in range(rows)]
        (tmp_path / name).write_text("\n".join(["customer,date,paid,price,article", *lines]), encoding="utf-8")
        return tmp_path / name

    # As somebody said, since either column could be the money.
    columns = TransactionColumns("customer", "date", "paid", "article")
    before = reader.customers_of_purchases(sales("july.csv", "lantern", 180), columns, None, Wanted())
    assert "share of lantern" in before.features
    path = sales("august.csv", "teapot", 270)
    later = reader.later_customers(path, before.features, Wanted())
    expected = from_transactions(path, columns, like=before.features)
    assert later.frame.to_arrow().equals(expected.frame.to_arrow())
    followed = migrate(segment(before, k=2, seed=0), later)
    assert (followed.came, followed.left) == (0, 0)
    # Of customers who are compared by something else it is a table as any other.
    assert reader.later_customers(path, ["visits"], Wanted()).frame.columns[:2] == ["customer", "date"]


def test_later_purchases_that_can_be_read_in_two_ways_are_not_guessed_at(
    strict: Callable[[ReadingLimits], FileReader], tmp_path: Path
) -> None:
    # Who was not told anything yet, as in a session that came back.
    reader = strict(ReadingLimits())
    path = tmp_path / "august.csv"
    lines = [f"{n},c{n % 9},2024-0{n % 8 + 1}-11,{n}.5,{('EUR', 'USD')[n % 2]}" for n in range(90)]
    path.write_text("\n".join(["order_id,customer,date,amount,currency", *lines]), encoding="utf-8")
    found = reader.look_at_rows(path, None, Wanted()).purchases
    assert found is not None
    assert any(doubt.matters for doubt in found.doubts)
    with pytest.raises(DataError, match="it is open how they are read"):
        reader.later_customers(path, ["frequency"], Wanted())


def test_a_file_that_takes_too_long_is_given_up(
    strict: Callable[[ReadingLimits], FileReader], tmp_path: Path, table_path: Path
) -> None:
    reader = strict(ReadingLimits(seconds=1, unpacked_megabytes=100_000))
    (tmp_path / "slow.csv.gz").write_bytes(gzip_bomb(4000))
    with pytest.raises(DataError, match=r"“slow\.csv\.gz” takes longer to read than 1 second, the limit here"):
        reader.customers_of(tmp_path / "slow.csv.gz", None, Wanted())
    assert reader.sheets_of(table_path, Wanted()) == ()


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (ReadingLimits(answer_megabytes=1), "is more than 1 MB as plain columns, the limit here. Send fewer rows or"),
        (ReadingLimits(rows=50_000), "At most 50,000 rows can be read here, but “large.csv.gz” has 90,000. Send fewer"),
        (ReadingLimits(cells=100_000), "At most 100,000 cells can be read here, but “large.csv.gz” has 90,000 rows of"),
        pytest.param(
            ReadingLimits(disk_megabytes=1),
            "takes more room on the server's disk to read than there is: 1 MB is the limit here. Send fewer rows or",
            marks=pytest.mark.skipif(os.name != "posix", reason="limits as Unix has them"),
        ),
    ],
)
def test_what_a_file_takes_has_limits_of_its_own(
    limits: ReadingLimits, said: str, strict: Callable[[ReadingLimits], FileReader], tmp_path: Path, table_path: Path
) -> None:
    reader = strict(limits)
    rows = "".join(f"C{number:09},{number}\n" for number in range(90_000))
    (tmp_path / "large.csv.gz").write_bytes(gzip.compress(f"customer_id,spend\n{rows}".encode()))
    with pytest.raises(DataError) as refused:
        reader.customers_of(tmp_path / "large.csv.gz", None, Wanted())
    assert said in str(refused.value)
    assert len(reader.customers_of(table_path, None, Wanted())) == 440


def test_a_reading_that_nobody_waits_for_any_more_ends_and_leaves_its_place_and_no_file(
    strict: Callable[[ReadingLimits], FileReader], tmp_path: Path, table_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    reader = strict(ReadingLimits(seconds=10 * PATIENCE, unpacked_megabytes=100_000))
    (tmp_path / "slow.csv.gz").write_bytes(gzip_bomb(4000))
    with pytest.raises(NoLongerWantedError):
        reader.customers_of(tmp_path / "slow.csv.gz", None, Wanted(looks=15))
    assert len(reader.customers_of(table_path, None, Wanted())) == 440
    assert [path for path in folder.rglob("*") if path.is_file()] == []


_SERVER = """
import sys, time
from dashboard.reading_limits import ReadingLimits
from dashboard.reading_process import ReadingPool
pool = ReadingPool(ReadingLimits(), processes=2)
print(*pool.identifiers, flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(os.name != "posix", reason="asks the system as Unix does")
@pytest.mark.parametrize("ending", ["killed", "in order"])
def test_no_reading_process_outlives_its_server_nor_leaves_files(ending: str, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        numbers = [int(number) for number in server.stdout.readline().split()]
        assert len(numbers) == 2
        if ending == "killed":
            server.kill()
        else:
            server.stdin.write("\n")
            server.stdin.flush()
        server.wait(PATIENCE)
    until(lambda: not any(map(runs, numbers)))
    assert list(tmp_path.iterdir()) == []


def runs(number: int) -> bool:
    done = subprocess.run(
        [shutil.which("ps") or "ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True, check=False
    )
    # One that has ended and that nobody has asked for is a zombie.
    return bool(done.stdout.strip()) and not done.stdout.strip().startswith("Z")


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_process_that_was_killed_meanwhile_is_replaced(table_path: Path) -> None:
    pool = ReadingPool(LIMITS, processes=1)
    (number,) = pool.identifiers
    os.kill(number, signal.SIGKILL)
    until(lambda: not runs(number))
    assert len(FileReader(pool).customers_of(table_path, None, Wanted())) == 440
    assert pool.identifiers != (number,)
    pool.end()


def test_of_a_spreadsheet_it_is_said_how_far_it_is_and_it_is_read_once(reader: FileReader, tmp_path: Path) -> None:
    rows: list[list[object]] = [["customer_id", "spend"], *([f"W{row}", row] for row in range(1, 20_001))]
    path = tmp_path / "clients.xlsx"
    path.write_bytes(as_excel(A=rows, B=[["customer_id", "visits"], *([f"W{row}", row] for row in range(1, 31))]))
    first, again, other = Wanted(), Wanted(), Wanted()
    assert reader.look_at_rows(path, None, first).names == ("customer_id", "spend")
    assert first.heard[-1] == "row 20,001 of 20,001"
    table = reader.customers_of(path, None, again)
    assert again.heard == []
    assert len(table) == 20_000
    assert "Read from the sheet “A” of 2." in table.remarks
    assert reader.look_at_rows(path, "B", other).names == ("customer_id", "visits")
    assert len(reader.customers_of(path, "B", other)) == 30
