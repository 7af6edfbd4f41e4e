"""What the name of a column says: who, when, how much, how many. English first, then its neighbours."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from custseg.language import mark
from custseg.tables.name_words import split_name
from custseg.tables.understanding import vocabulary as word

_ENDS_AS_A_NUMBER = re.compile(r"(id|nr|no|num|nummer|number|key)\.?$")
_CAPITALS_ID = re.compile(r"^(?!.*(PAID|VALID|VOID|BID|GRID|HYBRID|ACID|COVID|SOLID)$)[A-Z]+ID$")
_DAY_OF = re.compile(r"\b(day|week) of (the )?(week|month|year)$")
_TIME_SPENT = re.compile(r"\b(?<!all )(time|minutes?|days?|weeks?) (spend|spent)\b|\b(spend|spent) (time|minutes?)\b")


@lru_cache(maxsize=4096)
def _in_order(name: str) -> tuple[str, ...]:
    return tuple(split_name(plain(name)))


def plain(name: str) -> str:
    """Return a name without accents: “Código” is Codigo, and “Nº” and “N°” are No."""
    if name.isascii():
        return name
    decomposed = unicodedata.normalize("NFKD", name.replace("°", "o"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


@lru_cache(maxsize=4096)
def words_of(name: str) -> frozenset[str]:
    """Return the words of a column's name in small letters: “MntWines” and “mnt_wines” are mnt and wines."""
    return frozenset(_in_order(name))


def names_a_customer(name: str) -> int:
    """Return how surely a name says who the customer is: 0 not at all, 1 (a name, an address), 2, and 3 (a number)."""
    words, joined = words_of(name), plain(name).lower()
    said = bool(word.CUSTOMER_PARTS.search(joined))
    if not (said or words & word.CUSTOMER) or words & word.TRAIT - word.IDENTIFYING:
        return 0
    if words & word.IDENTIFYING or _ENDS_AS_A_NUMBER.search(joined):
        return 3 if said or not words & word.LESS_LIKELY_CUSTOMER else 2
    return 1 if words & word.LESS_LIKELY_CUSTOMER and not words & word.HOLDER else 2


def names_an_address(name: str) -> bool:
    """Whether a name is that of an e-mail address."""
    return bool(words_of(name) & word.ADDRESS)


def names_a_key(name: str) -> bool:
    """Whether a name says that a column tells things apart: “Card no”, “invoice_id”, “LEID”."""
    words = words_of(name)
    if words & word.COUNTED and not words & word.MORE_THAN_A_NUMBER:
        return False
    return bool(words & word.IDENTIFYING or _CAPITALS_ID.search(name))


def ends_with_a_customer(name: str) -> bool:
    """Whether the last word of a name is the customer, as in “Loyalty Card” and “Account holder”."""
    words = _in_order(name)
    return bool(words) and bool(words[-1] in word.CUSTOMER | word.HOLDER or word.CUSTOMER_PARTS.fullmatch(words[-1]))


def names_an_order(name: str) -> bool:
    """Whether a name is that of an order's number, not of what an order costs or how many there were."""
    words, joined = words_of(name), plain(name).lower()
    if words & word.ABOUT_AN_ORDER or not word.ORDER_PARTS.search(joined) or names_a_customer(name):
        return False
    if words & word.IDENTIFYING or _ENDS_AS_A_NUMBER.search(joined):
        return True
    return len(words) == 1 and bool(words & word.ORDER)


def amount_rank(name: str) -> int:
    """Return how well a name says what a purchase cost in all: 0 not at all, 4 plainly."""
    words = words_of(name)
    if words & (word.NO_AMOUNT | word.COUNT - {"of"} | word.COUNTED - {"purchases", "transactions"}):
        return 0
    if words & word.AMOUNT:
        # What is left after discounts was paid; a net amount that fees were taken off was not.
        return 4 if "net" in words and words & word.AFTER_DISCOUNTS else 3 if words & word.AMOUNT_FIRST else 2
    return 2 if words == {"purchase"} else 1 if words & word.UNIT_PRICE else 0


