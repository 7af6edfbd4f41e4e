"""Which changes of settings break a segment, and how to say so: “only with Frozen”."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.language import say
from custseg.wording import capitalised, count

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from custseg.insight.other_settings import Deviation, OtherSetting

# A change breaks a segment that is found again in less than this share of the settings with it ...
HALF = 0.5
# ... where that would be rarer than this by chance, were it found as often as in those without it. Of a wide table
# each column is left out in few settings: some of these lose any segment.
_CHANCE = 0.02
_MOST_SAID = 3


@dataclass(frozen=True, slots=True)
class Break:
    """A change under which a segment is mostly lost: found again in ``held`` of the ``tried`` settings that have it."""

    deviation: Deviation
    held: int
    tried: int

    @property
    def words(self) -> str:
        """Say so, as plain text: “only with Frozen (lost in all 8 settings without it)”."""
        change, settings = self.deviation, count(self.tried, "setting")
        if self.held:
            return say(
                "mostly lost {change} (found in {held} of {settings})",
                change=change.words,
                held=self.held,
                settings=settings,
            )
        if change.needs:
            return say(
                "only {needs} (lost in all {settings} {change})",
                needs=change.needs,
                settings=settings,
                change=change.words,
            )
        return say("not {change} (lost in all {settings})", change=change.words, settings=settings)


def find_breaks(settings: Sequence[OtherSetting], holds: npt.NDArray[np.bool_]) -> tuple[Break, ...]:
    """Return the changes that break a segment, of which ``holds`` says in which settings it is found again.

    The worst come first. A change that alone loses nothing breaks nothing.
    """
    from scipy.stats import binom

    changes = {change.words: change for setting in settings for change in setting.deviations}
    found = []
    for words, change in changes.items():
        has = np.array([any(one.words == words for one in setting.deviations) for setting in settings])
        alone = np.array([setting.words == words for setting in settings])
        inside, outside = holds[has], holds[~has]
        if holds[alone].any() or not len(outside) or inside.mean() >= HALF:
            continue
        if binom.cdf(inside.sum(), len(inside), outside.mean()) < _CHANCE:
            found.append(Break(change, int(inside.sum()), len(inside)))
    return tuple(sorted(found, key=lambda one: (one.held / one.tried, -one.tried)))


def say_breaks(breaks: Sequence[Break], share: float) -> str:
    """Say what breaks a segment that is found in this share of the settings, as plain text; empty for nothing."""
    if breaks:
        return f"{capitalised('; '.join(one.words for one in breaks[:_MOST_SAID]))}."
    if share < HALF:
        return say("It hangs on these very settings: most others lose it.")
    return say("No single change decides where it is lost.") if share < 1 else ""
