"""What sets each segment apart, as a rule in the features' own units, tested on customers who were held out.

A rule is a path through a shallow decision tree (Breiman et al., "Classification and Regression Trees", 1984) that
separates one segment from all others. Its thresholds are rounded before they are tested, so that a sentence says what
was tested.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.settings import check_seed
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import SEGMENT
from custseg.tables.written_values import written
from custseg.wording import (
    as_written,
    capitalised,
    count,
    escape_markdown,
    join_words,
    number,
    paragraphs_as_html,
    percent,
    untypeset,
)

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.column_roles import Column

    Floats = npt.NDArray[np.float64]
    Members = npt.NDArray[np.bool_]

MOST_CUSTOMERS = 20_000
DEEPEST = 3
# Of each segment, every third customer is held out.
_HELD_OUT = 3
# With fewer customers than this, nobody would be left to find a rule by, or to test it on.
FEWEST_CUSTOMERS = 6
# How often a rule is right is not said where fewer customers than this meet it, nor a percentage of fewer.
FEWEST_MET = 10
CONFIDENCE = 0.95


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
        return f"{label} {'above' if self.above else 'up to'} {limit}"

    def met_by(self, values: Floats) -> Members:
        """Return which values of the feature meet it."""
        return np.greater(values, self.threshold) if self.above else np.less_equal(values, self.threshold)


@dataclass(frozen=True, slots=True)
class Rule:
    """What customers of one segment have in common, and how far that holds for customers who were held out.

    Attributes
    ----------
    segment
        Its number, from 1.
    conditions
        All of which a customer has to meet; none where no rule could be found.
    coverage
        How much of the segment meets the rule, 0 to 1.
    precision
        How many of those who meet the rule are in the segment, 0 to 1; 0 where nobody meets it.
    customers, met
        How many held-out customers of the segment, and how many held-out customers meet the rule.
    right
        How many of those who meet the rule are in the segment.

    """

    segment: int
    conditions: tuple[RuleCondition, ...]
    coverage: float
    precision: float
    customers: int
    met: int
    right: int = 0

    @property
    def least_precision(self) -> float | None:
        """How often the rule is right at least, with 95% confidence; None where fewer than FEWEST_MET meet it.

        The lower end of Wilson's interval ("Probable Inference, the Law of Succession, and Statistical Inference",
        1927), which lies too high for rules that are seldom right: there it is the bound of Clopper & Pearson ("The Use
        of Confidence or Fiducial Limits", 1934).
        """
        from scipy.stats import binomtest

        if self.met < FEWEST_MET:
            return None
        wilson = binomtest(self.right, self.met).proportion_ci(CONFIDENCE, method="wilson")
        exact = binomtest(self.right, self.met, alternative="greater").proportion_ci(CONFIDENCE, method="exact")
        return float(min(wilson.low, exact.low))

    def __str__(self) -> str:
        return f"{self.sentence.removesuffix('.')} (segment {self.segment})."

    @property
    def condition(self) -> str:
        """What a customer has to meet; empty where no rule could be found."""
        return capitalised(join_words(list(map(str, self.conditions)))) if self.conditions else ""

    @property
    def sentence(self) -> str:
        """The rule and how far it holds, for who knows which segment it is of."""
        if not self.conditions:
            return "Too few customers to find a rule and test it."
        coverage = f"{percent(self.coverage)} of the segment"
        if self.customers < FEWEST_MET:
            coverage = f"{self.right} of {self.customers} held out of the segment"
        return f"{self.condition}: {coverage}{self._how_right}."

    @property
    def _how_right(self) -> str:
        least = self.least_precision
        if least is None:
            met = f"{self.met} held out" if self.met else "nobody held out"
            return f"; too few customers ({met}) meet the rule to say how often it is right"
        return (
            f", right {percent(self.precision)} of the time ({self.right:,} of {self.met:,}; at least {percent(least)} "
            f"with {percent(CONFIDENCE)} confidence)"
        )


@dataclass(frozen=True, eq=False)
class Rules:
    """One rule for each segment, in their order, and the identifiers of the customers that they were tested on.

    The segments were found on these too. Of customers who come later rules are right about as often where there are
    groups; where there are none, some three percentage points less often (``python -m benchmarks.rules``).
    """

    segmentation: Segmentation
    rules: tuple[Rule, ...]
    held_out: npt.NDArray[np.object_]

    def __str__(self) -> str:
        return "\n".join([*(str(rule) for rule in self.rules), self.note])

    @property
    def note(self) -> str:
        """On whom the rules were tested."""
        return f"Tested on {count(len(self.held_out), 'customer')} held out when the rules were found."

    @property
    def frame(self) -> pd.DataFrame:
        """One row per segment: the rule, its coverage, and how often it is right, with the counts behind it."""
        import pandas as pd

        return pd.DataFrame(
            {
                "rule": [rule.condition for rule in self.rules],
                "coverage": [rule.coverage for rule in self.rules],
                "held out": [rule.customers for rule in self.rules],
                "met": [rule.met for rule in self.rules],
                "right": [rule.right for rule in self.rules],
                "precision": [np.nan if rule.least_precision is None else rule.precision for rule in self.rules],
                "least precision": [np.nan if (low := rule.least_precision) is None else low for rule in self.rules],
            },
            index=pd.Index([rule.segment for rule in self.rules], name="segment"),
        )

    def _repr_markdown_(self) -> str:
        return untypeset("\n\n".join(escape_markdown(line) for line in str(self).splitlines()))

    def _repr_html_(self) -> str:
        return as_written(paragraphs_as_html(str(self).splitlines()))


def find_rules(segmentation: Segmentation, *, seed: int | None = 0) -> Rules:
    """Find a rule for each segment on two thirds of the customers, and test it on the others.

    Raises
    ------
    SettingError
        The seed cannot be used.

    """
    generator = np.random.default_rng(check_seed(seed))
    sample = segmentation.segmented_sample(MOST_CUSTOMERS, seed or 0)
    labels = segment_numbers(sample.labels[SEGMENT])
    held = _held_out(labels, segmentation.k, generator)
    values = sample.matrix(segmentation.features)
    filled = segmentation.preparation.filled(values)
    columns = tuple(map(segmentation.schema.column, segmentation.features))
    rules = []
    for own in range(1, segmentation.k + 1):
        member = labels == own
        conditions: tuple[RuleCondition, ...] = ()
        if np.count_nonzero(member) >= FEWEST_CUSTOMERS:
            conditions = _best_path(filled[~held], member[~held], columns)
        rules.append(_tested(own, conditions, values[held], member[held], segmentation.features))
    return Rules(segmentation, tuple(rules), sample.identifiers[held])


def _held_out(labels: npt.NDArray[np.intp], k: int, generator: np.random.Generator) -> Members:
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
        return float(number(100 * threshold)) / 100
    if column.quantity:
        # Of whole numbers as many are above 19.5 as above 19.
        return float(number(math.floor(threshold)).replace(",", ""))
    return float(number(threshold).replace(",", ""))


def _meet(path: tuple[RuleCondition, ...], values: Floats, features: tuple[str, ...]) -> Members:
    met = np.ones(len(values), dtype=bool)
    for condition in path:
        met &= condition.met_by(values[:, features.index(condition.feature)])
    return met


def _f_score(met: Members, member: Members) -> float:
    """Return the harmonic mean of coverage and precision (van Rijsbergen, 1979)."""
    return float(2 * (met & member).sum() / max(met.sum() + member.sum(), 1))


def _tested(
    own: int, conditions: tuple[RuleCondition, ...], values: Floats, member: Members, features: tuple[str, ...]
) -> Rule:
    met = _meet(conditions, values, features) if conditions else np.zeros(len(values), dtype=bool)
    both, customers, meeting = (int(np.count_nonzero(chosen)) for chosen in (met & member, member, met))
    return Rule(own, conditions, both / max(customers, 1), both / max(meeting, 1), customers, meeting, both)
