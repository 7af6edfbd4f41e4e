"""Two segmentations of the same customers: which segment is which, who moved, and what was asked for differently."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.clustering.partition_agreement import adjusted_rand
from custseg.clustering.recipe import SKEWED
from custseg.errors import DataError, listed
from custseg.wording import capitalised, count, escape_markdown, join_words, number, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.recipe import Recipe
    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.table import CustomerTable

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

IN_NONE = "in none"
# Steinley, "Properties of the Hubert-Arabie adjusted Rand index" (2004), calls agreement from here on excellent, good
# and moderate.
_AGREEMENTS = ((0.9, "nearly the same segments"), (0.8, "much the same segments"), (0.65, "moderately alike"))


@dataclass(frozen=True, eq=False)
class Comparison:
    """What became of the segments of one run in another run on the same customers.

    Attributes
    ----------
    before, after
        The two segmentations, each with its own numbers of segments.
    partners
        Which segment before (from 1) each segment after is taken to be, by ``match_segments``; one that is new is not
        in it.
    matrix
        Customers in each segment before (rows) and after (columns), (before.k + 1) x (after.k + 1). The last row and
        the last column are those in no segment.
    spend
        The same in what these customers spend, by what counts as money after; None where nothing does.
    adjusted_rand
        Adjusted Rand index (Hubert & Arabie, 1985) over the customers that are in a segment both times: 1 for the
        same segments, about 0 for chance; NaN where there is no such customer.
    moved
        Whether each customer, in the table's order, is in another segment than the partner of the one it was in.
    changes
        What was asked for differently, one sentence each, as plain text.

    """

    before: Segmentation = field(repr=False)
    after: Segmentation = field(repr=False)
    partners: Mapping[int, int]
    matrix: Labels = field(repr=False)
    spend: Floats | None = field(repr=False)
    adjusted_rand: float
    moved: npt.NDArray[np.bool_] = field(repr=False)
    changes: tuple[str, ...]

    def __post_init__(self) -> None:
        for array in (self.matrix, self.spend, self.moved):
            if array is not None:
                array.setflags(write=False)

    @property
    def sentence(self) -> str:
        """How many customers moved, and how alike the segments are."""
        moved, customers = int(np.count_nonzero(self.moved)), len(self.moved)
        if not moved:
            text = f"Of {count(customers, 'customer')}, every one is in the same segment as before."
        else:
            are = "is" if moved == 1 else "are"
            text = (
                f"{moved:,} of {count(customers, 'customer')} ({percent(moved / customers)}) {are} in another segment "
                "than before."
            )
        if np.isnan(self.adjusted_rand):
            return f"{text} Nobody is in a segment both times."
        alike = next((words for least, words in _AGREEMENTS if self.adjusted_rand >= least), "hardly alike")
        return f"{text} Adjusted Rand index {self.adjusted_rand:.2f}: {alike}."

    @property
    def numbering(self) -> str:
        """Which segments have another number now, are new or are gone, as a sentence; empty where none."""
        parts = [
            f"segment {after} was {self.partners[after]}" if after in self.partners else f"segment {after} is new"
            for after in range(1, self.after.k + 1)
            if self.partners.get(after) != after
        ]
        gone = [str(one) for one in range(1, self.before.k + 1) if one not in self.partners.values()]
        if gone:
            parts.append(f"what was segment {join_words(gone)} is gone")
        return capitalised(f"{'; '.join(parts)}.") if parts else ""

    @property
    def frame(self) -> pd.DataFrame:
        """Customers in each segment before (rows) and after (columns)."""
        rows, columns = ([*segment_names(one.k), IN_NONE] for one in (self.before, self.after))
        return framed(self.matrix, rows, columns, ("before", "after"))

    @property
    def moved_customers(self) -> pd.DataFrame:
        """The customers that moved: identifier, segment before, segment after; empty where it is in none."""
        import pandas as pd

        rows = np.flatnonzero(self.moved)
        return pd.DataFrame(
            {
                "customer": self.after.table.identifiers[rows],
                "before": or_empty(self.before.labels[rows]),
                "after": or_empty(self.after.labels[rows]),
            }
        )

    @property
    def _notes(self) -> list[str]:
        return [note for note in (self.numbering, *self.changes) if note]

    def _repr_html_(self) -> str:
        return f"{paragraphs_as_html([self.sentence, *self._notes])}{self.frame.to_html()}"

    def _repr_markdown_(self) -> str:
        return "\n\n".join(escape_markdown(text) for text in [self.sentence, *self._notes])


def compare(before: Segmentation, after: Segmentation) -> Comparison:
    """Compare two segmentations of the same customers, such as with another k or other features.

    Raises
    ------
    DataError
        They are not of the same table.

    """
    if not _same_customers(before.table, after.table):
        msg = (
            "Two segmentations of the same customers in the same order were expected, but they are of two tables, of "
            f"{count(len(before.table), 'customer')} and of {count(len(after.table), 'customer')}. Read the table once "
            "(CustomerTable.read) and segment that twice; or, where a second table came later, use migrate."
        )
        raise DataError(msg)
    matrix = crosstab(before.labels, after.labels, before.k, after.k)
    partners = _most_shared(matrix[:-1, :-1].T, after, before)
    # Where each customer is now, by the numbers of before: -1 stands for a segment that is new.
    known_as = np.array([0, *(partners.get(one, -1) for one in range(1, after.k + 1))], dtype=np.intp)
    each = spend_of(after.table, after.table.money(after.table.features))
    both = matrix[:-1, :-1].astype(np.float64)
    return Comparison(
        before=before,
        after=after,
        partners=partners,
        matrix=matrix,
        spend=None if each is None else crosstab(before.labels, after.labels, before.k, after.k, each),
        adjusted_rand=adjusted_rand(both) if both.any() else float("nan"),
        moved=np.not_equal(known_as[after.labels], before.labels),
        changes=tuple(_changes(before, after)),
    )


def match_segments(before: Segmentation, after: Segmentation) -> dict[int, int]:
    """Pair segments (numbers from 1): after -> before. Segments left over by a change of k are not in it.

    Where both hold the same customers, the pairs share as many customers as they can; else centroids lie as near
    as they can, in the units of ``before``. Both by the Hungarian method (Kuhn, 1955).
    """
    if after.table.has_the_customers_of(before.table):
        return _most_shared(crosstab(after.labels, before.labels, after.k, before.k)[:-1, :-1], after, before)
    if before.features != after.features:
        return {}
    there = before.preparation.apply(after.centroids)
    return _cheapest(np.square(there[:, None] - before.prepared_centroids[None]).sum(axis=2))


def assign_colour_slots(
    before: Segmentation | None, after: Segmentation, slots_before: tuple[int, ...], places: int
) -> tuple[int, ...]:
    """Give each segment of ``after`` a slot (0..places - 1, which is a colour): its partner's, else a free one."""
    slots: list[int | None] = [None] * after.k
    if before is not None:
        for own, partner in match_segments(before, after).items():
            slots[own - 1] = slots_before[partner - 1]
    free = (slot for slot in range(places) if slot not in slots)
    return tuple(next(free) if slot is None else slot for slot in slots)


