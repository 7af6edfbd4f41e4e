"""How much each column, feature or category, decided how the customers were split."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.wording import as_written, join_words, percent

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.preparation import Preparation
    from custseg.tables.schema import ColumnsByRole

    Floats = npt.NDArray[np.float64]

# So many columns are named in words, from this share on; and so many categories have a sum worth saying.
_MOST_NAMED, _WORTH_NAMING, _SEVERAL = 3, 0.05, 2


@dataclass(frozen=True, eq=False)
class Influence:
    """How much each column decided the split.

    K-Means makes the sum of squared distances between segments large: of each centroid to the mean of all segmented
    customers, in prepared units, times the customers of its segment. That is a sum over columns, so that each column
    has a share of it.

    Attributes
    ----------
    columns
        Names of the columns that were compared: the features, then the categories.
    shares
        The share of each; they sum to 1, or are all 0 where the segments do not differ.
    categories
        How many of them, at the end, are categories.

    """

    columns: tuple[str, ...]
    shares: Floats
    categories: int

    def __post_init__(self) -> None:
        self.shares.setflags(write=False)

    @property
    def ranked(self) -> tuple[tuple[str, float], ...]:
        """Each column with its share, the largest first."""
        order = np.argsort(-self.shares, kind="stable").tolist()
        return tuple((self.columns[position], float(self.shares[position])) for position in order)

    @property
    def sentence(self) -> str:
        """Which columns decided the split most, as plain text."""
        return self.say()

    def say(self, schema: ColumnsByRole | None = None) -> str:
        """Return the sentence, with what people call each column where a schema says so."""
        named = [pair for pair in self.ranked if pair[1] >= _WORTH_NAMING][:_MOST_NAMED]
        if not named:
            return f"No single column decided how the customers were split.{self._together}"
        (first, most), *others = [(schema.label(name) if schema else name, percent(share)) for name, share in named]
        words = [f"{most} is {first}", *(f"{share} {name}" for name, share in others)]
        return f"Of what sets the segments apart, {join_words(words)}.{self._together}"

    @property
    def _together(self) -> str:
        """How much all categories have to do with it, where there are more than one."""
        if self.categories < _SEVERAL:
            return ""
        together = percent(float(self.shares[-self.categories :].sum()))
        return f" All {self.categories} categories together make up {together}."

    @property
    def frame(self) -> pd.DataFrame:
        """One row a column, the most influential first: its name, whether it is a feature or a category, its share."""
        import pandas as pd

        kinds = self._kinds
        rows = [(name, kinds[name], share) for name, share in self.ranked]
        return pd.DataFrame(rows, columns=pd.Index(["column", "role", "share"]))

    @property
    def _kinds(self) -> dict[str, str]:
        features = len(self.columns) - self.categories
        return {name: "feature" if place < features else "category" for place, name in enumerate(self.columns)}

    def _repr_html_(self) -> str:
        table = self.frame.to_html(index=False, formatters={"share": _percent})
        return as_written(f"<p>{html.escape(self.sentence)}</p>{table}")


def find_influence(preparation: Preparation, centroids: Floats, sizes: npt.NDArray[np.intp]) -> Influence:
    """Measure how much each column decided a split with these centroids (k x prepared) and sizes (k)."""
    away = centroids - np.average(centroids, axis=0, weights=sizes)
    between = (np.square(away) * sizes[:, None]).sum(axis=0)
    by_column = np.array([between[place].sum() for place in preparation.columns])
    total = float(by_column.sum())
    categories = tuple(coding.category.column for coding in preparation.categories)
    shares = by_column / total if total > 0 else np.zeros(len(by_column))
    return Influence((*preparation.features, *categories), shares, len(categories))


def _percent(share: object) -> str:
    return percent(float(str(share)))
