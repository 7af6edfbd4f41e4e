"""How stable segments are, beside what R's fpc::clusterboot finds for the same segments of ten tables."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from custseg import certainty
from custseg.insight.certainty import FIRST_RESAMPLES
from tests.insight.clusterboot.tables import SEGMENTS, segmented

FIGURES = json.loads((Path(__file__).parent / "clusterboot" / "figures.json").read_text(encoding="utf-8"))
# The tables of more than a thousand customers are looked at in benchmarks/stability.py.
SMALL = tuple(name for name, figures in FIGURES.items() if sum(figures["sizes"]) < 2000)


def jaccards() -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
    found = [certainty(segmented(name)).jaccard for name in SMALL]
    return np.concatenate(found), np.concatenate([FIGURES[name]["jaccard"] for name in SMALL])


def test_segments_come_back_as_much_as_clusterboot_finds() -> None:
    found, expected = jaccards()
    assert np.corrcoef(found, expected)[0, 1] >= 0.98
    assert np.abs(found - expected).max() <= 0.06


@pytest.mark.parametrize("name", SMALL)
def test_the_segments_that_clusterboot_looked_at_are_ours(name: str) -> None:
    assert segmented(name).sizes.tolist() == FIGURES[name]["sizes"]


def test_segments_of_many_customers_come_back_as_if_all_were_drawn() -> None:
    # 30 of 50,000 customers are a segment of their own, which a sample of 2,000 would nearly always miss.
    found = certainty(segmented("loyalty"), resamples=FIRST_RESAMPLES)
    assert found.drawn_from == 50_000
    np.testing.assert_allclose(found.jaccard, [0.95, 0.94, 0.98, 1.0], atol=0.06)


def test_there_are_figures_of_each_table() -> None:
    assert FIGURES.keys() == SEGMENTS.keys()
