"""Reading a table speaks the language of who reads: what it says of columns and rows, what it asks, what it refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from custseg import CustomerTable, DataError, SettingError, from_transactions
from custseg.language import spoken
from custseg.tables.understanding.in_words import facts_of
from custseg.tables.understanding.understand import understand
from tests.panes.words_left import words

if TYPE_CHECKING:
    from pathlib import Path

CUSTOMERS = pd.DataFrame(
    {
        "id": [f"K{number}" for number in range(60)],
        "spend": [float(number**2) for number in range(60)],
        "visits": [number % 9 for number in range(60)],
        "joined": [f"2024-01-{1 + number % 28:02}" for number in range(60)],
        "churned": ["yes" if number % 4 else "no" for number in range(60)],
        "postal_code": [10_000 + number for number in range(60)],
        "note": [f"{number} boxes" for number in range(60)],
        "points": [-999 if number % 5 == 0 else number + 100 for number in range(60)],
    }
)
PURCHASES = pd.DataFrame(
    {
        "customer_id": [f"K{number % 40}" for number in range(200)],
        "order_id": [f"{'C' if number % 20 == 0 else 'B'}{number // 2}" for number in range(200)],
        "date": [f"2024-{1 + number % 12:02}-03" for number in range(200)],
        "amount": [-5.0 if number % 40 == 0 else 10.0 + number for number in range(200)],
    }
)
# What stands in the tables themselves, and what both languages write alike.
OWN = words(" ".join((*CUSTOMERS.columns, *PURCHASES.columns, "K B C boxes yes no missing money code points")))


def said_of(table: pd.DataFrame, code: str) -> list[str]:
    with spoken(code):
        understood = understand(table)
        said = [*understood.reasons.values(), *understood.ignored.values(), understood.returns]
        said += [text for term, fact in facts_of(understood) for text in (term, fact)]
        said += [
            text for doubt in understood.doubts for text in (doubt.sentence, *(choice for _, choice in doubt.choices))
        ]
        if understood.rows == "customers":
            said += CustomerTable.read(table, open_questions=True).notes
        else:
            said += from_transactions(table, understood.purchases).notes
    return [text for text in said if words(text) - OWN]


@pytest.mark.parametrize("code", ["de", "fr"])
@pytest.mark.parametrize("table", [CUSTOMERS, PURCHASES], ids=["customers", "purchases"])
def test_nothing_that_reading_says_is_left_in_english(table: pd.DataFrame, code: str) -> None:
    english, other = said_of(table, "en"), said_of(table, code)
    assert len(english) > 8
    assert set(english) & set(other) == set()


@pytest.mark.parametrize(
    ("text", "german", "french"),
    [
        ("", "ist leer", "est vide"),
        ("id,spend\n1,2\n2,3,4\n", "In Zeile 3 wurden 2 Werte erwartet", "2 valeurs étaient attendues à la ligne 3"),
        ("%PDF-1.7 and more", "ist ein PDF-Dokument", "est un document PDF"),
        ("id,name\n1,a\n2,b\n", "mindestens eine Spalte mit Zahlen", "au moins une colonne de nombres"),
    ],
)
def test_a_file_is_refused_in_the_language_of_who_reads_it(tmp_path: Path, text: str, german: str, french: str) -> None:
    file = tmp_path / "customers.csv"
    file.write_text(text, encoding="utf-8")
    for code, expected in (("de", german), ("fr", french)):
        with spoken(code), pytest.raises(DataError, match=re.escape(expected)):
            CustomerTable.read(file)


def test_a_setting_is_refused_in_the_language_that_is_spoken() -> None:
    table = CustomerTable.read(CUSTOMERS, open_questions=True)
    with spoken("de"), pytest.raises(SettingError, match="Es gibt keine Spalte „nowhere“"):
        table.change(roles={"nowhere": "feature"})
