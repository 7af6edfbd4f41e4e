"""Words for columns: what people call a column whose name was written for a machine."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from custseg.errors import SettingError, quote
from custseg.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from custseg.tables.column_roles import Column

LONGEST_LABEL = 60

# A name with any other sign in it, such as a comparison or markup, is no list of words.
_WORDS_ONLY = re.compile(r"[\w\s.\-/&,%$€£()\[\]]+")
_SEPARATOR = re.compile(r"[_\s]+|(?<!\d)\.|\.(?!\d)")
# "TotalCharges" and "RFMScore" are two words each, "iPhone", "McDonalds" and "TVs" are one.
_CAMEL = re.compile(r"(?<=[A-Za-z][a-z0-9])(?<!\bMc)(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_NUMBERED = re.compile(r"([A-Za-z]{2,})(\d+)")
_IN_BRACKETS = re.compile(r"(.*[^\s(\[])\s*[(\[]([^()\[\]]+)[)\]]\s*")
_RANGE = re.compile(r"(-?\d[\d.,]*)\s*(?:-|–|to)\s*(\d[\d.,]*)")
_CURRENCIES = "EUR|USD|GBP|CHF|JPY|CAD|AUD|INR|SEK|NOK|DKK|PLN|CZK|BRL|MXN|CNY"
_UNIT = re.compile(
    rf"(?:in\s+)?((?:[km]|mn|thousand|million)?\s*(?:[$€£]|{_CURRENCIES})\s*[km]?|[$€£]\s*000s?|%|percent|"
    r"seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|kg|g|km|miles?|cm|m|MB|GB)",
    re.IGNORECASE,
)
_CURRENCY = re.compile(_CURRENCIES, re.IGNORECASE)

_ABBREVIATIONS = frozenset((
    "ID", "EUR", "USD", "GBP", "CHF", "JPY", "VIP", "ZIP", "AOV", "MRR", "ARR", "RFM", "TV", "DSL", "SMS", "URL",
    "SKU", "CLV", "LTV", "CLTV", "ARPU", "NPS", "KPI", "VAT", "ATM", "UK", "EU", "USA", "B2B", "B2C", "GB", "MB",
    "FICO", "DTI", "APR", "EMI", "CRM", "CTR", "ROI", "BMI", "SIM", "LTE", "YTD", "Q1", "Q2", "Q3", "Q4",
))  # fmt: skip
_IN_FULL = {
    "acct": "account", "addr": "address", "amt": "amount", "avg": "average", "bal": "balance", "chng": "change",
    "cmp": "campaign", "cnt": "count", "cr": "credit", "ct": "count", "cust": "customer", "dob": "date of birth",
    "dt": "date", "flg": "flag", "freq": "frequency", "hrs": "hours", "ids": "IDs", "mins": "minutes", "mnt":
    "amount", "mon": "months", "mos": "months", "mth": "month", "nbr": "number", "num": "number", "oneoff":
    "one-off", "pct": "percent", "pmt": "payment", "prod": "product", "prc": "percent", "prods": "products", "qty":
    "quantity", "tot": "total", "trans": "transaction", "trx": "transactions", "txn": "transaction", "txns":
    "transactions", "yr": "year", "yrs": "years",
}  # fmt: skip
# What says only what kind of number it is goes, where the rest says that by itself: "NumWebPurchases".
_COUNTS = frozenset(("cnt", "ct", "num", "nbr"))
_KINDS_BEFORE = {
    "amt": "amount", "cnt": "number of", "ct": "number of", "dt": "date", "mnt": "amount", "nbr": "number of",
    "num": "number of", "qty": "quantity",
}  # fmt: skip
_NO_WORDS = frozenset(("tbl", "flg", "flag"))
_VERBS = frozenset(("has", "is"))
_WHOLE_NAMES = {
    "recency_days": "days since the last purchase",
    "tenure_days": "days since the first purchase",
    "monetary_value": "total spend",
    "clientnum": "client number",
    "year_birth": "year of birth",
}
# "spend_fresh" is spend on something, "spend_total" is not.
_NOT_BOUGHT = frozenset((
    "amount", "average", "by", "change", "class", "daily", "for", "from", "group", "in", "index", "last", "level",
    "monthly", "of", "on", "per", "percent", "range", "rate", "ratio", "score", "segment", "share", "since", "to",
    "total", "trend", "weekly", "year", "yearly",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameInWords:
    """What a column's name says.

    Attributes
    ----------
    label
        What to call the column.
    fuller
        The same with what was left out of the label, for where two columns would be called alike.
    unit
        The unit in the name: "k$" of "Annual Income (k$)"; empty where there is none.
    note
        What else stands in brackets: "from 1 to 100" of "Spending Score (1-100)"; empty where there is nothing.

    """

    label: str
    fuller: str
    unit: str = ""
    note: str = ""


def words_for(name: str) -> str:
    """Return what to call a column of that name: "web purchases" for NumWebPurchases.

    A name that is one plain word, or already written as people write, stays as it is.
    """
    return in_words(name).label


def in_words(name: str) -> NameInWords:
    """Read a column's name: its words, its unit, and what else stands in brackets."""
    if not _WORDS_ONLY.fullmatch(name) or not any(character.isalpha() for character in name):
        return NameInWords(name, name)
    bare, unit, note = _without_brackets(" ".join(name.split()))
    words, unit_word = _without_currency(_split(bare))
    label, dropped = _phrase(bare, words)
    beside = ", ".join(text for text in (dropped, unit_word or unit, note) if text)
    return NameInWords(label, f"{label} ({beside})" if beside else label, unit or unit_word, note)