def crosstab(rows: Labels, columns: Labels, height: int, width: int, amounts: Floats | None = None) -> npt.NDArray[Any]:
    """Count customers, or add up their amounts, by two labels; label 0 comes last: (height + 1) x (width + 1)."""
    cells = ((rows - 1) % (height + 1)) * (width + 1) + (columns - 1) % (width + 1)
    return np.bincount(cells, amounts, minlength=(height + 1) * (width + 1)).reshape(height + 1, width + 1)


def spend_of(table: CustomerTable, money: tuple[str, ...]) -> Floats | None:
    """Return what each customer spends on these features together; None where there are none."""
    return np.nansum(table.matrix(money), axis=1) if money else None


def segment_names(k: int) -> list[str]:
    """Name the rows or columns of a frame that stand for segments."""
    return [f"segment {position}" for position in range(1, k + 1)]


def framed(matrix: npt.NDArray[Any], rows: list[str], columns: list[str], times: tuple[str, str]) -> pd.DataFrame:
    """Return a matrix with names of its rows and columns, and the times that they stand for."""
    import pandas as pd

    return pd.DataFrame(matrix, pd.Index(rows, name=times[0]), pd.Index(columns, name=times[1]))


def or_empty(labels: Labels) -> pd.Series[int]:
    """Return labels in which 0, in no segment, is empty."""
    import pandas as pd

    return pd.Series(labels, dtype="Int64").mask(labels == 0)


