"""How much more often rules are right of customers who helped to shape the segments than of those who come later.

Segments are cut where few customers lie, and where there are no groups these gaps are chance: of customers who come
later, more lie on a border. Holding customers out when a rule is found does not show that, since the segments were
found on them too. So some are left out before segments are found anew (Efron, "How biased is the apparent error rate of
a prediction rule?", 1986, calls the difference the optimism).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering import engines
from custseg.clustering.engines.lloyd import nearest
from custseg.clustering.engines.threads import one_thread
from custseg.insight.rule_search import Customers, hold_out
from custseg.settings import LARGEST_SEED

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.rule_search import RuleCondition
    from custseg.tables.customers import Sample

    Members = npt.NDArray[np.bool_]

# Among few customers the difference is large, and many repetitions tell it; among many it is small, and one does.
_LEFT_OUT, _ONE_OF, _MOST_TIMES = 1_500, 3, 12
# A difference of less than a percentage point is not told from none.
_LEAST = 0.01


def find_optimism(segmentation: Segmentation, sample: Sample, generator: np.random.Generator) -> float:
    """Return the difference in how often rules are right, 0 to 1; 0 where it is below a percentage point.

    A third of the sampled customers is left out. In the others segments are found anew, and rules as ever, which are
    tested on customers of either kind; that is repeated, twelve times at most, until so many were left out that chance
    changes the difference by little more than a point. Two thirds of the customers shape segments a little more than
    all do, so it is rather too large than too small. It is not looked for where segments are the groups of a mixture.
    """
    k, prepared = segmentation.k, segmentation.preparation.apply(sample.matrix(segmentation.compared))
    left_out = len(prepared) // _ONE_OF
    if segmentation.mixture is not None or not left_out:
        return 0.0
    customers = Customers.of(segmentation, sample)
    shaping, later = np.zeros(2), np.zeros(2)
    with one_thread():
        for _ in range(min(math.ceil(_LEFT_OUT / left_out), _MOST_TIMES)):
            others, some = np.split(generator.permutation(len(prepared)), [left_out])
            if len(np.unique(prepared[some], axis=0)) < k:
                return 0.0
            found = engines.fit(segmentation.part.engine, prepared[some], k, int(generator.integers(LARGEST_SEED)))
            labels = np.zeros(len(prepared), dtype=np.intp)
            labels[some], labels[others] = found.labels + 1, nearest(prepared[others], found.centroids) + 1
            held = hold_out(labels[some], k, generator)
            for own in range(1, k + 1):
                rule = customers.rule_for(labels == own, some[~held])
                shaping += _right_and_met(customers, rule, labels == own, some[held])
                later += _right_and_met(customers, rule, labels == own, others)
    if not shaping[1] or not later[1]:
        return 0.0
    optimism = float(shaping[0] / shaping[1] - later[0] / later[1])
    return optimism if optimism >= _LEAST else 0.0


def _right_and_met(
    customers: Customers, rule: tuple[RuleCondition, ...], member: Members, rows: npt.NDArray[np.intp]
) -> tuple[int, int]:
    met = customers.meeting(rule, rows)
    return int(np.count_nonzero(met & member[rows])), int(np.count_nonzero(met))
