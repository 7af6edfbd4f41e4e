"""Customers in German and French: words, decimal commas, signs for thousands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.look_alike import ANY, CODE, CustomersLookAlike, Written
from tests.look_alikes.values import amounts, codes, counts, days, names, numbers, pick, shares

if TYPE_CHECKING:
    from numpy.random import Generator


def grouped(amount: float, thousands: str) -> str:
    """Write an amount with a decimal comma and a sign between thousands."""
    return f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", thousands)


def german(generator: Generator) -> pd.DataFrame:
    """Customers of a German wholesaler."""
    rows = 220
    return pd.DataFrame(
        {
            "Kundennummer": numbers(generator, rows, 10_017),
            "Firma": [f"{name} Söhne KG" for name in names(generator, rows)],
            "PLZ": [f"{code:05}" for code in codes(generator, rows, 99_998, 1_067)],
            "Ort": pick(generator, rows, ("Köln", "München", "Dresden", "Fürth")),
            "Branche": pick(generator, rows, ("Handel", "Gastronomie", "Handwerk")),
            "Kunde seit": days(generator, rows, "%d.%m.%Y", "2005-02-14"),
            "Anzahl Bestellungen": counts(generator, rows, 14, 1),
            "Umsatz": [grouped(amount, ".") for amount in amounts(generator, rows, 4200, 1.0)],
            "Rabatt in %": np.round(30 * shares(generator, rows), 1),
            "Letzte Bestellung": days(generator, rows, "%d.%m.%Y", "2023-01-09"),
            "Newsletter": pick(generator, rows, ("ja", "nein")),
        }
    )


def french(generator: Generator) -> pd.DataFrame:
    """Customers of a French shop, with thin spaces between thousands and signs for euros and percent."""
    rows = 180
    orders, basket = counts(generator, rows, 9, 1), amounts(generator, rows, 140, 0.5)
    return pd.DataFrame(
        {
            "Client": [f"CL-{number}" for number in numbers(generator, rows, 2204)],
            "Nom": names(generator, rows),
            "Ville": pick(generator, rows, ("Besançon", "Orléans", "Sète", "Nîmes")),
            "Code postal": [f"{code:05}" for code in codes(generator, rows, 95_880, 1_000)],
            "Date de création": days(generator, rows, "%d/%m/%Y", "2016-03-21"),
            "Chiffre d'affaires": [f"{grouped(amount, chr(0x202F))} €" for amount in orders * basket],
            "Nombre de commandes": orders,
            "Panier moyen": [f"{grouped(amount, chr(0x202F))} €" for amount in basket],
            "Taux de remise": [f"{share:.1f} %".replace(".", ",") for share in 25 * shares(generator, rows)],
            "Carte de fidélité": pick(generator, rows, ("oui", "non")),
        }
    )


def from_text(texts: pd.Series[str]) -> pd.Series[float]:
    """Read what is written so."""
    return texts.str.replace(r"[^\d,-]", "", regex=True).str.replace(",", ".").astype(float)


LOOK_ALIKES = [
    CustomersLookAlike(
        file="Kundenliste.csv",
        make=german,
        written=Written(separator=";", decimal=",", encoding="cp1252", line_end="\r\n"),
        identifier="Kundennummer",
        features=("Anzahl Bestellungen", "Umsatz", "Rabatt in %"),
        money=("Umsatz",),
        categories=("Ort", "Branche", "Newsletter"),
        ignored={"Firma": ANY, "PLZ": CODE},
        dates=("Kunde seit", "Letzte Bestellung"),
        spent=lambda frame: from_text(frame["Umsatz"]),
    ),
    CustomersLookAlike(
        file="clients.csv",
        make=french,
        written=Written(separator=";", encoding="utf-8-sig"),
        identifier="Client",
        features=("Chiffre d'affaires", "Nombre de commandes", "Panier moyen", "Taux de remise"),
        money=("Chiffre d'affaires",),
        categories=("Ville", "Carte de fidélité"),
        ignored={"Nom": ANY, "Code postal": CODE},
        dates=("Date de création",),
        spent=lambda frame: from_text(frame["Chiffre d'affaires"]),
    ),
]
