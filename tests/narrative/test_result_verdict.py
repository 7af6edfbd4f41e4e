"""The line on a whole result: it says what is known, no more, and grows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from custseg import advise, segment
from custseg.how_many.separation import Separation
from custseg.narrative.result_verdict import say_verdict

if TYPE_CHECKING:
    from custseg.insight.certainty import Stability

SIZES = (317, 109, 10, 4)
OVERLAPPING, THINNER, APART = Separation(1, 2, 1.0, 0.0), Separation(1, 2, 0.6, 99.0), Separation(1, 2, 0.0, 99.0)


def advice(suggested: int, **agreement: float) -> Any:
    evidence = [
        SimpleNamespace(k=int(k[1:]), agreement=SimpleNamespace(adjusted_rand=rand)) for k, rand in agreement.items()
    ]
    return SimpleNamespace(suggested=suggested, evidence=tuple(evidence))


def test_before_anything_is_known_it_says_the_sizes() -> None:
    assert say_verdict(SIZES) == "4 segments of 4 to 317 customers."
    assert say_verdict((50, 50)) == "2 segments of 50 customers each."


@pytest.mark.parametrize(
    ("stability", "said"),
    [
        (("solid", "fair", "fair", "solid"), "all hold up on other customers"),
        (("solid", "fair", "doubtful", "fragile"), "one is doubtful and one is fragile"),
        (("solid", "fragile", "fragile", "fragile"), "three are fragile"),
        (("fragile",) * 4, "all are fragile"),
        (("doubtful", "doubtful", "doubtful", "fragile"), "three are doubtful and one is fragile"),
    ],
)
def test_it_says_how_sure_the_segments_are(stability: tuple[Stability, ...], said: str) -> None:
    assert say_verdict(SIZES, stability) == f"4 segments of 4 to 317 customers: {said}."
    assert say_verdict(SIZES, stability, so_far=True) == f"4 segments of 4 to 317 customers: so far {said}."


def test_a_gap_is_only_told_where_all_have_one_or_none() -> None:
    holds: tuple[Stability, ...] = ("solid", "solid")
    assert say_verdict((5, 5), holds, (OVERLAPPING,) * 2).endswith("though none is set apart by a gap.")
    assert say_verdict((5, 5), holds, (APART,) * 2).endswith("and each is set apart by a gap.")
    assert "gap" not in say_verdict((5, 5), holds, (APART, OVERLAPPING))


def test_where_customers_only_thin_out_it_speaks_of_no_gap() -> None:
    holds: tuple[Stability, ...] = ("solid", "solid")
    for separation in ((THINNER, THINNER), (APART, THINNER)):
        assert say_verdict((5, 5), holds, separation).endswith("and there are fewer customers between them.")


def test_another_number_holds_better_only_where_its_segments_come_out_more_alike() -> None:
    assert say_verdict(SIZES, advice=advice(2, k2=0.9, k4=0.6)).endswith("; two would hold better.")
    assert say_verdict(SIZES, advice=advice(3, k3=0.62, k4=0.6)).endswith("; the evidence speaks for three.")
    assert say_verdict(SIZES, advice=advice(4, k4=0.6)).endswith("; the evidence speaks for four too.")
    # Of a number that was not looked into nothing is known.
    assert say_verdict(SIZES, advice=advice(2, k2=0.9)).endswith("; the evidence speaks for two.")


def test_with_real_advice_it_agrees_with_the_number_that_was_planted() -> None:
    generator = np.random.default_rng(0)
    groups = np.repeat([0, 1, 2], 80)
    table = pd.DataFrame(generator.normal(6 * np.eye(3)[groups], 1), columns=["a", "b", "c"])
    found = advise(table, ks=[2, 3, 4], seed=0)
    result = segment(table, k=3, seed=0)
    assert say_verdict(result.sizes.tolist(), advice=found) == (
        "3 segments of 80 customers each; the evidence speaks for three too."
    )
