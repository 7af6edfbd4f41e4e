"""What is added to customers of purchases where it is asked for: scores, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from custseg.errors import SettingError
from custseg.language import say
from custseg.tables.purchases.aggregation import RECENCY, TENURE
from custseg.tables.purchases.lifecycle import LIFECYCLE, Lifecycle, usual_lifecycle
from custseg.tables.purchases.rfm import rfm_scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.tables.purchase_columns import TransactionColumns
    from custseg.tables.purchases.lines import Lines
    from custseg.tables.purchases.rfm import Cuts


@dataclass(frozen=True)
class Extras:
    """What ``from_transactions`` was asked for beside its measures.

    Attributes
    ----------
    scores, cuts, lifecycle
        What is added to the measures.
    like
        The columns of an earlier table, of whose categories there are shares; None for those of the largest now.

    """

    scores: bool = False
    cuts: Cuts = 5
    lifecycle: bool | Lifecycle = False
    like: Sequence[str] | None = None

    def __bool__(self) -> bool:
        """Whether anything is added."""
        return bool(self.scores or self.lifecycle)

    def days_of(self, lines: Lines) -> tuple[Lifecycle, str] | None:
        """Return after how many days customers are what, and why; None where nobody asks."""
        given = self.given_days(lines.columns)
        return usual_lifecycle(lines) if given is None and self.lifecycle else given

    def given_days(self, columns: TransactionColumns) -> tuple[Lifecycle, str] | None:
        """Return the days that somebody gave; None where nobody did. Raises SettingError where there are no dates."""
        if self.lifecycle and not columns.date:
            msg = say("lifecycle rests on days, but no column holds dates. Give date, or leave lifecycle out.")
            raise SettingError(msg)
        return (self.lifecycle, "") if isinstance(self.lifecycle, Lifecycle) else None

    def added_to(self, customers: Any, days: tuple[Lifecycle, str] | None) -> tuple[Any, tuple[str, ...]]:
        """Add to an Arrow table of customers what is asked for; return also what is to be said of it."""
        measures = nw.from_native(customers.select(customers.column_names[1:]), eager_only=True)
        added = rfm_scores(measures, self.cuts).columns() if self.scores else {}
        if days:
            added |= {LIFECYCLE: days[0].of(measures[RECENCY].to_numpy(), measures[TENURE].to_numpy())}
        for name, values in added.items():
            customers = customers.append_column(name, [values.tolist()])
        return customers, (f"{days[0].sentence}{days[1]}.",) if days else ()
