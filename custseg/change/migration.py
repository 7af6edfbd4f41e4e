"""The same customers at a later time: who is in which segment now, who left, who came, and whether the segments fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from custseg.change.crosstab import IN_NONE, crosstab, crosstab_frame, labels_or_empty, segment_names
from custseg.change.customer_matching import match_customers, read_with_same_schema
from custseg.change.table_changes import OneTime, find_changes
from custseg.language import mark, say
from custseg.tables.customers import segment_numbers
from custseg.tables.spend import spend_of_each
from custseg.wording import as_written, count, escape_markdown, paragraphs_as_html, percent, untypeset

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from custseg.change.drift import Drift
    from custseg.change.refit import Refit
    from custseg.change.table_changes import TableChanges
    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.table import CustomerTable

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

CAME, LEFT = "not there before", "no longer there"


@dataclass(frozen=True, eq=False)
class Migration:
    """What became of the segments' customers since, by the same segments.

    Attributes
    ----------
    before
        The segments, and the customers that they were found from.
    table
        The customers now, each column as it was understood before.
    labels
        The segment (1..k) of each customer now, in their order; 0 for one that is in none.
    rows_before
        Which row (from 0) of the table before each customer now had; -1 for one that came.
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
    labels: Labels = field(repr=False)
    rows_before: Labels = field(repr=False)
    matrix: Labels = field(repr=False)
    spend_before: Floats | None = field(repr=False)
    spend_now: Floats | None = field(repr=False)
    changes: TableChanges = field(repr=False)

    def __post_init__(self) -> None:
        for array in (self.labels, self.rows_before, self.matrix, self.spend_before, self.spend_now):
            if array is not None:
                array.setflags(write=False)

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

        labels_before = np.where(self.rows_before >= 0, self.before.labels[self.rows_before], self.labels)
        rows = np.flatnonzero(labels_before != self.labels)
        return pd.DataFrame(
            {
                "customer": self.table.identifiers[rows],
                "before": labels_or_empty(labels_before[rows]),
                "now": labels_or_empty(self.labels[rows]),
            }
        )

    @property
    def _texts(self) -> list[str]:
        return [text for text in (self.sentence, self.spend_sentence, *self.warnings, self.refit_sentence) if text]

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
    rows_before = match_customers(before.table, table)
    values_before, values_now = before.table.matrix(before.compared), table.matrix(before.compared)
    labels_before, labels = before.labels, segment_numbers(before.codes(values_now))
    flows = _Flows.of(before.k, labels_before, labels, rows_before)
    money = tuple(name for name in before.table.money(before.table.features) if name in table.frame.columns)
    matrix = flows.customers()
    return Migration(
        before=before,
        table=table,
        labels=labels,
        rows_before=rows_before,
        matrix=matrix,
        spend_before=flows.spend_before(_known_spend(before.table, money)) if money else None,
        spend_now=flows.spend_now(_known_spend(table, money)) if money else None,
        changes=find_changes(before, OneTime(values_before, labels_before), OneTime(values_now, labels), matrix),
    )


def _known_spend(table: CustomerTable, money: tuple[str, ...]) -> Floats:
    """Return what each customer spends as far as it is known; nobody of whom nothing is known adds to a sum."""
    return np.nan_to_num(spend_of_each(table.matrix(money)))


class _Flows(NamedTuple):
    """The row and the column of the matrix of each customer now, in their order, and then of those who left.

    ``left`` are the rows before of those who left, ``rows_before`` those of the customers now, -1 for one that came.
    """

    k: int
    rows: Labels
    columns: Labels
    rows_before: Labels
    left: Labels

    @classmethod
    def of(cls, k: int, labels_before: Labels, labels: Labels, rows_before: Labels) -> _Flows:
        # In no segment comes after the k segments; 0, which ``crosstab`` puts last, is for who is missing at one time.
        cells_before, cells_now = (np.where(own == 0, k + 1, own) for own in (labels_before, labels))
        stayed = np.bincount(rows_before[rows_before >= 0], minlength=len(labels_before))
        left = np.flatnonzero(stayed == 0)
        rows = np.concatenate([np.where(rows_before >= 0, cells_before[rows_before], 0), cells_before[left]])
        columns = np.concatenate([cells_now, np.zeros(len(left), dtype=np.intp)])
        return cls(k, rows, columns, rows_before, left)

    def customers(self) -> Labels:
        """Count customers in each segment before (rows) and now (columns)."""
        return crosstab(self.rows, self.columns, self.k + 1, self.k + 1)

    def spend_before(self, each: Floats) -> Floats:
        """Add up what each customer before spent."""
        known = np.where(self.rows_before >= 0, each[self.rows_before], 0)
        return crosstab(self.rows, self.columns, self.k + 1, self.k + 1, np.concatenate([known, each[self.left]]))

    def spend_now(self, each: Floats) -> Floats:
        """Add up what each customer now spends."""
        spent = np.concatenate([each, np.zeros(len(self.left))])
        return crosstab(self.rows, self.columns, self.k + 1, self.k + 1, spent)
