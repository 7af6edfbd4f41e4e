"""The two features that show the segments best: against planted groups, a plain count, and other units and orders."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from custseg import Recipe, SegmentationModel, segment
from custseg.insight.hidden_differences import find_overlaps
from custseg.insight.separating_features import MOST_FEATURES, separating_pair
from custseg.tables.evening_out import EveningOut

FEATURES = ("Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen")


def pair_of(frame: pd.DataFrame, recipe: Recipe = Recipe(scaling="none")) -> tuple[str, str] | None:  # noqa: B008 - frozen
    result = segment(frame, k=3, seed=0, recipe=recipe)
    return separating_pair(find_overlaps(result).sample, result.features, ())


def planted(columns: int, generator: np.random.Generator) -> tuple[pd.DataFrame, set[str]]:
    """Three groups apart in two of the columns, at the corners of a triangle; the others are alike for all."""
    one, other = generator.permutation(columns)[:2]
    values = generator.normal(size=(240, columns))
    values[:80, one] += 12
    values[80:160, other] += 12
    return pd.DataFrame(values, columns=[f"c{position}" for position in range(columns)]), {f"c{one}", f"c{other}"}


@pytest.mark.parametrize("seed", range(6))
def test_it_finds_the_two_features_that_make_the_groups(seed: int) -> None:
    frame, wanted = planted(3 + seed * 5, np.random.default_rng(seed))
    assert set(pair_of(frame) or ()) == wanted


def by_a_plain_count(places: np.ndarray, labels: np.ndarray) -> float:
    """Return the same, customer by customer."""
    centroids = {number: places[labels == number].mean(axis=0) for number in set(labels)}
    found: dict[int, list[float]] = {number: [] for number in centroids}
    for place, number in zip(places, labels, strict=True):
        away = {each: float(np.linalg.norm(place - centroid)) for each, centroid in centroids.items()}
        own, other = away.pop(number), min(away.values())
        found[number].append((other - own) / max(own, other))
    return float(np.mean([np.mean(values) for values in found.values()]))


@pytest.mark.parametrize("evened", [(), ("Grocery", "Fresh", "Milk"), FEATURES])
def test_no_pair_of_the_bundled_table_separates_better(model: SegmentationModel, evened: tuple[str, ...]) -> None:
    assert model.result is not None
    features, sample = model.result.features, find_overlaps(model.result).sample
    values = sample.matrix(features)
    places = EveningOut.fit(values, np.isin(features, evened)).apply(values)
    places = (places - places.min(axis=0)) / np.ptp(places, axis=0)
    scores = {
        (features[one], features[other]): by_a_plain_count(places[:, [one, other]], model.result.labels)
        for one, other in combinations(range(len(features)), 2)
    }
    assert separating_pair(sample, features, evened) == max(scores, key=lambda pair: scores[pair])


def test_units_and_the_order_of_columns_make_no_difference() -> None:
    frame, wanted = planted(5, np.random.default_rng(7))
    frame = frame * [1, 1000, 0.001, 1, 50] + [0, 3, 5, -100, 1]
    turned = frame[list(frame)[::-1]]
    assert set(pair_of(frame, Recipe()) or ()) == set(pair_of(turned, Recipe()) or ()) == wanted


def test_gaps_constant_features_and_single_customers_are_no_hindrance() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame({"a": generator.normal(size=40), "b": generator.normal(size=40), "still": 1.0})
    frame.loc[39, "a"] = 1e6
    frame.loc[::3, "b"] = np.nan
    result = segment(frame, k=3, seed=0)
    pair = separating_pair(find_overlaps(result).sample, result.features, ())
    assert pair is not None
    assert "a" in pair
    assert separating_pair(find_overlaps(result).sample, ("a",), ()) is None


def test_of_many_features_those_that_separate_alone_are_looked_at() -> None:
    frame, wanted = planted(MOST_FEATURES * 4, np.random.default_rng(3))
    assert set(pair_of(frame) or ()) == wanted
