"""What sets a segment apart: rules that are true of the customers they were tested on, found where they are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from benchmarks.rules import measure
from custseg import Recipe, Rule, Rules, Segmentation, find_rules, segment
from custseg.insight.rule_search import RuleCondition, _rounded
from custseg.insight.rules import MOST_CUSTOMERS
from custseg.tables.column_roles import Column, Quantity
from custseg.tables.written_values import written
from custseg.wording import number
from tests.markdown import rendered
from tests.strategies import segmentations


def met(rule: Rule, result: Segmentation, rows: np.ndarray) -> np.ndarray:
    """Return which customers meet a rule, read off the raw table anew."""
    holds = np.ones(len(rows), dtype=bool)
    for condition in rule.conditions:
        values = result.table.matrix([condition.feature])[rows, 0]
        holds &= (values > condition.threshold) if condition.above else (values <= condition.threshold)
    return holds if rule.conditions else np.zeros(len(rows), dtype=bool)


def rows_of(found: Rules, result: Segmentation) -> np.ndarray:
    """Return where the customers stand that were held out."""
    return np.flatnonzero(np.isin(result.table.identifiers, found.held_out))


def is_true(found: Rules, result: Segmentation) -> None:
    rows = rows_of(found, result)
    for rule in found.rules:
        holds, member = met(rule, result, rows), result.labels[rows] == rule.segment
        assert (rule.met, rule.customers) == (holds.sum(), member.sum())
        assert rule.coverage == pytest.approx((holds & member).sum() / max(member.sum(), 1))
        of_these = (holds & member).sum() / max(holds.sum(), 1)
        assert rule.precision == pytest.approx(max(of_these - rule.optimism, 0))
        assert rule.right == (holds & member).sum()
        assert (rule.least_precision is None) == (rule.met < 10)


def test_on_the_bundled_table_the_rules_hold_for_customers_who_were_held_out(result: Segmentation) -> None:
    found = find_rules(result)
    is_true(found, result)
    assert str(found.rules[0]).startswith(
        "Grocery up to 8,526 and Detergents and paper up to 3,917: 89% of the segment"
    )
    assert min(rule.coverage for rule in found.rules[:2]) > 0.8
    assert min(rule.precision for rule in found.rules[:2]) > 0.9
    # Four customers are too few.
    assert found.rules[3].conditions == ()
    assert "Too few customers" in str(found.rules[3])


def test_nobody_who_is_tested_was_looked_at_before(result: Segmentation) -> None:
    found = find_rules(result)
    assert len(set(found.held_out)) == len(found.held_out)
    for own, size in enumerate(result.sizes, start=1):
        assert (result.labels[rows_of(found, result)] == own).sum() == size // 3


def test_a_planted_rule_is_found() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.uniform(0, 10, (600, 3)), columns=["a", "b", "c"])
    frame["b"] += np.where(np.arange(600) % 3 == 0, 100, 0)
    found = find_rules(segment(frame, k=2, seed=0))
    for rule, above in zip(found.rules, (False, True), strict=True):
        (condition,) = rule.conditions
        assert (condition.feature, condition.above) == ("b", above)
        assert 10 < condition.threshold < 100
        assert (rule.coverage, rule.precision) == (1, 1)


def rule_right_of(customers: int, met: int, right: int) -> Rule:
    conditions = (RuleCondition("Milk", above=True, threshold=300.0),)
    return Rule(1, conditions, right / max(customers, 1), right / max(met, 1), customers, met, right)


def test_a_rule_says_on_how_many_customers_it_rests() -> None:
    assert rule_right_of(16, 12, 12).sentence == (
        "Milk above 300: 75% of the segment, right 100% of the time (12 of 12; at least 76% with 95% confidence)."
    )
    assert rule_right_of(9, 12, 9).sentence == (
        "Milk above 300: 9 of 9 held out of the segment, right 75% of the time (9 of 12; at least 47% with 95% "
        "confidence)."
    )


def test_where_too_few_meet_a_rule_it_does_not_say_how_often_it_is_right() -> None:
    assert rule_right_of(20, 9, 9).sentence == (
        "Milk above 300: 45% of the segment; too few customers (9 held out) meet the rule to say how often it is right."
    )
    assert rule_right_of(2, 0, 0).sentence == (
        "Milk above 300: 0 of 2 held out of the segment; too few customers (nobody held out) meet the rule to say how "
        "often it is right."
    )


@pytest.mark.parametrize("met", [10, 13, 40])
def test_what_a_rule_is_right_at_least_is_too_much_one_time_in_twenty_at_most(met: int) -> None:
    right = np.arange(met + 1)
    least = np.array([rule_right_of(met, met, count).least_precision for count in right.tolist()], dtype=float)
    for truth in np.linspace(0.02, 0.998, 80):
        assert binom.pmf(right, met, truth)[least > truth].sum() <= 0.05


@pytest.mark.parametrize("population", ["planted groups", "no groups"])
def test_of_fresh_customers_rules_are_right_as_often_as_they_say(population: str) -> None:
    found = measure(population, tables=12, first_seed=0)
    # Rather too seldom than too often: of so few tables the mean is known to some two points.
    assert -0.04 < found.said - found.was < 0.02
    assert found.below_least <= 0.05


def test_what_is_taken_off_since_segments_were_found_on_those_tested_is_said() -> None:
    no_groups = pd.DataFrame(np.random.default_rng(1).normal(size=(300, 5)), columns=list("abcde"))
    found = find_rules(segment(no_groups, k=4, seed=0))
    rule = next(rule for rule in found.rules if rule.met >= 10)
    assert rule.optimism >= 0.01
    assert f"right about {rule.precision:.0%} of the time ({rule.right} of {rule.met} held out; at least" in str(rule)
    assert f"right of them about {100 * rule.optimism:.0f} percentage points more often" in found.note


def test_the_frame_holds_the_counts_behind_each_rule(result: Segmentation) -> None:
    found = find_rules(result)
    frame = found.frame
    assert frame["rule"].tolist()[3] == ""
    assert str(found.rules[0]).startswith(f"{frame['rule'][1]}: ")
    known = frame[frame["met"] >= 10]
    np.testing.assert_allclose(known["right"] / known["met"] - found.rules[0].optimism, known["precision"])
    assert (known["least precision"] < known["precision"]).all()
    # Of four customers that meet it nothing is said.
    assert np.isnan(frame["precision"][3])


def test_one_seed_gives_the_same_rules(result: Segmentation) -> None:
    assert find_rules(result, seed=3).rules == find_rules(result, seed=3).rules


def test_of_many_customers_a_sample_is_looked_at() -> None:
    values = np.random.default_rng(0).normal(size=(2 * MOST_CUSTOMERS, 2))
    result = segment(pd.DataFrame(values, columns=["a", "b"]), k=2, seed=0)
    found = find_rules(result)
    assert len(found.held_out) <= MOST_CUSTOMERS // 3
    is_true(found, result)


def test_customers_in_no_segment_are_left_out(table: object) -> None:
    result = segment(table, k=3, seed=0, recipe=Recipe(exceptional=5))
    assert not result.exceptional[rows_of(find_rules(result), result)].any()


def test_names_from_the_table_are_no_markup() -> None:
    frame = pd.DataFrame({"<b>*x*</b>": np.repeat([0.0, 9.0], 20), "y": np.tile([1.0, 2.0], 20)})
    found = find_rules(segment(frame, features=["<b>*x*</b>"], k=2, seed=0))
    for html in (True, False):
        tags, text = rendered(found._repr_markdown_(), html=html)
        assert tags == {"p"}
        assert "<b>*x*</b> up to" in text


@given(st.floats(-1e12, 1e12), st.sampled_from(["", "whole", "year"]))
def test_the_threshold_that_is_read_is_the_one_that_is_tested(threshold: float, quantity: Quantity) -> None:
    column = Column("x", "feature", "numbers", quantity=quantity)
    rounded = _rounded(threshold, column)
    assert float(written(column, rounded).replace(",", "")) == rounded
    if not quantity:
        assert number(rounded) == number(threshold)


@given(st.floats(0, 1))
def test_a_threshold_of_a_share_is_tested_as_the_percentage_that_is_read(threshold: float) -> None:
    column = Column("x", "feature", "numbers", quantity="share")
    rounded = _rounded(threshold, column)
    assert float(written(column, rounded).removesuffix("%")) == pytest.approx(100 * rounded, rel=1e-12)


@given(st.integers(-1000, 999), st.integers(-1000, 999))
def test_of_whole_numbers_a_whole_threshold_lets_through_the_same(value: int, below: int) -> None:
    threshold = below + 0.5
    rounded = _rounded(threshold, Column("x", "feature", "numbers", quantity="whole"))
    assert (value > threshold) == (value > rounded)


@given(segmentations())
def test_of_any_segmentation_every_rule_is_true(result: Segmentation) -> None:
    is_true(find_rules(result), result)
