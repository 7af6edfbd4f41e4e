"""What follows from the evidence, for evidence that is made up."""

from __future__ import annotations

from dataclasses import replace

from custseg.clustering.partition_agreement import Agreement
from custseg.clustering.validity_indices import Indices
from custseg.how_many.density_valleys import Valley
from custseg.how_many.evidence import Evidence
from custseg.how_many.null_silhouettes import NullSilhouette
from custseg.how_many.recommendation import is_natural, recommend
from custseg.how_many.smallest_segment import SmallestSegment

SMALLEST = SmallestSegment(0.02, None, 1000, 1000)


def found(
    k: int,
    *,
    steady: float,
    density_ratio: float,
    smallest: int = 100,
    silhouette: float = 0.3,
    strength: float | None = None,
    silhouette_without_groups: float = 0.1,
) -> Evidence:
    """Return the evidence for k segments of 1000 customers."""
    sizes = (1000 - smallest - (k - 2) * smallest, *[smallest] * (k - 1))
    return Evidence(
        k=k,
        sizes=sizes,
        indices=Indices(100.0 / k, silhouette, 50.0, 1.0),
        agreement=Agreement(steady if strength is None else strength, steady, steady),
        valley=Valley(1, 2, density_ratio, 5.0 if density_ratio < 0.9 else 0.1),
        value_valley=Valley(1, 2, density_ratio, 5.0 if density_ratio < 0.9 else 0.1),
        null=NullSilhouette(silhouette_without_groups, 0.01),
    )


def test_the_largest_number_of_groups_with_valleys_between_them_is_suggested() -> None:
    evidence = [
        found(2, steady=0.99, density_ratio=0.1),
        found(3, steady=0.95, density_ratio=0.2),
        found(4, steady=0.9, density_ratio=0.95),
    ]
    recommendation = recommend(evidence, SMALLEST)
    assert (recommendation.suggested, recommendation.natural_groups, recommendation.runner_up) == (3, True, 2)
    assert "95% of pairs stay together; at 4, only 90% do." in recommendation.reason
    assert "The silhouette alone would suggest 2, and so would stability." in recommendation.reason


def test_groups_that_do_not_come_again_are_none() -> None:
    assert not is_natural(found(3, steady=0.5, density_ratio=0.1))
    assert not is_natural(found(3, steady=0.9, density_ratio=0.1, strength=0.4))
    assert is_natural(found(3, steady=0.9, density_ratio=0.1))


def test_groups_that_are_hardly_clearer_than_where_there_are_none_are_none() -> None:
    alike = [found(k, steady=0.9, density_ratio=0.1, silhouette_without_groups=0.27) for k in (2, 3)]
    recommendation = recommend(alike, SMALLEST)
    assert not recommendation.natural_groups
    assert "at every number, segments are hardly clearer than in tables without groups" in recommendation.reason


def test_a_split_of_too_few_customers_is_named_and_not_suggested() -> None:
    evidence = [found(2, steady=0.9, density_ratio=0.1), found(3, steady=0.9, density_ratio=0.1, smallest=10)]
    recommendation = recommend(evidence, SmallestSegment(0.02, None, 5000, 1000))
    assert (recommendation.suggested, recommendation.natural_groups, recommendation.runner_up) == (2, True, None)
    assert "3 would split off 50 customers, too few for a segment." in recommendation.reason
    assert "Every other number leaves a segment of under 2% of customers." in recommendation.reason


def test_without_valleys_the_most_stable_slices_are_suggested() -> None:
    evidence = [
        found(2, steady=0.75, density_ratio=1.0),
        found(3, steady=0.9, density_ratio=1.0),
        found(4, steady=0.6, density_ratio=1.0),
    ]
    recommendation = recommend(evidence, SMALLEST)
    assert (recommendation.suggested, recommendation.natural_groups, recommendation.runner_up) == (3, False, 2)
    assert recommendation.reason.startswith("No natural groups")
    assert "3 segments come out alike" in recommendation.reason


def test_slices_that_are_not_steady_are_said_to_be_so() -> None:
    recommendation = recommend(
        [found(2, steady=0.3, density_ratio=1.0), found(3, steady=0.4, density_ratio=1.0)], SMALLEST
    )
    assert "3 segments are the most stable, though they do not quite come out alike" in recommendation.reason


def test_where_every_number_makes_a_tiny_segment_that_is_said() -> None:
    evidence = [found(k, steady=0.9 - k / 100, density_ratio=1.0, smallest=3) for k in (2, 3)]
    recommendation = recommend(evidence, SMALLEST)
    assert recommendation.suggested == 2
    assert "Every number leaves a segment of under 2% of customers" in recommendation.reason


def test_where_known_measures_disagree_with_it_that_is_said() -> None:
    evidence = [
        found(2, steady=0.99, density_ratio=0.1),
        found(3, steady=0.95, density_ratio=0.1),
        found(4, steady=0.8, density_ratio=1.0, silhouette=0.6),
    ]
    reason = recommend(evidence, SMALLEST).reason
    assert "The silhouette alone would suggest 4. Stability alone would suggest 2." in reason


def test_one_number_alone_has_no_runner_up() -> None:
    recommendation = recommend([found(3, steady=0.9, density_ratio=0.1)], SMALLEST)
    assert recommendation.runner_up is None
    assert "other number" not in recommendation.reason


def test_what_is_too_small_is_said_as_the_setting_puts_it() -> None:
    evidence = [found(k, steady=0.9, density_ratio=1.0, smallest=15) for k in (2, 3)]
    assert "segment of fewer than 500 customers" in recommend(evidence, SmallestSegment(0.02, 500, 30_000, 1000)).reason
    assert "segment of under 2% of customers" in recommend(evidence, SmallestSegment(0.02, None, 30_000, 1000)).reason
    assert "Every" not in recommend(evidence, SmallestSegment(0.02, 450, 30_000, 1000)).reason


def test_a_handful_in_a_sample_says_too_little_of_a_segment() -> None:
    assert not SmallestSegment(0.02, 100, 1_000_000, 4000).allows([3991, 9])
    assert SmallestSegment(0.02, 100, 1_000_000, 4000).allows([3990, 10])


def test_a_gap_that_only_a_frequent_value_makes_is_named() -> None:
    flags = [replace(found(k, steady=0.9, density_ratio=1.0), value_valley=Valley(1, 2, 0.1, 5.0)) for k in (2, 3)]
    recommendation = recommend(flags, SMALLEST)
    assert not recommendation.natural_groups
    assert "only a value that many share, such as 0, parts two segments" in recommendation.reason


def test_natural_groups_that_are_too_small_are_said_to_be_so() -> None:
    evidence = [found(2, steady=0.9, density_ratio=1.0), found(3, steady=0.9, density_ratio=0.1, smallest=10)]
    reason = recommend(evidence, SMALLEST).reason
    assert "two segments are not clearly apart, or a segment has under 2% of customers" in reason
