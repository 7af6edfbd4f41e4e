"""What each column of a table of customers is for: the first rule that applies decides, and says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.errors import listed, quote
from custseg.language import say, say_many
from custseg.tables.outcome_words import looks_like_outcome
from custseg.tables.reading import MOST_CATEGORIES, MOST_CODES
from custseg.tables.understanding import vocabulary as word
from custseg.tables.understanding.column_words import (
    code_in,
    names_a_birth_year,
    names_a_calendar_part,
    names_a_code,
    names_a_code_of_something,
    names_a_count,
    names_a_customer,
    names_a_key,
    names_an_address,
    names_spend,
)
from custseg.tables.understanding.facts import FEW_REPEATS, FEWEST_ROWS_TO_JUDGE, find_facts
from custseg.tables.understanding.money import are_steps
from custseg.tables.understanding.purchase_roles import find_customer, is_key
from custseg.tables.understanding.relations import near_copies
from custseg.wording import count, join_words, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import narwhals as nw

    from custseg.tables.column_roles import Role
    from custseg.tables.reading import Reading
    from custseg.tables.understanding.facts import ColumnFacts, Facts

_MOST_MISSING = 0.5
# More than this nobody can follow in a picture or a sentence; whoever wants more chooses them.
_MOST_FEATURES = 40
_MOST_OUTCOME_LEVELS = 10
_CALENDAR_LIMIT = 366
_BIRTH_YEARS = (1880, 2030)

Decision = tuple["Role", str]


@dataclass(frozen=True, slots=True)
class RoleContext:
    """What the decision about one column needs: the first, the identifier, and which say the same as another."""

    first: str | None
    identifier: str | None
    copies: dict[str, str]


def find_identifier(facts: Facts, customer: str | None) -> str | None:
    """Return the column that tells customers apart: the customer's number, another key, else texts that never repeat.

    Such a number may repeat in a few rows; nothing else may.
    """
    keys = [column for column in facts.values() if _is_identifier(column) or column.name == customer]
    keys = [column for column in keys if column.rows_each < FEW_REPEATS]
    if keys:
        return min(keys, key=_identifier_order).name
    texts = [
        name for name, column in facts.items() if column.reading.format.kind == "text" and column.reading.identifies
    ]
    return texts[0] if texts else None


def _identifier_order(column: ColumnFacts) -> tuple[bool, int, bool]:
    """Order keys: different in every row first, then a customer's number, any other “id”, an address, the rest."""
    rank = names_a_customer(column.name)
    plain = len(column.words) == 1 and "id" in column.words
    order = 0 if rank == 3 else 1 if plain else 2 if rank == 2 or "id" in column.words else 3 if rank else 4
    return (column.distinct < column.filled and order > 0, order, not names_an_address(column.name))


def identifier_of(frame: nw.DataFrame[Any], readings: Mapping[str, Reading]) -> str | None:
    """Return the column that tells the customers of a frame apart."""
    facts = find_facts(frame, readings)
    customer = find_customer(facts)
    return find_identifier(facts, customer.name if customer else None)


def _is_identifier(column: ColumnFacts) -> bool:
    named = names_a_key(column.name) and column.words != {"code"}
    counted = names_a_count(column.name) and "of" in column.words
    if not named or column.words & word.ROW_NUMBER or not is_key(column) or counted:
        return False
    unique = column.distinct == column.filled
    return column.filled > 0 and (
        unique or (column.rows_each < FEW_REPEATS and bool(column.words & word.MORE_THAN_A_NUMBER))
    )


def find_roles(facts: Facts, identifier: str | None) -> dict[str, Decision]:
    """Return the role of each column, and why."""
    numbers = [column for column in facts.values() if column.numeric and not column.reading.constant]
    # Of two that say the same the money is kept.
    numbers.sort(key=lambda column: not names_spend(column.name))
    copies = near_copies([column for column in numbers if column.name != identifier])
    context = RoleContext(next(iter(facts), None), identifier, copies)
    roles: dict[str, Decision] = {}
    features = 0
    for name, column in facts.items():
        role, reason = _decide(column, context)
        if role == "feature" and features >= _MOST_FEATURES:
            role = "ignored"
            reason = say("{most} features were found before it; choose it in place of another", most=_MOST_FEATURES)
        features += role == "feature"
        roles[name] = role, reason
    return roles


def _decide(column: ColumnFacts, context: RoleContext) -> Decision:
    return next(decision for rule in _RULES if (decision := rule(column, context)) is not None)


def _identifier(column: ColumnFacts, context: RoleContext) -> Decision | None:
    if column.name != context.identifier:
        return None
    repeated, empty = column.filled - column.distinct, len(column.cells) - column.filled
    if not repeated and not empty:
        return "identifier", say("a different value in every row")
    faults = (
        say_many("{quantity:,} row that repeats one before", "{quantity:,} rows that repeat one before", repeated),
        say("{rows} without it", rows=count(empty, "row")),
    )
    told = [fault for fault, rows in zip(faults, (repeated, empty), strict=True) if rows]
    return "identifier", say("the number of the customer, in spite of {faults}", faults=join_words(told))


def _unusable(column: ColumnFacts, _: RoleContext) -> Decision | None:
    reading = column.reading
    if reading.format.kind == "other":
        return "ignored", say("neither numbers nor texts, such as lists")
    if not reading.known:
        return "ignored", say("no row has a value")
    if reading.constant:
        return "ignored", _always_the_same(reading)
    if reading.missing > _MOST_MISSING * reading.rows:
        return "ignored", say("{missing} missing", missing=percent(reading.missing / reading.rows))
    return None


