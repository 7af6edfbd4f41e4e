"""Pages on which somebody acts at random, faster than they are answered, are right in the end."""

from __future__ import annotations

import pytest

from benchmarks import monkey


@pytest.mark.parametrize("seed", [0])
def test_nothing_fails_where_pages_are_used_at_random(seed: int) -> None:
    # With the minute of tests/dashboard/test_soak.py, the short form of what the benchmarks do for ten.
    found = monkey.measure(pages=2, minutes=1, seed=seed)
    assert found.trouble == []
    assert found.checked == 2
