"""What segments must show to count as groups of their own, not slices of one.

The thresholds were tuned on ``benchmarks/audit.py``, with other seeds than those it reports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custseg.clustering.partition_agreement import Agreement
    from custseg.how_many.density_valleys import Valley
    from custseg.how_many.null_silhouettes import NullSilhouette

LARGEST_DENSITY_RATIO, LEAST_DEPTH_Z = 0.65, 1.5
LEAST_STRENGTH, LEAST_ADJUSTED_RAND = 0.6, 0.5
# How far a silhouette is above that of tables without groups, and how many of its standard deviations there.
LEAST_EXCESS, LEAST_EXCESS_Z = 0.05, 3.0


def has_valley(valley: Valley) -> bool:
    """Whether fewer customers lie between two segments than within."""
    return valley.density_ratio <= LARGEST_DENSITY_RATIO and valley.depth_z >= LEAST_DEPTH_Z


def reappear(agreement: Agreement) -> bool:
    """Whether each segment comes out again on other customers, and more than by chance."""
    return agreement.prediction_strength >= LEAST_STRENGTH and agreement.adjusted_rand >= LEAST_ADJUSTED_RAND


def are_clearer(silhouette: float, null: NullSilhouette) -> bool:
    """Whether segments are clearer than in tables that are alike but for having no groups."""
    return silhouette - null.mean >= max(LEAST_EXCESS, LEAST_EXCESS_Z * null.deviation)
