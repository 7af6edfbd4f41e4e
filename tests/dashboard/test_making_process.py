"""Files that are made in another process: the same as here, within limits, and no matter to anybody else."""

from __future__ import annotations

import ast
import json
import re
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile, is_zipfile

import numpy as np
import pandas as pd
import pytest

from custseg import DataError, Recipe, SegmentationModel
from custseg.errors import SettingError
from custseg.export.csv import write_some_customers
from custseg.export.formats import FORMATS
from custseg.language import spoken
from custseg.session.report.report_file import read_report
from custseg.tables.expressions import Identified
from dashboard.handing_over import pack, unpack
from dashboard.making_limits import MakingLimits
from dashboard.making_process import MakingPool
from tests.dashboard import odd_files
from tests.dashboard.test_reading_process import NoLongerWantedError, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from custseg.session.model_state import ModelState

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pool() -> Iterator[MakingPool]:
    pool = MakingPool(MakingLimits())
    yield pool
    pool.end()


@pytest.fixture
def strict() -> Iterator[Callable[[MakingLimits], MakingPool]]:
    """Make pools with other limits, which end with the test."""
    pools: list[MakingPool] = []

    def make(limits: MakingLimits) -> MakingPool:
        pools.append(MakingPool(limits))
        return pools[-1]

    yield make
    for pool in pools:
        pool.end()


@pytest.fixture(scope="module")
def much() -> SegmentationModel:
    """Return a model that holds all that one can hold: several runs, and what was looked for and found of the last."""
    random = np.random.default_rng(3)
    kinds = random.integers(0, 3, 260)
    frame = pd.DataFrame(
        {
            "customer": [f"C{number}" for number in range(260)],
            "spend": random.lognormal(2 + kinds, 0.4).round(2),
            "visits": random.poisson(3 + 4 * kinds),
            "since": pd.date_range("2020-01-01", periods=260, freq="D"),
            "channel": random.choice(["shop", "web"], 260),
            "churn": np.where(random.random(260) < 0.2 + 0.2 * kinds, "yes", "no"),
        }
    )
    frame.loc[::17, "visits"] = np.nan
    model = SegmentationModel(frame, k=3, seed=1)
    model.run_clustering()
    model.recipe = Recipe(log="auto", categories=True)
    model.k = 4
    model.run_clustering()
    model.run_assessment()
    model.rename(2, "Corner shops")
    model.annotate(2, "Ask before calling")
    model.compare_runs(1, 2)
    model.follow(frame.iloc[20:].assign(spend=lambda later: later["spend"] * 1.4))
    model.select(["C3", "C5"])
    return model


def unpacked(state: ModelState) -> ModelState:
    """Return what another process gets."""
    # Bytes of their own, as what comes through a pipe has.
    found: ModelState = unpack([bytearray(piece) for piece in pack(state)])
    return found


WITHOUT_A_CLOCK = [kind for kind in FORMATS if kind.suffix not in (".html", ".json", ".model.json")]


@pytest.mark.parametrize("kind", WITHOUT_A_CLOCK, ids=lambda kind: kind.name)
def test_a_file_is_the_same_byte_for_byte_as_one_made_here(kind: Any, much: SegmentationModel) -> None:
    there = SegmentationModel.of_state(unpacked(much.state))
    assert kind.why_not(much.bundle()) == kind.why_not(there.bundle()) == ""
    assert without_dates(written(kind.write, there)) == without_dates(written(kind.write, much))


@pytest.mark.parametrize("name", ["report", "report with customers"])
def test_a_report_says_the_same_as_one_made_here(
    name: str, much: SegmentationModel, pool: MakingPool, tmp_path: Path
) -> None:
    (kind,) = (kind for kind in FORMATS if kind.name == name)
    here, there = tmp_path / "here.html", tmp_path / "there.html"
    here.write_bytes(written(kind.write, much))
    there.write_bytes(pool.make(kind.write, much.state, (), Wanted()).read())
    ours, theirs = read_report(here), read_report(there)
    assert theirs.words_are_those
    assert without_clock(theirs.words) == without_clock(ours.words)
    assert theirs.document.model_copy(update={"made": ours.document.made}) == ours.document
    assert abs(there.stat().st_size - here.stat().st_size) < 1000


@pytest.mark.parametrize("name", ["result", "model"])
def test_what_programs_read_is_the_same_but_for_the_time(name: str, much: SegmentationModel, pool: MakingPool) -> None:
    (kind,) = (kind for kind in FORMATS if kind.name == name)
    ours = json.loads(written(kind.write, much))
    theirs = json.loads(pool.make(kind.write, much.state, (), Wanted()).read())
    assert without_clock(json.dumps(theirs)) == without_clock(json.dumps(ours))


