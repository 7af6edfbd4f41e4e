"""The rule that tells one segment from the others: the best path through a shallow decision tree.

Breiman et al., "Classification and Regression Trees" (1984). Thresholds are rounded before they are tested, so that a
sentence says what was tested.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.language import say
from custseg.tables.written_values import written
from custseg.wording import number, read_back

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.column_roles import Column
    from custseg.tables.customers import Sample

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.intp]
    Members = npt.NDArray[np.bool_]

DEEPEST = 3
# Of each segment, every third customer is held out.
_HELD_OUT = 3
# With fewer customers than this, nobody would be left to find a rule by, or to test it on.
FEWEST_CUSTOMERS = 6


@dataclass(frozen=True, slots=True)
class RuleCondition:
    """A feature above a threshold, or at most there, in its own units. A missing value meets no condition.

    ``column`` says what the feature is called, and how its numbers are written; None where nobody knows.
    """

    feature: str
    above: bool
    threshold: float
    column: Column | None = None

    def __str__(self) -> str:
        label, limit = self.feature, number(self.threshold)
        if self.column is not None:
            label, limit = self.column.label or self.feature, written(self.column, self.threshold)
        if self.above:
            return say("{feature} above {limit}", feature=label, limit=limit)
        return say("{feature} up to {limit}", feature=label, limit=limit)

    def met_by(self, values: Floats) -> Members:
        """Return which values of the feature meet it."""
        return np.greater(values, self.threshold) if self.above else np.less_equal(values, self.threshold)


@dataclass(frozen=True, eq=False)
class Customers:
    """The n customers among whom rules are looked for.

    Attributes
    ----------
    values, filled
        n x features in the features' own units; in ``filled``, missing values are filled in.
    columns
        What each feature is called, and how its numbers are written.

    """

    values: Floats = field(repr=False)
    filled: Floats = field(repr=False)
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, segmentation: Segmentation, sample: Sample) -> Customers:
        """Take the customers of a sample."""
        values = sample.matrix(segmentation.features)
        columns = tuple(map(segmentation.schema.column, segmentation.features))
        return cls(values, segmentation.preparation.filled(values), columns)

    def rule_for(self, member: Members, rows: Rows) -> tuple[RuleCondition, ...]:
        """Find a rule for the members on some customers; none where the members are too few."""
        if np.count_nonzero(member) < FEWEST_CUSTOMERS:
            return ()
        return _best_path(self.filled[rows], member[rows], self.columns)

    def meeting(self, rule: tuple[RuleCondition, ...], rows: Rows) -> Members:
        """Return which of some customers meet a rule; without conditions, nobody does."""
        if not rule:
            return np.zeros(len(rows), dtype=bool)
        return _meet(rule, self.values[rows], tuple(column.name for column in self.columns))


def hold_out(labels: npt.NDArray[np.intp], k: int, generator: np.random.Generator) -> Members:
    """Hold out every third customer of each segment, at random."""
    held = np.zeros(len(labels), dtype=bool)
    for own in range(1, k + 1):
        members = generator.permutation(np.flatnonzero(labels == own))
        held[members[: len(members) // _HELD_OUT]] = True
    return held


def _best_path(values: Floats, member: Members, columns: tuple[Column, ...]) -> tuple[RuleCondition, ...]:
    """Return the path through a tree whose customers are most of the segment and hardly any others."""
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(max_depth=DEEPEST, class_weight="balanced", random_state=0).fit(values, member).tree_
    features = tuple(column.name for column in columns)
    paths = [path for path in _paths(tree, columns) if path]
    return max(paths, key=lambda path: _f_score(_meet(path, values, features), member), default=())


def _paths(tree: Any, columns: tuple[Column, ...], node: int = 0, path: tuple[RuleCondition, ...] = ()) -> list[Any]:
    """List the conditions of every node of a tree, its leaves and all between."""
    found = [path]
    if tree.children_left[node] != tree.children_right[node]:
        column = columns[tree.feature[node]]
        threshold = _rounded(float(tree.threshold[node]), column)
        for child, above in ((tree.children_left[node], False), (tree.children_right[node], True)):
            found += _paths(tree, columns, child, _and(path, RuleCondition(column.name, above, threshold, column)))
    return found


def _and(path: tuple[RuleCondition, ...], more: RuleCondition) -> tuple[RuleCondition, ...]:
    """Add a condition; of two on the same side of a feature the narrower holds, which is the later one."""
    others = (condition for condition in path if (condition.feature, condition.above) != (more.feature, more.above))
    return (*others, more)


def _rounded(threshold: float, column: Column) -> float:
    """Round to what is written, so that the rule that is read is the rule that is tested."""
    if column.quantity == "share":
        return read_back(number(100 * threshold)) / 100
    if column.quantity:
        # Of whole numbers as many are above 19.5 as above 19.
        return read_back(number(math.floor(threshold)))
    return read_back(number(threshold))


def _meet(path: tuple[RuleCondition, ...], values: Floats, features: tuple[str, ...]) -> Members:
    met = np.ones(len(values), dtype=bool)
    for condition in path:
        met &= condition.met_by(values[:, features.index(condition.feature)])
    return met


def _f_score(met: Members, member: Members) -> float:
    """Return the harmonic mean of coverage and precision (van Rijsbergen, 1979)."""
    return float(2 * (met & member).sum() / max(met.sum() + member.sum(), 1))