def labels_for(names: Iterable[str], said: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what to call each column of a table, no two alike; ``said`` are labels that somebody wrote down.

    Where two would be called the same, more of their names is kept.
    """
    names = list(names)
    written = {name: clean for name, text in (said or {}).items() if (clean := clean_label(text)[:LONGEST_LABEL])}
    small = _written_small(name for name in names if name not in written)
    candidates = {name: _candidates(name, written.get(name), names, small=small) for name in names}
    step = dict.fromkeys(names, 0)
    while True:
        labels = {name: candidates[name][step[name]] for name in names}
        times = Counter(label.casefold() for label in labels.values())
        alike = [name for name in names if times[labels[name].casefold()] > 1]
        movable = [name for name in alike if step[name] < len(candidates[name]) - 1]
        # What is written down keeps its label for as long as others can give way.
        moved = [name for name in movable if name not in written] or movable
        if not moved:
            return labels
        step |= {name: step[name] + 1 for name in moved}


def with_labels(columns: Iterable[Column], said: Mapping[str, str]) -> tuple[Column, ...]:
    """Give every column its label, and the unit in its name where nobody stated another."""
    columns = tuple(columns)
    known = {column.name: said.get(column.name) or column.label for column in columns}
    labels = labels_for(known, known)
    return tuple(_in_words(column, labels[column.name]) for column in columns)


def relabelled(columns: Sequence[Column], chosen: Mapping[str, str]) -> tuple[Column, ...]:
    """Call columns what a person chose; an empty text stands for what custseg would call it.

    Raises
    ------
    SettingError
        A label is longer than LONGEST_LABEL, or another column is called so.

    """
    given = {column.name: column.label or column.name for column in columns}
    automatic = labels_for(given, {name: label for name, label in given.items() if name not in chosen})
    wanted = {name: clean_label(text) or automatic[name] for name, text in chosen.items()}
    called = given | wanted
    for name in chosen:
        if len(called[name]) > LONGEST_LABEL and called[name] != automatic[name]:
            msg = say(
                "A label may have up to {most} characters, but the one for {name} has {characters}. "
                "Choose a shorter one.",
                most=LONGEST_LABEL,
                name=quote(name),
                characters=len(called[name]),
            )
            raise SettingError(msg)
        other = next((one for one in called if one != name and _alike(called[one], called[name])), None)
        if other is not None:
            msg = say(
                "The column {other} is called {called} already. Choose another label.",
                other=quote(other),
                called=quote(called[other]),
            )
            raise SettingError(msg)
    return tuple(
        replace(column, label="" if called[column.name] == column.name else called[column.name]) for column in columns
    )


def clean_label(text: str) -> str:
    """Return a text on one line, without what can't be seen."""
    return " ".join("".join(character if character.isprintable() else " " for character in str(text)).split())


def _alike(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _in_words(column: Column, label: str) -> Column:
    found = in_words(column.name)
    unit = column.unit or (found.unit if column.format.countable else "")
    description = column.description or found.note
    return replace(column, label="" if label == column.name else label, unit=unit, description=description)


def _written_small(names: Iterable[str]) -> bool:
    """Whether names become phrases in small letters: "Partner" beside "PhoneService" is then no name of its own."""
    return any(" " in label and label.islower() and label != name for name in names for label in (words_for(name),))


def _candidates(name: str, written: str | None, names: Sequence[str], *, small: bool) -> tuple[str, ...]:
    found = in_words(name)
    if small and found.label == name and name.isalpha() and name.istitle():
        found = replace(found, label=name.lower(), fuller=found.fuller.lower())
    if name == "monetary_value" and "recency_days" not in names and {"T", "recency"} & set(names):
        # In the tables of the Lifetimes package this is the average of a purchase, not their sum.
        found = NameInWords("monetary value", "monetary value")
    first = (written, f"{written} ({name})") if written else (found.label, found.fuller)
    return (*first, name)


def _without_brackets(name: str) -> tuple[str, str, str]:
    """Return a name without what stands in brackets at its end, and that as a unit or as a note."""
    found = _IN_BRACKETS.fullmatch(name)
    if found is None:
        return name, "", ""
    before, inner = found[1], found[2].strip()
    if unit := _UNIT.fullmatch(inner):
        return before, unit[1], ""
    if limits := _RANGE.fullmatch(inner):
        return before, "", say("from {least} to {largest}", least=limits[1], largest=limits[2])
    return name, "", ""


def _without_currency(words: list[str]) -> tuple[list[str], str]:
    """Take a currency off the end: "revenue_eur" is revenue."""
    if len(words) < 2 or not _CURRENCY.fullmatch(words[-1]):
        return words, ""
    rest = words[:-1]
    return (rest[:-1] if len(rest) > 1 and rest[-1].lower() == "in" else rest), words[-1].upper()


def _split(name: str) -> list[str]:
    parts = [part for piece in _SEPARATOR.split(name) for part in _CAMEL.split(piece) if part]
    words = []
    for part in parts:
        numbered = _NUMBERED.fullmatch(part)
        words += [*numbered.groups()] if numbered and numbered[1].lower() in _IN_FULL else [part]
    return words


def _phrase(name: str, words: list[str]) -> tuple[str, str]:
    """Return the words of a name as a phrase, and what kind of number it is where that was left out."""
    key = "_".join(words).lower()
    if key in _WHOLE_NAMES:
        return _WHOLE_NAMES[key], ""
    if _as_people_write(name, words):
        return " ".join(words), ""
    words, dropped = _without_kind(words)
    words = [_word(word) for word in words]
    if words[0] == "share" and len(words) > 1 and words[1] != "of":
        words.insert(1, "of")
    if words[0] == "spend" and len(words) > 1 and words[1] not in _NOT_BOUGHT and not words[1][0].isdigit():
        words.insert(1, "on")
    if len(words) > 2 and words[-1] in ("month", "months") and words[-2].isdigit():
        words[-2:] = ["in", words[-2], "months"]
    return " ".join(words), dropped


def _as_people_write(name: str, words: list[str]) -> bool:
    """Whether a name is one plain word, or several in a mixed spelling of their own: "Spend in Germany"."""
    if name.isupper() or any(word.lower() in (*_IN_FULL, *_NO_WORDS) or word.upper() == "ID" for word in words):
        return False
    if len(words) == 1:
        return True
    spaced = name.split() == words
    return spaced and any(word.islower() for word in words) and any(not word.islower() for word in words)


def _without_kind(words: list[str]) -> tuple[list[str], str]:
    """Take off what says which kind of number it is, or put it where people would; return what was taken off."""
    words = [word for word in words if word.lower() not in _NO_WORDS] or words
    if len(words) == 1:
        return words, ""
    if words[0].lower() in _VERBS:
        return words[1:], ""
    if words[0].lower() in _KINDS_BEFORE:
        return _kind_before(words[0].lower(), words[1:])
    if words[-1].lower() in _COUNTS and _plural(words[-2]):
        return words[:-1], "number"
    return ([*words[:-1], "number"] if words[-1].lower() == "no" else words), ""


def _kind_before(kind: str, rest: list[str]) -> tuple[list[str], str]:
    """Say a kind of number that stands first, such as the "Num" of "NumWebPurchases", as people would."""
    if kind == "dt":
        return [*rest, "date"], ""
    if kind == "mnt":
        return rest, "amount"
    if rest[0].lower() == "of":
        return [_KINDS_BEFORE[kind].split()[0], *rest], ""
    if kind == "num" and rest[-1].lower() == "month" and _plural(rest[-2 if len(rest) > 1 else -1]):
        return [*rest[:-1], "a", "month"], "number"
    return (rest, _IN_FULL[kind]) if _plural(rest[-1]) else ([*_KINDS_BEFORE[kind].split(), *rest], "")


def _plural(word: str) -> bool:
    word = _IN_FULL.get(word.lower(), word.lower())
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))


def _word(word: str) -> str:
    if word.upper() in _ABBREVIATIONS:
        return word.upper()
    # "(annual)" and "Country/Region" are words too.
    return _IN_FULL.get(word.lower(), word.lower())
