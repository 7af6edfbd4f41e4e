"""What many tests share: the bundled table, a result and a model of it, and the order in which all are run."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pandas as pd
import pytest

from custseg import CustomerTable, Segmentation, SegmentationModel, segment
from tests.engines import Engines

if TYPE_CHECKING:
    from collections.abc import Iterator

hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=40)
hypothesis.settings.load_profile("repeatable")

_MOST_WORKERS = 4
# Each test in these takes about as long as ten in other files of browser tests.
_LONG = {"test_accessibility.py", "test_closed_pages.py", "test_hostile_table.py"}


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Say how many workers run the tests: one a core, but none where a single file or test is asked for."""
    asked = {name.partition("::")[0] for name in config.args}
    if len(asked) == 1 and Path(*asked).is_file():
        return 0
    return min(os.cpu_count() or 1, _MOST_WORKERS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what needs no browser first, and the shortest files of browser tests last: so all workers end together."""
    in_browser: Counter[Path] = Counter()
    for item in filter(_uses_browser, items):
        in_browser[item.path] += 10 if item.path.name in _LONG else 1
    items.sort(key=lambda item: (item.path in in_browser, -in_browser[item.path]))


def _uses_browser(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())


@pytest.fixture(autouse=True)
def _without_the_loop_of_the_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    # Playwright parks its event loop in this thread between two calls, still marked as the running one, and
    # ``asyncio.run`` refuses to start beside it. A test without a browser does not see it.
    if _uses_browser(request.node):
        yield
        return
    parked = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(parked)


@pytest.fixture(scope="session")
def table_path() -> Path:
    return Path(__file__).resolve().parents[1] / "data" / "wholesale_customers.csv"


@pytest.fixture(scope="session")
def table(table_path: Path) -> CustomerTable:
    return CustomerTable.read(table_path)


@pytest.fixture(autouse=True)
def _never_run_before(table: CustomerTable) -> None:
    """Let each test begin as if nobody had run the shared table: what was found of it would be there at once."""
    for found in ("found_by_runs", "assessed"):
        vars(table).pop(found, None)


@pytest.fixture
def frame(table_path: Path) -> pd.DataFrame:
    return pd.read_csv(table_path)


@pytest.fixture(scope="session")
def result(table: CustomerTable) -> Segmentation:
    return segment(table, k=4, seed=42)


@pytest.fixture
def model(table: CustomerTable) -> SegmentationModel:
    model = SegmentationModel(table, k=4, seed=42)
    model.run_clustering()
    return model


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    """Open files in engines; Spark, where a file of tests asks for it, ends with the file."""
    opened = Engines()
    yield opened
    opened.close()
