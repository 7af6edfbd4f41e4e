"""What the words in a column's name say: who, when, how much, how many. English first, then its neighbours."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+|\d+")
# Names that are written as one word are told by a part of it.
_CUSTOMER_PARTS = re.compile(
    r"customer|client|member(?!ship)|subscriber|household|shopper|buyer|kunde|konsument|klient|cliente|guest|cardholder"
    r"|contact|patron|donor|userid|accountid|cardno"
)
_CUSTOMER_WORDS = frozenset({"cust", "user", "account", "card", "email", "mail", "payer", "player", "konto", "iban"})
# These belong to the same customer several times, so a column of them is the customer only where no other one is.
_LESS_LIKELY = frozenset({"name", "email", "mail", "account", "card", "user", "contact", "iban", "konto"})
_ATTRIBUTES = frozenset(
    {
        *("since", "joined", "type", "segment", "age", "group", "class", "status", "state", "country", "city", "zip"),
        *("tier", "level", "lifetime", "value", "rating", "satisfaction", "service", "calls", "count", "language"),
        *("note", "notes", "accepts", "consent", "source", "phone", "region", "province", "gender", "size"),
        *(
            "num",
            "total",
            "spend",
            "orders",
            "score",
            "postcode",
            "postal",
            "lat",
            "lng",
            "prefix",
            "dt",
            "date",
            "plz",
        ),
        *("fax", "company", "title", "ort", "land", "limit", "balance", "active", "tags", "marketing", "owner", "ip"),
        *("activity", "category", "response", "mobile", "persona", "birth", "birthday", "tenure", "stage"),
    }
)
IDENTIFYING = frozenset(
    {
        *("id", "ids", "no", "nr", "number", "key", "code", "uuid", "guid", "num", "nummer", "numero", "ref"),
        *("reference", "index", "clientnum"),
    }
)
_CAPITALS_ID = re.compile(r"^(?!.*(PAID|VALID|VOID|BID|GRID|HYBRID|ACID|COVID|SOLID)$)[A-Z]+ID$")
_ORDER_PARTS = re.compile(
    r"order|invoice|transaction|receipt|basket|ticket|booking|bestell|auftrag|rechnung|beleg|commande|facture|pedido"
    r"|checkout|bon|trans|purchase|payment|bill|sale|charge"
)
# Without “id” or “number” beside it, only such a word alone is the number of an order.
_AN_ORDER = frozenset(
    {
        *("order", "invoice", "transaction", "receipt", "basket", "ticket", "booking", "bestellung", "auftrag", "bon"),
        *("rechnung", "beleg", "commande", "facture", "pedido", "checkout", "purchase", "invoiceno", "orderid"),
    }
)
_NOT_AN_ORDER = frozenset(
    {
        *("orders", "total", "count", "avg", "average", "last", "first", "value", "amount", "amt", "date", "time"),
        *("status", "at", "type", "method", "line", "lines", "item", "items", "priority", "quantity", "qty", "price"),
        *("sum", "per", "days", "transactions", "purchases", "sales", "customer", "purchased", "ordered", "state"),
        *("currency", "channel", "day", "hour", "dow", "discount", "tax", "note", "notes", "tags", "frequency"),
    }
)
QUANTITY = frozenset({"quantity", "qty", "menge", "anzahl", "pieces", "pcs", "quantite", "cantidad", "quantita"})
UNIT_PRICE = frozenset({"price", "unitprice", "einzelpreis", "preis", "stueckpreis", "prix", "precio", "prezzo"})
_TOTAL = frozenset(
    {
        *(
            "amount",
            "amt",
            "total",
            "revenue",
            "sales",
            "spend",
            "spent",
            "value",
            "paid",
            "gross",
            "turnover",
            "umsatz",
        ),
        *("betrag", "gesamtpreis", "gesamtbetrag", "montant", "importe", "monetary", "sum", "summe", "sale", "mnt"),
        *(
            "subtotal",
            "proceeds",
            "charge",
            "payment",
            "net",
            "netto",
            "brutto",
            "totalprice",
            "linetotal",
            "saleprice",
        ),
    }
)
_TOTAL_FIRST = frozenset({"total", "amount", "gross", "sales", "revenue", "betrag", "gesamtpreis", "umsatz", "value"})
_NO_TOTAL = frozenset(
    {
        *("profit", "discount", "discounts", "tax", "taxes", "vat", "shipping", "freight", "fee", "fees", "balance"),
        *("cost", "costs", "tip", "tips", "refunded", "refund", "refunds", "quantity", "qty", "unit", "commission"),
        *("id", "number", "margin", "saldo", "steuer", "mwst", "versand", "compare", "installments", "sequential"),
        *("donation", "marked", "coupon", "credits", "rebate", "adjustments", "adjustment", "converted", "points"),
        *("duties", "rate", "count", "weight", "outstanding", "formatted"),
    }
)
REFUNDED = frozenset({"refunded", "refund", "refunds", "erstattet", "returned"})
DISCOUNT = frozenset({"discount", "rabatt", "remise", "descuento"})
_DATES = frozenset(
    {
        *("date", "day", "time", "when", "datum", "timestamp", "created", "purchased", "ordered", "at", "fecha", "tag"),
        *("paid", "invoicedate", "orderdate", "sale", "booking", "transaction", "dt"),
    }
)
_PURCHASE_DATES = frozenset({"order", "purchase", "invoice", "transaction", "sale", "created", "booking", "purchased"})
_LATER_DATES = frozenset(
    {
        *(
            "ship",
            "shipped",
            "shipping",
            "delivered",
            "delivery",
            "due",
            "estimated",
            "fulfilled",
            "cancelled",
            "carrier",
        ),
        *("limit", "approved", "updated", "closed", "refunded", "available", "payout", "value", "valuta", "required"),
    }
)
_GOODS_FIRST = frozenset({"category", "department", "kategorie", "warengruppe", "aisle", "categorie", "categoria"})
_GOODS = frozenset({"product", "item", "description", "sku", "stockcode", "article", "artikel", "lineitem", "title"})
CURRENCY = frozenset({"currency", "waehrung", "währung", "devise", "moneda", "valuta"})
STATUS = frozenset({"status", "state"})
NOT_BOUGHT = frozenset(
    {
        *("failed", "failure", "voided", "void", "cancelled", "canceled", "declined", "expired", "abandoned", "denied"),
        *("unavailable", "uncaptured", "blocked", "rejected", "reversed", "storniert", "annulé", "removed"),
        *("wc-failed", "wc-cancelled", "requires_payment_method"),
    }
)
_SPEND_PLAINLY = frozenset(
    {
        *("spend", "spent", "spending", "sales", "revenue", "turnover", "amount", "amt", "mnt", "monetary", "charges"),
        *("umsatz", "umsätze", "ausgaben", "betrag", "montant", "affaires", "depenses", "dépenses", "gasto", "gastos"),
        *("mrr", "arr", "acv", "gmv", "expenditure", "expenses", "expense", "charge", "billed", "invoiced", "sale"),
        *("omzet", "fatturato", "ventas", "spends"),
    }
)
# These are spend only where nothing beside them says otherwise.
_SPEND_PERHAPS = frozenset(
    {
        *("purchases", "purchase", "paid", "premium", "bill", "billing", "total", "fees", "usd", "eur", "gbp", "value"),
        *("clv", "ltv", "oneoff", "installments"),
    }
)
_TIMES = frozenset({"age", "day", "days", "month", "months", "year", "years", "week", "weeks", "date", "time", "hours"})
# Beside one of these, a word above is something else.
_NOT_SPEND = frozenset(
    {
        *("num", "number", "count", "cnt", "ct", "trx", "transactions", "frequency", "freq", "balance", "limit", "pay"),
        *("payments", "payment", "repayment", "minimum", "income", "salary", "wage", "price", "prices", "share", "pct"),
        *(
            "percent",
            "percentage",
            "rate",
            "ratio",
            "score",
            "rank",
            "index",
            "average",
            "avg",
            "mean",
            "median",
            "per",
        ),
        *("miles", "points", "quantity", "qty", "units", "minutes", "mins", "calls", "visits", "visit", "tax", "taxes"),
        *("discount", "discounts", "refund", "refunds", "refunded", "profit", "margin", "debt", "loan", "credit"),
        *("saldo", "advance", "worth", "budget", "quota", "goal", "forecast", "deviation", "variance", "change"),
        *("chng", "utilization", "orders", "id", "recency", "tenure", "latitude", "longitude", "zip", "postcode"),
        *("phone", "einkommen", "gehalt", "anzahl", "anteil", "aov", "basket", "items", "sessions", "kwh", "gb"),
        *("mb", "kg", "distance", "duration", "volume", "open", "overdue", "due", "outstanding", "owed", "estimated"),
        *("expected", "potential", "predicted", "shipping", "returned", "returns", "type", "category", "nombre"),
        *("bonus", "adr", "house", "home", "car", "property", "deposit", "savings", "wealth", "assets", "customers"),
        *("buyers", "level", "status", "lat", "lng", "seats", "employees", "likelihood", "probability", "commission"),
        *("bal", "revolving", "arrears", "moyen", "moyenne", "durchschnitt", "promedio", "medio", "schnitt", "losses"),
        *("dispute", "risk", "prediction", "annualrevenue", "formatted", "messages", "vmail", "working", "cost"),
    }
)
_PRODUCTS = frozenset(
    {
        *("fresh", "milk", "grocery", "groceries", "frozen", "detergents", "paper", "delicassen", "delicatessen"),
        *("produce", "fruit", "fruits", "vegetables", "wine", "wines", "meat", "fish", "sweets", "sweet", "gold"),
        *("dairy", "bakery", "bread", "beverages", "drinks", "household", "clothing", "fashion", "apparel", "shoes"),
        *("electronics", "toys", "books", "furniture", "cosmetics", "beauty", "sports", "jewelry", "stationery"),
    }
)
_COUNTS = frozenset(
    {
        *(
            "num",
            "number",
            "count",
            "cnt",
            "ct",
            "orders",
            "visits",
            "calls",
            "purchases",
            "transactions",
            "trx",
            "qty",
        ),
        *("quantity", "kids", "children", "kinder", "dependents", "members", "items", "times", "kidhome", "teenhome"),
        *("products", "contacts", "sessions", "clicks", "opens", "campaign", "previous", "seats", "tickets", "anzahl"),
        *("nights", "logins", "frequency", "bedrooms", "rooms", "cars", "months", "years", "tenure", "size", "of"),
    }
)
_CODES = frozenset(
    {
        *(
            "region",
            "browser",
            "type",
            "code",
            "branch",
            "channel",
            "area",
            "class",
            "group",
            "segment",
            "zone",
            "store",
        ),
        *("department", "country", "state", "city", "district", "territory", "systems", "cluster", "site", "warehouse"),
        *("filiale", "gruppe", "plan", "tariff", "route", "agent", "brand", "exp", "expiry"),
    }
)
_POSTAL = frozenset({"zip", "zipcode", "postcode", "postal", "plz", "postleitzahl", "cap", "cp", "pincode"})
_POSTAL_PARTS = re.compile(r"post(al)?_?code|zip_?code|postleitzahl")
_TELEPHONE = frozenset({"phone", "telephone", "mobile", "fax", "telefon", "telefono", "handy", "tel", "cell", "msisdn"})
_PLACES = frozenset({"latitude", "longitude", "lat", "lng", "lon"})
_CALENDAR = frozenset({"day", "month", "week", "weekday", "tag", "monat", "hour", "dow", "quarter"})
_LENGTHS = frozenset({"days", "since", "per", "last", "in", "of", "active", "num", "avg", "average", "mins", "calls"})
_BIRTH = frozenset({"birth", "birthyear", "born", "geburtsjahr", "yob", "naissance", "nacimiento"})


@lru_cache(maxsize=4096)
def words_of(name: str) -> frozenset[str]:
    """Return the words of a column's name in small letters: “MntWines” and “mnt_wines” are mnt and wines."""
    return frozenset(word.lower() for word in _WORDS.findall(name))


