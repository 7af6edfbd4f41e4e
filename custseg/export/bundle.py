"""Everything a table or a file can say about one result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from custseg.clustering.segmentation import Segmentation
    from custseg.how_many.separation import Separation
    from custseg.insight.certainty import Certainty
    from custseg.insight.profile import Profile
    from custseg.insight.rules import Rules
    from custseg.narrative.interpretation import Interpretation


@dataclass(frozen=True, slots=True, eq=False)
class ResultBundle:
    """One result and everything known about it.

    Attributes
    ----------
    profile
        The segments in numbers; it holds the segmentation.
    words, certainty, rules, separation
        The segments in words, how certain they are, what sets each apart by a rule, and whether there are gaps between
        them; None where not known.
    model
        The model of the result, for formats that write what a person sees; None where there is none.

    """

    profile: Profile
    words: Interpretation | None = None
    certainty: Certainty | None = None
    model: Any = None
    rules: Rules | None = None
    separation: tuple[Separation, ...] | None = None

    @property
    def names_and_notes(self) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
        """What the segments are called and what people wrote about them; None where not known."""
        return (None, None) if self.words is None else (self.words.names, self.words.notes)

    @property
    def segmentation(self) -> Segmentation:
        """The segments themselves."""
        return self.profile.segmentation
