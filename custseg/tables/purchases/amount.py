"""What a purchase cost, as sums and products of columns: “Quantity * UnitPrice”, “Total - Refunded Amount”."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from custseg.errors import SettingError, listed, quote
from custseg.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy.typing as npt

    from custseg.tables.reading import Reading

    Floats = npt.NDArray[np.float64]

_PLUS, _MINUS, _TIMES = " + ", " - ", " * "
_TURNED = "- "
_REST_OF_ONE, _END_OF_REST = "(1 - ", ")"
_ABOVE_ZERO, _END_ABOVE_ZERO = "max(", ", 0)"
_MOST_FACTORS = 24
_SHORT = 2


@dataclass(frozen=True, slots=True)
class Factor:
    """A column, or what is left of one when it is taken off (``rest``): ``(1 - Discount)``."""

    column: str
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """Factors that are multiplied, and whether their product is taken off."""

    factors: tuple[Factor, ...]
    taken_off: bool = False


@dataclass(frozen=True, slots=True)
class Amount:
    """What a purchase cost, as it was written and as it is computed.

    An empty cell makes the whole amount unknown, but in a product that is taken off another it counts as nothing taken
    off: where nobody was refunded, the refund is often left empty. With ``above_zero``, what is below 0 counts as 0.
    """

    text: str
    terms: tuple[Term, ...]
    above_zero: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that it is made of, each once."""
        return tuple(dict.fromkeys(factor.column for term in self.terms for factor in term.factors))

    @property
    def is_column(self) -> bool:
        """Whether it is a column as it stands."""
        return self.terms == (Term((Factor(self.text),)),) and not self.above_zero

    def sql(self, number: Callable[[str], str], empty: Callable[[str], str]) -> str:
        """Return SQL that computes it exactly, to four decimals; NULL where it is not known or too large.

        ``number`` gives the SQL of a column's exact decimal, with four decimals, and ``empty`` that of whether a cell
        holds nothing.
        """
        if self.is_column:
            return number(self.text)
        exact = self._exact_sql(number, empty)
        # DuckDB's greatest takes 0 for what is not known.
        return f"CASE WHEN {exact} < 0 THEN 0 ELSE {exact} END" if self.above_zero else exact

    def _exact_sql(self, number: Callable[[str], str], empty: Callable[[str], str]) -> str:
        first, *others = self.terms
        signed = [f"{'0 - ' if first.taken_off else ''}{_product(first, number)}"]
        signed += [
            f"- CASE WHEN {_any_empty(term, empty)} THEN 0 ELSE {_product(term, number)} END"
            if term.taken_off
            else f"+ {_product(term, number)}"
            for term in others
        ]
        # TRY: the digits of a product that is too large would else end the query.
        exact = f"TRY(CAST({' '.join(signed)} AS DECIMAL(18, 4)))"
        if others or first.taken_off or len(first.factors) != _SHORT:
            return exact
        # The product of two columns has 18 digits at first, of which eight are decimals, and takes a third of the time.
        short = " * ".join(_factor(factor, number) for factor in first.factors)
        return f"coalesce(TRY(CAST({short} AS DECIMAL(18, 4))), {exact})"

    def values(self, readings: Mapping[str, Reading]) -> Floats:
        """Return one float64 a row, NaN where it is not known; for tables that fit into memory."""
        total = np.zeros(readings[self.columns[0]].rows)
        for place, term in enumerate(self.terms):
            product = np.ones(len(total))
            nothing = np.zeros(len(total), dtype=bool)
            for factor in term.factors:
                numbers = readings[factor.column].floats
                product = product * (1 - numbers if factor.rest else numbers)
                nothing |= np.isnan(numbers)
            if term.taken_off and place:
                product = np.where(nothing, 0.0, product)
            total += -product if term.taken_off else product
        return np.where(total < 0, 0.0, total) if self.above_zero else total


def _any_empty(term: Term, empty: Callable[[str], str]) -> str:
    return " OR ".join(empty(factor.column) for factor in term.factors)


