"""Bars beside facts: they are as long as what they stand for, and have one scale for all segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import interpret, profile, segment
from custseg.narrative.claims import sentence
from custseg.narrative.fact_bars import fact_bar

if TYPE_CHECKING:
    from pathlib import Path

    from custseg.insight.profile import Profile


def bars_of(described: Profile) -> list[tuple[int, str, float, float, float]]:
    bars = []
    for position, facts in enumerate(interpret(described).fact_phrases):
        for fact in facts:
            claim = next(phrase.claim for phrase in fact if phrase.claim)
            bar = fact_bar(described, fact)
            assert bar is not None
            assert 0 <= bar.start <= bar.end <= 1
            assert 0 <= bar.everyone <= 1
            bars.append((position, claim.feature or "", bar.start, bar.end, bar.everyone))
    return bars


def test_a_bar_of_an_amount_is_in_proportion_to_it_and_to_that_of_all(table_path: Path) -> None:
    described = profile(segment(table_path, k=4, seed=42))
    drawn = [bar for bar in bars_of(described) if bar[1] in described.features]
    assert len(drawn) >= 8
    for position, feature, start, end, everyone in drawn:
        which = described.features.index(feature)
        longest = described.means[:, which].max()
        assert start == 0
        assert end == pytest.approx(described.means[position, which] / longest)
        assert everyone == pytest.approx(described.overall_means[which] / longest)


def test_a_bar_of_a_category_is_its_share(table_path: Path) -> None:
    described = profile(segment(table_path, k=4, seed=42))
    facts = interpret(described).fact_phrases[0]
    claim = facts[0][0].claim
    assert claim is not None
    assert claim.statistic == "share of category"
    bar = fact_bar(described, facts[0])
    assert bar is not None
    assert (bar.end, bar.everyone) == (claim.value, claim.baseline)
    assert "88.0% here, 67.7% of all customers" in bar.words


def test_years_are_not_measured_from_year_nought_and_debts_reach_below_it() -> None:
    generator = np.random.default_rng(0)
    groups = np.repeat([0, 1], 100)
    table = pd.DataFrame(
        {
            "customer since year": np.where(groups, 2015, 1985) + generator.integers(-5, 5, 200),
            "balance": np.where(groups, 500.0, -500.0) + generator.normal(0, 50, 200),
        }
    )
    described = profile(segment(table, k=2, seed=0))
    for position, feature, start, end, everyone in bars_of(described):
        which = described.features.index(feature)
        value, average = described.means[position, which], described.overall_means[which]
        means = described.means[:, which]
        zero = average if feature == "customer since year" else 0.0
        low, high = min(means.min(), zero), max(means.max(), zero)
        expected = sorted(((zero - low) / (high - low), (value - low) / (high - low)))
        assert [start, end] == pytest.approx(expected)
        assert everyone == pytest.approx((average - low) / (high - low))


def test_words_without_a_number_have_no_bar(table_path: Path) -> None:
    assert fact_bar(profile(segment(table_path, k=2, seed=0)), sentence("They are many.")) is None
