"""What there is to see in pictures of segments: true of the numbers."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, profile, segment
from custseg.insight.groups import Groups, find_groups
from custseg.narrative.side_by_side import see_averages, see_ranks, see_shares, see_spread


def groups_of(customers: object, k: int = 4) -> Groups:
    return find_groups(profile(segment(customers, k=k, seed=42)))


@pytest.fixture(scope="module")
def groups(table: CustomerTable) -> Groups:
    return groups_of(table)


def test_the_average_that_is_furthest_is_named(groups: Groups) -> None:
    found = groups.profile
    scores = np.abs((found.means - found.overall_means) / found.overall_deviations)
    segment, feature = np.unravel_index(int(scores.argmax()), scores.shape)
    ratio = found.means[segment, feature] / found.overall_means[feature]
    label = found.segmentation.schema.label(found.features[feature])
    assert see_averages(groups) == f"Segment {segment + 1} stands out most. {label}: {ratio:,.0f} times the average."


def test_the_ranks_that_are_furthest_apart_are_told(groups: Groups) -> None:
    ranks = np.array([group.ranks for group in groups.segments])
    feature = int(np.ptp(ranks, axis=0).argmax())
    high, low = ranks[:, feature].argmax(), ranks[:, feature].argmin()
    said = see_ranks(groups)
    assert f"segment {high + 1} is above {ranks[high, feature]:.0%}" in said
    assert f"segment {low + 1} above {ranks[low, feature]:.0%}" in said


def test_the_highest_and_the_lowest_median_are_named_for_each_feature(groups: Groups) -> None:
    for position in range(len(groups.profile.features)):
        medians = groups.profile.medians[:, position]
        high, low = re.findall(r"in segment (\d)", see_spread(groups, position))
        assert [int(high) - 1, int(low) - 1] == [int(medians.argmax()), int(medians.argmin())]


def test_who_brings_in_more_than_its_size_is_named(groups: Groups) -> None:
    found = groups.profile
    assert found.spend_share is not None
    ratios = found.spend_share / found.customer_share
    best = int(ratios.argmax())
    assert see_shares(groups).startswith(f"Segment {best + 1} is {found.customer_share[best]:.0%} of customers")
    assert f"{ratios[best]:.1f} times its share" in see_shares(groups)


def test_without_spend_the_largest_is_named() -> None:
    groups = groups_of(pd.DataFrame({"age": [20.0, 21, 22, 23, 60, 61], "visits": [1, 2, 1, 2, 9, 8]}), k=2)
    assert see_shares(groups) == "Segment 1 is the largest, with 67% of all customers."
    assert "times" not in see_averages(groups)


def test_segments_that_have_the_same_median_are_named_together() -> None:
    ages = [20.0] * 6 + [40.0] * 6 + [60.0] * 6
    groups = groups_of(pd.DataFrame({"children": [0.0] * 12 + [1.0] * 6, "age": ages}), k=3)
    said = see_spread(groups, groups.profile.features.index("children"))
    assert re.search(r"highest in segment \d \(1\) and lowest in segments \d and \d \(0\)", said)


def test_where_all_have_the_same_median_nothing_is_made_of_it() -> None:
    frame = pd.DataFrame({"visits": [3.0] * 9 + [4.0, 4.0] + [3.0] * 9, "age": [20.0] * 10 + [60.0] * 10})
    groups = groups_of(frame, k=2)
    said = see_spread(groups, groups.profile.features.index("visits"))
    assert said == "Visits: the median customer of every segment is at 3."
