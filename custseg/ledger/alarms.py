"""What to look at in a period: segments that shrink or drift, and what has changed of all customers.

It is measured from the period in which the segments were found, so that what changes little by little is seen too, and
by segments that are held: where new ones are drawn, borders alone would move customers. Each kind of alarm is wrong
about once in a hundred periods in which nothing has changed, if the customers of both were drawn anew; of customers who
are mostly the same it is less often.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.change.drift import CHANCE, measure_drift
from custseg.change.segment_fit import too_many_far
from custseg.language import mark, say
from custseg.ledger.findings import Altogether, Drifted, Far, Finding, Parted, Shifted, Shrunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from custseg.change.migration import Migration

    Labels = npt.NDArray[np.intp]

# Of its share of the customers, a segment has lost a fifth.
_MUCH_SMALLER = 0.8
# Of fewer customers than this at either time, it is not said how they have changed.
_FEWEST = 30
TESTS: dict[str, str] = {
    "shrunk": mark("Fisher's exact test of the share of the customers, one-sided, over all segments (Bonferroni)"),
    "drifted": mark("Population stability index and normal scores, over all segments and columns (Bonferroni)"),
    "column": mark("Population stability index and normal scores, over all columns (Bonferroni)"),
    "pair": mark("Fisher's z of normal scores, over all pairs (Bonferroni)"),
    "distance": mark("Binomial test of those farther from their centroid than 99% were"),
    "whole": mark("Energy distance, against customers dealt out at random"),
}
LEVEL = CHANCE
OF_A_SEGMENT = ("shrunk", "drifted")


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that has changed by more than chance, and by enough to matter.

    Attributes
    ----------
    kind, subject
        What it is about: the same of both in two periods is the same alarm. The subject is the number of a segment, or
        names of columns; empty where it is about all.
    found
        What has changed, with its figures; a sentence of an older ledger, which kept no figures.
    p_value
        How likely chance brings that; NaN where only whether it is below the level is known.

    """

    kind: str
    subject: str
    found: Finding | str
    p_value: float = float("nan")

    @property
    def sentence(self) -> str:
        """What has changed, as plain text. ``{segment}`` stands for the name of the segment."""
        return self.found if isinstance(self.found, str) else self.found.sentence

    @property
    def test(self) -> str:
        """The test by which it was found."""
        return say(TESTS[self.kind])


def find_alarms(found: Migration, ids: tuple[int, ...]) -> tuple[Alarm, ...]:
    """Return what has changed since the segments were found, whose lasting numbers are ``ids``."""
    alarms = [*_shrunk(found, ids), *_drifted(found, ids), *_of_the_table(found)]
    if not alarms and found.changes.chance_as_a_whole <= LEVEL:
        alarms.append(Alarm("whole", "", Altogether(), found.changes.chance_as_a_whole))
    return tuple(alarms)


def _shrunk(found: Migration, ids: tuple[int, ...]) -> Iterator[Alarm]:
    from scipy.stats import hypergeom

    sizes, now = found.before.sizes, np.bincount(found.labels, minlength=found.before.k + 1)[1:]
    of_before, of_now = int(sizes.sum()), int(now.sum())
    if not of_now:
        return
    for position, segment in enumerate(ids):
        was, is_now = int(sizes[position]), int(now[position])
        shares = was / of_before, is_now / of_now
        chance = min(float(hypergeom.cdf(is_now, of_before + of_now, was + is_now, of_now)) * len(ids), 1.0)
        if shares[1] <= _MUCH_SMALLER * shares[0] and chance <= LEVEL:
            shrunk = Shrunk(share_before=shares[0], before=was, share_now=shares[1], now=is_now)
            yield Alarm("shrunk", str(segment), shrunk, chance)


def _drifted(found: Migration, ids: tuple[int, ...]) -> Iterator[Alarm]:
    """Say of each segment which of its columns have shifted, the most shifted first."""
    segments, features = found.before, found.before.features
    values, values_now = segments.table.matrix(features), found.table.matrix(features)
    tests = len(ids) * len(features)
    for position, segment in enumerate(ids, start=1):
        members, members_now = segments.labels == position, found.labels == position
        if min(np.count_nonzero(members), np.count_nonzero(members_now)) < _FEWEST:
            continue
        shifted = []
        for place, name in enumerate(features):
            own = values[members, place], values_now[members_now, place]
            if not all((~np.isnan(some)).any() for some in own):
                continue
            drift = measure_drift(segments.schema.column(name), *own, tests)
            if drift.shift != "stable":
                shifted.append(drift)
        if shifted:
            most = max(shifted, key=lambda drift: drift.stability_index)
            drifted = Drifted(most=most, others=len(shifted) - 1)
            yield Alarm("drifted", str(segment), drifted, min(drift.p_value for drift in shifted))


def _of_the_table(found: Migration) -> Iterator[Alarm]:
    changes = found.changes
    for drift in changes.drift:
        if drift.shift != "stable":
            yield Alarm("column", drift.feature, Shifted(drift=drift), drift.p_value)
    for category in changes.category_drift:
        if category.shift != "stable":
            yield Alarm("column", category.column.name, Shifted(drift=category), category.p_value)
    for pair in changes.correlation_drift:
        yield Alarm("pair", ", ".join(column.name for column in pair.columns), Parted(drift=pair), pair.p_value)
    customers = int(np.count_nonzero(found.labels))
    if too_many_far(changes.far_share, customers):
        yield Alarm("distance", "", Far(share=changes.far_share if customers else None))
