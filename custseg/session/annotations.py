"""A person's own words for segments: names and notes that stay from run to run, and whether they still fit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from custseg.change.crosstab import crosstab_of, with_both_segments
from custseg.errors import SettingError, quote
from custseg.language import mark, say
from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.narrative.segment_names import make_unique
from custseg.settings import K_RANGE
from custseg.wording import count, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custseg.clustering.segmentation import Segmentation
    from custseg.narrative.interpretation import Interpretation

LONGEST_NAME, LONGEST_NOTE = 60, 1000
# Of the customers that were named, and those who are in the segment now, at least so many should be the same.
_SAME = 0.5


@dataclass(frozen=True, eq=False)
class SegmentAnnotation:
    """What a person calls a segment and writes about it.

    Attributes
    ----------
    name, note
        Their words, as plain text; empty where they gave none.
    described, segmentation, segment
        What the segment was called by itself when it was named, and which one (from 1) of which result that was.

    """

    name: str
    note: str
    described: str
    segmentation: Segmentation = field(repr=False)
    segment: int

    def fit_warning(self, now: Segmentation, segment: int, described: str) -> str:
        """Say why the name may not fit a segment of a later result; empty where it still does."""
        if not self.name:
            return ""
        beside = say("{name} was given to {described}.", name=quote(self.name), described=quote(self.described))
        if described != self.described:
            return say(
                "{beside} That segment is now {described}: see whether the name still fits.",
                beside=beside, described=quote(described),
            )  # fmt: skip
        if now is self.segmentation and segment == self.segment:
            return ""
        shared = self.shared(now, segment)
        if shared is not None and shared < _SAME:
            return say(
                "{beside} Only {share} of the customers then and now are the same: see whether the name still fits.",
                beside=beside,
                share=percent(shared),
            )
        return ""

    def shared(self, now: Segmentation, segment: int) -> float | None:
        """Return the Jaccard similarity of the customers then and now; None where these are others."""
        if not now.has_the_customers_of(self.segmentation):
            return None
        shared = int(crosstab_of(with_both_segments(self.segmentation, now))[self.segment - 1, segment - 1])
        either = int(self.segmentation.sizes[self.segment - 1] + now.sizes[segment - 1]) - shared
        return shared / either if either else 0.0


def carry_annotations(
    annotations: Mapping[int, SegmentAnnotation],
    slots_before: tuple[int, ...],
    slots: tuple[int, ...],
    result: Segmentation,
) -> dict[int, SegmentAnnotation]:
    """Return the words that go on to a later result, by slot, also of segments that it doesn't have.

    A slot that comes back after it was gone has them only where its customers are the same.
    """
    kept = dict(annotations)
    for position, slot in enumerate(slots, start=1):
        if slot in kept and slot not in slots_before and (kept[slot].shared(result, position) or 0.0) < _SAME:
            del kept[slot]
    return kept


def check_segment(segment: object, segments: int | None) -> None:
    """Raise SettingError where there is no such segment (from 1); ``segments`` is None before the first run."""
    if segments is None or isinstance(segment, bool) or segment not in range(1, segments + 1):
        choice = say("Choose from 1 to {k}.", k=segments) if segments else say("Run the clustering first.")
        msg = say("There is no segment {number}. {choice}", number=quote(segment), choice=choice)
        raise SettingError(msg)


def check_slot(slot: object) -> None:
    """Raise SettingError where there is no such colour (from 0)."""
    if isinstance(slot, bool) or slot not in range(K_RANGE[1]):
        msg = say("There is no colour {slot}. Choose from 0 to {last}.", slot=quote(slot), last=K_RANGE[1] - 1)
        raise SettingError(msg)


def words_of_people(held: Mapping[int, SegmentAnnotation]) -> tuple[tuple[int, str, str], ...]:
    """Return names and notes that people gave, with the slots they stand by."""
    return tuple((slot, each.name, each.note) for slot, each in sorted(held.items()) if each.name or each.note)


def check_name(name: object, other_names: tuple[str, ...]) -> str:
    """Return a name on one line, or raise SettingError where it is too long or that of another segment."""
    line = _checked(
        name,
        LONGEST_NAME,
        mark("A name must be a text of at most {longest:,} characters, but got {received}. Write a shorter one."),
    )
    line = " ".join("".join(letter for letter in line if letter.isprintable() or letter.isspace()).split())
    if line and line.casefold() in {other.casefold() for other in (*other_names, EXCEPTIONAL, say(EXCEPTIONAL))}:
        msg = say(
            "Another segment is called {name} already. Choose a name that no other segment has.", name=quote(line)
        )
        raise SettingError(msg)
    return line


def check_note(note: object) -> str:
    """Return a note, or raise SettingError where it is too long."""
    return _checked(
        note,
        LONGEST_NOTE,
        mark("A note must be a text of at most {longest:,} characters, but got {received}. Write a shorter one."),
    ).strip()


def _checked(text: object, longest: int, message: str) -> str:
    if isinstance(text, str) and len(text.strip()) <= longest:
        return text
    received = count(len(text), "character") if isinstance(text, str) else quote(text)
    raise SettingError(say(message, longest=longest, received=received))


def apply_annotations(
    words: Interpretation, annotations: Mapping[int, SegmentAnnotation], slots: tuple[int, ...], result: Segmentation
) -> Interpretation:
    """Put what people call segments (by slot) in the place of what these are called by themselves."""
    own = [annotations.get(slot) for slot in slots]
    names = [
        annotation.name if annotation and annotation.name else name
        for annotation, name in zip(own, words.suggested, strict=True)
    ]
    fit_warnings = [
        annotation.fit_warning(result, position, name) if annotation else ""
        for position, (annotation, name) in enumerate(zip(own, words.suggested, strict=True), start=1)
    ]
    # A name of its own may be what somebody gave to another segment, and a name that was gone may come back.
    distinct = make_unique(make_unique(names, [bool(annotation and annotation.name) for annotation in own]))
    return replace(
        words,
        names=distinct,
        notes=tuple(annotation.note if annotation else "" for annotation in own),
        fit_warnings=tuple(fit_warnings),
    )
