"""The customers of one more period: who is in which segment, and which segments are those of the period before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from custseg.change.crosstab import crosstab
from custseg.change.customer_matching import customer_names
from custseg.change.migration import Migration, migrate
from custseg.clustering.segmentation import Segmentation, segment
from custseg.errors import DataError
from custseg.insight.profile import profile
from custseg.language import say
from custseg.ledger.alarms import Alarm, find_alarms
from custseg.ledger.basis import check_followable, check_in_memory, segments_of
from custseg.ledger.history import Change
from custseg.ledger.lineage import Lineage, trace
from custseg.narrative.interpretation import interpret
from custseg.tables.table import CustomerTable, open_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    Ids = tuple[int, ...]
    Flags = npt.NDArray[np.bool_]
    Labels = npt.NDArray[np.intp]

How = Literal["auto", "kept", "anew"]
# Fewer customers of both periods for each segment than this tell nothing of which is which.
_FEWEST_SHARED = 5
# What stands for a customer who was not there.
NOT_THERE = -1


@dataclass(frozen=True, eq=False)
class Before:
    """What is known of the period before.

    Attributes
    ----------
    segments, ids
        The segments, of the customers from whom they were found, and their lasting numbers.
    placed
        The lasting number of the segment of each customer, by identifier; 0 for none.
    largest
        The largest lasting number that any segment had.

    """

    segments: Segmentation
    ids: Ids
    placed: pd.Series[int] = field(repr=False)
    largest: int


@dataclass(frozen=True, eq=False)
class NextPeriod:
    """What is found of the customers of a period; ``ids`` are the lasting numbers of the result's segments."""

    result: Segmentation
    ids: Ids
    found_anew: bool
    redrawn: int = 0
    changes: tuple[Change, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    remark: str = ""

    @property
    def placed(self) -> pd.Series[int]:
        """The lasting number of the segment of each customer, by identifier; 0 for none."""
        import pandas as pd

        return pd.Series(np.array([0, *self.ids])[self.result.labels], index=names_of(self.result.table))

    @property
    def described(self) -> tuple[str, ...]:
        """What each segment is called by what it is like, in the order of ``ids``; empty where nobody is in it."""
        if not self.result.sizes.all():
            return ("",) * len(self.ids)
        return tuple(interpret(profile(self.result)).names)


def first_period(source: object, settings: Mapping[str, Any]) -> NextPeriod:
    """Find the segments of the first period."""
    result = source if isinstance(source, Segmentation) else segment(source, **settings)
    check_followable(result)
    names_of(result.table)
    return NextPeriod(result, tuple(range(1, result.k + 1)), found_anew=True)


def next_period(before: Before, source: object, how: How, settings: Mapping[str, Any]) -> NextPeriod:
    """Find the segments of one more period. Raises what ``segment`` and ``migrate`` raise."""
    if settings.keys() & {"features", "recipe"} and not isinstance(source, Segmentation):
        source = segment(source, **_same_but(before.segments, settings))
    if isinstance(source, Segmentation):
        check_followable(source)
        found, remark = _migrated(before, source)
        return _anew(before, source, found, remark)
    opened = open_source(source)
    check_in_memory(opened.elsewhere)
    found = migrate(before.segments, source if isinstance(source, CustomerTable) else opened)
    if how == "anew" or settings or (how == "auto" and not found.can_be_kept):
        return _anew(before, segment(found.table, **_same_but(before.segments, settings)), found)
    result = segments_of(found.table, before.segments)
    return NextPeriod(result, before.ids, found_anew=False, alarms=find_alarms(found, before.ids))


def names_of(table: CustomerTable) -> pd.Index[str]:
    """Return the identifiers of customers. Raises DataError where there are none, or not one for each."""
    if table.identifier is None:
        msg = say(
            "A ledger follows customers by their identifier, but this table has none. Read it with "
            "CustomerTable.read(customers, roles={column: “identifier”})."
        )
        raise DataError(msg)
    return customer_names(table, "new")


def _same_but(segments: Segmentation, settings: Mapping[str, Any]) -> dict[str, Any]:
    own = {
        "features": segments.features,
        "k": segments.k,
        "seed": segments.seed,
        "recipe": segments.preparation.recipe,
    }
    return own | dict(settings)


def _migrated(before: Before, result: Segmentation) -> tuple[Migration | None, str]:
    """Return where the earlier segments would put the customers of a result; else None, and why that is not known."""
    if not names_of(result.table).isin(before.placed.index).any():
        # It says so in words.
        return migrate(before.segments, result.table), ""
    try:
        return migrate(before.segments, result.table), ""
    except DataError as problem:
        return None, say("What has changed could not be tested. {why}", why=problem)


def _anew(before: Before, result: Segmentation, found: Migration | None, remark: str = "") -> NextPeriod:
    """Find out which segments of a result are which of those before."""
    was: Labels = np.asarray(before.placed.reindex(names_of(result.table), fill_value=NOT_THERE), dtype=np.intp)
    ids_before = before.ids
    if found is not None:
        positions: Labels = found.labels
    else:
        places = dict(zip(ids_before, range(1, len(ids_before) + 1), strict=True))
        positions = np.array([places.get(one, 0) for one in was.tolist()], dtype=np.intp)
    stayed = (np.array([0, *ids_before])[positions] == was) & (was > 0)
    lineage = _lineage(positions, result, stayed, len(ids_before))
    ids, largest = [], before.largest
    for after in range(result.k):
        largest += after not in lineage.partners
        ids.append(ids_before[lineage.partners[after]] if after in lineage.partners else largest)
    now = np.array([0, *ids])[result.labels]
    redrawn = int(np.count_nonzero(stayed & (now != was))) if found is not None else 0
    changes = tuple(
        Change(one.kind, _numbers(ids_before, one.before), _numbers(ids, one.after)) for one in lineage.transitions
    )
    alarms = () if found is None else find_alarms(found, ids_before)
    return NextPeriod(result, tuple(ids), True, redrawn, changes, alarms, remark)


def _numbers(ids: Sequence[int], places: Iterable[int]) -> Ids:
    return tuple(sorted(ids[place] for place in places))


def _lineage(positions: Labels, result: Segmentation, stayed: Flags, k: int) -> Lineage:
    """Trace segments by those who would have stayed; where they are too few, by all, as the earlier segments have them.

    ``positions`` are the earlier segments (from 1) of the customers now. Who moved has changed, and the segments have
    not: they would take the number of one segment to another.
    """
    if np.count_nonzero(stayed) < _FEWEST_SHARED * max(k, result.k):
        stayed = positions > 0
    shared = crosstab(positions[stayed], result.labels[stayed], k, result.k)
    came = np.asarray(np.bincount(result.labels[~stayed], minlength=result.k + 1)[1:], dtype=np.intp)
    return trace(shared[:-1, :-1], shared[:-1].sum(axis=1), came)
