"""From the columns of a table to segments, step by step: the same numbers, in the same order, as in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sqlglot import exp

from custseg.errors import SettingError
from custseg.export.document import content
from custseg.export.document.scoring import scoring_of
from custseg.export.sql.cells import cell_of, is_written_number, level_of, number_of
from custseg.export.sql.dialects import check_names, divided, number
from custseg.export.sql.written_numbers import currencies_out, number_in
from custseg.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from custseg.clustering.scoring_model import ScoringModel
    from custseg.export.document.content import ModelContent
    from custseg.export.sql.dialects import Dialect


class Steps:
    """A statement that grows step by step: each takes the columns of the one before, and gives some of its own."""

    def __init__(self, source: exp.Table, carried: Mapping[str, exp.Expr], dialect: Dialect) -> None:
        """Take the table that all begins with, and what is carried along from it, by the names that it gets."""
        self._source, self._carried, self._dialect = source, dict(carried), dialect
        self._steps: list[tuple[str, exp.Select]] = []

    def add(self, name: str, columns: Mapping[str, exp.Expr], keep: Iterable[str] = ()) -> None:
        """Add a step with new columns, and some of those that are there already."""
        kept = [exp.column(one) for one in keep]
        carried: list[exp.Expr] = [exp.column(alias) for alias in self._carried]
        if not self._steps:
            carried = [exp.alias_(expression, alias) for alias, expression in self._carried.items()]
        new = [
            expression if expression == exp.column(alias) else exp.alias_(expression, alias)
            for alias, expression in columns.items()
        ]
        self._steps.append((name, self._dialect.fenced(exp.select(*carried, *kept, *new).from_(self._last))))

    @property
    def _last(self) -> exp.Table:
        return exp.to_table(self._steps[-1][0]) if self._steps else self._source

    def select(self, *columns: exp.Expr, first: tuple[str, exp.Expr] | None = None) -> exp.Select:
        """Return the whole statement, which ends with these columns; ``first`` is a table that stands before it."""
        statement = exp.select(*columns).from_(self._last)
        for name, step in (*([first] if first else []), *self._steps):
            statement = statement.with_(name, as_=step)
        return statement


def check_scored(document: ModelContent) -> None:
    """Raise SettingError where what a model asks for can't be written as SQL."""
    check_names([one.name for one in document.columns])
    if document.mixture is not None:
        msg = say(
            "A mixture is not written as SQL. Find the segments with K-Means (method=“k-means”), or score the file "
            "with custseg score, which takes any model."
        )
        raise SettingError(msg)
    if document.preparation.recipe.missing == "nearest":
        msg = say(
            "Filling gaps from similar customers is not written as SQL. Fill them with the median (missing=“median”), "
            "or score the file with custseg score, which takes any model."
        )
        raise SettingError(msg)


def place(document: ModelContent, dialect: Dialect, steps: Steps) -> None:
    """Add the steps from cells to ``segment``, and the squared distances to its centroid and to that of another.

    ``segment`` is NULL for who is in none. Raises SettingError where a model can't be written as SQL.
    """
    check_scored(document)
    scoring = scoring_of(document)
    values = [f"value_{place + 1}" for place in range(len(document.columns))]
    cells = [f"cell_{place + 1}" for place in range(len(document.columns))]
    steps.add("custseg_cells", {cell: cell_of(one, dialect) for cell, one in zip(cells, document.columns, strict=True)})
    _read_written_numbers(document, dialect, steps, cells)
    read = [number_of(one, exp.column(cell), dialect) for one, cell in zip(document.features, cells, strict=False)]
    read += [
        level_of(one, exp.column(cell), dialect)
        for one, cell in zip(document.categories, cells[len(read) :], strict=True)
    ]
    steps.add("custseg_values", dict(zip(values, read, strict=True)))
    flags = _prepare(document, steps, values)
    _find_nearest(document, scoring, steps, flags)


def _read_written_numbers(document: ModelContent, dialect: Dialect, steps: Steps, cells: list[str]) -> None:
    """Put numbers in the place of texts that they are written as."""
    written = {cell: one for cell, one in zip(cells, document.columns, strict=True) if is_written_number(one)}
    if not written:
        return
    others = [cell for cell in cells if cell not in written]
    for place, take_out in enumerate(currencies_out(dialect), start=1):
        steps.add(f"custseg_texts_{place}", {cell: take_out(exp.column(cell)) for cell in written}, others)
    numbers = {cell: number_in(exp.column(cell), one.cells.decimal, dialect) for cell, one in written.items()}
    steps.add("custseg_numbers", numbers, others)


