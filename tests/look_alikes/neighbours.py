"""Customers and order lines in Spanish, French, Italian, Dutch, Portuguese and German."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.baskets import of_each, order_lines, titles
from tests.look_alikes.languages import from_text, grouped
from tests.look_alikes.look_alike import ANY, CODE, CustomersLookAlike, PurchasesLookAlike, Written
from tests.look_alikes.values import amounts, codes, counts, days, names, numbers, pick, whole

if TYPE_CHECKING:
    from numpy.random import Generator

PLACES = ("Sevilla", "Lugo", "Vigo", "Ávila")
COMMA = Written(separator=";", decimal=",")


def spanish_customers(generator: Generator) -> pd.DataFrame:
    """Customers of a Spanish shop."""
    rows = 200
    orders, basket = counts(generator, rows, 7, 1), amounts(generator, rows, 60, 0.4)
    return pd.DataFrame(
        {
            "ID Cliente": numbers(generator, rows, 3_001),
            "Nombre": names(generator, rows),
            "Provincia": pick(generator, rows, PLACES),
            "Fecha de alta": days(generator, rows, "%d/%m/%Y", "2012-05-20"),
            "Última compra": days(generator, rows, "%d/%m/%Y", "2023-01-15"),
            "Nº de pedidos": orders,
            "Importe total (€)": np.round(orders * basket * generator.normal(1, 0.1, rows), 2),
            "Ticket medio (€)": basket,
            "Edad": codes(generator, rows, 85, 18),
            "Sexo": pick(generator, rows, ("Hombre", "Mujer")),
            "Activo": pick(generator, rows, ("sí", "no")),
        }
    )


def italian_customers(generator: Generator) -> pd.DataFrame:
    """Customers of an Italian wholesaler: a credit line is no spend."""
    rows = 160
    return pd.DataFrame(
        {
            "Codice cliente": numbers(generator, rows, 501),
            "Ragione sociale": [f"{name} {row} S.r.l." for row, name in enumerate(names(generator, rows))],
            "CAP": [f"{code:05}" for code in codes(generator, rows, 98_000, 1_000)],
            "Agente": pick(generator, rows, ("Rossi", "Bianchi", "Verdi")),
            "Fatturato 2022": amounts(generator, rows, 8_200, 0.9),
            "Fatturato 2023": amounts(generator, rows, 8_900, 0.9),
            "Numero ordini": counts(generator, rows, 18, 1),
            "Fido": 1_000 * codes(generator, rows, 60, 1),
            "Giorni medi di pagamento": codes(generator, rows, 120, 15),
        }
    )


def dutch_customers(generator: Generator) -> pd.DataFrame:
    """Customers of a Dutch web shop: what is open is part of what was bought."""
    rows = 180
    return pd.DataFrame(
        {
            "Klantnummer": numbers(generator, rows, 20_010),
            "Postcode": [f"{code} AB" for code in codes(generator, rows, 9_990, 1_010)],
            "Plaats": pick(generator, rows, ("Utrecht", "Delft", "Zwolle", "Breda")),
            "Klant sinds": days(generator, rows, "%d-%m-%Y", "2009-03-02"),
            "Aantal bestellingen": counts(generator, rows, 11, 1),
            "Omzet": [f"€ {grouped(amount, '.')}" for amount in amounts(generator, rows, 640, 0.9)],
            "Openstaand saldo": [grouped(amount, ".") for amount in amounts(generator, rows, 90, 0.9)],
            "Nieuwsbrief": pick(generator, rows, ("ja", "nee")),
        }
    )


def portuguese_customers(generator: Generator) -> pd.DataFrame:
    """Customers of a Brazilian shop."""
    rows = 190
    purchases, basket = counts(generator, rows, 8, 1), amounts(generator, rows, 130, 0.4)
    return pd.DataFrame(
        {
            "Código do cliente": numbers(generator, rows, 1_101),
            "Cidade": pick(generator, rows, ("Curitiba", "Natal", "Recife")),
            "Data de cadastro": days(generator, rows, "%d/%m/%Y", "2015-02-21"),
            "Idade": codes(generator, rows, 80, 18),
            "Número de compras": purchases,
            "Valor total gasto (R$)": np.round(purchases * basket * generator.normal(1, 0.1, rows), 2),
            "Ticket médio (R$)": basket,
            "Limite de crédito": whole(generator, rows, 2_500),
        }
    )


def lines_in(generator: Generator, columns: tuple[str, ...], *, written: str = "%d/%m/%Y") -> pd.DataFrame:
    """Lines of invoices: number, day, customer, goods, pieces, price of one and amount, named in a language."""
    lines = order_lines(generator)
    numbered = [f"F{number}" for number in numbers(generator, 160, 2_300)]
    who = numbers(generator, 60, 4_001)
    cells = (
        of_each(numbered, lines["order"]),
        lines["moment"].dt.strftime(written),
        of_each(who, lines["customer"]),
        titles(lines),
        lines["quantity"],
        lines["price"],
        (lines["quantity"] * lines["price"]).round(2),
    )
    return pd.DataFrame(dict(zip(columns, cells, strict=True)))


def spanish_lines(generator: Generator) -> pd.DataFrame:
    """Invoice lines of a Spanish program."""
    return lines_in(
        generator, ("Nº factura", "Fecha", "Código cliente", "Artículo", "Cantidad", "Precio unitario", "Importe")
    )


def french_lines(generator: Generator) -> pd.DataFrame:
    """Order lines of a French program, before tax."""
    return lines_in(
        generator,
        ("N° commande", "Date commande", "Code client", "Désignation", "Quantité", "Prix unitaire HT", "Montant HT"),
    )


def italian_lines(generator: Generator) -> pd.DataFrame:
    """Invoice lines of an Italian program."""
    return lines_in(
        generator,
        ("Numero fattura", "Data fattura", "Cod. cliente", "Descrizione", "Quantità", "Prezzo unitario", "Importo"),
    )


def dutch_lines(generator: Generator) -> pd.DataFrame:
    """Invoice lines of a Dutch program."""
    return lines_in(
        generator,
        ("Factuurnummer", "Factuurdatum", "Klantnr", "Omschrijving", "Aantal", "Stukprijs", "Bedrag"),
        written="%d-%m-%Y",
    )


def portuguese_lines(generator: Generator) -> pd.DataFrame:
    """Order lines of a Brazilian program."""
    return lines_in(
        generator,
        ("Nº do pedido", "Data do pedido", "Cód. cliente", "Produto", "Qtd", "Preço unitário", "Valor total"),
    )


def german_billing(generator: Generator) -> pd.DataFrame:
    """Billing lines of SAP in German: a net value a line, no price of one piece."""
    lines = lines_in(
        generator,
        ("Faktura", "Fakturadatum", "Debitor", "Materialkurztext", "Fakturierte Menge", "Nettopreis", "Nettowert"),
        written="%d.%m.%Y",
    )
    return lines.drop(columns="Nettopreis").assign(Währung="EUR")


LOOK_ALIKES = [
    CustomersLookAlike(
        file="clientes_es.csv",
        make=spanish_customers,
        written=COMMA,
        identifier="ID Cliente",
        features=("Nº de pedidos", "Importe total (€)", "Ticket medio (€)", "Edad"),
        money=("Importe total (€)",),
        categories=("Provincia", "Sexo", "Activo"),
        ignored={"Nombre": ANY},
        dates=("Fecha de alta", "Última compra"),
    ),
    CustomersLookAlike(
        file="clienti.csv",
        make=italian_customers,
        written=COMMA,
        identifier="Codice cliente",
        features=("Fatturato 2022", "Fatturato 2023", "Numero ordini", "Fido", "Giorni medi di pagamento"),
        money=("Fatturato 2022", "Fatturato 2023"),
        categories=("Agente",),
        ignored={"Ragione sociale": ANY, "CAP": CODE},
    ),
    CustomersLookAlike(
        file="klanten.csv",
        make=dutch_customers,
        written=COMMA,
        identifier="Klantnummer",
        features=("Aantal bestellingen", "Omzet", "Openstaand saldo"),
        money=("Omzet",),
        categories=("Plaats", "Nieuwsbrief"),
        ignored={"Postcode": CODE},
        dates=("Klant sinds",),
        spent=lambda frame: from_text(frame["Omzet"]),
    ),
    CustomersLookAlike(
        file="clientes_br.csv",
        make=portuguese_customers,
        written=COMMA,
        identifier="Código do cliente",
        features=("Idade", "Número de compras", "Valor total gasto (R$)", "Ticket médio (R$)", "Limite de crédito"),
        money=("Valor total gasto (R$)",),
        categories=("Cidade",),
        dates=("Data de cadastro",),
    ),
]
LINES = [
    PurchasesLookAlike(
        file="lineas_factura.csv",
        make=spanish_lines,
        written=COMMA,
        rows="order lines",
        customer="Código cliente",
        order="Nº factura",
        date="Fecha",
        amount="Importe",
        paid=lambda frame: frame["Importe"],
        settled=True,
    ),
    PurchasesLookAlike(
        file="lignes_commande.csv",
        make=french_lines,
        written=COMMA,
        rows="order lines",
        customer="Code client",
        order="N° commande",
        date="Date commande",
        amount="Montant HT",
        paid=lambda frame: frame["Montant HT"],
        settled=True,
    ),
    PurchasesLookAlike(
        file="righe_fattura.csv",
        make=italian_lines,
        written=COMMA,
        rows="order lines",
        customer="Cod. cliente",
        order="Numero fattura",
        date="Data fattura",
        amount="Importo",
        paid=lambda frame: frame["Importo"],
        settled=True,
    ),
    PurchasesLookAlike(
        file="factuurregels.csv",
        make=dutch_lines,
        written=COMMA,
        rows="order lines",
        customer="Klantnr",
        order="Factuurnummer",
        date="Factuurdatum",
        amount="Bedrag",
        paid=lambda frame: frame["Bedrag"],
        settled=True,
    ),
    PurchasesLookAlike(
        file="itens_pedido.csv",
        make=portuguese_lines,
        written=COMMA,
        rows="order lines",
        customer="Cód. cliente",
        order="Nº do pedido",
        date="Data do pedido",
        amount="Valor total",
        paid=lambda frame: frame["Valor total"],
        settled=True,
    ),
    PurchasesLookAlike(
        file="Fakturapositionen.csv",
        make=german_billing,
        written=COMMA,
        rows="order lines",
        customer="Debitor",
        order="Faktura",
        date="Fakturadatum",
        amount="Nettowert",
        paid=lambda frame: frame["Nettowert"],
        settled=True,
    ),
]
