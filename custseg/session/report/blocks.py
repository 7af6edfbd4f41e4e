"""Customers in blocks of at least so many, of which every figure of a report without customers is made.

A report tells of many groupings of the same customers: of each number of segments, in pictures of any two columns.
Where two groups differ by one customer, their figures do so by that customer's values. So customers are first put into
blocks of at least ``least`` who are alike (microaggregation: Domingo-Ferrer and Mateo-Sanz, 2002), and each group of
each grouping holds whole blocks. Whatever is added to or taken from whatever, it is then of whole blocks too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Rows = npt.NDArray[np.intp]
    Groups = tuple[tuple[int, ...], ...]

OUTSIDE = -1


@dataclass(frozen=True, eq=False)
class Blocks:
    """The block of each customer (from 0, OUTSIDE in none), and how many customers are in each."""

    of: Rows
    counts: Rows

    def majority(self, segments: Rows) -> Rows:
        """Return the segment (from 0) that most customers of each block are in, the lowest of several."""
        inside = self.of != OUTSIDE
        width = int(segments.max(initial=0)) + 1
        cells = self.of[inside] * width + segments[inside]
        table = np.bincount(cells, minlength=len(self.counts) * width).reshape(len(self.counts), width)
        return np.asarray(table.argmax(axis=1), dtype=np.intp)

    def displaced(self, segments: Rows) -> int:
        """Return how many customers are in another of these segments than most of their block."""
        inside = self.of != OUTSIDE
        return int(np.count_nonzero(self.majority(segments)[self.of[inside]] != segments[inside]))

    def means(self, values: Floats) -> Floats:
        """Return the mean of each column in each block over those who have a value, blocks x columns; NaN of nobody."""
        return means_of(self.of, len(self.counts), values)


def means_of(groups: Rows, many: int, values: Floats) -> Floats:
    """Return the mean of each column (customers x columns) in each of so many groups; groups below 0 are none."""
    means = np.full((many, values.shape[1]), np.nan)
    for column, mean in zip(values.T, means.T, strict=True):
        known = (groups >= 0) & ~np.isnan(column)
        counts = np.bincount(groups[known], minlength=many)
        sums = np.bincount(groups[known], column[known], minlength=many)
        np.divide(sums, counts, out=mean, where=counts > 0)
    return means


def merged(sizes: Sequence[int], centroids: Floats, least: int) -> Groups:
    """Return segments (from 0) in groups of at least so many customers: the smallest joins the nearest until it is so.

    There is one group alone where all customers are fewer than twice as many.
    """
    groups: list[tuple[int, ...]] = [(position,) for position in range(len(sizes))]
    while len(groups) > 1:
        totals = [sum(sizes[one] for one in group) for group in groups]
        smallest = int(np.argmin(totals))
        if totals[smallest] >= least:
            break
        centres = np.array(
            [np.average(centroids[list(g)], axis=0, weights=[max(sizes[one], 1) for one in g]) for g in groups]
        )
        away = np.square(centres - centres[smallest]).sum(axis=1)
        away[smallest] = np.inf
        nearest = int(away.argmin())
        joined = tuple(sorted((*groups[smallest], *groups[nearest])))
        groups = [group for position, group in enumerate(groups) if position not in (smallest, nearest)]
        groups.append(joined)
    return tuple(sorted(groups))


def make_blocks(prepared: Floats, groups: Rows, finer: Rows, whole: Flags, least: int, most: int) -> Blocks:
    """Put customers into blocks within ``groups`` (below 0: in none), and where there are enough within ``finer`` ones.

    Parameters
    ----------
    prepared
        Customers x columns, in units in which they can be compared.
    groups, finer
        Numbers of groups, customers; the finer ones lie within the others.
    whole
        Who has a value in each column: a block has at least ``least`` of them.
    least, most
        How many customers a block has at least, and about how many blocks there are at most.

    """
    inside = groups >= 0
    size = max(least, -(-int(np.count_nonzero(whole & inside)) // most))
    found = np.full(len(groups), OUTSIDE, dtype=np.intp)
    blocks = 0
    for group in np.unique(groups[inside]):
        for rows in _atoms(np.flatnonzero(groups == group), prepared, finer, whole, least):
            for piece in _pieces(rows, prepared, whole, size):
                found[piece] = blocks
                blocks += 1
    return Blocks(found, np.bincount(found[inside], minlength=blocks).astype(np.intp))


def _atoms(rows: Rows, prepared: Floats, finer: Rows, whole: Flags, least: int) -> list[Rows]:
    """Return the rows of a group by their finer groups, those of too few customers with the nearest that has enough."""
    _, own = np.unique(finer[rows], return_inverse=True)
    many = int(own.max()) + 1
    enough = np.bincount(own[whole[rows]], minlength=many) >= least
    if not enough.any():
        return [rows]
    centres = means_of(own, many, prepared[rows])
    home = np.arange(many)
    for small in np.flatnonzero(~enough):
        away = np.square(centres[enough] - centres[small]).sum(axis=1)
        home[small] = np.flatnonzero(enough)[int(away.argmin())]
    order = np.argsort(home[own], kind="stable")
    ends = np.cumsum(np.bincount(home[own], minlength=many))[:-1]
    return [rows[np.sort(part)] for part in np.split(order, ends) if len(part)]


def _pieces(rows: Rows, prepared: Floats, whole: Flags, size: int) -> Iterator[Rows]:
    """Cut customers in two, at the middle of the column in which they differ most, while both halves have enough."""
    waiting = [rows]
    while waiting:
        some = waiting.pop()
        complete = int(np.count_nonzero(whole[some]))
        if complete < 2 * size:
            yield some
            continue
        column = int(prepared[some].var(axis=0).argmax())
        order = some[np.argsort(prepared[some, column], kind="stable")]
        cut = int(np.searchsorted(np.cumsum(whole[order]), complete // 2)) + 1
        waiting += [np.sort(order[cut:]), np.sort(order[:cut])]
