"""One thread for numbers while several runs overlap, and as many as before when the last has ended."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from sklearn.cluster import KMeans
from threadpoolctl import ThreadpoolController, threadpool_limits

from custseg.clustering.engines.threads import one_thread

PATIENCE = 30


def threads_of(api: str) -> set[int]:
    KMeans(1, n_init=1).fit(np.zeros((1, 1)))
    return {pool.num_threads for pool in ThreadpoolController().select(user_api=api).lib_controllers}


@pytest.mark.parametrize("api", ["blas", "openmp"])
def test_the_setting_comes_back(api: str) -> None:
    with threadpool_limits(3):
        with one_thread():
            assert threads_of(api) == {1}
        assert threads_of(api) == {3}


def test_a_run_that_ends_first_leaves_the_other_its_one_thread() -> None:
    entered, leave = threading.Event(), threading.Event()
    seen: list[set[int]] = []

    def early() -> None:
        with one_thread():
            entered.set()
            leave.wait(PATIENCE)

    with threadpool_limits(3, user_api="blas"):
        other = threading.Thread(target=early)
        other.start()
        assert entered.wait(PATIENCE)
        with one_thread():
            leave.set()
            other.join(PATIENCE)
            seen.append(threads_of("blas"))
        seen.append(threads_of("blas"))
    assert seen == [{1}, {3}]
