"""Dask with two worker processes, reached by its address."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from custseg import CustomerTable, DataError
from tests.engines_real.servers import LOOPBACK, free_port
from tests.engines_real.shop import assert_as_in_memory, customers, fitted, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custseg.clustering.engines.pushed_down import Progress


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host=LOOPBACK, dashboard_address=":0", memory_limit=None
    ) as started:
        yield started


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parquet files, so that each worker has some."""
    folder = tmp_path_factory.mktemp("dask")
    frame = customers()
    for place in range(4):
        frame.iloc[place::4].to_parquet(folder / f"part-{place}.parquet", index=False)
    return folder


@pytest.fixture(autouse=True)
def _without_a_client_after_it() -> Iterator[None]:
    from distributed import default_client

    yield
    with suppress(ValueError):
        default_client().close()


def _address(cluster: Any, folder: Path) -> str:
    return f"dask://{cluster.scheduler_address.removeprefix('tcp://')}?path={folder}"


@pytest.mark.usefixtures("steps_in_the_engine")
def test_a_worker_that_is_killed_in_the_middle_of_a_fit_costs_nothing_but_time(cluster: Any, folder: Path) -> None:
    table = opened(_address(cluster, folder))
    workers = {worker.pid for worker in cluster.workers.values()}
    assert len(workers) == 2

    def kill_one(progress: Progress) -> None:
        del progress
        if len(workers) == 2:
            os.kill(workers.pop(), signal.SIGKILL)

    found, told = fitted(table, kill_one)
    assert len(workers) == 1
    assert len(told) > 1
    assert {progress.engine for progress in told} == {"Dask"}
    assert_as_in_memory(found)


def test_files_that_vanished_are_named_as_the_cause(cluster: Any, tmp_path: Path) -> None:
    gone = tmp_path / "customers.parquet"
    customers().to_parquet(gone)
    table = opened(_address(cluster, gone))
    gone.unlink()
    with pytest.raises(DataError, match=r"Dask could not answer: the files of the table are no longer there"):
        fitted(table)


def test_a_column_that_vanished_is_named_as_the_cause(cluster: Any, tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    customers().to_parquet(path)
    table = opened(_address(cluster, path))
    customers().drop(columns="milk").to_parquet(path)
    with pytest.raises(DataError, match=r"Dask could not answer: a column is no longer there"):
        fitted(table)


def test_a_scheduler_that_does_not_answer_is_a_sentence_within_seconds() -> None:
    port = free_port()
    began = time.monotonic()
    with pytest.raises(DataError, match=rf"Dask at “{LOOPBACK}:{port}” could not answer: it cannot be reached"):
        CustomerTable.read(f"dask://{LOOPBACK}:{port}?path=customers.parquet")
    assert time.monotonic() - began < 30


@pytest.mark.usefixtures("steps_in_the_engine")
def test_a_cluster_that_goes_during_a_fit_is_a_sentence(folder: Path) -> None:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, host=LOOPBACK, dashboard_address=":0", memory_limit=None,
        protocol="tcp",
    ) as cluster:  # fmt: skip
        table = opened(_address(cluster, folder))
        with pytest.raises(DataError, match=r"Dask could not answer"):
            fitted(table, lambda _: cluster.close())
