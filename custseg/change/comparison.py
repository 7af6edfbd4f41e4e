"""Two segmentations of the same customers: which segment is which, who moved, and what was asked for differently."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from custseg.change.crosstab import (
    AFTER,
    BEFORE,
    IN_NONE,
    crosstab_frame,
    crosstab_of,
    labels_or_empty,
    segment_names,
    with_both_segments,
)
from custseg.change.segment_matching import pair_by_customers
from custseg.change.setting_changes import describe_changes
from custseg.clustering.partition_agreement import adjusted_rand
from custseg.errors import DataError
from custseg.language import mark, say, say_many
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import LEFT_OUT, SET_APART, Both, Either, InSegments, Not
from custseg.tables.in_memory import made_of_the_same
from custseg.wording import (
    as_written,
    capitalised,
    count,
    escape_markdown,
    join_words,
    paragraphs_as_html,
    percent,
    untypeset,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.expressions import Condition

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

# Steinley, "Properties of the Hubert-Arabie adjusted Rand index" (2004), calls agreement from here on excellent, good
# and moderate.
_AGREEMENTS = (
    (0.9, mark("nearly the same segments")),
    (0.8, mark("much the same segments")),
    (0.65, mark("moderately alike")),
)


@dataclass(frozen=True, eq=False)
class Comparison:
    """What became of the segments of one run in another run on the same customers.

    Attributes
    ----------
    before, after
        The two segmentations, each with its own numbers of segments.
    partners
        Which segment before (from 1) each segment after is taken to be; one that is new is not in it.
    matrix
        Customers in each segment before (rows) and after (columns), (before.k + 1) x (after.k + 1). The last row and
        the last column are those in no segment.
    spend
        The same in what these customers spend, by what counts as money after; None where nothing does.
    adjusted_rand
        Adjusted Rand index (Hubert & Arabie, 1985) over the customers that are in a segment both times: 1 for the
        same segments, about 0 for chance; NaN where there is no such customer.
    moved
        How many customers are in a segment that is not the partner of the one they were in.
    changes
        What was asked for differently, one sentence each, as plain text.

    """

    before: Segmentation = field(repr=False)
    after: Segmentation = field(repr=False)
    partners: Mapping[int, int]
    matrix: Labels = field(repr=False)
    spend: Floats | None = field(repr=False)
    adjusted_rand: float
    moved: int
    changes: tuple[str, ...]

    def __post_init__(self) -> None:
        for array in (self.matrix, self.spend):
            if array is not None:
                array.setflags(write=False)

    @property
    def sentence(self) -> str:
        """How many customers moved, and how alike the segments are."""
        moved, customers = self.moved, self.after.source.count
        if not moved:
            text = say("All {customers} are in the same segment as before.", customers=count(customers, "customer"))
        else:
            text = say_many(
                "{quantity:,} of {customers} ({share}) is in a different segment than before.",
                "{quantity:,} of {customers} ({share}) are in a different segment than before.",
                moved, customers=count(customers, "customer"), share=percent(moved / customers),
            )  # fmt: skip
        if np.isnan(self.adjusted_rand):
            return say("{text} Nobody is in a segment both times.", text=text)
        alike = next((words for least, words in _AGREEMENTS if self.adjusted_rand >= least), mark("hardly alike"))
        return say(
            "{text} Adjusted Rand index {index:.2f}: {alike}.", text=text, index=self.adjusted_rand, alike=say(alike)
        )

    @property
    def numbering(self) -> str:
        """Which segments have another number now, are new or are gone, as a sentence; empty where none."""
        parts = [
            say("segment {after} was segment {before}", after=after, before=self.partners[after])
            if after in self.partners
            else say("segment {after} is new", after=after)
            for after in range(1, self.after.k + 1)
            if self.partners.get(after) != after
        ]
        gone = [str(number) for number in range(1, self.before.k + 1) if number not in self.partners.values()]
        if gone:
            parts.append(say("what was segment {gone} is gone", gone=join_words(gone)))
        return capitalised(f"{'; '.join(parts)}.") if parts else ""

    @property
    def frame(self) -> pd.DataFrame:
        """Customers in each segment before (rows) and after (columns)."""
        rows, columns = ([*segment_names(result.k), IN_NONE] for result in (self.before, self.after))
        return crosstab_frame(self.matrix, rows, columns, ("before", "after"))

    @property
    def moved_customers(self) -> pd.DataFrame:
        """The customers that moved: identifier, segment before, segment after; empty where it is in none."""
        import pandas as pd

        page = with_both_segments(self.before, self.after).page(self._moving, limit=self.moved)
        segments = ((name, labels_or_empty(segment_numbers(page.labels[name]))) for name in (BEFORE, AFTER))
        return pd.DataFrame({"customer": page.identifiers, **dict(segments)})

    @property
    def _moving(self) -> Condition:
        """Who is meant by those that moved."""
        in_none = frozenset({LEFT_OUT, SET_APART})
        staying: Condition = Both(InSegments(in_none, BEFORE), InSegments(in_none, AFTER))
        for after, before in self.partners.items():
            pair = Both(InSegments(frozenset({before}), BEFORE), InSegments(frozenset({after}), AFTER))
            staying = Either(staying, pair)
        return Not(staying)

    @property
    def _notes(self) -> list[str]:
        return [note for note in (self.numbering, *self.changes) if note]

    def _repr_html_(self) -> str:
        return as_written(f"{paragraphs_as_html([self.sentence, *self._notes])}{self.frame.to_html()}")

    def _repr_markdown_(self) -> str:
        return untypeset("\n\n".join(escape_markdown(text) for text in [self.sentence, *self._notes]))


def compare(before: Segmentation, after: Segmentation) -> Comparison:
    """Compare two segmentations of the same customers, such as with another k or other features.

    Parameters
    ----------
    before, after
        The two, both of the same table. Their numbers of segments may differ.

    Raises
    ------
    DataError
        They are not of the same table.

    """
    _check_same_customers(before, after)
    customers = with_both_segments(before, after)
    matrix = crosstab_of(customers)
    partners = pair_by_customers(matrix[:-1, :-1].T, after, before)
    staying = int(matrix[-1, -1]) + sum(int(matrix[was - 1, now - 1]) for now, was in partners.items())
    money = after.schema.money(after.schema.features)
    both = matrix[:-1, :-1].astype(np.float64)
    return Comparison(
        before=before,
        after=after,
        partners=partners,
        matrix=matrix,
        spend=crosstab_of(customers, money) if money else None,
        adjusted_rand=adjusted_rand(both) if both.any() else float("nan"),
        moved=int(matrix.sum()) - staying,
        changes=tuple(describe_changes(before, after)),
    )


def _check_same_customers(before: Segmentation, after: Segmentation) -> None:
    # In a notebook one dataframe is often segmented twice without being read into a CustomerTable first.
    if not (after.has_the_customers_of(before) or made_of_the_same(before.source, after.source)):
        msg = say(
            "Two segmentations of the same customers in the same order were expected, but got two tables, "
            "of {before} and of {after}. Read the table once (CustomerTable.read) and segment that "
            "twice; or, if the second table is a later one, use migrate.",
            before=count(before.source.count, "customer"),
            after=count(after.source.count, "customer"),
        )
        raise DataError(msg)
