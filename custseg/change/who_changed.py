"""Whose segment changed: one row a customer, with where it was, where it is, and why where that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.change.migration import CAME, LEFT
from custseg.change.moves_in_short import numbered
from custseg.language import say
from custseg.tables.written_values import written
from custseg.wording import capitalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    from custseg.change.comparison import Comparison
    from custseg.change.followed import Changed
    from custseg.change.migration import Migration
    from custseg.clustering.segmentation import Segmentation

    Labels = npt.NDArray[np.intp]
    Texts = npt.NDArray[np.object_]

COLUMNS = ("customer", "from", "to", "why")


def who_moved(
    comparison: Comparison, before: Sequence[str], after: Sequence[str], most: int | None = None
) -> pd.DataFrame:
    """Return the customers in another segment in a second run; ``before`` and ``after`` name the segments.

    ``most`` is how many of them; all for None.

    Why is what was asked for differently, the same for all.
    """
    moved = comparison.moved_customers.head(comparison.moved if most is None else most)
    frame = moved.assign(
        before=_named(moved["before"].fillna(0).to_numpy(dtype=np.intp), before),
        after=_named(moved["after"].fillna(0).to_numpy(dtype=np.intp), after),
        why=" ".join(comparison.changes),
    )
    return frame.set_axis(list(COLUMNS), axis="columns")


def who_changed(migration: Migration, names: Sequence[str], most: int | None = None) -> pd.DataFrame:
    """Return the customers who moved to another segment in a later table, then who left, then who came.

    ``most`` is how many of each of the three; all for None.

    Why is the column that speaks most for the new segment against the old one, with both values of it.
    """
    import pandas as pd

    followed = migration.followed
    moved, left, came = followed.moved(most), followed.left(most), followed.came(most)
    parts = (
        (moved.customers, _named(moved.before, names), _named(moved.now, names), _why(migration.before, moved)),
        (left.customers, _named(left.before, names), np.full(len(left), LEFT), np.full(len(left), "")),
        (came.customers, np.full(len(came), CAME), _named(came.now, names), np.full(len(came), "")),
    )
    columns = [np.concatenate([part.astype(object) for part in column]) for column in zip(*parts, strict=True)]
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def _named(labels: Labels, names: Sequence[str]) -> Texts:
    """Return what is said of each segment (1..k); label 0 is in none, which comes last."""
    return np.array(numbered(names), dtype=object)[labels - 1]


def _why(result: Segmentation, moved: Changed) -> Texts:
    """Say of each customer that moved which feature moved it, with its values before and now; empty where unknown.

    Between the same two centroids, the difference of squared distances changes by a sum over the columns. That is not
    so of a mixture, of a category that is compared, and where a value is missing or somebody is in no segment.
    """
    texts = np.full(len(moved), "", dtype=object)
    if result.mixture is not None or result.categories:
        return texts
    before, now, own, new = moved.values_before, moved.values_now, moved.before, moved.now
    known = (own > 0) & (new > 0) & ~np.isnan(before).any(axis=1) & ~np.isnan(now).any(axis=1)
    if not known.any():
        return texts
    before, now, own, new = before[known], now[known], own[known] - 1, new[known] - 1
    way = result.prepared_centroids[new] - result.prepared_centroids[own]
    share = (result.preparation.apply(now) - result.preparation.apply(before)) * way
    columns = [result.schema.column(name) for name in result.features]
    said = []
    for row, at in enumerate(share.argmax(axis=1).tolist()):
        column = columns[at]
        values = written(column, before[row, at]), written(column, now[row, at])
        label = capitalised(column.label or column.name)
        said.append(say("{label}: {before} before, {now} now", label=label, before=values[0], now=values[1]))
    texts[known] = said
    return texts
