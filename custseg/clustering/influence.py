"""How much each column, feature or category, decided how the customers were split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.language import say
from custseg.wording import as_written, capitalised, join_words, paragraphs_as_html, percent

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.preparation import Preparation
    from custseg.tables.schema import ColumnsByRole

    Floats = npt.NDArray[np.float64]

# So many columns are named in words, from this share on; and so many categories have a sum worth saying.
_MOST_NAMED, _WORTH_NAMING, _SEVERAL = 3, 0.05, 2
# From this share on one column makes up nearly all of what sets segments apart.
NEARLY_ALL = 0.75
# Steinley, "Properties of the Hubert-Arabie adjusted Rand index" (2004), calls agreement from here on excellent.
NEARLY_THE_SAME = 0.9


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
    without
        As if a column did not exist: the adjusted Rand index between the segments and those found without it, for each
        column; 1 where they are the same, NaN where there can be none. None until ``custseg.influence`` found it.
    alone
        The same of the segments found from the column with the largest share alone; NaN likewise, or not yet found.
    drawn_from
        How many customers these two rest on; 0 where they were not found.
    customers
        How many there are in segments.

    """

    columns: tuple[str, ...]
    shares: Floats
    categories: int
    without: Floats | None = None
    alone: float = np.nan
    drawn_from: int = 0
    customers: int = 0

    def __post_init__(self) -> None:
        for array in (self.shares, self.without):
            if array is not None:
                array.setflags(write=False)

    @property
    def ranked(self) -> tuple[tuple[str, float], ...]:
        """Each column with its share, the largest first."""
        order = np.argsort(-self.shares, kind="stable").tolist()
        return tuple((self.columns[position], float(self.shares[position])) for position in order)

    @property
    def sentence(self) -> str:
        """Which columns decided the split most, as plain text."""
        return self.say()

    def warn(self, schema: ColumnsByRole | None = None) -> str:
        """Say so where one of several columns decides nearly all; empty where none does."""
        if len(self.columns) == 1:
            return ""
        name, share = self.ranked[0]
        label = schema.label(name) if schema else name
        # Where others say the same, the segments come out alike without it.
        needed = self.without is not None and self.without[self.columns.index(name)] < NEARLY_THE_SAME
        if self.alone >= NEARLY_THE_SAME and needed:
            return say("{label} alone decides these segments: the rest hardly matter.", label=capitalised(label))
        if share >= NEARLY_ALL:
            return say(
                "Nearly all that sets these segments apart is {label} ({share}).", label=label, share=percent(share)
            )
        return ""

    def say(self, schema: ColumnsByRole | None = None) -> str:
        """Return the sentence, with what people call each column where a schema says so."""
        named = [pair for pair in self.ranked if pair[1] >= _WORTH_NAMING][:_MOST_NAMED]
        if not named:
            return say("No single column decided how the customers were split.{together}", together=self._together)
        (first, most), *others = [(schema.label(name) if schema else name, percent(share)) for name, share in named]
        words = [say("{share} is {name}", share=most, name=first), *(f"{share} {name}" for name, share in others)]
        return say(
            "Of what sets the segments apart, {words}.{together}", words=join_words(words), together=self._together
        )

    @property
    def _together(self) -> str:
        """How much all categories have to do with it, where there are more than one."""
        if self.categories < _SEVERAL:
            return ""
        together = percent(float(self.shares[-self.categories :].sum()))
        return say(
            " All {categories} categories together make up {together}.", categories=self.categories, together=together
        )

    @property
    def frame(self) -> pd.DataFrame:
        """One row a column, the most influential first: name, role, share and, where found, ``without``."""
        import pandas as pd

        kinds = self._kinds
        rows = [(name, kinds[name], share) for name, share in self.ranked]
        frame = pd.DataFrame(rows, columns=pd.Index(["column", "role", "share"]))
        if self.without is None:
            return frame
        agreement = dict(zip(self.columns, self.without.tolist(), strict=True))
        return frame.assign(**{"adjusted rand without": [agreement[name] for name in frame["column"]]})

    @property
    def _kinds(self) -> dict[str, str]:
        features = len(self.columns) - self.categories
        return {name: "feature" if place < features else "category" for place, name in enumerate(self.columns)}

    def _repr_html_(self) -> str:
        table = self.frame.to_html(index=False, formatters={"share": _percent})
        return as_written(f"{paragraphs_as_html(text for text in (self.warn(), self.sentence) if text)}{table}")


def find_influence(preparation: Preparation, centroids: Floats, sizes: npt.NDArray[np.intp]) -> Influence:
    """Measure how much each column decided a split with these centroids (k x prepared) and sizes (k)."""
    away = centroids - np.average(centroids, axis=0, weights=sizes)
    between = (np.square(away) * sizes[:, None]).sum(axis=0)
    by_column = np.array([between[place].sum() for place in preparation.columns])
    total = float(by_column.sum())
    categories = tuple(coding.category.column for coding in preparation.categories)
    shares = by_column / total if total > 0 else np.zeros(len(by_column))
    names = (*preparation.features, *categories)
    return Influence(names, shares, len(categories), customers=int(sizes.sum()))


def _percent(share: object) -> str:
    return percent(float(str(share)))
