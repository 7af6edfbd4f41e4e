"""The same customers at a later time: who is in which segment now, who left, who came, and whether the segments fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from custseg.change.crosstab import IN_NONE, crosstab_frame, labels_or_empty, segment_names
from custseg.change.customer_matching import read_with_same_schema
from custseg.change.followed import FollowedInMemory
from custseg.change.followed_in_database import FollowedInDatabase
from custseg.change.table_changes import OneTime, find_changes
from custseg.errors import DataError
from custseg.language import mark, say
from custseg.tables.customers import SAMPLE_SIZE, segment_numbers
from custseg.tables.expressions import SEGMENT
from custseg.wording import as_written, count, escape_markdown, paragraphs_as_html, percent, untypeset

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from custseg.change.drift import Drift
    from custseg.change.followed import Followed
    from custseg.change.refit import Refit
    from custseg.change.table_changes import TableChanges
    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.table import CustomerTable

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

CAME, LEFT = mark("not there before"), mark("no longer there")


@dataclass(frozen=True, eq=False)
class Migration:
    """What became of the segments' customers since, by the same segments.

    Attributes
    ----------
    before
        The segments, and the customers that they were found from.
    table
        The customers now, each column as it was understood before.
    followed
        Who is who at both times.
    drawn
        How many customers of each table, at random, it rests on what has changed; None where all of both are in memory.
    matrix
        Customers in each segment before (rows) and now (columns), (k + 2) x (k + 2): after the k segments those in no
        segment, and last those who were not there before (row) or are no longer there (column).
    spend_before, spend_now
        The same in what these customers spent before and spend now, in the money that both tables have; None where
        they have none.
    changes
        What has changed in what the segments rest on, and what new ones would be.

    """

    before: Segmentation = field(repr=False)
    table: CustomerTable = field(repr=False)
    followed: Followed = field(repr=False)
    drawn: tuple[int, int] | None
    matrix: Labels = field(repr=False)
    spend_before: Floats | None = field(repr=False)
    spend_now: Floats | None = field(repr=False)
    changes: TableChanges = field(repr=False)

    def __post_init__(self) -> None:
        for array in (self.matrix, self.spend_before, self.spend_now):
            if array is not None:
                array.setflags(write=False)

    @property
    def labels(self) -> Labels:
        """The segment (1..k) of each customer now, in their order; 0 for one that is in none. Of those in memory."""
        return self._in_memory.labels

    @property
    def rows_before(self) -> Labels:
        """Which row (from 0) of the table before each customer now had; -1 for one that came. Of those in memory."""
        return self._in_memory.rows_before

    @property
    def _in_memory(self) -> FollowedInMemory:
        if isinstance(self.followed, FollowedInMemory):
            return self.followed
        msg = say(
            "There is no list of all customers, since some of them are in an engine. Ask for how many "
            "went where (matrix), or for those who changed (moved_customers)."
        )
        raise DataError(msg)

    @property
    def drift(self) -> tuple[Drift, ...]:
        """How far each of the features has shifted."""
        return self.changes.drift

    @property
    def refit(self) -> Refit | None:
        """What segments made anew would be; None where fewer customers now differ than there are segments."""
        return self.changes.refit

    @property
    def warnings(self) -> tuple[str, ...]:
        """What has changed by more than chance, one sentence each, as plain text; empty where nothing has."""
        return self.changes.warnings

    @property
    def distance_before(self) -> float:
        """The median distance of a customer to its centroid then, in prepared units; NaN where nobody was in one."""
        return self.changes.distance_before

    @property
    def distance_now(self) -> float:
        """The median distance of a customer to its centroid now, in prepared units; NaN where nobody is in one."""
        return self.changes.distance_now

    @property
    def far_share(self) -> float:
        """Share of the customers now that are farther from their centroid than 99% before; NaN likewise."""
        return self.changes.far_share

    @property
    def fits(self) -> bool:
        """Whether nothing that the segments rest on has changed by more than chance."""
        return not self.warnings

    @property
    def can_be_kept(self) -> bool:
        """Whether new segments are needless: nothing has changed, or they would be no others for it."""
        return self.fits or (self.refit is not None and self.refit.needless)

    @property
    def came(self) -> int:
        """How many customers were not there before."""
        return int(self.matrix[-1].sum())

    @property
    def left(self) -> int:
        """How many customers are no longer there."""
        return int(self.matrix[:, -1].sum())

    @property
    def stayed(self) -> int:
        """How many customers are in the same segment as before, or in none both times."""
        return int(np.trace(self.matrix[:-1, :-1]))

    @property
    def moved(self) -> int:
        """How many customers were there both times, and are in another segment now."""
        return int(self.matrix[:-1, :-1].sum()) - self.stayed

    @property
    def came_spend(self) -> float | None:
        """What the customers who came spend now."""
        return None if self.spend_now is None else float(self.spend_now[-1].sum())

    @property
    def left_spend(self) -> float | None:
        """What the customers who left spent before."""
        return None if self.spend_before is None else float(self.spend_before[:, -1].sum())

    @property
    def sentence(self) -> str:
        """Where the customers are now, and whether the segments still fit."""
        customers = len(self.before.table)
        return say(
            "Of {customers} before: {stayed:,} ({share}) in the same segment now, {moved:,} in another, {left:,} no "
            "longer there. New since then: {came:,}. {advice}",
            customers=count(customers, "customer"), stayed=self.stayed, share=percent(self.stayed / customers),
            moved=self.moved, left=self.left, came=self.came, advice=self._advice,
        )  # fmt: skip

    @property
    def _advice(self) -> str:
        if self.fits:
            return say("The segments still fit.")
        if self.refit is not None and self.refit.needless:
            return say(
                "The customers have changed, but these segments can be kept: new ones would {summary}.",
                summary=self.refit.summary,
            )
        return say("The segments may no longer fit: run the clustering again.")

    @property
    def spend_sentence(self) -> str:
        """How much of the spend left and came; empty where nothing is money, or nothing was spent."""
        parts = []
        for who, spend, part in (
            (mark("who left made up {share} of the spend before"), self.spend_before, self.left_spend),
            (mark("who are new make up {share} of the spend now"), self.spend_now, self.came_spend),
        ):
            # A share says nothing where credits make some spend negative.
            if spend is not None and part is not None and spend.sum() > 0 and spend.min() >= 0:
                parts.append(say(who, share=percent(part / float(spend.sum()))))
        return say("Those {parts}.", parts=say("; those ").join(parts)) if parts else ""

    @property
    def refit_sentence(self) -> str:
        """What segments made anew would be, as plain text."""
        if self.refit is None:
            return say("Too few of the customers now differ to make {k} segments anew.", k=self.before.k)
        return self.refit.sentence

    @property
    def drawn_sentence(self) -> str:
        """Of how many customers at random it was found what has changed; empty where of all."""
        if self.drawn is None:
            return ""
        before, now = self.drawn
        return say(
            "What has changed in the features, and what new segments would be, was found from {before:,} customers "
            "before and {now:,} now, drawn at random.",
            before=before, now=now,
        )  # fmt: skip

    @property
    def frame(self) -> pd.DataFrame:
        """Customers in each segment before (rows) and now (columns), with those in none, who came and who left."""
        names = [*segment_names(self.before.k), IN_NONE]
        return crosstab_frame(self.matrix, [*names, CAME], [*names, LEFT], ("before", "now"))

    @property
    def drift_frame(self) -> pd.DataFrame:
        """One row per feature: population stability index, the word for it, medians before and now."""
        import pandas as pd

        columns = ["feature", "stability index", "shift", "median before", "median now"]
        rows = [
            (drift.feature, drift.stability_index, drift.shift, drift.median_before, drift.median_now)
            for drift in self.drift
        ]
        return pd.DataFrame(rows, columns=pd.Index(columns))

    @property
    def moved_customers(self) -> pd.DataFrame:
        """The customers in another segment now: identifier, segment before, segment now; empty where it is in none."""
        import pandas as pd

        moved = self.followed.moved()
        labels = {"before": labels_or_empty(moved.before), "now": labels_or_empty(moved.now)}
        return pd.DataFrame({"customer": moved.customers, **labels})

    @property
    def _texts(self) -> list[str]:
        texts = (self.sentence, self.spend_sentence, *self.warnings, self.refit_sentence, self.drawn_sentence)
        return [text for text in texts if text]

    def _repr_html_(self) -> str:
        drift = self.drift_frame.assign(feature=[drift.label for drift in self.drift])
        tables = f"{self.frame.to_html()}{drift.to_html(index=False)}"
        return as_written(f"{paragraphs_as_html(self._texts)}{tables}")

    def _repr_markdown_(self) -> str:
        return untypeset("\n\n".join(escape_markdown(text) for text in self._texts))


def migrate(before: Segmentation, customers_now: object) -> Migration:
    """Follow customers to a later table: the same segments, the same customers by their identifier.

    Parameters
    ----------
    before
        The segments, of a table with an identifier.
    customers_now
        A CustomerTable, or anything that ``CustomerTable.read`` takes. Its columns are understood as those before.

    Raises
    ------
    DataError
        The table can't be read, lacks a feature or an identifier, has a customer twice, or none of those before.

    """
    table = read_with_same_schema(before, customers_now)
    money = tuple(
        name for name in before.table.money(before.table.features) if name in {column.name for column in table.columns}
    )
    in_an_engine = before.table.elsewhere or table.elsewhere
    followed: Followed = (FollowedInDatabase if in_an_engine else FollowedInMemory).of(before, table, money)
    matrix, spend_before, spend_now = followed.flows()
    times, drawn = _times(before, table, followed)
    return Migration(
        before=before,
        table=table,
        followed=followed,
        drawn=drawn,
        matrix=matrix,
        spend_before=spend_before,
        spend_now=spend_now,
        changes=find_changes(before, *times, matrix),
    )


def _times(
    before: Segmentation, table: CustomerTable, followed: Followed
) -> tuple[tuple[OneTime, OneTime], tuple[int, int] | None]:
    """Return the customers from whom it is found what has changed, and how many where they are not all."""
    if isinstance(followed, FollowedInMemory):
        values = before.table.matrix(before.compared), table.matrix(before.compared)
        return (OneTime(values[0], before.labels), OneTime(values[1], followed.labels)), None
    some = [labelled.sample(SAMPLE_SIZE) for labelled in (before.assignment, before.label(table.customers, SEGMENT))]
    was, now = (OneTime(one.matrix(before.compared), segment_numbers(one.labels[SEGMENT])) for one in some)
    return (was, now), None if all(one.whole for one in some) else (len(some[0]), len(some[1]))
