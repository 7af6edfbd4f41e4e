"""Which segment of one period is which of the next, and which are born, split, merged or gone.

The transitions are those of Spiliopoulou, Ntoutsi, Theodoridis and Schult ("MONIC: modeling and monitoring cluster
transitions", 2006), with the similarity by which Hennig ("Dissolution point and isolation robustness", Journal of
Multivariate Analysis, 2008) tells whether a cluster is found again: more than half of the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    Counts = npt.NDArray[np.intp]
    Floats = npt.NDArray[np.float64]

Kind = Literal["birth", "split", "merge", "replaced", "end"]
# Above it no two segments have the same match.
_SAME, _MOST = 0.5, 0.5


@dataclass(frozen=True, slots=True)
class Transition:
    """What became of segments that did not simply go on: positions (from 0) of those before and of those after.

    ``birth`` is a segment of customers who were not there, or come from many; ``split`` and ``merge`` name those that
    took part, also one that goes on; ``replaced`` is one whose customers are mostly in one that is too different to be
    the same; ``end`` is one whose customers are all over.
    """

    kind: Kind
    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True)
class Lineage:
    """Which segment before (from 0) each segment after is, as far as it is one, and what became of the others."""

    partners: Mapping[int, int]
    transitions: tuple[Transition, ...]


def trace(shared: Counts, sizes_before: Counts, came: Counts) -> Lineage:
    """Find out which segment is which.

    Parameters
    ----------
    shared
        Customers of both periods by their segment before (rows) and after (columns).
    sizes_before
        How many customers of both periods were in each segment before, also those who are in none after.
    came
        How many customers of each segment after were in no segment before, or not there.

    """
    sizes_after = shared.sum(axis=0)
    together = sizes_before[:, None] + sizes_after[None, :] - shared
    alike = _ratio(shared, together) > _SAME
    partners = {int(after): int(before) for before, after in np.argwhere(alike)}
    # Where the customers of a segment after come from, and where those of one before go to, if most do so at all.
    origins = _mostly(_ratio(shared, (sizes_after + came)[None, :]).T)
    targets = _mostly(_ratio(shared, sizes_before[:, None]))
    found = tuple(_transitions(partners, origins, targets))
    before, after = ({place for one in found for place in getattr(one, side)} for side in ("before", "after"))
    before, after = before | set(partners.values()), after | set(partners)
    births = (Transition("birth", (), (one,)) for one in range(shared.shape[1]) if one not in after)
    ends = (Transition("end", (one,), ()) for one in range(shared.shape[0]) if one not in before)
    return Lineage(partners, (*found, *births, *ends))


def _transitions(partners: dict[int, int], origins: list[int], targets: list[int]) -> Iterator[Transition]:
    """Return splits, merges and what was replaced; -1 stands for no origin or target."""
    goes_on = {before: after for after, before in partners.items()}
    replaced = set()
    for before in range(len(targets)):
        new = [after for after, origin in enumerate(origins) if origin == before and after not in partners]
        parts = sorted([*new, *([goes_on[before]] if before in goes_on else [])])
        if len(parts) > 1:
            yield Transition("split", (before,), tuple(parts))
        elif new and targets[before] == new[0] and targets.count(new[0]) == 1:
            replaced.add(before)
            yield Transition("replaced", (before,), tuple(new))
    for after in range(len(origins)):
        lost = [
            before
            for before, target in enumerate(targets)
            if target == after and before not in goes_on and before not in replaced
        ]
        sources = sorted([*lost, *([partners[after]] if after in partners else [])])
        if lost and len(sources) > 1:
            yield Transition("merge", tuple(sources), (after,))


def _ratio(part: Counts, whole: Counts) -> Floats:
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)


def _mostly(shares: Floats) -> list[int]:
    """Return for each row the column that has more than half of it; -1 where none has."""
    most = shares.argmax(axis=1)
    return np.where(shares.max(axis=1) > _MOST, most, -1).tolist() if shares.size else [-1] * len(shares)