def _always_the_same(reading: Reading) -> str:
    if reading.format.kind == "date":
        return say("the same day in every row that has one") if reading.missing else say("the same day in every row")
    return say("the same value in every row that has one") if reading.missing else say("the same value in every row")


def _row_number(column: ColumnFacts, context: RoleContext) -> Decision | None:
    if not column.whole or column.filled < len(column.cells) or names_spend(column.name):
        return None
    counts_up = len(column.values) > 1 and column.values[0] in (0, 1) and bool((np.diff(column.values) == 1).all())
    named = bool(column.words & word.ROW_NUMBER) or not column.words
    # Elsewhere than at the front, and in a short table, something else may count up.
    in_front = column.name == context.first and len(column.values) >= FEWEST_ROWS_TO_JUDGE
    if counts_up and (named or in_front or names_a_key(column.name)):
        return "ignored", say("a row number")
    return None


def _another_identifier(column: ColumnFacts, context: RoleContext) -> Decision | None:
    if context.identifier is None or not is_key(column) or column.rows_each >= FEW_REPEATS:
        return None
    named = names_a_key(column.name) and not column.words & word.MERE_NUMBER
    if (named or names_a_customer(column.name)) and column.filled >= FEWEST_ROWS_TO_JUDGE:
        return "ignored", say("another identifier")
    return None


def _outcome(column: ColumnFacts, _: RoleContext) -> Decision | None:
    if column.is_date or column.distinct > _MOST_OUTCOME_LEVELS:
        return None
    reason = looks_like_outcome(column.name, column.texts)
    return ("outcome", reason) if reason else None


def _date(column: ColumnFacts, _: RoleContext) -> Decision | None:
    return ("ignored", say("a date; as a feature it counts days")) if column.is_date else None


def _code(column: ColumnFacts, _: RoleContext) -> Decision | None:
    code = code_in(column.name)
    if code and (column.numeric or column.reading.format.kind == "text"):
        return "ignored", say("{code}, judging by its name", code=say(code))
    return None


def _calendar_part(column: ColumnFacts, _: RoleContext) -> Decision | None:
    if (
        column.whole
        and names_a_calendar_part(column.name)
        and 0 <= column.reading.least <= column.reading.largest <= _CALENDAR_LIMIT
    ):
        return "ignored", say("a part of a date, such as the day of the month, which says nothing of a customer")
    return None


def _truth(column: ColumnFacts, _: RoleContext) -> Decision | None:
    if column.reading.format.kind == "truth":
        return "category", say("yes or no; as a feature it counts 1 or 0")
    return None


def _ordered(column: ColumnFacts, _: RoleContext) -> Decision | None:
    levels = column.reading.format.levels
    if column.reading.format.kind == "ordinal":
        return "category", say(
            "in order: {levels}; as a feature it counts 1 to {last}", levels=listed(levels), last=len(levels)
        )
    return None


def _birth_year(column: ColumnFacts, _: RoleContext) -> Decision | None:
    return ("feature", say("the year of birth, counted as age")) if is_birth_year(column) else None


def is_birth_year(column: ColumnFacts) -> bool:
    """Whether a column holds years of birth."""
    if not column.whole or not names_a_birth_year(column.name) or not len(column.finite):
        return False
    first, last = _BIRTH_YEARS
    return first <= float(np.median(column.finite)) <= last and bool((column.finite >= 1000).all())


def _copy(column: ColumnFacts, context: RoleContext) -> Decision | None:
    if column.name in context.copies:
        return "ignored", say("says nearly the same as {column}", column=quote(context.copies[column.name]))
    return None


def _number(column: ColumnFacts, _: RoleContext) -> Decision | None:
    reading = column.reading
    if not column.numeric:
        return None
    levels = column.distinct
    if column.whole and column.filled >= FEWEST_ROWS_TO_JUDGE and levels <= MOST_CODES:
        return _few_numbers(column)
    if column.whole and column.repeats and levels <= MOST_CATEGORIES and names_a_code(column.name):
        return "category", say(
            "{number} different whole numbers that stand for something, judging by its name", number=levels
        )
    if column.whole and column.repeats and names_a_code_of_something(column.name):
        return "ignored", say("codes, judging by its name, of which {number} are too many to compare", number=levels)
    if reading.example is not None:
        text, value = reading.example
        return "feature", say("numbers written as text; {text} is read as {value:,.12g}", text=quote(text), value=value)
    return "feature", say("numbers")


def _few_numbers(column: ColumnFacts) -> Decision:
    if column.distinct > 2 and column.words & word.SCALE:
        return "feature", say(
            "a scale from {least:g} to {largest:g}", least=column.reading.least, largest=column.reading.largest
        )
    if column.distinct > 2 and names_a_count(column.name):
        return "feature", say("a count")
    if column.distinct > 2 and names_spend(column.name) and not are_steps(column):
        return "feature", say("numbers")
    return "category", say("only {number} different whole numbers, so probably codes", number=column.distinct)


def _text(column: ColumnFacts, _: RoleContext) -> Decision:
    reading = column.reading
    if not reading.date_trouble and reading.distinct <= min(MOST_CATEGORIES, max(2, reading.known // 2)):
        return "category", say("{number} different values", number=reading.distinct)
    if reading.first_invalid is not None:
        text, row = reading.first_invalid
        return "ignored", say(
            "not only numbers: {text} in row {row}; correct or empty such cells", text=quote(text), row=row
        )
    return "ignored", reading.date_trouble or say("free text")


_RULES: tuple[Callable[[ColumnFacts, RoleContext], Decision | None], ...] = (
    _identifier,
    _unusable,
    _row_number,
    _another_identifier,
    _outcome,
    _date,
    _code,
    _calendar_part,
    _truth,
    _ordered,
    _birth_year,
    _copy,
    _number,
    _text,
)
