"""What sets each segment apart, as a rule in the features' own units, tested on customers who were held out.

How often it is right of customers who come later is what is said: where segments were found in spite of there being
none, that is less often than of those who were held out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.insight.rule_optimism import find_optimism
from custseg.insight.rule_search import Customers, hold_out
from custseg.language import say
from custseg.settings import check_seed
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import SEGMENT
from custseg.wording import (
    as_written,
    capitalised,
    count,
    escape_markdown,
    join_words,
    paragraphs_as_html,
    percent,
    untypeset,
)

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.rule_search import RuleCondition

    Members = npt.NDArray[np.bool_]

MOST_CUSTOMERS = 20_000
# How often a rule is right is not said where fewer customers than this meet it, nor a percentage of fewer.
FEWEST_MET = 10
CONFIDENCE = 0.95


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
        How many of those who meet the rule are in the segment, of customers who come later, 0 to 1: ``right`` of
        ``met``, less ``optimism``; 0 where nobody meets it.
    customers, met
        How many held-out customers of the segment, and how many held-out customers meet the rule.
    right
        How many of those who meet the rule are in the segment.
    optimism
        How much more often rules are right of customers whom the segments were found on, as those held out are, than
        of others, 0 to 1; 0 where it is less than a percentage point. See ``custseg.insight.rule_optimism``.

    """

    segment: int
    conditions: tuple[RuleCondition, ...]
    coverage: float
    precision: float
    customers: int
    met: int
    right: int = 0
    optimism: float = 0.0

    @property
    def least_precision(self) -> float | None:
        """How often the rule is right at least, with 95% confidence; None where fewer than FEWEST_MET meet it.

        The lower end of Wilson's interval ("Probable Inference, the Law of Succession, and Statistical Inference",
        1927), which lies too high for rules that are seldom right: there it is the bound of Clopper & Pearson ("The Use
        of Confidence or Fiducial Limits", 1934). ``optimism`` is taken off.
        """
        from scipy.stats import binomtest

        if self.met < FEWEST_MET:
            return None
        wilson = binomtest(self.right, self.met).proportion_ci(CONFIDENCE, method="wilson")
        exact = binomtest(self.right, self.met, alternative="greater").proportion_ci(CONFIDENCE, method="exact")
        return float(max(min(wilson.low, exact.low) - self.optimism, 0))

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
            return say("Too few customers to find a rule and test it.")
        coverage = say("{coverage} of the segment", coverage=percent(self.coverage))
        if self.customers < FEWEST_MET:
            coverage = say("{right} of {customers} held out of the segment", right=self.right, customers=self.customers)
        return f"{self.condition}: {coverage}{self._how_right}."

    @property
    def _how_right(self) -> str:
        least = self.least_precision
        if least is None:
            met = say("{met} held out", met=self.met) if self.met else say("nobody held out")
            return say("; too few customers ({met}) meet the rule to say how often it is right", met=met)
        about, held_out = (say("about "), say(" held out")) if self.optimism else ("", "")
        return say(
            ", right {about}{precision} of the time ({right:,} of {met:,}{held_out}; at least {least} "
            "with {CONFIDENCE} confidence)",
            about=about,
            precision=percent(self.precision),
            right=self.right,
            met=self.met,
            held_out=held_out,
            least=percent(least),
            CONFIDENCE=percent(CONFIDENCE),
        )


@dataclass(frozen=True, eq=False)
class Rules:
    """What sets each segment apart from the others.

    The segments were found on these too. Where that makes rules look better than they are of customers who come later,
    the difference is found and taken off: some three percentage points of 440 customers without any groups, next to
    nothing where there are groups (``python -m benchmarks.rules``).

    Attributes
    ----------
    segmentation
        What the rules are of.
    rules
        One for each segment, in their order.
    held_out
        The identifiers of the customers that they were tested on.

    """

    segmentation: Segmentation
    rules: tuple[Rule, ...]
    held_out: npt.NDArray[np.object_]

    def __str__(self) -> str:
        return "\n".join([*(str(rule) for rule in self.rules), self.note])

    @property
    def note(self) -> str:
        """On whom the rules were tested, and what was taken off."""
        tested = say(
            "Tested on {count} held out when the rules were found.", count=count(len(self.held_out), "customer")
        )
        optimism = max((rule.optimism for rule in self.rules), default=0.0)
        if not optimism:
            return tested
        points = count(round(100 * optimism), "percentage point")
        return say(
            "{tested} The segments were found on these too, so that rules are right of them about "
            "{points} more often than of customers who come later; that much is taken off.",
            tested=tested,
            points=points,
        )

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

    Parameters
    ----------
    segmentation
        The segments. Of more than 20,000 customers, as many at random are taken.
    seed
        Draws those held out; None at random.

    Raises
    ------
    SettingError
        The seed cannot be used.

    """
    generator = np.random.default_rng(check_seed(seed))
    sample = segmentation.segmented_sample(MOST_CUSTOMERS, seed or 0)
    labels = segment_numbers(sample.labels[SEGMENT])
    held = hold_out(labels, segmentation.k, generator)
    optimism = find_optimism(segmentation, sample, generator)
    customers, (known, tested) = Customers.of(segmentation, sample), (np.flatnonzero(~held), np.flatnonzero(held))
    rules = []
    for own in range(1, segmentation.k + 1):
        conditions = customers.rule_for(labels == own, known)
        met = customers.meeting(conditions, tested)
        rules.append(_tested(own, conditions, met, labels[tested] == own, optimism))
    return Rules(segmentation, tuple(rules), sample.identifiers[held])


def _tested(own: int, conditions: tuple[RuleCondition, ...], met: Members, member: Members, optimism: float) -> Rule:
    right, customers, meeting = (int(np.count_nonzero(chosen)) for chosen in (met & member, member, met))
    precision = max(right / max(meeting, 1) - optimism, 0.0)
    return Rule(own, conditions, right / max(customers, 1), precision, customers, meeting, right, optimism)
