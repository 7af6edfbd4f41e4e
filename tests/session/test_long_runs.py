"""Long runs are shared: one that goes on is waited for, one that nobody waits for ends, and a page may leave one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, Recipe
from custseg.session.background import SupersededError
from custseg.session.long_runs import LongRuns
from custseg.session.next_run import NextRun
from custseg.session.run_result import run_pipeline
from custseg.session.run_settings import RunSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.session.run_result import RunResult


def heard(_: object) -> None:
    """Listen, and go on."""


def given_up(_: object) -> None:
    raise SupersededError


@pytest.fixture(scope="module")
def table() -> CustomerTable:
    generator = np.random.default_rng(0)
    return CustomerTable.read(pd.DataFrame(generator.lognormal(2, 1, (90, 2)), columns=["tea", "ham"]))


def wanted(table: CustomerTable, k: int = 3, number: int = 1, before: Any = None) -> NextRun:
    return NextRun(table, before, number, RunSettings(table.features, k, 0, Recipe()))


class Gated:
    """Computes once it is let to, and counts how often."""

    def __init__(self) -> None:
        self.begun, self.let, self.runs = Event(), Event(), 0

    def __call__(self, run: NextRun, tell: Callable[[Any], None]) -> RunResult:
        self.runs += 1
        self.begun.set()
        assert self.let.wait(60)
        tell("a step")
        return run_pipeline(run.table, run.before, run.number, run.settings)


def test_who_wants_the_same_run_waits_for_it(table: CustomerTable) -> None:
    runs, compute = LongRuns(5), Gated()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(runs.run, wanted(table), heard, compute)
        assert compute.begun.wait(60)
        assert runs.has(wanted(table))
        assert not runs.has(wanted(table, k=4))
        second = threads.submit(runs.run, wanted(table, number=7, before=None), heard, compute)
        compute.let.set()
        assert second.result(60).segmentation is first.result(60).segmentation
    assert (first.result().number, second.result().number) == (1, 7)
    assert compute.runs == 1


def test_a_run_that_is_finished_is_there_until_somebody_has_seen_it(table: CustomerTable) -> None:
    runs, compute = LongRuns(5), Gated()
    compute.let.set()
    found = runs.run(wanted(table), heard, compute)
    assert runs.run(wanted(table), heard, compute).segmentation is found.segmentation
    runs.seen(wanted(table))
    assert not runs.has(wanted(table))


def test_a_run_goes_on_while_one_of_two_waits_and_ends_where_nobody_does(table: CustomerTable) -> None:
    runs, compute = LongRuns(5), Gated()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(runs.run, wanted(table), given_up, compute)
        assert compute.begun.wait(60)
        compute.let.set()
        with pytest.raises(SupersededError):
            first.result(60)
    assert not runs.has(wanted(table))


def test_a_run_whose_page_is_gone_ends_once_its_minutes_are_over(table: CustomerTable) -> None:
    for minutes, ends in ((5, False), (-1, True)):
        runs, compute = LongRuns(minutes), Gated()
        with ThreadPoolExecutor(1) as threads:
            # As a page does that is gone.
            first = threads.submit(runs.run, wanted(table), given_up, compute)
            assert compute.begun.wait(60)
            runs.leave(wanted(table))
            compute.let.set()
            assert isinstance(first.exception(60), SupersededError) is ends
        assert runs.has(wanted(table)) is not ends


def test_a_run_that_fails_is_not_kept(table: CustomerTable) -> None:
    runs = LongRuns(5)

    def fail(*_: object) -> RunResult:
        msg = "The engine is gone."
        raise ValueError(msg)

    with pytest.raises(ValueError, match="gone"):
        runs.run(wanted(table), heard, fail)
    assert not runs.has(wanted(table))


def test_only_runs_of_very_many_are_shared(table: CustomerTable) -> None:
    assert not wanted(table).is_long
