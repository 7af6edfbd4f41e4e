"""What names of columns say."""

from __future__ import annotations

import pytest

from custseg.tables.understanding.column_words import (
    amount_rank,
    code_in,
    date_rank,
    ends_with_a_customer,
    goods_rank,
    names_a_birth_year,
    names_a_calendar_part,
    names_a_code,
    names_a_count,
    names_a_customer,
    names_a_key,
    names_an_address,
    names_an_order,
    names_goods,
    names_spend,
    words_of,
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MntWines", {"mnt", "wines"}),
        ("total_spend_2023", {"total", "spend", "2023"}),
        ("Código cliente", {"codigo", "cliente"}),
        ("Nº factura", {"no", "factura"}),
        ("N° commande", {"no", "commande"}),
        ("Währung", {"wahrung"}),
        ("CustomerID", {"customer", "id"}),
        (" Spend [EUR] ", {"spend", "eur"}),
    ],
)
def test_names_are_split_into_words_without_accents(name: str, words: set[str]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("name", "sure"),
    [
        *[(name, 3) for name in ("CustomerID", "client_no", "Kundennummer", "Klantnr", "Cód. cliente")],
        *[(name, 3) for name in ("household_key", "Constituent ID", "cc_num", "member number")],
        *[(name, 2) for name in ("user_id", "Loyalty No", "Customer", "Debitor", "Account No")],
        *[(name, 1) for name in ("Email", "customer e-mail", "Customer name")],
        *[(name, 0) for name in ("Customer segment", "customer_age", "Membership", "total")],
    ],
)  # fmt: skip
def test_a_name_says_how_surely_it_is_the_customer(name: str, sure: int) -> None:
    assert names_a_customer(name) == sure


def test_an_address_and_a_card_are_told_by_their_words() -> None:
    assert names_an_address("customer e-mail")
    assert not names_an_address("customer name")
    assert ends_with_a_customer("Loyalty Card")
    assert not ends_with_a_customer("Card type")


@pytest.mark.parametrize("name", ["invoice_id", "Card no", "LEID", "Orders ID"])
def test_a_key_tells_things_apart(name: str) -> None:
    assert names_a_key(name)


@pytest.mark.parametrize("name", ["PAID", "COVID", "Nº de pedidos", "Number of orders", "Numero ordini", "amount"])
def test_a_count_is_no_key(name: str) -> None:
    assert not names_a_key(name)


@pytest.mark.parametrize(
    "name",
    ["InvoiceNo", "Order ID", "BASKET_ID", "Nº do pedido", "Factuurnummer", "Numero fattura", "Faktura", "Txn No"],
)
def test_the_number_of_an_order_is_told(name: str) -> None:
    assert names_an_order(name)


@pytest.mark.parametrize(
    "name", ["Orders", "Order date", "Order total", "Nº de pedidos", "Fakturadatum", "Transaction amount", "Customer"]
)
def test_what_is_said_of_orders_is_no_number_of_one(name: str) -> None:
    assert not names_an_order(name)


def test_what_a_purchase_cost_is_ranked() -> None:
    ranked = ["Freight", "Price", "Subtotal", "Total", "Net sales"]
    ranks = [amount_rank(name) for name in ranked]
    assert ranks == sorted(ranks)
    assert (ranks[0], ranks[-1]) == (0, 4)
    in_languages = ["Importe", "Montant HT", "Importo", "Bedrag", "Valor total", "Nettowert", "Betrag"]
    assert {amount_rank(name) for name in in_languages} == {3}
    assert {amount_rank(name) for name in ("Tax total", "Total orders", "Discount amount", "Account balance")} == {0}


def test_the_day_of_a_purchase_goes_before_others() -> None:
    assert date_rank("Order date") > date_rank("Date") > date_rank("dob") > date_rank("Ship date") == 0


def test_a_group_of_goods_goes_before_one() -> None:
    assert goods_rank("Category") > goods_rank("Product") > goods_rank("Product ID") == goods_rank("Colour") == 0


@pytest.mark.parametrize(
    "name",
    ["MntWines", "TotalCharges", "Spend (EUR)", "spend_last_12m", "all_time_spend", "Fatturato 2023", "Umsatz", "Omzet",
     "Valor total gasto (R$)", "Lifetime Giving", "car purchase amount", "Home spend", "annual_premium", "CLV",
     "Closed Won Amount", "Purchases"],
)  # fmt: skip
def test_spend_is_told(name: str) -> None:
    assert names_spend(name)


@pytest.mark.parametrize(
    "name",
    ["NumWebPurchases", "PURCHASES_TRX", "Annual Income", "Annual Revenue", "Credit limit", "Average basket",
     "Last Gift Amount", "Largest order amount", "vehicle_value", "Home value", "total_claim_amount", "CashbackAmount",
     "OrderAmountHikeFromlastYear", "HourSpendOnApp", "Time spent", "Spend rank", "Refund amount", "MINIMUM_PAYMENTS",
     "Expected revenue", "Total Trans Ct", "Discount amount", "Loan amount"],
)  # fmt: skip
def test_what_is_no_spend_is_not_called_so(name: str) -> None:
    assert not names_spend(name)


def test_goods_are_told_unless_they_are_counted() -> None:
    assert names_goods("Milk")
    assert names_goods("Detergents_Paper")
    assert not names_goods("Milk price")
    assert not names_goods("Number of wines")


@pytest.mark.parametrize(
    "name", ["Orders", "NumStorePurchases", "n_visits", "NUMBEROFEMPLOYEES", "Nº de pedidos", "Aantal bestellingen"]
)
def test_counts_are_told(name: str) -> None:
    assert names_a_count(name)


def test_codes_are_told_from_measures() -> None:
    assert (names_a_code("Region"), names_a_code("CityTier")) == (True, True)
    assert (names_a_code("Region sales"), names_a_code("WarehouseToHome")) == (False, False)
    assert code_in("Postcode") == code_in("Code postal") == code_in("zip") == "a postal code"
    assert code_in("Mobile") == "a telephone number"
    assert code_in("PhoneService") == ""
    assert code_in("latitude") == "a place on the map"


def test_parts_of_a_date_and_years_of_birth_are_told() -> None:
    assert names_a_calendar_part("Enrollment Month")
    assert not names_a_calendar_part("Days since last order")
    assert not names_a_calendar_part("HourSpendOnApp")
    assert names_a_birth_year("Year_Birth")
    assert not names_a_birth_year("Birth date")


def test_the_last_word_says_that_a_column_holds_codes() -> None:
    for name in ("Policy_Sales_Channel", "Region_Code", "plan_id", "agent"):
        assert names_a_code(name), name
        assert not names_spend(name), name
    assert names_spend("channel sales")
    assert not names_a_code("number of channel")


def test_a_day_of_the_month_a_birth_and_a_number_with_a_full_stop_are_told() -> None:
    assert names_a_calendar_part("arrival_date_day_of_month")
    assert names_a_birth_year("DOB")
    assert names_an_order("Belegnr.")
