"""The customers that a report is of: which columns of theirs are told, and in which block each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.engines.lloyd import nearest
from custseg.clustering.segmentation import segment
from custseg.errors import DataError, SettingError
from custseg.language import say
from custseg.session.report.blocks import OUTSIDE, Blocks, make_blocks, merged
from custseg.settings import K_RANGE
from custseg.tables.expressions import LEFT_OUT, SEGMENT, SET_APART
from custseg.tables.in_memory import in_memory

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.session.report.blocks import Groups, Rows
    from custseg.tables.column_roles import Column

    Floats = npt.NDArray[np.float64]

# A column that fewer know of themselves than this is not told: a block would need too many customers.
_KNOWN = 0.8
# About as many numbers as a picture is drawn of, and between how many blocks they are.
_MOST_NUMBERS, _FEWEST_BLOCKS, _MOST_BLOCKS = 60_000, 200, 3000
# Of more customers than this, other numbers of segments are found with as many at random.
_MOST_TO_FIT = 20_000


@dataclass(frozen=True, eq=False)
class ShownCustomers:
    """The customers of one result and all groupings of them.

    Attributes
    ----------
    result
        The result, of the customers that are in memory.
    columns, values
        The columns that are told, the compared ones first, and customers x columns.
    hidden
        The columns that too few customers have a value of.
    prepared
        Customers x prepared columns, as they were compared.
    groups
        The segments (from 0) of the result in groups of enough customers.
    segments
        For each number of segments, the segment (from 0) of each customer; OUTSIDE for one that is in none.
    blocks
        In which block each customer is.

    """

    result: Segmentation
    columns: tuple[Column, ...]
    hidden: tuple[Column, ...]
    values: Floats
    prepared: Floats
    groups: Groups
    segments: dict[int, Rows]
    blocks: Blocks

    def group_of_blocks(self, k: int) -> Rows:
        """Return the group of each block at so many segments: that of the result, or the segment of most of them."""
        segments = self.segments[k]
        if k == self.result.k:
            group_of = np.empty(k, dtype=np.intp)
            for position, group in enumerate(self.groups):
                group_of[list(group)] = position
            segments = np.where(segments == OUTSIDE, OUTSIDE, group_of[segments])
        return self.blocks.majority(segments)


def shown_customers(result: Segmentation, *, customers: bool, least: int) -> ShownCustomers:
    """Put the customers of a result into blocks, single ones where ``customers`` are shown.

    Raises
    ------
    SettingError
        Too few customers are left to tell two groups of so many apart.

    """
    part = result.part
    codes = in_memory(part.assignment).labels[SEGMENT].codes
    own = np.where((codes == LEFT_OUT) | (codes == SET_APART), OUTSIDE, codes.astype(np.intp) - 1)
    columns, hidden = _columns(part, own, customers=customers)
    values = part.table.matrix([column.name for column in columns])
    compared = part.table.matrix(part.compared)
    prepared = part.preparation.apply(compared)
    gaps = np.isnan(values).any(axis=1)
    whole = np.logical_not(gaps) if not customers else np.ones(len(values), dtype=bool)
    sizes = np.bincount(own[whole & (own != OUTSIDE)], minlength=part.k)
    groups = (
        tuple((one,) for one in range(part.k)) if customers else merged(sizes.tolist(), part.prepared_centroids, least)
    )
    if len(groups) < 2:
        msg = say(
            "There are no two segments of at least {least} customers to tell of, which a report without "
            "customers needs. Choose another number of segments, set exceptional customers apart, or "
            "save the report with customers.",
            least=least,
        )
        raise SettingError(msg)
    segments = {k: _segments(part, k, own, compared) for k in range(K_RANGE[0], K_RANGE[1] + 1)}
    known = {k: found for k, found in segments.items() if found is not None}
    group_of = np.full(part.k + 1, OUTSIDE)
    for position, group in enumerate(groups):
        group_of[list(group)] = position
    most = min(max(_MOST_NUMBERS // len(columns), _FEWEST_BLOCKS), _MOST_BLOCKS)
    blocks = make_blocks(prepared, group_of[own], _together(list(known.values())), whole, least, most)
    return ShownCustomers(part, columns, hidden, values, prepared, groups, known, blocks)


def _columns(part: Segmentation, own: Rows, *, customers: bool) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Return the columns that are told, and those that are not since too few have a value."""
    names = (*part.features, *(name for name in part.table.features if name not in part.features))
    columns = [part.schema.column(name) for name in names]
    if customers:
        return tuple(columns), ()
    known = [float(np.mean(~np.isnan(part.table.matrix([name])[own != OUTSIDE, 0]))) for name in names]
    told = [column for column, share in zip(columns, known, strict=True) if share >= _KNOWN]
    if not told:
        msg = say("Of no column enough customers have a value for a report without customers. Save it with customers.")
        raise SettingError(msg)
    return tuple(told), tuple(column for column in columns if column not in told)


def _segments(part: Segmentation, k: int, own: Rows, compared: Floats) -> Rows | None:
    """Return the segment (from 0) of each customer at so many segments; None where there are no so many."""
    if k == part.k:
        return own
    try:
        found = segment(
            part.table.some(_MOST_TO_FIT, 0),
            features=part.features,
            k=k,
            seed=part.seed,
            recipe=part.preparation.recipe,
        )
    except (DataError, SettingError):
        return None
    prepared = found.preparation.apply(compared)
    positions = (
        nearest(prepared, found.prepared_centroids) if found.mixture is None else found.mixture.positions(prepared)
    )
    return np.where(own == OUTSIDE, OUTSIDE, positions.astype(np.intp))


def _together(groupings: list[Rows]) -> Rows:
    """Return a number for each customer that is the same for those who are together in every grouping."""
    together = np.zeros(len(groupings[0]), dtype=np.intp)
    for grouping in groupings:
        _, together = np.unique(together * (K_RANGE[1] + 1) + grouping + 1, return_inverse=True)
    return together.reshape(-1)
