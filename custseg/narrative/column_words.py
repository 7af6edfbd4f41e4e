"""What the names of columns say: their words, and whether spend in them is spend on goods."""

from __future__ import annotations

import re
from functools import lru_cache

from custseg.tables.name_words import split_name

# These words say that a column is spend, but not on what.
_OF_MONEY = {
    *("spend", "spent", "spending", "amount", "total", "sum", "sales", "revenue", "turnover", "value", "monetary"),
    *("eur", "euro", "usd", "dollars", "gbp", "in", "on", "of", "per", "year", "yearly", "annual", "month", "monthly"),
    *("mnt", "amt", "omzet", "fatturato", "faturamento", "umsatz", "ytd", "quarter", "last", "prior", "previous", "q"),
    *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"),
}
# Money that is not spent on anything that could be kept in stock.
_NOT_BOUGHT = {
    *("refund", "refunds", "return", "returns", "discount", "discounts", "shipping", "price", "paid", "cost", "costs"),
    *("fee", "fees", "tax", "taxes", "balance", "bal", "limit", "credit", "debt", "income", "salary", "margin"),
    *("profit", "num", "number", "count", "ct", "calls", "deals", "orders", "basket", "purchase", "purchases"),
    *("average", "avg", "mean", "charge", "charges", "payment", "payments", "pay", "repayment", "repayments"),
    *("premium", "premiums", "subscription", "subscriptions", "plan", "plans", "bill", "bills", "billing", "deposit"),
    *("deposits", "withdrawal", "withdrawals", "advance", "advances", "cash", "loan", "loans", "mortgage", "interest"),
    *("instalment", "instalments", "installment", "installments", "rent", "donation", "donations", "transaction"),
    *("transactions", "trans", "transfer", "transfers", "contribution", "contributions", "minutes", "data", "mrr"),
    *("arr", "ltv", "clv", "lifetime", "savings", "investment", "investments", "insurance", "membership", "contract"),
    *("room", "rooms", "lodging", "accommodation", "booking", "bookings", "stay", "stays", "nights", "flight"),
    *("flights", "fare", "fares", "betrag", "chiffre", "montant", "ventas", "importe", "gasto"),
    *("transport", "card", "account", "invoice", "invoices", "invoiced", "quantity", "recurring"),
}
_SHARE = re.compile(r"^(?:share|percent|percentage|pct)[\s_]+(?:of[\s_]+)?(.+)$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def words_of(column: str) -> frozenset[str]:
    """Return the words of a column's name in lower case, without regard to capitals and underscores."""
    return frozenset(split_name(column))


def key(column: str) -> frozenset[str]:
    """Return the words of a column's name but those for money."""
    return words_of(column) - _OF_MONEY


def is_product(column: str) -> bool:
    """Return whether a column of spend says which goods it is spent on; a total, a fee or a repayment does not."""
    words = frozenset(word for word in key(column) if not word.isdigit())
    return bool(words) and not words & _NOT_BOUGHT


def goods_of(label: str) -> str:
    """Return what the spend in a column of that label is for: “fresh food” of “spend on fresh food”."""
    return label.removeprefix("spend on ").removesuffix(" spend")


def is_about_money(column: str) -> bool:
    """Return whether a column's name speaks of money, spent or not."""
    return bool(words_of(column) & (_OF_MONEY | _NOT_BOUGHT))


def share_of(column: str) -> str:
    """Return of what goods a column is the share, such as “toys” for “share_of_toys”; empty where it is no such."""
    found = _SHARE.match(column.strip())
    goods = " ".join(found[1].replace("_", " ").split()) if found else ""
    return goods if is_product(goods) else ""
