"""Customer tables that nobody would think of, for Hypothesis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from custseg import CustomerTable, DataError, Segmentation, SettingError, segment

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBERS: dict[str, st.SearchStrategy[float]] = {
    "plain": st.floats(-1000, 1000),
    "many duplicates": st.integers(0, 3).map(float),
    "spend": st.floats(0, 1e5),
    "tiny": st.floats(-1e-9, 1e-9),
    "far from zero": st.floats(0, 1).map(lambda value: 1e9 + value),
    "a few outliers": st.one_of(st.integers(0, 3).map(float), st.just(1e9)),
}


@st.composite
def frames(draw: Callable[..., Any], names: st.SearchStrategy[str] | None = None) -> pd.DataFrame:
    """Up to 30 customers with up to 4 columns of numbers, each table of another kind."""
    rows, width = draw(st.integers(3, 30)), draw(st.integers(1, 4))
    kind = draw(st.sampled_from(sorted(_NUMBERS)))
    values = draw(arrays(float, (rows, width), elements=_NUMBERS[kind]))
    columns = (
        draw(st.lists(names, min_size=width, max_size=width, unique=True))
        if names is not None
        else list("abcd")[:width]
    )
    return pd.DataFrame(values, columns=columns)


@st.composite
def segmentations(draw: Callable[..., Any], names: st.SearchStrategy[str] | None = None) -> Segmentation:
    """Give the segmentation of such a table; those that custseg refuses, in a sentence, are left out."""
    customers = draw(frames(names))
    money = draw(st.one_of(st.none(), st.just(tuple(customers.columns))))
    k, seed = draw(st.integers(2, 6)), draw(st.integers(0, 2**32 - 1))
    try:
        return segment(CustomerTable.read(customers, money=money), k=k, seed=seed)
    except (DataError, SettingError):
        reject()
