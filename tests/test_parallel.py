"""Work on pieces on several cores: the same as on one, in the same order."""

from __future__ import annotations

import os
import sys
from threading import Barrier, get_native_id

import numpy as np
import pytest

from custseg import parallel, sampling
from custseg.clustering.engines import lloyd, memory
from custseg.parallel import in_parallel


def test_what_is_found_comes_in_the_order_of_the_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_cores", lambda: 2)
    both_at_work = Barrier(2, timeout=20)

    def square(number: int) -> int:
        both_at_work.wait()
        return number * number

    assert in_parallel(square, range(6)) == [0, 1, 4, 9, 16, 25]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a priority is that of a whole process")
def test_work_on_very_many_customers_gives_way_to_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_cores", lambda: 2)

    def priority(_: int) -> int:
        return os.getpriority(os.PRIO_PROCESS, get_native_id())

    own = priority(0)
    assert set(in_parallel(priority, range(6))) == {max(own, 10)}
    # Of few customers it is done by who asks.
    assert in_parallel(priority, range(1)) == [own]


def test_a_mistake_in_a_piece_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_cores", lambda: 2)
    with pytest.raises(ZeroDivisionError):
        in_parallel(lambda number: 1 // number, [2, 1, 0])


def test_sums_are_the_same_bits_on_any_number_of_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "CHUNK_ROWS", 1000)
    monkeypatch.setattr(memory, "REFINED_ROWS", 2000)
    customers = np.random.default_rng(0).lognormal(size=(5001, 3))
    centroids = customers[:4]
    found = []
    for cores in (1, 3):
        monkeypatch.setattr(parallel, "_cores", lambda cores=cores: cores)
        labels, means = lloyd.step(customers, centroids)
        fit = memory.fit(customers, 4, seed=1)
        distances = lloyd.squared_distances(customers, centroids, labels)
        found.append([labels, means, distances, fit.labels, fit.centroids])
    for others in found[1:]:
        for one, other in zip(found[0], others, strict=True):
            np.testing.assert_array_equal(one, other)
