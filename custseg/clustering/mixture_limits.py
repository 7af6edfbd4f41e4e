"""Where a mixture of normal distributions would mislead, and why, in a sentence with what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.errors import listed, quote
from custseg.language import say
from custseg.wording import percent

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.preparation import Preparation

    Floats = npt.NDArray[np.float64]

# A component shrinks to customers who have the same value, such as 0, and takes what is left for another group.
LARGEST_SHARE_OF_ONE_VALUE = 0.1
FEWEST_CUSTOMERS, _FEWEST_PER_FEATURE = 60, 10
_LARGEST_SHARE_OF_COPIES = 0.5


def why_no_mixture(preparation: Preparation, prepared: Floats) -> str:
    """Return why no mixture should be fitted to customers x features in prepared units; empty where one may be."""
    if preparation.categories:
        names = listed([coding.category.column for coding in preparation.categories])
        return say(
            "Categories are compared ({names}), and a mixture needs amounts. Compare features only.", names=names
        )
    needed = max(FEWEST_CUSTOMERS, _FEWEST_PER_FEATURE * prepared.shape[1])
    if len(prepared) < needed:
        return say(
            "There are {customers:,} customers, and a mixture of {features} features needs {needed:,}. "
            "Compare fewer features, or add customers.",
            customers=len(prepared),
            features=prepared.shape[1],
            needed=needed,
        )
    shares = [_share_of_one_value(column) for column in prepared.T]
    lumps = [
        (name, share)
        for name, share in zip(preparation.features, shares, strict=True)
        if share > LARGEST_SHARE_OF_ONE_VALUE
    ]
    if lumps:
        named = "; ".join(say("{share} in {name}", share=percent(share), name=quote(name)) for name, share in lumps)
        return say(
            "Too many customers have one and the same value: {named}. A mixture would take them for a group. "
            "Leave this out of the features.",
            named=named,
        )
    distinct = len(np.unique(prepared.astype(np.float32), axis=0))
    if distinct < (1 - _LARGEST_SHARE_OF_COPIES) * len(prepared):
        return say(
            "Only {distinct:,} of {customers:,} customers differ in the features, and a mixture would take "
            "those who are alike for groups. Remove copies, or add a feature.",
            distinct=distinct,
            customers=len(prepared),
        )
    return ""


def _share_of_one_value(column: Floats) -> float:
    return float(np.unique(column, return_counts=True)[1].max() / len(column))
