"""Customer tables that nobody would think of, for Hypothesis."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, get_args

import pandas as pd
import polars as pl
import pyarrow as pa

# What is imported at the first fit draws random numbers, which a strategy must not do.
import sklearn.cluster  # noqa: F401
from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from custseg import CustomerTable, DataError, Segmentation, SettingError, segment
from custseg.clustering.recipe import Missing, Recipe, Scaling

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


# Any table: what a column may hold, one strategy of a cell for each kind of column.
_GAPS = st.none()
_CELLS: dict[str, st.SearchStrategy[Any]] = {
    "numbers": st.floats(-1e6, 1e6) | _GAPS | st.just(float("nan")),
    "positive": st.floats(0, 1e5),
    "skewed": st.integers(0, 40).map(lambda power: 1.5**power),
    "any float": st.floats() | _GAPS,
    "few": st.integers(0, 3) | _GAPS,
    "whole": st.integers(-(2**63), 2**63 - 1),
    "decimals": st.decimals(-1000, 1000, places=2) | _GAPS,
    "texts": st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | _GAPS,
    "numbers as text": st.sampled_from(["1,5", "1.5", "1.234,50 €", "2", " 3 ", "-4", "NA", "", "5 %", "inf"]) | _GAPS,
    "numbers of one kind": st.integers(0, 10**7).map(lambda cents: f"{cents / 100:,.2f} $"),
    "truths": st.booleans() | _GAPS,
    "words": st.sampled_from(["yes", "No", "n/a", ""]) | _GAPS,
    "days": st.dates(dt.date(1600, 1, 1), dt.date(2400, 1, 1)) | _GAPS,
    "moments": st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2250, 1, 1)) | _GAPS,  # noqa: DTZ001 - nor in files
    "dates as text": st.dates(dt.date(1900, 1, 1)).map(str) | _GAPS,
    "constant": st.just(7.5),
    "nothing": _GAPS,
}
_HOSTILE = ("<img src=x onerror=alert(1)>", "two\nlines", "a,b;c\td|e", '"', "'", " ", "=1+1", "**b**", "$$x$$", "0")
NAMES = st.sampled_from(_HOSTILE) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@st.composite
def columns_of_any_kind(draw: Callable[..., Any]) -> dict[str, list[Any]]:
    """Up to 25 customers with up to 5 columns of any kind and name; the first is often one that can be compared."""
    rows = draw(st.integers(1, 25))
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    kinds = [draw(st.sampled_from(sorted(_CELLS))) for _ in names]
    kinds[0] = draw(st.sampled_from([kinds[0], "numbers", "positive", "skewed"]))
    return {
        name: draw(st.lists(_CELLS[kind], min_size=rows, max_size=rows))
        for name, kind in zip(names, kinds, strict=True)
    }


def tables_of_any_kind() -> st.SearchStrategy[Any]:
    """Give such columns as a dataframe of pandas, Polars (eager or lazy) or Arrow."""
    return st.builds(
        lambda columns, make: make(columns),
        columns_of_any_kind(),
        st.sampled_from([pd.DataFrame, _polars, lambda columns: _polars(columns).lazy(), pa.table]),
    )


def _polars(columns: dict[str, list[Any]]) -> pl.DataFrame:
    return pl.DataFrame({name: pl.Series(cells, strict=False) for name, cells in columns.items()})


def recipes() -> st.SearchStrategy[Recipe]:
    """Give any recipe that names no feature."""
    return st.builds(
        Recipe,
        missing=st.sampled_from(get_args(Missing)),
        log=st.sampled_from([(), "auto"]),
        winsorise=st.none() | st.tuples(st.floats(0, 0.4), st.floats(0.6, 1)),
        exceptional=st.none() | st.floats(1.01, 5),
        trim=st.just(0.0) | st.floats(0, 0.25),
        scaling=st.sampled_from(get_args(Scaling)),
    )
