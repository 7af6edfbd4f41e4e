"""Categories as numbers for K-Means, so that each weighs no more than one standardised number.

Of a number with variance 1, the expected squared distance between two customers is 2. A category of levels that the
shares p of the customers have becomes one column a level, which holds a height h for those who have it and 0 for the
others: there, that distance is 2 h² (1 - sum of p²). Hennig and Liao ("How to find an appropriate clustering for
mixed-type variables with application to socio-economic stratification", Journal of the Royal Statistical Society C,
2013) choose h so that it is 2 q, with q = 1/2 for levels without an order, and q = 1 / (1 + 1 / (n - 1)) for ranks from
1 to n. It is less than 1 because segments can take a category apart without a rest, as they can't a number: cut in two
at its mean, a normal number keeps more than a third of its variance within the halves. With q = 1 a yes/no that goes
with nothing would decide nearly every split in two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.errors import SettingError, listed, quote
from custseg.language import say
from custseg.tables.expressions import Count, LevelOf
from custseg.tables.levels import MOST_LEVELS, NO_VALUE, OTHER
from custseg.tables.table import unique_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from custseg.clustering.recipe import Recipe
    from custseg.tables.customers import Customers
    from custseg.tables.schema import ColumnsByRole

    Floats = npt.NDArray[np.float64]

_NOMINAL = 0.5


@dataclass(frozen=True, slots=True)
class ComparedCategory:
    """A category that takes part: how its levels are asked for, and what becomes of them.

    Attributes
    ----------
    level
        What is asked for: levels without an order the most frequent first, else from the least to the most. No value
        is a level like others where levels have no order and customers without a value are not left out.
    ordered
        Whether levels count as ranks.
    merged
        How many rarer levels count as one; 0 where none do.

    """

    level: LevelOf
    ordered: bool
    merged: int = 0

    @property
    def column(self) -> str:
        """Its name."""
        return self.level.column


def categories_wanted(schema: ColumnsByRole, recipe: Recipe) -> tuple[str, ...]:
    """Return the names of the categories that a recipe asks for, in the table's order.

    Raises
    ------
    SettingError
        One that it names is no category of the table.

    """
    if isinstance(recipe.categories, bool):
        return schema.categories if recipe.categories else ()
    absent = [name for name in recipe.categories if name not in schema.categories]
    if absent:
        choose = (
            say("Choose from {names}.", names=listed(schema.categories))
            if schema.categories
            else say("The table has none.")
        )
        msg = say("{absent} is no category to compare. {choose}", absent=quote(absent[0]), choose=choose)
        raise SettingError(msg)
    return tuple(name for name in schema.categories if name in recipe.categories)


def orders_compared(
    schema: ColumnsByRole, features: Iterable[str], recipe: Recipe
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the categories that a recipe asks for, as far as they are there, and all orders of levels that count."""
    wanted = recipe.categories
    taking_part = {name for name in schema.categories if wanted is True or (wanted and name in wanted)}
    counted = {*features, *taking_part}
    return tuple(
        (column.name, column.order)
        for column in schema.columns
        if column.name in counted and (column.order or column.name in taking_part)
    )


def find_compared(customers: Customers, schema: ColumnsByRole, recipe: Recipe) -> tuple[ComparedCategory, ...]:
    """Find the levels of the categories that a recipe asks for. One that is the same for everybody takes no part."""
    names = categories_wanted(schema, recipe)
    found = [_levels_of(customers, name, schema.column(name).order, recipe) for name in names]
    return tuple(category for category in found if len(category.level.levels) > 1 or category.merged)


def _levels_of(customers: Customers, name: str, order: tuple[str, ...], recipe: Recipe) -> ComparedCategory:
    counted = customers.aggregate([Count()], by=(name,))
    sizes = dict(zip(counted.levels[name], counted[Count()].tolist(), strict=True))
    texts = [text for text, size in sizes.items() if text is not None and size]
    if order and set(texts) <= set(order):
        return ComparedCategory(LevelOf(name, order), ordered=True)
    # The most frequent first, and of those as frequent in the order of their texts: whatever the order of the rows.
    frequent = sorted(texts, key=lambda text: (-sizes[text], text))
    levels: list[str | None] = [*frequent[:MOST_LEVELS]]
    if sizes.get(None) and recipe.missing != "drop":
        levels.append(None)
    return ComparedCategory(LevelOf(name, tuple(levels)), ordered=False, merged=len(frequent[MOST_LEVELS:]))