def date_rank(name: str) -> int:
    """Return how well a name says when a purchase was made: 0 not at all, 4 plainly."""
    words = words_of(name)
    if words & word.LATER_DATE:
        return 0
    return 1 + bool(words & word.DATE) + 2 * bool(words & word.PURCHASE_DATE)


def goods_rank(name: str) -> int:
    """Return how well a name says what was bought: 2 for a group of goods, 1 for a single one."""
    words = words_of(name)
    if words & word.IDENTIFYING or names_a_customer(name):
        return 0
    return 2 if words & word.GOODS_GROUP else int(bool(words & word.GOODS))


def names_spend(name: str) -> bool:
    """Whether a name says that a column holds what a customer pays for what they take."""
    words = words_of(name)
    if _is_something_else(name) or {"annual", "revenue"} <= words or names_a_code_of_something(name):
        return False
    return bool(words & word.SPEND) or bool(words & word.PERHAPS_SPEND and not words & word.TIME)


def _is_something_else(name: str) -> bool:
    words = words_of(name)
    one = words & word.ONE_OF_SEVERAL and not words & word.TIME and not any(each.isdigit() for each in words)
    owned = words & word.OWNED and words & word.WORTH
    return bool(words & word.NO_SPEND or one or owned or _TIME_SPENT.search(" ".join(_in_order(name))))


def is_no_spend(name: str) -> bool:
    """Whether a name says that a column holds something other than spend, such as a count, a share or a balance."""
    return bool(words_of(name) & word.TIME) or _is_something_else(name)


def says_what_it_measures(name: str) -> bool:
    """Whether a name says what is counted, paid, priced, owed, dated or graded, or which code stands there."""
    measures = word.NO_SPEND | word.SPEND | word.PERHAPS_SPEND | word.QUANTITY | word.UNIT_PRICE | word.AMOUNT
    others = word.COUNT | word.COUNTED | word.TIME | word.CALENDAR_PART | word.DATE | word.SCALE | word.CODE
    return bool(words_of(name) & (measures | others)) or bool(code_in(name))


def names_goods(name: str) -> bool:
    """Whether a name is that of goods, such as “Milk”, and nothing is counted."""
    words = words_of(name)
    counted = word.NO_SPEND | word.OWNED | word.COUNT | word.COUNTED | word.TIME
    return bool(words & word.GROCERIES) and not words & counted


def names_a_count(name: str) -> bool:
    """Whether a name says that a column counts something."""
    return bool(words_of(name) & (word.COUNT | word.COUNTED) - {"of"}) or name.lower().startswith(("n_", "numberof"))


def names_a_birth_year(name: str) -> bool:
    """Whether a name says that a column holds the year of birth."""
    words = words_of(name)
    return bool(words & word.BIRTH) and not words & {"date", "day"}


def code_in(name: str) -> str:
    """Say which code a name says that a column holds, empty where none."""
    words = words_of(name)
    if words & word.POSTAL or word.POSTAL_PARTS.search(name.lower()):
        return mark("a postal code")
    if words & word.TELEPHONE and not words & word.ABOUT_TELEPHONES:
        return mark("a telephone number")
    return mark("a place on the map") if words & word.PLACE else ""


def names_a_code(name: str) -> bool:
    """Whether a name says that numbers stand for something else, such as a region or a type."""
    words = words_of(name)
    measured = word.COUNT | word.COUNTED | word.SPEND | word.NO_SPEND - {"type", "category"}
    if names_a_code_of_something(name):
        return True
    # “WarehouseToHome” is a distance.
    return bool(words & word.CODE) and not words & (measured | {"to"})


def names_a_code_of_something(name: str) -> bool:
    """Whether the last word of several says that a column holds codes: “Region_Code”, “sales channel”."""
    words = _in_order(name)
    alone = words == ("agent",)
    return (
        (alone or len(words) > 1)
        and words[-1] in word.CODE_OF_SOMETHING
        and not words_of(name) & {"num", "number", "of"}
    )


def names_a_calendar_part(name: str) -> bool:
    """Whether a name is that of a part of a date, such as the day of the month."""
    words = words_of(name)
    if _DAY_OF.search(" ".join(_in_order(name))):
        return True
    return bool(words & word.CALENDAR_PART) and not words & word.LENGTH
