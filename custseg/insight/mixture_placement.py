"""Where one customer lies among segments that a mixture scores: probabilities in the place of distances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.preparation import CustomerStatus
from custseg.language import say
from custseg.sampling import chunks
from custseg.tables.customers import segment_numbers
from custseg.wording import percent

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.mixture import Mixture
    from custseg.clustering.segmentation import Segmentation

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

# Values of a feature that are tried first, and halvings of the way between two of them.
_TRIED, _HALVINGS = 512, 50


def membership_margins(segmentation: Segmentation, mixture: Mixture, values: Floats) -> tuple[Floats, Labels]:
    """Return how clearly customers x compared are in their segments, and which segment (1..k) is next.

    A margin is 1 - probability of the next segment / probability of the own one: 0 where both are as likely, 1 where
    there is no doubt, NaN for a customer in no segment, for whom the next segment is 0.
    """
    margin, second = np.full(len(values), np.nan), np.zeros(len(values), dtype=np.intp)
    for chunk in chunks(len(values)):
        here = np.flatnonzero(segmentation.preparation.status(values[chunk]) == CustomerStatus.SEGMENTED)
        shares = mixture.memberships(segmentation.preparation.apply(values[chunk][here]))
        order = np.argsort(-shares, axis=1, kind="stable")
        first, following = (np.take_along_axis(shares, order[:, [place]], axis=1)[:, 0] for place in (0, 1))
        margin[chunk.start + here] = 1 - following / first
        second[chunk.start + here] = order[:, 1] + 1
    return margin, second


def say_probability(customer: str, own: int, following: int, shares: Floats) -> str:
    """Say how probable the segment of a customer is, and which is next."""
    return say(
        "Customer {customer} is in segment {own} with a probability of {share}; next is segment {following} with "
        "{next_share}. This is from all features together, and how they vary in each segment, so no single one is the "
        "reason.",
        customer=customer,
        own=own,
        share=percent(shares[own - 1]),
        following=following,
        next_share=percent(shares[following - 1]),
    )


def nearest_change(
    result: Segmentation, values: Floats, column: int, start: float, span: tuple[float, float]
) -> tuple[float, int] | None:
    """Return the nearest value of a feature at which a customer is in another segment, and which; None without one.

    It is looked for from ``start`` to both ends of the span, all else the same.
    """
    own = int(_segments(result, values, column, np.array([start]))[0])
    found = [
        _change_towards(result, values, column, np.linspace(start, end, _TRIED), own) for end in span if end != start
    ]
    return min((each for each in found if each is not None), key=lambda each: abs(each[0] - start), default=None)


def _change_towards(
    result: Segmentation, values: Floats, column: int, tried: Floats, own: int
) -> tuple[float, int] | None:
    others = np.flatnonzero(~np.isin(_segments(result, values, column, tried), [own, 0]))
    if not len(others):
        return None
    same, other = float(tried[max(others[0] - 1, 0)]), float(tried[others[0]])
    for _ in range(_HALVINGS):
        middle = (same + other) / 2
        if int(_segments(result, values, column, np.array([middle]))[0]) in (own, 0):
            same = middle
        else:
            other = middle
    return other, int(_segments(result, values, column, np.array([other]))[0])


def _segments(result: Segmentation, values: Floats, column: int, tried: Floats) -> Labels:
    """Return the segment of a customer with each of these values of a feature, 0 for none."""
    rows = np.repeat(values[None], len(tried), axis=0)
    rows[:, column] = tried
    return segment_numbers(result.codes(rows))
