"""How stable segments are beside R's fpc::clusterboot, and how often intervals hold what is true of all customers."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import custseg
from benchmarks.planted import SHAPES
from custseg.how_many.separation import find_separation
from tests.insight.clusterboot.tables import DATA, SEGMENTS, segmented

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

FIGURES = DATA.parent / "tests" / "insight" / "clusterboot" / "figures.json"
TABLES, CUSTOMERS, EVERYBODY = 200, 300, 400_000
# Three groups that overlap a little: the truth about them is what K-Means makes of everybody.
_CENTRES = np.array([[40.0, 9.0], [110.0, 4.0], [70.0, 15.0]])
_SHARES = (0.55, 0.15, 0.3)
_EMPTY = 18


def beside_clusterboot() -> tuple[float, float]:
    """Return the correlation with fpc's mean similarities of all segments of ten tables, and the largest difference."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    found = np.concatenate([custseg.certainty(segmented(name)).jaccard for name in SEGMENTS])
    expected = np.concatenate([figures[name]["jaccard"] for name in SEGMENTS])
    return float(np.corrcoef(found, expected)[0, 1]), float(np.abs(found - expected).max())


def _drawn(generator: np.random.Generator, customers: int) -> pd.DataFrame:
    group = generator.choice(len(_SHARES), customers, p=_SHARES)
    values = _CENTRES[group] + generator.normal(size=(customers, 2)) * [14.0, 2.0]
    return pd.DataFrame(values, columns=["total_spend", "visits"])


def _numbers(profile: custseg.Profile, order: npt.NDArray[np.intp]) -> list[Floats]:
    numbers = (profile.customer_share, np.asarray(profile.spend_share), profile.means[:, 0] / profile.overall_means[0])
    return [each[order] for each in numbers]


def coverage() -> dict[str, float]:
    """Return how many of the 95% intervals hold the size, the share of spend, and the multiple of the average."""
    k = len(_SHARES)
    everybody = custseg.segment(_drawn(np.random.default_rng(90_000), EVERYBODY), k=k, seed=1)
    truth = _numbers(custseg.profile(everybody), np.argsort(everybody.centroids[:, 0]))
    inside = np.zeros(3)
    for number in range(TABLES):
        result = custseg.segment(_drawn(np.random.default_rng(91_000 + number), CUSTOMERS), k=k, seed=1)
        order = np.argsort(result.centroids[:, 0])
        ends = custseg.certainty(result).intervals
        told = (ends.customer_share[order], np.asarray(ends.spend_share)[order], ends.times_average[order, 0])
        inside += [np.mean((each[:, 0] <= true) & (true <= each[:, 1])) for each, true in zip(told, truth, strict=True)]
    names = ("share of customers", "share of spend", "multiple of the average")
    return dict(zip(names, (inside / TABLES).tolist(), strict=True))


def without_groups() -> tuple[int, int, int]:
    """Return in how many tables without groups all segments are solid, how many of these have none overlap, of all."""
    solid, apart = 0, 0
    for number in range(_EMPTY):
        generator = np.random.default_rng(95_000 + number)
        shape = list(SHAPES.values())[number % len(SHAPES)]
        k = 2 + number % 4
        result = custseg.segment(pd.DataFrame(shape(generator, 600, 2 + number % 3)).add_prefix("x"), k=k, seed=1)
        if set(custseg.certainty(result).stability) == {"solid"}:
            solid += 1
            apart += all(each.gap != "overlapping" for each in find_separation(result))
    return solid, apart, _EMPTY


def seconds() -> dict[int, float]:
    """Return the processor time of certainty on the bundled tables, by their customers."""
    taken = {}
    for name in ("wholesale", "shop", "loyalty"):
        result = segmented(name)
        began = time.process_time()
        custseg.certainty(result)
        taken[int(result.sizes.sum())] = time.process_time() - began
    return taken
