"""A generated look-alike of a real export, with the right answer beside it: what it means to a careful analyst.

Names, kinds and order of the columns, the way of writing and the traps are those of the real one; the values are not.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

ANY = ""
CONSTANT = "same (value|day)"
ROW_NUMBER = "(?i)row|count|number|index"
COPY = "(?i)cop(y|ies)|same|follow|multiple|times|moves with|repeats"
CODE = "(?i)code|number|postal|phone"
Role = Literal["feature", "category", "outcome", "ignored"]
FEW_VALUES: tuple[Role, ...] = ("feature", "category")
"""A count or a scale of few values: compared as a number, or a category until somebody says that it has an order."""
CODED: tuple[Role, ...] = ("category", "ignored")
"""A number that is a code: never compared as a number."""


@dataclass(frozen=True)
class Written:
    """How the real file is written; columns that are ``unnamed`` there have the names here that reading gives them."""

    separator: str = ","
    decimal: str = "."
    encoding: str = "utf-8"
    line_end: str = "\n"
    header: bool = True
    quoted: bool = False
    unnamed: tuple[str, ...] = ()

    def write(self, frame: pd.DataFrame, path: Path) -> None:
        """Write a frame as the real file is written."""
        names = ["" if name in self.unnamed else name for name in frame.columns]
        frame.to_csv(
            path,
            sep=self.separator,
            decimal=self.decimal,
            encoding=self.encoding,
            lineterminator=self.line_end,
            header=names if self.header else False,
            quoting=csv.QUOTE_NONNUMERIC if self.quoted else csv.QUOTE_MINIMAL,
            index=False,
        )


@dataclass(frozen=True)
class Aligned(Written):
    """Columns of a fixed width, apart by spaces and without a header."""

    widths: tuple[int, ...] = ()

    def write(self, frame: pd.DataFrame, path: Path) -> None:
        """Write each cell to the right of its width."""
        lines = [
            " ".join(str(cell).rjust(width) for cell, width in zip(row, self.widths, strict=True))
            for row in frame.itertuples(index=False)
        ]
        path.write_text("".join(line + self.line_end for line in lines), encoding=self.encoding)


@dataclass(frozen=True, kw_only=True)
class LookAlike:
    """A file and how it is made.

    ``asks`` holds regular expressions of questions that have to be asked. Where it is ``settled``, nothing that changes
    money or rows may be asked, because the columns are known.
    """

    file: str
    make: Callable[[np.random.Generator], pd.DataFrame] = field(repr=False)
    written: Written = field(default=Written(), repr=False)
    asks: tuple[str, ...] = ()
    settled: bool = False

    def frame(self) -> pd.DataFrame:
        """Make the cells, the same ones each time."""
        return self.make(np.random.default_rng(crc32(self.file.encode())))

    def write(self, folder: Path) -> Path:
        """Write the file into a folder and return its path."""
        path = folder / self.file
        self.written.write(self.frame(), path)
        return path


@dataclass(frozen=True, kw_only=True)
class CustomersLookAlike(LookAlike):
    """A table with one row a customer, and the right role of each column.

    ``money_or`` is another right answer for ``money``. ``dates`` are ignored as they stand; as features they would
    count days. ``ignored`` gives a regular expression of the reason, ``said`` that of any other column. ``either``
    holds columns for which several roles can be defended. ``spent`` reads what each customer spent where amounts are
    written as text.
    """

    identifier: str | None
    features: tuple[str, ...]
    money: tuple[str, ...] = ()
    money_or: tuple[str, ...] | None = None
    categories: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    ignored: Mapping[str, str] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    either: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)
    spent: Callable[[pd.DataFrame], pd.Series[float]] | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class PurchasesLookAlike(LookAlike):
    """A table with one row an order or a line of one, and which column is which.

    ``identifier`` is the row's own key. ``paid`` recomputes what each row brings, NaN or 0 where it brings nothing;
    None where the total is open. ``also`` gives another right answer by attribute. ``refused`` is what
    ``from_transactions`` answers where it must not sum up. ``returns`` is a regular expression of how returns are told,
    empty where nothing was given back, None where either may be said.
    """

    rows: Literal["orders", "order lines"]
    customer: str
    amount: str | None
    date: str | None = None
    order: str | None = None
    identifier: str | None = None
    returns: str | None = ""
    also: Mapping[str, str] = field(default_factory=dict)
    paid: Callable[[pd.DataFrame], pd.Series[float]] | None = field(default=None, repr=False)
    refused: str = ""

    @property
    def features(self) -> tuple[str, ...]:
        """What customers will be compared by, before shares of categories."""
        if self.amount is None:
            return ("recency_days", "frequency") if self.date else ("frequency",)
        if self.date is None:
            return ("frequency", "monetary_value", "average_basket")
        return ("recency_days", "frequency", "monetary_value", "average_basket", "tenure_days")