@dataclass(frozen=True, slots=True)
class Indicators:
    """One column a level, and a last one for rarer levels: the height for those who have it, 0 for the others.

    Any other level than those that were known, or no value where that was none of them, counts among the rarer ones;
    where there are none of these it is none of the known levels, with 0 in every column.
    """

    category: ComparedCategory
    height: float

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.category.level.levels) + (self.category.merged > 0)

    @property
    def names(self) -> tuple[str, ...]:
        """What each column stands for, as people read it."""
        known = [text for text in self.category.level.levels if text is not None]
        no_value = unique_name(NO_VALUE, known)
        names = [no_value if text is None else text for text in self.category.level.levels]
        return (*names, unique_name(OTHER, names)) if self.category.merged else tuple(names)

    def apply(self, codes: Floats) -> Floats:
        """Convert levels as numbers (``LevelOf``) to customers x columns."""
        positions = _positions(codes, len(self.category.level.levels))
        return np.where(positions[:, None] == np.arange(self.width), self.height, 0.0)

    def shares(self, centroids: Floats) -> Floats:
        """Return the share of each level, k x columns, that prepared centroids stand for."""
        return np.asarray(np.clip(centroids / self.height, 0, 1))


@dataclass(frozen=True, slots=True)
class RankScores:
    """One column: ranks with mean 0 and a variance of that of a number times q.

    No value, or a level that is not in the order, counts as the median rank ``fill``.
    """

    category: ComparedCategory
    centre: float
    scale: float
    fill: float

    @property
    def width(self) -> int:
        """How many columns there are."""
        return 1

    def apply(self, codes: Floats) -> Floats:
        """Convert levels as numbers (``LevelOf``) to customers x 1."""
        known = codes < len(self.category.level.levels)
        return ((np.where(known, codes, self.fill) - self.centre) / self.scale)[:, None]

    def ranks(self, centroids: Floats) -> Floats:
        """Return the mean rank, from 1, that prepared centroids (k x 1) stand for."""
        return np.asarray(centroids[:, 0] * self.scale + self.centre + 1)


CategoryCoding = Indicators | RankScores


def learn_codings(
    categories: Iterable[ComparedCategory], codes: Floats, variance: float, weights: Mapping[str, float]
) -> tuple[CategoryCoding, ...]:
    """Learn how categories become numbers, beside numbers of some ``variance``, from customers x categories.

    One that is the same for all of these customers counts nothing.
    """
    return tuple(
        _learn(category, column, variance * weights.get(category.column, 1.0))
        for category, column in zip(categories, codes.T, strict=True)
    )


def _learn(category: ComparedCategory, codes: Floats, variance: float) -> CategoryCoding:
    levels = len(category.level.levels)
    return learn_coding(category, np.bincount(_positions(codes, levels), minlength=levels + 1), variance)


def learn_coding(category: ComparedCategory, sizes: npt.NDArray[np.intp], variance: float) -> CategoryCoding:
    """Learn how a category becomes numbers from how many customers have each level, and last none of the levels."""
    levels = len(category.level.levels)
    if not category.ordered:
        shares = (sizes / sizes.sum())[: levels + (category.merged > 0)]
        # The variance of all columns together where the height is 1.
        spread = float((shares * (1 - shares)).sum())
        return Indicators(category, float(np.sqrt(_NOMINAL * variance / spread)) if spread > 0 else 1.0)
    fill = _median(sizes[:levels])
    ranks, weights = np.append(np.arange(levels), fill), sizes / sizes.sum()
    centre = float(ranks @ weights)
    share_of_number = 1 / (1 + 1 / (levels - 1))
    deviation = float(np.sqrt(np.square(ranks - centre) @ weights))
    scale = deviation / float(np.sqrt(share_of_number * variance)) if deviation > 0 else 1.0
    return RankScores(category, centre, scale, fill)


def _median(sizes: npt.NDArray[np.intp]) -> float:
    """Return the median rank of so many customers of each rank (from 0); 0 of nobody."""
    ends, known = np.cumsum(sizes), int(sizes.sum())
    if not known:
        return 0.0
    middle = np.searchsorted(ends, [(known - 1) // 2, known // 2], side="right")
    return float(middle.mean())


def _positions(codes: Floats, levels: int) -> npt.NDArray[np.intp]:
    """Return the position of each customer's level; that after the last for none of the known ones."""
    return np.where(np.isnan(codes), levels, codes).astype(np.intp)
