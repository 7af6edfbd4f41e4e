"""All that has changed from one table to a later one, as far as segments rest on it, and what new ones would be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.change.category_drift import CategoryDrift, measure_category_drift
from custseg.change.correlation_drift import CorrelationDrift, find_correlation_drift
from custseg.change.drift import Drift, measure_drift
from custseg.change.refit import Refit, find_refit
from custseg.change.segment_fit import (
    distances_to_centroids,
    far_share_of,
    median_distance,
    warn_of_distance,
    warn_of_empty_segments,
    warn_of_sizes,
)
from custseg.change.whole_drift import chance_of_difference
from custseg.language import say, say_many

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

# Of tables where nothing has changed, about one in a hundred is said to have changed as a whole.
_CHANCE = 0.01
_MOST_PAIRS_SAID = 3


@dataclass(frozen=True, slots=True)
class TableChanges:
    """What has changed in what segments rest on.

    Attributes
    ----------
    drift, category_drift
        How far each feature, and each compared category, has shifted.
    correlation_drift
        The pairs of features that go together differently by more than chance, the most changed first.
    chance_as_a_whole
        How likely chance makes the prepared customers so different as a whole (see ``chance_of_difference``).
    distance_before, distance_now
        The median distance of a customer to the centroid of its segment, in prepared units; NaN where nobody is in one.
    far_share
        Share of the customers now that are farther from their centroid than 99% of those before were; NaN likewise.
    refit
        What new segments would be; None where too few customers now differ.
    warnings
        What has changed, one sentence each, as plain text.

    """

    drift: tuple[Drift, ...]
    category_drift: tuple[CategoryDrift, ...]
    correlation_drift: tuple[CorrelationDrift, ...]
    chance_as_a_whole: float
    distance_before: float
    distance_now: float
    far_share: float
    refit: Refit | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OneTime:
    """The customers of one time: customers x compared, and the segment (1..k) of each, 0 for none."""

    values: Floats
    labels: Labels


def find_changes(segments: Segmentation, before: OneTime, now: OneTime, matrix: Labels) -> TableChanges:
    """Find out what has changed; ``matrix`` are customers in each segment before (rows) and now (columns)."""
    drift, category_drift = _column_drift(segments, before.values, now.values)
    columns = tuple(segments.schema.column(name) for name in segments.features)
    features = slice(len(columns))
    correlations = find_correlation_drift(columns, before.values[:, features], now.values[:, features])
    prepared, prepared_now = (segments.preparation.apply(time.values[time.labels > 0]) for time in (before, now))
    chance = chance_of_difference(prepared, prepared_now)
    distances = distances_to_centroids(segments, prepared, before.labels)
    distances_now = distances_to_centroids(segments, prepared_now, now.labels)
    far_share = far_share_of(distances, distances_now)
    warnings = (
        *(feature.sentence for feature in drift if feature.shift != "stable"),
        *(category.sentence for category in category_drift if category.shift != "stable"),
        *_say_correlations(correlations),
        *warn_of_distance(far_share, len(distances_now)),
        *warn_of_empty_segments(segments, matrix),
        *warn_of_sizes(segments, matrix),
    )
    return TableChanges(
        drift=drift,
        category_drift=category_drift,
        correlation_drift=correlations,
        chance_as_a_whole=chance,
        distance_before=median_distance(distances),
        distance_now=median_distance(distances_now),
        far_share=far_share,
        refit=find_refit(segments.prepared_centroids, prepared, prepared_now, segments.seed),
        # What is said of the whole says least, so it is said where there is nothing else to say.
        warnings=warnings or tuple(_say_whole(chance)),
    )


def _column_drift(
    segments: Segmentation, before: Floats, now: Floats
) -> tuple[tuple[Drift, ...], tuple[CategoryDrift, ...]]:
    features, columns = len(segments.features), before.shape[1]
    drift = tuple(
        measure_drift(segments.schema.column(name), before[:, place], now[:, place], columns)
        for place, name in enumerate(segments.features)
    )
    categories = tuple(
        measure_category_drift(
            segments.schema.column(coding.category.column),
            coding.category.level,
            before[:, place],
            now[:, place],
            columns,
        )
        for place, coding in enumerate(segments.preparation.categories, start=features)
    )
    return drift, categories


def _say_correlations(changed: tuple[CorrelationDrift, ...]) -> Iterator[str]:
    yield from (pair.sentence for pair in changed[:_MOST_PAIRS_SAID])
    if more := len(changed[_MOST_PAIRS_SAID:]):
        yield say_many(
            "{quantity:,} more pair of features goes together differently than before.",
            "{quantity:,} more pairs of features go together differently than before.",
            more,
        )


def _say_whole(chance: float) -> Iterator[str]:
    if chance <= _CHANCE:
        yield say(
            "Taken as a whole, the customers differ from those before by more than chance, though no single feature or "
            "pair of features has changed much."
        )