def paragraphs_as_html(texts: Iterable[str]) -> str:
    """Write plain texts, in which names from a table may stand, as paragraphs of HTML."""
    return "".join(f"<p>{html.escape(text)}</p>" for text in texts)


def _same_customers(one: CustomerTable, other: CustomerTable) -> bool:
    # In a notebook one dataframe is often segmented twice without being read into a CustomerTable first.
    same_frame = one.original is not None and one.original is other.original
    return other.has_the_customers_of(one) or (same_frame and len(one) == len(other))


def _most_shared(overlap: Labels, after: Segmentation, before: Segmentation) -> dict[int, int]:
    """Pair the segments of after.k x before.k shared customers."""
    # As a share of the two together (Jaccard): else a small segment that swells would lose its identity.
    return _cheapest(-overlap / (after.sizes[:, None] + before.sizes[None, :] - overlap))


def _cheapest(cost: Floats) -> dict[int, int]:
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(cost)
    return {int(row) + 1: int(column) + 1 for row, column in zip(rows, columns, strict=True)}


def _changes(before: Segmentation, after: Segmentation) -> Iterable[str]:
    """Say what was asked for differently."""
    for what, added in (
        ("added", [name for name in after.features if name not in before.features]),
        ("removed", [name for name in before.features if name not in after.features]),
    ):
        if added:
            yield f"Features {what}: {listed(added)}."
    if before.seed != after.seed:
        yield f"Seed: {_seed(before)} before, {_seed(after)} after."
    for what, words in _SETTINGS.items():
        was, now = words(before), words(after)
        if was != now:
            yield f"{what}: {was} before, {now} after."
    for what, chosen in _PREPARATION.items():
        was, now = (chosen(one.preparation.recipe) for one in (before, after))
        if was != now:
            yield f"{what}: {was} before, {now} after."


def _seed(result: Segmentation) -> str:
    return f"{result.seed}" if result.seeded else f"{result.seed} (drawn at random)"


def _quantiles(recipe: Recipe) -> str:
    if recipe.winsorise is None:
        return "left as they are"
    low, high = recipe.winsorise
    return f"moved to the {low:.1%} and the {high:.1%} quantile"


def _weights(recipe: Recipe) -> str:
    return ", ".join(f"{name} counts {number(by)} times" for name, by in sorted(recipe.weights.items())) or "all alike"


_SETTINGS: dict[str, Callable[[Segmentation], str]] = {
    "Number of segments": lambda one: str(one.k),
    "Counted as spend": lambda one: listed(one.schema.money(one.schema.features)) or "nothing",
    "Engine": lambda one: one.engine,
}
_PREPARATION: dict[str, Callable[[Recipe], str]] = {
    "Missing values": lambda one: "filled with the median" if one.missing == "median" else "left out",
    "Logarithm": lambda one: "of skewed features" if one.log == SKEWED else listed(one.log) or "of none",
    "Outliers": _quantiles,
    "Exceptional customers": lambda one: (
        "in the segments" if one.exceptional is None else f"set apart from {one.exceptional:g} times the distance"
    ),
    "Scaling": lambda one: one.scaling,
    "Weights": _weights,
}
