"""One run from customers to all that is shown of it: segments, numbers, words, planes and colours."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict

from custseg.change.segment_matching import assign_colour_slots
from custseg.clustering.segmentation import Segmentation, segment
from custseg.insight.certainty import Certainty, certainty
from custseg.insight.groups import Groups, find_groups
from custseg.insight.hidden_differences import Overlaps, find_overlaps
from custseg.insight.profile import Profile, profile
from custseg.insight.projections import Plane, find_planes
from custseg.insight.rules import Rules, find_rules
from custseg.narrative.interpretation import Interpretation, interpret
from custseg.session.annotations import SegmentAnnotation, apply_annotations, carry_annotations
from custseg.settings import K_RANGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from custseg.clustering.recipe import Recipe
    from custseg.narrative.playbook import Playbook
    from custseg.tables.table import CustomerTable


@dataclass(frozen=True, eq=False)
class RunResult:
    """All that one run brought.

    Attributes
    ----------
    number
        Which run of the model it is, from 1.
    segmentation, profile, words
        The segments, their numbers, their words.
    planes, overlaps
        What a picture of them can show, and how it is told where it hides something.
    slots
        The colour slot (from 0) of each segment; it stays with a segment from run to run.
    seconds, finished
        How long all of it took, and when that was.
    given
        What people call the segments and write about them, by slot.
    playbook
        Where the words come from; None for the one of custseg.

    """

    number: int
    segmentation: Segmentation
    profile: Profile
    words: Interpretation
    planes: tuple[Plane, ...]
    overlaps: Overlaps
    slots: tuple[int, ...]
    seconds: float
    finished: datetime = field(default_factory=lambda: datetime.now().astimezone())
    annotations: Mapping[int, SegmentAnnotation] = field(default_factory=dict, repr=False)
    playbook: Playbook | None = field(default=None, repr=False)

    def with_annotations_of(self, before: RunResult) -> RunResult:
        """Return the same outcome in the words that people gave to the segments of an earlier one."""
        return self.with_annotations(carry_annotations(before.annotations, before.slots, self.slots, self.segmentation))

    def with_annotations(self, annotations: Mapping[int, SegmentAnnotation]) -> RunResult:
        """Return the same outcome in which people's own words stand for segments."""
        return replace(
            self,
            annotations=annotations,
            words=apply_annotations(self.words, annotations, self.slots, self.segmentation),
        )

    @cached_property
    def groups(self) -> Groups:
        """The segments beside all customers, and what any other group is measured by; found when first asked for."""
        return find_groups(self.profile)

    def plane(self, picture: str) -> Plane | None:
        """Return the plane that a picture shows; None for two features, and where there is no such plane."""
        return next((plane for plane in self.planes if plane.kind == picture), None)


def run_pipeline(
    table: CustomerTable,
    before: RunResult | None,
    number: int,
    *,
    features: Iterable[str],
    k: int,
    seed: int | None,
    recipe: Recipe,
    playbook: Playbook | None = None,
) -> RunResult:
    """Segment and describe; segments take over the colours and names that they have in the outcome ``before``.

    Raises
    ------
    DataError, SettingError
        As ``segment`` does.

    """
    began = time.perf_counter()
    result = segment(table, features=features, k=k, seed=seed, recipe=recipe)
    segment_profile = profile(result)
    words, planes, overlaps = interpret(segment_profile, playbook), find_planes(result), find_overlaps(result)
    slots = assign_colour_slots(
        before.segmentation if before else None, result, before.slots if before else (), K_RANGE[1]
    )
    seconds = time.perf_counter() - began
    outcome = RunResult(number, result, segment_profile, words, planes, overlaps, slots, seconds, playbook=playbook)
    return outcome.with_annotations_of(before) if before else outcome


class Assessment(TypedDict):
    """What is found out of a result once it stands: it takes longer than the result itself."""

    certainty: Certainty
    rules: Rules


def assess_result(result: Segmentation, on_progress: Callable[[int], None] | None = None) -> Assessment:
    """Find out how sure a result is and what sets its segments apart; ``on_progress`` as for ``certainty``."""
    return {"certainty": certainty(result, on_progress=on_progress), "rules": find_rules(result)}
