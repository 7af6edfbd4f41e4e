"""Does it hold under other defensible settings? Each segment and each claim of a result, under about sixty of them.

Steegen, Tuerlinckx, Gelman and Vanpaemel, "Increasing transparency through a multiverse analysis" (2016): where several
choices are as good, a finding is worth as much as the share of them that lead to it.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from custseg.change.crosstab import crosstab_of, with_both_segments
from custseg.errors import DataError, SettingError
from custseg.insight.other_settings import other_settings
from custseg.insight.profile import profile
from custseg.language import say
from custseg.narrative.verdicts import find_verdicts, says_elsewhere
from custseg.narrative.what_breaks import Break, find_breaks, say_breaks
from custseg.settings import check_seed
from custseg.tables.expressions import SEGMENT
from custseg.tables.in_memory import in_memory
from custseg.wording import as_written, capitalised, count, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.other_settings import OtherSetting
    from custseg.insight.profile import Profile
    from custseg.narrative.claims import Claim
    from custseg.narrative.verdicts import Verdict

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

# A segment that shares half or less of its customers with any other is dissolved (Hennig, "Dissolution point and
# isolation robustness", 2008). Above that, no two segments can be found again in the same one.
DISSOLVED = 0.5


@dataclass(frozen=True, eq=False)
class HeldClaim:
    """A claim of the result, and in which of the other settings it holds.

    Attributes
    ----------
    claim
        The claim.
    words
        The claim as a line, as plain text.
    holds
        Whether it holds, one for each setting: the segment is found again, and the same rule says the same of it.

    """

    claim: Claim
    words: str
    holds: Flags = field(repr=False)

    @property
    def share(self) -> float:
        """In which share of the settings it holds."""
        return float(self.holds.mean())

    @property
    def settings(self) -> int:
        """How many settings were tried."""
        return len(self.holds)

    @property
    def phrase(self) -> str:
        """What to set beside the claim: “holds in 92% of 64 settings”."""
        return held_in(self.share, self.settings)


@dataclass(frozen=True, eq=False)
class Multiverse:
    """How far a result hangs on its settings.

    Attributes
    ----------
    segmentation
        What was looked at.
    settings
        The other settings, each one or two changes from those of the result.
    jaccard
        How much of each segment is in the one most like it, settings x k: customers in both over those in either.
    claims
        The claims that a rule makes, in segment order.
    refused
        Settings that cannot be used on this table, each with the reason; they count nowhere.

    """

    segmentation: Segmentation = field(repr=False)
    settings: tuple[OtherSetting, ...] = field(repr=False)
    jaccard: Floats = field(repr=False)
    claims: tuple[HeldClaim, ...] = field(repr=False)
    refused: tuple[tuple[OtherSetting, str], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        self.jaccard.setflags(write=False)

    @property
    def holds(self) -> Flags:
        """Whether each segment is found again, settings x k: with a Jaccard similarity above DISSOLVED."""
        return np.greater(self.jaccard, DISSOLVED)

    @property
    def shares(self) -> Floats:
        """In which share of the settings each segment holds, k."""
        return np.asarray(self.holds.mean(axis=0))

    @property
    def breaks(self) -> tuple[tuple[Break, ...], ...]:
        """For each segment the changes under which it is mostly lost, the worst first."""
        return tuple(find_breaks(self.settings, column) for column in self.holds.T)

    @property
    def sentences(self) -> tuple[str, ...]:
        """For each segment how often it is found again, and what breaks it, as plain text."""
        return tuple(
            f"{capitalised(held_in(share, len(self.settings)))}. {say_breaks(broken, share)}".rstrip()
            for share, broken in zip(self.shares.tolist(), self.breaks, strict=True)
        )

    def _repr_html_(self) -> str:
        lines = "".join(
            f"<li>Segment {number}: {html.escape(sentence)}</li>"
            for number, sentence in enumerate(self.sentences, start=1)
        )
        return as_written(f"<ul>{lines}</ul>{self.claims_frame.to_html(index=False, float_format='{:.2f}'.format)}")

    def claims_of(self, segment: int) -> tuple[HeldClaim, ...]:
        """Return the claims of a segment, from 1."""
        return tuple(held for held in self.claims if held.claim.segment == segment)

    @cached_property
    def by_claim(self) -> Mapping[Claim, HeldClaim]:
        """How far each claim holds, by the claim; it cannot be changed.

        Claims are equal where all their numbers are, so those of an ``Interpretation`` of the same result are found.
        Sizes, shares of spend, ranks and ranges are not here: they are numbers, of which no rule says yes or no.
        """
        return MappingProxyType({held.claim: held for held in self.claims})

    def said_beside(self, claim: Claim | None) -> str:
        """Return what to set beside a claim, “holds in 92% of 64 settings”; empty where there is nothing to say."""
        held = None if claim is None else self.by_claim.get(claim)
        return "" if held is None else held.phrase

    @property
    def frame(self) -> pd.DataFrame:
        """One row a setting: what is different, and the Jaccard similarity of each segment."""
        import pandas as pd

        names = [f"segment {number}" for number in range(1, self.segmentation.k + 1)]
        frame = pd.DataFrame(self.jaccard, columns=pd.Index(names))
        frame.insert(0, "setting", [setting.words for setting in self.settings])
        return frame

    @property
    def claims_frame(self) -> pd.DataFrame:
        """One row a claim: its segment, what it is about, its words, and the share of settings in which it holds."""
        import pandas as pd

        rows = [(held.claim.segment, held.claim.statistic, held.words, held.share) for held in self.claims]
        return pd.DataFrame(rows, columns=pd.Index(["segment", "statistic", "claim", "holds"]))


def held_in(share: float, settings: int) -> str:
    """Say in how many settings something holds: “holds in 92% of 64 settings”."""
    return say("holds in {share} of {settings}", share=percent(share), settings=count(settings, "setting"))


def multiverse(
    segmentation: Segmentation, *, seed: int | None = 0, on_progress: Callable[[int, int], None] | None = None
) -> Multiverse:
    """Find out in how many of up to 64 other defensible settings each segment and each claim of a result holds.

    Parameters
    ----------
    segmentation
        The result. Of customers in an engine, those of its ``part`` stand for all.
    seed
        Which pairs of changes, and which other seeds, are tried; None at random.
    on_progress
        Called with the number of each setting, from 1, and how many there are, before it is tried; an exception that
        it raises ends the search and is passed on.

    Raises
    ------
    SettingError
        The seed cannot be used, or none of the other settings can.

    """
    drawn = check_seed(seed)
    part = segmentation.part
    wanted = other_settings(part, int(np.random.default_rng().integers(2**32)) if drawn is None else drawn)
    described = profile(part)
    verdicts = [verdict for place in range(part.k) for verdict in find_verdicts(described, place)]
    tried, similar, held, refused = [], [], [], []
    for number, setting in enumerate(wanted, start=1):
        if on_progress is not None:
            on_progress(number, len(wanted))
        try:
            other = setting.segment(part)
            likeness = _similarities(part, other)
            held.append(_which_hold(verdicts, likeness, _described_alike(part, other)))
        except (DataError, SettingError) as problem:
            refused.append((setting, str(problem)))
            continue
        tried.append(setting)
        similar.append(likeness.max(axis=1))
    if not tried:
        msg = say("None of the other settings can be used on these customers. Compare more features, or other ones.")
        raise SettingError(msg)
    columns = np.array(held, dtype=bool).reshape(len(tried), len(verdicts)).T
    claims = tuple(HeldClaim(one.claim, one.words, holds) for one, holds in zip(verdicts, columns, strict=True))
    return Multiverse(segmentation, tuple(tried), np.array(similar), claims, tuple(refused))


def _similarities(result: Segmentation, other: Segmentation) -> Floats:
    """Return the Jaccard similarities of the segments of two results of the same customers, k x k of the other.

    Customers whom one of them has in no segment count as members of the other's alone.
    """
    shared = crosstab_of(with_both_segments(result, other))[:-1, :-1]
    return np.asarray(shared / (result.sizes[:, None] + other.sizes - shared))


def _described_alike(result: Segmentation, other: Segmentation) -> Profile:
    """Describe the segments of other settings by the features of the result, in their own units.

    What is described has no centroids: only the customers of each segment are taken over.
    """
    nowhere = np.full((other.k, len(result.features)), np.nan)
    relabelled = replace(
        result, k=other.k, sizes=other.sizes, left_out=other.left_out, set_apart=other.set_apart, centroids=nowhere,
    )  # fmt: skip
    relabelled.hold(in_memory(other.assignment).labels[SEGMENT].codes)
    return profile(relabelled)


def _which_hold(verdicts: list[Verdict], likeness: Floats, described: Profile) -> list[bool]:
    """Return of each claim whether its segment is found again, and the same is said of its likeness."""
    found = {
        place + 1: says_elsewhere(described, int(row.argmax()))
        for place, row in enumerate(likeness)
        if row.max() > DISSOLVED
    }
    return [found.get(one.claim.segment, {}).get(one.subject) == one.says for one in verdicts]
