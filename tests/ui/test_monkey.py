"""Pages on which somebody acts at random, faster than they are answered, are right in the end."""

from __future__ import annotations

import pytest

from benchmarks import monkey


@pytest.mark.parametrize("seed", [0])
def test_nothing_fails_where_pages_are_used_at_random(seed: int) -> None:
    found = monkey.measure(pages=1, minutes=0.15, seed=seed)
    assert found.trouble == []
    assert found.checked == 1
