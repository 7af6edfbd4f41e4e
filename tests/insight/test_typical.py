"""The customers that a segment is most like."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, Recipe, Segmentation, segment
from custseg.insight.typical import find_typical


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_they_are_the_nearest_to_the_centroid_of_their_own(
    result: Segmentation, table: CustomerTable, number: int
) -> None:
    values = table.matrix(result.features)
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    members = np.flatnonzero(result.labels == number)
    distances = np.linalg.norm(scaled[members] - scaled[members].mean(axis=0), axis=1)
    nearest = members[np.argsort(distances)[:3]]
    found = find_typical(result, number)
    assert found.identifiers == tuple(table.identifiers[nearest])
    np.testing.assert_allclose(found.values, values[nearest])
    assert (found.among, found.everyone) == (len(members), True)


def test_a_segment_of_two_has_no_third_and_a_gap_stays_one() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 3, 4, 90, 91], "b": [1.0, 2, np.nan, 4, 90, 95]})
    result = segment(frame, k=2, seed=0)
    small = int(result.sizes.argmin()) + 1
    assert len(find_typical(result, small).identifiers) == 2
    everyone = find_typical(result, 3 - small, 9)
    assert np.isnan(everyone.values).sum() == 1


def test_whoever_was_set_apart_is_nobody_s_type(table: CustomerTable) -> None:
    result = segment(table, k=3, seed=0, recipe=Recipe(exceptional=3))
    apart = set(table.identifiers[result.exceptional])
    assert apart
    for number in range(1, 4):
        assert not apart & set(find_typical(result, number, 500).identifiers)
