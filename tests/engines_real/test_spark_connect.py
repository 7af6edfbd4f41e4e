"""A Spark Connect server on this machine, reached by its address."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from custseg import CustomerTable, DataError
from tests.engines_real.servers import LOOPBACK, Server, free_port, spark_connect
from tests.engines_real.shop import assert_as_in_memory, customers, fitted, opened

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    from pyspark.sql.connect.session import SparkSession

    with spark_connect() as started:
        session = SparkSession.builder.remote(f"sc://{LOOPBACK}:{started.port}").create()
        session.createDataFrame(customers()).write.saveAsTable("customers")
        yield started


@pytest.mark.usefixtures("steps_in_the_engine")
def test_a_fit_there_is_as_in_memory(server: Server) -> None:
    found, told = fitted(opened(f"spark://{LOOPBACK}:{server.port}?table=customers"))
    assert len(told) > 1
    assert {progress.engine for progress in told} == {"Spark"}
    assert_as_in_memory(found)


def test_a_table_that_is_not_there_is_refused_with_those_that_are(server: Server) -> None:
    with pytest.raises(
        DataError, match=r"There is no table “orders” in spark that may be read. Choose from “customers”"
    ):
        CustomerTable.read(f"spark://{LOOPBACK}:{server.port}?table=orders")


def test_a_server_that_does_not_answer_is_a_sentence_within_seconds() -> None:
    port = free_port()
    began = time.monotonic()
    with pytest.raises(DataError, match=rf"Spark at “{LOOPBACK}:{port}” could not answer: it cannot be reached"):
        CustomerTable.read(f"spark://{LOOPBACK}:{port}?table=customers")
    assert time.monotonic() - began < 30


# The last one here, since no server is left after it.
@pytest.mark.usefixtures("steps_in_the_engine")
def test_a_server_that_goes_during_a_fit_is_a_sentence_and_nothing_hangs(server: Server) -> None:
    table = opened(f"spark://{LOOPBACK}:{server.port}?table=customers")
    began = time.monotonic()
    with pytest.raises(DataError, match=r"Spark could not answer: it cannot be reached"):
        fitted(table, lambda _: server.kill())
    assert time.monotonic() - began < 60