def names_a_customer(name: str) -> int:
    """Return how surely a name says who the customer is: 0 not at all, 1 (a name, an address), 2, and 3 (a number)."""
    words, joined = words_of(name), name.lower()
    if not (_CUSTOMER_PARTS.search(joined) or words & _CUSTOMER_WORDS) or words & _ATTRIBUTES - IDENTIFYING:
        return 0
    if words & IDENTIFYING or re.search(r"(id|nr|no|num|nummer|number|key)$", joined):
        return 3 if not words & _LESS_LIKELY or _CUSTOMER_PARTS.search(joined) else 2
    return 1 if words & _LESS_LIKELY and "holder" not in words else 2


def names_a_key(name: str) -> bool:
    """Whether a name says that a column tells things apart: “Card no”, “invoice_id”, “LEID”."""
    return bool(words_of(name) & IDENTIFYING or _CAPITALS_ID.search(name))


def ends_with_a_customer(name: str) -> bool:
    """Whether the last word of a name is the customer, as in “Loyalty Card”."""
    words = _WORDS.findall(name)
    return bool(words) and bool(words[-1].lower() in _CUSTOMER_WORDS or _CUSTOMER_PARTS.fullmatch(words[-1].lower()))


def names_an_order(name: str) -> bool:
    """Whether a name is that of an order's number, not of what an order costs or how many there were."""
    words = words_of(name)
    if words & _NOT_AN_ORDER or not _ORDER_PARTS.search(name.lower()) or names_a_customer(name):
        return False
    if words & IDENTIFYING or re.search(r"(id|nr|no|nummer|number)$", name.lower()):
        return True
    return len(words) == 1 and bool(words & _AN_ORDER)


