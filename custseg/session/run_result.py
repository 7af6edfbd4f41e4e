"""One run from customers to all that is shown of it: segments, numbers, words, planes and colours."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from custseg.change.segment_matching import assign_colour_slots
from custseg.insight.associations import find_associations
from custseg.insight.groups import Groups, find_groups
from custseg.insight.outcomes import find_outcomes
from custseg.narrative.interpretation import interpret
from custseg.session.annotations import (
    SegmentAnnotation,
    apply_annotations,
    carry_annotations,
    check_name,
    check_note,
    check_segment,
    check_slot,
)
from custseg.session.findings import find, find_or_recall
from custseg.session.run_settings import RunSettings
from custseg.settings import K_RANGE
from custseg.tables.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from custseg.clustering.engines.pushed_down import Progress
    from custseg.clustering.influence import Influence
    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.certainty import Certainty
    from custseg.insight.hidden_differences import Overlaps
    from custseg.insight.profile import Profile
    from custseg.insight.projections import Plane
    from custseg.insight.rules import Rules
    from custseg.narrative.interpretation import Interpretation
    from custseg.narrative.playbook import Playbook
    from custseg.session.assessment import Assessment
    from custseg.tables.table import CustomerTable


def _now() -> datetime:
    return datetime.now().astimezone()


@dataclass(frozen=True, eq=False)
class RunResult:
    """All that one run brought.

    What is found out or said later, such as a name that somebody gives, makes another one of the same run:
    ``changes_between`` tells which of these it is.

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
    annotations
        What people call the segments and write about them, by slot.
    playbook
        Where the words come from; None for the one that suits the table.
    assessment
        How sure the segments are, and what sets them apart; None until that was found out.
    roles
        What the columns are for by now, where somebody has changed that since; None where it is as it was.
    recalled
        Whether another run had found all of it before.

    """

    number: int
    segmentation: Segmentation
    profile: Profile
    words: Interpretation
    planes: tuple[Plane, ...]
    overlaps: Overlaps
    slots: tuple[int, ...]
    seconds: float
    finished: datetime = field(default_factory=_now)
    annotations: Mapping[int, SegmentAnnotation] = field(default_factory=dict, repr=False)
    playbook: Playbook | None = field(default=None, repr=False)
    assessment: Assessment | None = field(default=None, repr=False)
    roles: Schema | None = field(default=None, repr=False)
    recalled: bool = False

    @property
    def settings(self) -> RunSettings:
        """What it came out of."""
        result = self.segmentation
        seed = result.seed if result.seeded else None
        return RunSettings(result.features, result.k, seed, result.preparation.recipe, self.playbook)

    @property
    def certainty(self) -> Certainty | None:
        """How sure the segments are; None until that was found out."""
        return self.assessment.certainty if self.assessment else None

    @property
    def rules(self) -> Rules | None:
        """What sets each segment apart; it comes with ``certainty``."""
        return self.assessment.rules if self.assessment else None

    @property
    def influence(self) -> Influence:
        """Which columns decided the segments; what they would be without each comes with ``certainty``."""
        return self.assessment.influence if self.assessment else self.segmentation.influence

    @cached_property
    def groups(self) -> Groups:
        """The segments beside all customers, and what any other group is measured by; found when first asked for."""
        return find_groups(self.profile)

    def release(self) -> None:
        """Let go of what takes memory for each customer; it is found again when it is asked for."""
        self.segmentation.release()
        vars(self).pop("groups", None)
        if self.assessment is not None:
            self.assessment.certainty.release()

    def plane(self, picture: str) -> Plane | None:
        """Return the plane that a picture shows; None for two features, and where there is no such plane."""
        return next((plane for plane in self.planes if plane.kind == picture), None)

    def finished_now(self) -> RunResult:
        """Return the same run, which was computed before it was asked for."""
        return self._changed(finished=_now())

    def with_assessment(self, assessment: Assessment) -> RunResult:
        """Return the same run with what was found out of it."""
        return self._changed(assessment=assessment)

    def with_roles_of(self, table: CustomerTable) -> RunResult:
        """Return the same run, telling of the categories and outcomes that another table of its customers has.

        No segment was made of these, so it takes no other run.
        """
        now, before = Schema(table.columns), self.roles or self.segmentation.schema
        if _told(now) == _told(before):
            return self
        described = replace(
            self.profile,
            associations=find_associations(self.segmentation, now),
            outcomes=find_outcomes(self.segmentation, now),
        )
        words = interpret(described, self.playbook)
        words = apply_annotations(words, self.annotations, self.slots, self.segmentation)
        return self._changed(profile=described, words=words, roles=now)

    def with_playbook(self, playbook: Playbook | None) -> RunResult:
        """Return the same run in the words of a playbook; None for the one that suits the table."""
        words = interpret(self.profile, playbook)
        # A name that was given to a segment of this very run still is: what it is called by itself has changed.
        annotations = {
            slot: replace(each, described=words.suggested[each.segment - 1])
            if each.segmentation is self.segmentation
            else each
            for slot, each in self.annotations.items()
        }
        words = apply_annotations(words, annotations, self.slots, self.segmentation)
        return self._changed(playbook=playbook, words=words, annotations=annotations)

    def rename(self, segment: int, name: object) -> RunResult:
        """Return the same run with a segment (from 1) called by a name of one's own; an empty one takes that back.

        Raises
        ------
        SettingError
            There is no such segment, or the name is too long or another segment's.

        """
        before = self._annotation(segment)
        other_names = tuple(other for position, other in enumerate(self.words.names, start=1) if position != segment)
        # From now on it is this segment that the name was given to.
        named = SegmentAnnotation(
            check_name(name, other_names), before.note, self.words.suggested[segment - 1], self.segmentation, segment
        )
        return self._annotated(segment, named)

    def annotate(self, segment: int, note: object) -> RunResult:
        """Return the same run with a note on a segment (from 1). Raises SettingError as ``rename`` does."""
        return self._annotated(segment, replace(self._annotation(segment), note=check_note(note)))

    def recolour(self, segment: int, slot: int) -> RunResult:
        """Return the same run with a segment (from 1) in the colour of another slot (from 0).

        Whoever has that colour gets the other one in exchange, with the words that people gave it. Raises SettingError
        where there is no such segment or colour.
        """
        check_segment(segment, self.segmentation.k)
        check_slot(slot)
        exchanged = {self.slots[segment - 1]: slot, slot: self.slots[segment - 1]}
        annotations = {exchanged.get(own, own): words for own, words in self.annotations.items()}
        return self._changed(slots=tuple(exchanged.get(own, own) for own in self.slots), annotations=annotations)

    def with_annotations_of(self, before: RunResult) -> RunResult:
        """Return the same run in the words that people gave to the segments of an earlier one."""
        return self.with_annotations(carry_annotations(before.annotations, before.slots, self.slots, self.segmentation))

    def with_annotations(self, annotations: Mapping[int, SegmentAnnotation]) -> RunResult:
        """Return the same run in these words of people, by slot."""
        words = apply_annotations(self.words, annotations, self.slots, self.segmentation)
        return self._changed(annotations=annotations, words=words)

    def _annotation(self, segment: int) -> SegmentAnnotation:
        check_segment(segment, self.segmentation.k)
        held = self.annotations.get(self.slots[segment - 1])
        return held or SegmentAnnotation("", "", self.words.suggested[segment - 1], self.segmentation, segment)

    def _annotated(self, segment: int, annotation: SegmentAnnotation) -> RunResult:
        return self.with_annotations({**self.annotations, self.slots[segment - 1]: annotation})

    def _changed(self, **changes: Any) -> RunResult:
        other = replace(self, **changes)
        if "groups" in vars(self):
            # They are of the same segments, and take their time.
            vars(other)["groups"] = self.groups
        return other


def _told(columns: Schema) -> list[tuple[str, str, str]]:
    """Return the columns that are not compared but told of each segment."""
    told = ("category", "outcome")
    return [(column.name, column.role, column.label) for column in columns.columns if column.role in told]


def changes_between(before: RunResult | None, after: RunResult | None) -> frozenset[str]:
    """Return what is different: ``run`` for another run or none, else ``names`` and ``assessment`` of the same.

    The same run in other colours is another one to whoever draws it.
    """
    if before is None or after is None or before.segmentation is not after.segmentation or before.slots != after.slots:
        return frozenset() if before is after else frozenset({"run"})
    parts = {"names": before.words is after.words, "assessment": before.assessment is after.assessment}
    return frozenset(name for name, same in parts.items() if not same)


def run_pipeline(
    table: CustomerTable,
    before: RunResult | None,
    number: int,
    settings: RunSettings,
    on_progress: Callable[[Progress], None] | None = None,
    *,
    drawn: int | None = None,
) -> RunResult:
    """Segment and describe; segments take over the colours and names that they have in the run ``before``.

    ``on_progress`` as for ``segment``. ``drawn`` is the seed that a random start drew, where that is to come again.

    Raises
    ------
    DataError, SettingError
        As ``segment`` does.

    """
    began = time.perf_counter()
    if drawn is None:
        found = find_or_recall(table, settings, on_progress)
    else:
        found = find(table, settings, drawn, on_progress).of_a_random_start()
    slots = _slots(found.segmentation, before)
    seconds = time.perf_counter() - began
    outcome = RunResult(
        number,
        found.segmentation,
        found.profile,
        found.words,
        found.planes,
        found.overlaps,
        slots,
        seconds,
        playbook=settings.playbook,
        recalled=found.recalled,
    )
    return outcome.with_annotations_of(before) if before else outcome


def _slots(result: Segmentation, before: RunResult | None) -> tuple[int, ...]:
    return assign_colour_slots(
        before.segmentation if before else None, result, before.slots if before else (), K_RANGE[1]
    )


def in_history(found: RunResult, before: RunResult | None, number: int) -> RunResult:
    """Return a run that was made for somebody else as one that comes after ``before``: with its colours and names."""
    outcome = replace(found.with_annotations({}), number=number, slots=_slots(found.segmentation, before))
    return outcome.with_annotations_of(before) if before else outcome