def written(write: Callable[..., None], model: SegmentationModel) -> bytes:
    stream = BytesIO()
    write(model.bundle(), stream)
    return stream.getvalue()


def without_dates(content: bytes) -> object:
    """Return what is in a file; of one that is an archive without when that was put into it."""
    if not is_zipfile(BytesIO(content)):
        return content
    with ZipFile(BytesIO(content)) as archive:
        return {name: without_dates(archive.read(name)) for name in archive.namelist() if "core.xml" not in name}


def without_clock(text: str) -> str:
    return re.sub(r"\d\d:\d\d(:\d\d)?(\.\d+)?", "", text)


def test_only_some_customers_are_written_where_only_some_are_wanted(much: SegmentationModel, pool: MakingPool) -> None:
    made = pool.make(write_some_customers, much.state, (Identified(("C7", "C9")),), Wanted())
    assert pd.read_csv(made)["customer"].tolist() == ["C7", "C9"]


def test_what_is_found_meanwhile_is_no_matter(much: SegmentationModel) -> None:
    # As when another session asks the same table for more while it is handed over.
    there = SegmentationModel.of_state(unpacked(much.state))
    assert there.result is not None
    assert "assignment" not in vars(there.result)
    assert there.history[-1] is there.outcome
    assert there.outcome is not None
    assert there.outcome.segmentation.table is there.table
    assert there.result.labels.tolist() == much.result.labels.tolist()  # type: ignore[union-attr]


def test_a_file_is_in_the_language_of_who_asks(much: SegmentationModel, pool: MakingPool) -> None:
    with spoken("de"):
        assert pool.make(odd_files.tell_language, much.state, (), Wanted()).read() == b"de"
    assert pool.make(odd_files.tell_language, much.state, (), Wanted()).read() == b"en"


def test_what_is_refused_is_said_and_the_process_stays(much: SegmentationModel, pool: MakingPool) -> None:
    before = pool.identifiers
    with pytest.raises(SettingError, match="There is nothing to write"):
        pool.make(odd_files.refuse, much.state, (), Wanted())
    assert pool.identifiers == before


@pytest.mark.parametrize(
    ("write", "limits", "said"),
    [
        (odd_files.write_forever, MakingLimits(seconds=1), "longer to make than 1 second, the limit here"),
        (odd_files.write_much, MakingLimits(answer_megabytes=1), "has 2 MB, and 1 MB can be downloaded here"),
        (odd_files.end, MakingLimits(), "The server failed to make this file. Try again"),
        (odd_files.fail, MakingLimits(), "The server failed to make this file. Try again"),
        pytest.param(
            odd_files.hold_much,
            MakingLimits(megabytes=1000),
            "takes more memory to make than 1,000 MB",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="memory has no limit elsewhere"),
        ),
    ],
)
def test_a_file_that_takes_too_much_is_refused_in_a_sentence_and_the_next_is_made(
    write: Callable[..., None],
    limits: MakingLimits,
    said: str,
    much: SegmentationModel,
    strict: Callable[[MakingLimits], MakingPool],
) -> None:
    pool = strict(limits)
    with pytest.raises((DataError, SettingError)) as refused:
        pool.make(write, much.state, (), Wanted())
    assert said in str(refused.value)
    assert "C0" not in str(refused.value)
    assert pool.make(odd_files.tell_language, much.state, (), Wanted()).read() == b"en"


def test_a_file_that_nobody_waits_for_any_more_ends_and_leaves_its_place(
    much: SegmentationModel, strict: Callable[[MakingLimits], MakingPool]
) -> None:
    pool = strict(MakingLimits())
    assert pool.make(odd_files.tell_language, much.state, (), Wanted()).read() == b"en"
    with pytest.raises(NoLongerWantedError):
        pool.make(odd_files.write_forever, much.state, (), Wanted(looks=5))
    assert pool.make(odd_files.tell_language, much.state, (), Wanted()).read() == b"en"


def test_nothing_that_is_pickled_is_read_but_by_the_process_that_makes_files() -> None:
    taken = {
        (path.name, name)
        for folder in ("custseg", "dashboard")
        for path in (ROOT / folder).rglob("*.py")
        for name in imported_in(path)
        if "pickle" in name or name.startswith("dashboard.handing_over")
    }
    assert taken == {
        ("handing_over.py", "pickle"),
        ("making_process.py", "dashboard.handing_over.pack"),
        ("making_worker.py", "dashboard.handing_over.unpack"),
    }


def imported_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
