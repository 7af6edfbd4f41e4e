"""What a customer has of a category that was compared, beside what the centroids of two segments hold of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.category_coding import Indicators
from custseg.language import say
from custseg.tables.levels import NO_VALUE
from custseg.wording import number, percent

if TYPE_CHECKING:
    from custseg.clustering.segmentation import Segmentation


def say_level(result: Segmentation, position: int, code: float) -> str:
    """Return the level of the compared category at a position (from 0), of which ``code`` is the number."""
    coding = result.preparation.categories[position]
    levels = coding.category.level.levels
    if code < len(levels):
        text = levels[int(code)]
        return NO_VALUE if text is None else text
    if np.isnan(code):
        return NO_VALUE
    return say("one of the rarer levels") if coding.category.merged else say("a level that was not known")


def say_centres(result: Segmentation, position: int, code: float, segments: tuple[int, int]) -> str:
    """Say what the centroids of two segments hold of the level of that number, or of the ranks."""
    coding = result.preparation.categories[position]
    found = result.level_shares(coding.category.column).to_numpy()[[number - 1 for number in segments]]
    if not isinstance(coding, Indicators):
        own, other = (number(float(rank)) for rank in found[:, 0])
        return say(
            "the centre of segment {segment} lies at rank {own}, that of segment {next} at {other}",
            segment=segments[0],
            own=own,
            next=segments[1],
            other=other,
        )
    place = coding.width if np.isnan(code) else int(code)
    if place >= coding.width and not coding.category.merged:
        return say("nobody had it when the segments were found")
    own, other = (percent(share) for share in found[:, min(place, coding.width - 1)].tolist())
    return say(
        "{own} at the centre of segment {segment}, {other} at that of segment {next}",
        own=own,
        segment=segments[0],
        other=other,
        next=segments[1],
    )
