"""What columns made of purchases are called, in each language."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from custseg import CustomerTable, TransactionColumns, from_transactions
from custseg.language import spoken
from custseg.narrative.amounts import degree


def customers(**attributes: Any) -> CustomerTable:
    purchases = pd.DataFrame(
        {
            "customer": [n % 7 for n in range(40)],
            "day": [dt.date(2026, 1, 1) + dt.timedelta(days=3 * n) for n in range(40)],
            "amount": [10.0 + n for n in range(40)],
            "goods": [["tea", "cups"][n % 2] for n in range(40)],
        }
    ).assign(**attributes)
    columns = TransactionColumns("customer", "day", "amount", category="goods", attributes=tuple(attributes))
    return from_transactions(purchases, columns)


@pytest.mark.parametrize(
    ("language", "called"),
    [
        ("en", ("days since the last purchase", "total spend", "share of tea")),
        ("de", ("Tage seit dem letzten Kauf", "Gesamtausgaben", "Anteil tea")),
        ("fr", ("jours depuis le dernier achat", "dépenses totales", "part de tea")),
    ],
)
def test_columns_are_called_in_the_language_that_is_spoken(language: str, called: tuple[str, ...]) -> None:
    with spoken(language):
        table = customers()
    assert tuple(map(table.label, ("recency_days", "monetary_value", "share of tea"))) == called


def test_a_column_that_came_along_keeps_its_name_for_itself() -> None:
    with spoken("de"):
        table = customers(Gesamtausgaben="viele")
    assert table.label("Gesamtausgaben").casefold() == "gesamtausgaben"
    assert table.label("monetary_value") == "total spend"


def test_more_and_less_of_them_is_said_as_people_say_it() -> None:
    with spoken("de"):
        table = customers()
        recency, frequency = (table.column(name) for name in ("recency_days", "frequency"))
        assert (
            degree(recency, table.label("recency_days"), more=True).than_others == "längerer Zeit seit dem letzten Kauf"
        )
        assert (
            degree(frequency, table.label("frequency"), more=False).than_others == "niedrigeren Werten bei Häufigkeit"
        )