def _factor(factor: Factor, number: Callable[[str], str]) -> str:
    return f"CAST(1 - {number(factor.column)} AS DECIMAL(18, 4))" if factor.rest else number(factor.column)


def _product(term: Term, number: Callable[[str], str]) -> str:
    product = ""
    for factor in term.factors:
        exact = _factor(factor, number)
        # DuckDB gives a product as many decimals as its factors have together, of 38 digits in all.
        product = f"CAST({product} * {exact} AS DECIMAL(38, 12))" if product else f"CAST({exact} AS DECIMAL(38, 4))"
    return product


def parse_amount(text: str, columns: Iterable[str]) -> Amount:
    """Understand an amount: columns joined by “ + ”, “ - ” and “ * ”, where “(1 - column)” may stand for a column.

    It may begin with “- ”, which turns the sign of the first, and “max(..., 0)” around it makes 0 of what is below. Of
    several columns that begin alike the longest counts, so that names may hold blanks, signs and quotation marks.

    Raises
    ------
    SettingError
        It is not made of columns of the table.

    """
    names = list(columns)
    # The longest first.
    factors = _Factors(text, sorted((name for name in names if name), key=len, reverse=True))
    # What leaves an account is what its holder spends.
    turned = text.startswith(_TURNED) and text not in names
    found = factors.from_place(len(_TURNED) if turned else 0, _MINUS if turned else _PLUS)
    if found is None and text.startswith(_ABOVE_ZERO) and text.endswith(_END_ABOVE_ZERO):
        within = parse_amount(text.removeprefix(_ABOVE_ZERO).removesuffix(_END_ABOVE_ZERO), names)
        return replace(within, text=text, above_zero=True)
    if found is None:
        raise _not_understood(text, factors.furthest, names)
    terms: list[Term] = []
    for sign, factor in found:
        if sign == _TIMES:
            terms[-1] = Term((*terms[-1].factors, factor), terms[-1].taken_off)
        else:
            terms.append(Term((factor,), sign == _MINUS))
    return Amount(text, tuple(terms))


class _Factors:
    """Looks for the factors of a text, and remembers how far it came and where it did not come to the end."""

    def __init__(self, text: str, names: list[str]) -> None:
        self.text, self.names = text, names
        self.furthest = 0
        self._dead: set[int] = set()

    def from_place(self, place: int, sign: str, before: int = 0) -> list[tuple[str, Factor]] | None:
        """Return the factors from a place on, each with the sign before it; None where the text can't be read so."""
        self.furthest = max(self.furthest, place)
        if place in self._dead or before == _MOST_FACTORS:
            return None
        for factor, end in self._factors_at(place):
            if end == len(self.text):
                return [(sign, factor)]
            following = self.text[end : end + len(_PLUS)]
            if following in (_PLUS, _MINUS, _TIMES):
                rest = self.from_place(end + len(_PLUS), following, before + 1)
                if rest is not None:
                    return [(sign, factor), *rest]
            self.furthest = max(self.furthest, end)
        self._dead.add(place)
        return None

    def _factors_at(self, place: int) -> Iterable[tuple[Factor, int]]:
        for name in self.names:
            if self.text.startswith(name, place):
                yield Factor(name), place + len(name)
        for name in self.names:
            rest = f"{_REST_OF_ONE}{name}{_END_OF_REST}"
            if self.text.startswith(rest, place):
                yield Factor(name, rest=True), place + len(rest)


def _not_understood(text: str, place: int, names: list[str]) -> SettingError:
    if text not in names and not any(sign in text for sign in "+-*"):
        return SettingError(
            say("There is no column called {text}. Choose from {names}.", text=quote(text), names=listed(names))
        )
    where = say("at {text}", text=quote(text[place:])) if text[place:] else say("since it breaks off")
    return SettingError(
        say(
            "The amount {text} is not understood, {where}. Join columns by “ + ”, “ - ” or “ * ”, with "
            "blanks around the sign, such as “Quantity * Price” or “Price * (1 - Discount)”. Choose from "
            "{names}.",
            text=quote(text),
            where=where,
            names=listed(names),
        )
    )
