"""The word for how much a segment spends: of the average and the rank together, so that no single amount decides it."""

from __future__ import annotations

from custseg.language import mark

HIGH_SPENDING = mark("High-spending")
BUDGET_CONSCIOUS = mark("Budget-conscious")
LIKE_MOST = mark("Spending like most")
HIGH_RATIO, LOW_RATIO = 1.5, 2 / 3
# Mean ranks among all customers, 0 to 1: from here on a group is above (or below) most ...
ABOVE_MOST, BELOW_MOST = 0.6, 0.4
# ... and between these, a group whose average is moderate may be called so.
_MODERATE = (0.2, 0.8)


def mean_rank(delta: float, share: float) -> float:
    """Return the mean rank of a group's customers among all, 0 to 1: a half where they are like everybody.

    Bross's ridit ("How to use ridit analysis", 1958), from the group's Cliff's delta against all others and its share
    of all customers. Unlike delta, it hardly moves for a group of nearly all when one other is far from it.
    """
    return 0.5 + delta * (1 - share) / 2


def spending_level(ratio: float, rank: float, *, selective: bool) -> str:
    """Return the word for a segment.

    Parameters
    ----------
    ratio
        What its customers spend on average, over what all do.
    rank
        Their mean rank among all customers by what they spend.
    selective
        Whether they buy more of some products only.

    """
    if ratio >= HIGH_RATIO and rank >= ABOVE_MOST:
        return HIGH_SPENDING
    if ratio <= LOW_RATIO and rank <= BELOW_MOST:
        return BUDGET_CONSCIOUS
    if LOW_RATIO < ratio < HIGH_RATIO and _MODERATE[0] < rank < _MODERATE[1]:
        return mark("Selective") if selective else mark("Moderate")
    # A few amounts decide the average; how customers rank is true all the same.
    if BELOW_MOST < rank < ABOVE_MOST:
        return LIKE_MOST
    return mark("Spending more than most") if rank >= ABOVE_MOST else mark("Spending less than most")