def amount_rank(name: str) -> int:
    """Return how well a name says what a purchase cost in all: 0 not at all, 3 plainly."""
    words = words_of(name)
    if words & _NO_TOTAL or words & _COUNTS - {"of", "purchases", "transactions"}:
        return 0
    if words & _TOTAL:
        # What is left after discounts was paid; a net amount that fees were taken off was not.
        return 4 if "net" in words and words & {"sales", "revenue"} else 3 if words & _TOTAL_FIRST else 2
    return 1 if words & UNIT_PRICE else 0


def date_rank(name: str) -> int:
    """Return how well a name says when a purchase was made."""
    words = words_of(name)
    if words & _LATER_DATES:
        return 0
    return 1 + bool(words & _DATES) + 2 * bool(words & _PURCHASE_DATES)


def goods_rank(name: str) -> int:
    """Return how well a name says what was bought: 2 for a group of goods, 1 for a single one."""
    words = words_of(name)
    if words & IDENTIFYING or names_a_customer(name):
        return 0
    return 2 if words & _GOODS_FIRST else int(bool(words & _GOODS))


def names_spend(name: str) -> bool:
    """Whether a name says that a column holds what a customer pays for what they take."""
    words = words_of(name)
    if words & _NOT_SPEND or {"annual", "revenue"} <= words:
        return False
    return bool(words & _SPEND_PLAINLY) or bool(words & _SPEND_PERHAPS and not words & _TIMES)


