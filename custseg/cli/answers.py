"""What somebody says of a file on the command line, and the table that this makes of it."""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from custseg import CustomerTable, SettingError, TransactionColumns, from_transactions, understand
from custseg.cli.progress import progress
from custseg.clustering.recipe import Missing
from custseg.errors import listed, quote
from custseg.language import mark, say
from custseg.settings import MOST_IN_MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custseg import Understanding

STANDARD_INPUT = "-"

Customers = Annotated[
    str,
    typer.Argument(
        metavar="CUSTOMERS",
        help=mark(
            "A CSV, Parquet, Excel or JSON Lines file with one row per customer, the address of a table in an engine, "
            "or - for standard input."
        ),
    ),
]


@contextmanager
def given(customers: str) -> Iterator[str]:
    """Return where the customers are: standard input is a file for as long as this goes on."""
    if customers != STANDARD_INPUT:
        yield customers
        return
    with TemporaryDirectory(prefix="custseg-") as folder:
        path = Path(folder, "standard input")
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield str(path)


@dataclass(frozen=True)
class Answers:
    """What somebody says of a file, as it was typed."""

    sheet: Annotated[str | None, typer.Option(help=mark("The sheet of an Excel file. Default: the first."))] = None
    purchases: Annotated[
        bool, typer.Option("--purchases", help=mark("The file has one row per purchase; turn it into customers first."))
    ] = False
    rows: Annotated[
        str | None, typer.Option(help=mark("What a row is, where the file looks otherwise: customers or purchases."))
    ] = None
    purchase: Annotated[
        list[str] | None,
        typer.Option(
            help=mark("Which column of purchases is which, such as “amount=Quantity * Price”; repeat for more.")
        ),
    ] = None
    money: Annotated[list[str] | None, typer.Option(help=mark("A column that is spend; repeat for more."))] = None
    outcome: Annotated[
        list[str] | None, typer.Option(help=mark("A column that says what became of customers; repeat for more."))
    ] = None
    missing: Annotated[
        list[str] | None, typer.Option(help=mark("A value that stands for none, such as “pdays=-1”; repeat for more."))
    ] = None

    def read(
        self, customers: str, most_in_memory: int = MOST_IN_MEMORY, like: Sequence[str] | None = None
    ) -> CustomerTable:
        """Read a file of customers, or make customers of its purchases, with the shares of an earlier table."""
        where: dict[str, Any] = {"sheet": self.sheet, "most_in_memory": most_in_memory}
        with progress(say("Reading the customers")):
            if self._of_purchases:
                return from_transactions(customers, self._columns(customers), like=like, **where)
            return CustomerTable.read(customers, rows=self._row, **where, **self._of_customers())

    def understand(self, customers: str) -> Understanding:
        """Say what a file means."""
        with progress(say("Reading the file")):
            if self._of_purchases:
                return understand(customers, sheet=self.sheet, rows="orders", columns=self._columns(customers))
            return understand(customers, sheet=self.sheet, rows=self._row, **self._of_customers())

    @property
    def _of_purchases(self) -> bool:
        return self.rows == "purchases" or bool(self.purchase) or (self.purchases and not self.rows)

    @property
    def _row(self) -> Any:
        """What a row is said to be, where it is a customer or nothing is said."""
        if self.rows not in (None, "customers"):
            msg = say("--rows is “customers” or “purchases”, but got {rows}.", rows=quote(self.rows))
            raise SettingError(msg)
        return self.rows

    def _of_customers(self) -> dict[str, Any]:
        missing: dict[str, list[float | str]] = {}
        fill = next((text for text in self.missing or () if text in get_args(Missing)), None)
        if fill is not None:
            msg = say(
                "--missing says which value stands for none. What becomes of missing values is --gaps {fill}.",
                fill=fill,
            )
            raise SettingError(msg)
        for name, value in _pairs("--missing", self.missing):
            missing.setdefault(name, []).append(_as_value(value))
        return {"money": self.money or None, "roles": dict.fromkeys(self.outcome or (), "outcome"), "missing": missing}

    def _columns(self, customers: str) -> TransactionColumns | None:
        """Return which column is which: as it seems, but for what was typed."""
        typed: dict[str, Any] = dict(_pairs("--purchase", self.purchase))
        unknown = sorted(typed.keys() - {field.name for field in fields(TransactionColumns)})
        if unknown:
            names = [field.name for field in fields(TransactionColumns)]
            msg = say(
                "--purchase says which column is one of {names}, but got {unknown}.",
                names=listed(names),
                unknown=listed(unknown),
            )
            raise SettingError(msg)
        if not typed:
            return None
        seems = understand(customers, sheet=self.sheet, rows="orders").purchases
        needed: dict[str, Any] = {"customer": "", "date": None, "amount": None}
        return replace(seems, **typed) if seems else TransactionColumns(**needed | typed)


def _pairs(option: str, typed: Sequence[str] | None) -> list[tuple[str, str]]:
    """Split “name=value” at the first sign of equality after a name."""
    pairs = [text.partition("=") for text in typed or ()]
    for name, sign, _ in pairs:
        if not sign or not name.strip():
            msg = say(
                "{option} takes a name and a value, such as “name=value”, but got {name}.",
                option=option,
                name=quote(name),
            )
            raise SettingError(msg)
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _as_value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