def _prepare(document: ModelContent, steps: Steps, values: list[str]) -> list[str]:
    """Add the prepared columns, and return those that say who is in no segment."""
    recipe, features = document.preparation.recipe, document.features
    filled = [f"filled_{place + 1}" for place in range(len(features))]
    away = [f"away_{place + 1}" for place in range(len(features))] if recipe.exceptional is not None else []
    codes, flags = values[len(features) :], ["incomplete"] if recipe.missing == "drop" else []
    gaps = [exp.Is(this=exp.column(value), expression=exp.null()) for value in values]
    incomplete = {"incomplete": exp.Case().when(exp.or_(*gaps), _one()).else_(_none())} if flags else {}
    steps.add("custseg_filled", {**_filled(features, values, filled), **incomplete}, codes)
    if away or any(not one.plain for one in features):
        limited = dict(zip(filled, map(_limited, features, filled), strict=True))
        steps.add("custseg_limited", {**limited, **_divided(features, filled, away)}, [*codes, *flags])
    if any(one.knee is not None for one in features):
        even = {name: _even(one, name) for names in (filled, away) for one, name in zip(features, names, strict=False)}
        steps.add("custseg_evened", even, [*codes, *flags])
    exceptional = {}
    if recipe.exceptional is not None:
        exceptional = {"exceptional": _exceptional(features, away, recipe.exceptional)}
    prepared = [_scaled(name, one.centre, one.scale) for one, name in zip(features, filled, strict=True)]
    for category, code in zip(document.categories, codes, strict=True):
        prepared += _coded(category, code)
    columns = {f"prepared_{place + 1}": one for place, one in enumerate(prepared)}
    steps.add("custseg_prepared", columns | exceptional, flags)
    return [*flags, *exceptional]


def _filled(features: Sequence[content.Feature], values: list[str], names: list[str]) -> dict[str, exp.Expr]:
    return {
        name: exp.Coalesce(this=exp.column(value), expressions=[number(one.fill)])
        for one, value, name in zip(features, values, names, strict=False)
    }


def _limited(feature: content.Feature, name: str) -> exp.Expr:
    """Return a value moved to its limits, over the knee where it is evened out."""
    value: exp.Expr = exp.column(name)
    chain = exp.Case()
    for limit, beyond in ((feature.low, exp.LT), (feature.high, exp.GT)):
        if limit is not None:
            chain = chain.when(beyond(this=value.copy(), expression=number(limit)), number(limit))
    moved = chain.else_(value) if chain.args.get("ifs") else value
    return moved if feature.knee is None else divided(moved, number(feature.knee))


def _divided(features: Sequence[content.Feature], names: list[str], away: list[str]) -> dict[str, exp.Expr]:
    """Return values over their knees, as they are before extreme ones are moved."""
    return {
        target: exp.column(name) if one.knee is None else divided(exp.column(name), number(one.knee))
        for one, name, target in zip(features, names, away, strict=False)
    }


def _even(feature: content.Feature, name: str) -> exp.Expr:
    """Return the area hyperbolic sine of what is evened out, for which not every engine has a name."""
    value = exp.column(name)
    if feature.knee is None:
        return value
    root = exp.Sqrt(this=exp.Add(this=exp.Mul(this=value, expression=value.copy()), expression=number(1)))
    risen = exp.Ln(this=exp.Add(this=exp.Abs(this=value.copy()), expression=root))
    return exp.Case().when(exp.LT(this=value.copy(), expression=number(0)), exp.Neg(this=risen)).else_(risen.copy())


def _scaled(name: str, centre: float, scale: float) -> exp.Expr:
    moved = exp.Paren(this=exp.Sub(this=exp.column(name), expression=number(centre)))
    return divided(moved, number(scale))


