"""A person's own words for segments: names and notes that stay from run to run, and whether they still fit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from custseg.errors import SettingError, quote
from custseg.wording import percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custseg.interpretation import Interpretation
    from custseg.segmentation import Segmentation

LONGEST_NAME, LONGEST_NOTE = 60, 1000
# Of the customers that were named, and those who are in the segment now, at least so many should be the same.
_SAME = 0.5


@dataclass(frozen=True, eq=False)
class Given:
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

    def doubt(self, now: Segmentation, segment: int, described: str) -> str:
        """Say why the name may not fit a segment of a later result; empty where it still does."""
        if not self.name or (now is self.segmentation and segment == self.segment):
            return ""
        beside = f"{quote(self.name)} was given to {quote(self.described)}."
        if described != self.described:
            return f"{beside} That segment is now {quote(described)}: see whether the name still fits."
        shared = self._shared(now, segment)
        if shared is not None and shared < _SAME:
            return (
                f"{beside} Only {percent(shared)} of the customers then and now are the same: see whether the name "
                "still fits."
            )
        return ""

    def _shared(self, now: Segmentation, segment: int) -> float | None:
        """Return the Jaccard similarity of the customers then and now; None where these are others."""
        if not now.table.has_the_customers_of(self.segmentation.table):
            return None
        then, here = self.segmentation.labels == self.segment, now.labels == segment
        either = int(np.count_nonzero(then | here))
        return int(np.count_nonzero(then & here)) / either if either else 0.0


def check_name(name: object, others: tuple[str, ...]) -> str:
    """Return a name on one line, or raise SettingError where it is too long or that of another segment."""
    line = _checked(name, LONGEST_NAME, "name")
    line = " ".join(line.split())
    if line and line.casefold() in {other.casefold() for other in others}:
        msg = f"Another segment is called {quote(line)} already. Choose a name that no other segment has."
        raise SettingError(msg)
    return line


def check_note(note: object) -> str:
    """Return a note, or raise SettingError where it is too long."""
    return _checked(note, LONGEST_NOTE, "note").strip()


def _checked(text: object, longest: int, what: str) -> str:
    if isinstance(text, str) and len(text.strip()) <= longest:
        return text
    came = f"{len(text):,} characters came" if isinstance(text, str) else f"{quote(text)} came"
    msg = f"A {what} must be a text of at most {longest:,} characters, but {came}. Write a shorter one."
    raise SettingError(msg)


def in_own_words(
    words: Interpretation, given: Mapping[int, Given], slots: tuple[int, ...], result: Segmentation
) -> Interpretation:
    """Put what people call segments (by slot) in the place of what these are called by themselves."""
    own = [given.get(slot) for slot in slots]
    names = [one.name if one and one.name else name for one, name in zip(own, words.suggested, strict=True)]
    doubts = [
        one.doubt(result, position, name) if one else ""
        for position, (one, name) in enumerate(zip(own, words.suggested, strict=True), start=1)
    ]
    # A name of its own that somebody gave to another segment would be there twice.
    names = [
        f"{name} ({position})" if names.count(name) > 1 and name == words.suggested[position - 1] else name
        for position, name in enumerate(names, start=1)
    ]
    return replace(words, names=tuple(names), notes=tuple(one.note if one else "" for one in own), doubts=tuple(doubts))