def is_no_spend(name: str) -> bool:
    """Whether a name says that a column holds something other than spend, such as a count, a share or a balance."""
    return bool(words_of(name) & (_NOT_SPEND | _TIMES))


def names_goods(name: str) -> bool:
    """Whether a name is that of goods, such as “Milk”, and nothing is counted."""
    words = words_of(name)
    return bool(words & _PRODUCTS) and not words & (_NOT_SPEND | _COUNTS | _TIMES | {"size", "id"})


def names_a_count(name: str) -> bool:
    """Whether a name says that a column counts something."""
    return bool(words_of(name) & (_COUNTS - {"of"})) or name.lower().startswith("n_")


def names_a_birth_year(name: str) -> bool:
    """Whether a name says that a column holds the year of birth."""
    words = words_of(name)
    return bool(words & _BIRTH) and "date" not in words and "day" not in words


def code_in(name: str) -> str:
    """Say which code a name says that a column holds, empty where none."""
    words = words_of(name)
    if words & _POSTAL or _POSTAL_PARTS.search(name.lower()):
        return "a postal code"
    if words & _TELEPHONE and not words & {"service", "plan", "lines", "line", "calls", "count", "minutes"}:
        return "a telephone number"
    if words & _PLACES:
        return "a place on the map"
    return ""


def names_a_code(name: str) -> bool:
    """Whether a name says that numbers stand for something else, such as a region or a type."""
    words = words_of(name)
    return bool(words & _CODES) and not words & (_COUNTS | _NOT_SPEND - {"type", "category"} | _SPEND_PLAINLY)


def names_a_calendar_part(name: str) -> bool:
    """Whether a name is that of a part of a date, such as the day of the month."""
    words = words_of(name)
    return bool(words & _CALENDAR) and not words & _LENGTHS