def _coded(category: content.Category, code: str) -> list[exp.Expr]:
    """Return the prepared columns of a category."""
    value, levels = exp.column(code), len(category.compared_levels)
    if isinstance(category.coding, content.Ranks):
        known = exp.LT(this=value, expression=number(levels))
        rank = exp.Case().when(known, value.copy()).else_(number(category.coding.fill))
        moved = exp.Paren(this=exp.Sub(this=rank, expression=number(category.coding.centre)))
        return [divided(moved, number(category.coding.scale))]
    place = exp.Coalesce(this=value, expressions=[number(levels)])
    return [
        exp.Case()
        .when(exp.EQ(this=place.copy(), expression=number(position)), number(category.coding.height))
        .else_(number(0))
        for position in range(category.width)
    ]


def _exceptional(features: Sequence[content.Feature], away: list[str], limit: float) -> exp.Expr:
    distances = [_scaled(name, one.far_centre, one.far_scale) for one, name in zip(features, away, strict=True)]
    squares = [exp.Mul(this=exp.Paren(this=one), expression=exp.Paren(this=one.copy())) for one in distances]
    mean = divided(exp.Paren(this=_sum(squares)), number(len(squares)))
    return exp.Case().when(exp.GT(this=exp.Sqrt(this=mean), expression=number(limit)), _one()).else_(_none())


def _find_nearest(document: ModelContent, scoring: ScoringModel, steps: Steps, flags: list[str]) -> None:
    centroids = scoring.prepared_centroids
    prepared = [f"prepared_{place + 1}" for place in range(centroids.shape[1])]
    numbers = range(1, len(centroids) + 1)
    places = dict(zip(numbers, centroids.tolist(), strict=True))
    near = {f"affinity_{number}": _affinity(prepared, place) for number, place in places.items()}
    far = {f"squared_{number}": _squared(prepared, place) for number, place in places.items()}
    steps.add("custseg_distances", near | far, flags)
    steps.add("custseg_nearest", {"nearest": _nearest(len(centroids))}, [*flags, *far])
    own, other = exp.Case(), []
    for place in numbers:
        here = exp.EQ(this=exp.column("nearest"), expression=exp.Literal.number(place))
        own = own.when(here, exp.column(f"squared_{place}"))
        # As far as nobody is.
        other.append(exp.Case().when(here.copy(), number(1e300)).else_(exp.column(f"squared_{place}")))
    following = exp.Least(this=other[0], expressions=other[1:], ignore_nulls=True)
    steps.add("custseg_own", {"own_squared": own, "other_squared": following}, [*flags, "nearest"])
    apart: list[exp.Expr] = [exp.EQ(this=exp.column(flag), expression=_one()) for flag in flags]
    if document.reach is not None:
        apart.append(exp.GT(this=exp.Sqrt(this=exp.column("own_squared")), expression=number(document.reach)))
    nobody = exp.Case().when(exp.or_(*apart), exp.null()) if apart else None
    segment = nobody.else_(exp.column("nearest")) if nobody is not None else exp.column("nearest")
    steps.add("custseg_placed", {"segment": segment}, ["own_squared", "other_squared"])


def _affinity(prepared: list[str], centroid: list[float]) -> exp.Expr:
    """Return x.c - |c|^2 / 2, which is the larger the nearer a customer is."""
    products = [
        exp.Mul(this=exp.column(name), expression=number(place)) for name, place in zip(prepared, centroid, strict=True)
    ]
    return exp.Sub(this=_sum(products), expression=number(0.5 * float(np.square(centroid).sum())))


def _squared(prepared: list[str], centroid: list[float]) -> exp.Expr:
    away = [
        exp.Paren(this=exp.Sub(this=exp.column(name), expression=number(place)))
        for name, place in zip(prepared, centroid, strict=True)
    ]
    return _sum([exp.Mul(this=one, expression=one.copy()) for one in away])


def _nearest(k: int) -> exp.Expr:
    """Return the number of the largest affinity, the first of equal ones: each is compared with those after it."""
    chain = exp.Case()
    for place in range(1, k):
        at_least = [
            exp.GTE(this=exp.column(f"affinity_{place}"), expression=exp.column(f"affinity_{later}"))
            for later in range(place + 1, k + 1)
        ]
        chain = chain.when(exp.and_(*at_least), exp.Literal.number(place))
    return chain.else_(exp.Literal.number(k))


def _sum(terms: Sequence[exp.Expr]) -> exp.Expr:
    total: exp.Expr = terms[0]
    for term in terms[1:]:
        total = exp.Add(this=total, expression=term)
    return total


def _one() -> exp.Expr:
    return exp.Literal.number(1)


def _none() -> exp.Expr:
    return exp.Literal.number(0)
