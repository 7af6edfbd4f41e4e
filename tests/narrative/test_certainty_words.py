"""What is said of how sure segments are: true of the numbers, and never that what comes back is a group of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, certainty, profile, segment
from custseg.how_many.separation import Separation, find_separation
from custseg.narrative.certainty_words import separation_sentence, span, stability_phrase, uncertain_numbers


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((0.51, 0.88), "between about a half and nine tenths (51% to 88%)"),
        ((0.26, 0.81), "between about a quarter and four fifths (26% to 81%)"),
        ((0.28, 0.81), "between about three tenths and four fifths (28% to 81%)"),
        ((0.36, 0.81), "anything from 36% to 81%"),
        ((0.002, 0.25), "anything from under 1% to 25%"),
    ],
)
def test_a_span_of_shares_is_said_in_words_where_there_are_words(ends: tuple[float, float], said: str) -> None:
    assert span(*ends) == said


def test_slices_of_one_crowd_are_never_called_groups_however_often_they_come_back() -> None:
    crowd = pd.DataFrame(np.random.default_rng(1).uniform(size=(600, 2)), columns=["a", "b"])
    result = segment(crowd, k=4, seed=0)
    separation = find_separation(result)
    phrases = [stability_phrase("solid", each, ("a", "b", "c", "d")) for each in separation]
    assert all("but runs into segment" in phrase for phrase in phrases)
    assert "no groups of their own" in separation_sentence(separation)


def test_groups_with_a_gap_between_them_are_set_apart() -> None:
    generator = np.random.default_rng(2)
    values = np.repeat([[0.0, 0], [9, 0], [0, 9]], 80, axis=0) + generator.normal(size=(240, 2))
    separation = find_separation(segment(pd.DataFrame(values, columns=["a", "b"]), k=3, seed=0))
    assert {each.gap for each in separation} == {"apart"}
    assert stability_phrase("solid", separation[0], ("a", "b", "c")).endswith("and is set apart from the others")
    assert "gap" in separation_sentence(separation)


def test_a_gap_beside_a_handful_of_customers_may_be_chance() -> None:
    thinner = Separation(segment=1, neighbour=2, density_ratio=0.6, depth_z=9.0)
    assert stability_phrase("solid", thinner, ("a", "b")).endswith("and there are fewer customers at its border")
    few = Separation(segment=1, neighbour=2, density_ratio=0.1, depth_z=0.7)
    assert "too few customers to tell" in stability_phrase("fragile", few, ("a", "b"))


def test_what_is_said_of_wholesale_is_what_was_found(table: CustomerTable) -> None:
    result = segment(table, k=4, seed=42)
    found, segment_profile = certainty(result, resamples=30), profile(result)
    told = uncertain_numbers(segment_profile, found.intervals, ("one", "two", "three", "four"))
    low, high = found.intervals.customer_share[0]
    assert told[0].startswith(f"Segment 1, one: {segment_profile.customer_share[0]:.0%} of customers here, ")
    assert f"{low:.0%} to {high:.0%}" in told[0]


def test_narrow_intervals_are_not_talked_about(table: CustomerTable) -> None:
    result = segment(table, k=4, seed=42)
    found, segment_profile = certainty(result, resamples=4), profile(result)
    shares = segment_profile.customer_share[:, None] * [0.99, 1.01]
    ratios = (segment_profile.means / segment_profile.overall_means)[..., None] * [0.99, 1.01]
    narrow = replace(found.intervals, customer_share=shares, spend_share=shares, times_average=ratios)
    assert uncertain_numbers(segment_profile, narrow, ("one", "two", "three", "four")) == ()


def test_a_small_share_is_told_where_it_could_be_twice_as_large(table: CustomerTable) -> None:
    result = segment(table, k=4, seed=42)
    found, segment_profile = certainty(result, resamples=4), profile(result)
    shares = np.array([[0.7, 0.8], [0.2, 0.3], [0.02, 0.08], [0.01, 0.03]])
    ratios = (segment_profile.means / segment_profile.overall_means)[..., None] * [0.99, 1.01]
    intervals = replace(found.intervals, customer_share=shares, spend_share=None, times_average=ratios)
    told = uncertain_numbers(segment_profile, intervals, ("one", "two", "three", "four"))
    assert told == ("Segment 3, three: 2% of customers here, anything from 2% to 8% with others.",)
