"""The columns of customers: what each is for, which are money, and what a person should be asked about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from custseg.errors import SettingError, listed, quote
from custseg.language import say, say_many
from custseg.tables.column_format import ColumnFormat
from custseg.tables.column_roles import Column
from custseg.tables.data_package import FieldNote
from custseg.tables.labels import with_labels
from custseg.tables.reading import read_as
from custseg.tables.understanding import Doubt
from custseg.tables.understanding.customer_roles import find_identifier, find_roles, is_birth_year
from custseg.tables.understanding.facts import find_facts
from custseg.tables.understanding.money import ask_about_money, find_money
from custseg.tables.understanding.rows import RowMeaning, find_rows
from custseg.tables.understanding.sentinels import ask_about_sentinels
from custseg.tables.written_values import with_quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import narwhals as nw

    from custseg.tables.reading import Reading
    from custseg.tables.understanding.facts import ColumnFacts, Facts


@dataclass(frozen=True, slots=True)
class TableMeaning:
    """What rows and columns mean, what to ask, and the readings that hold for that."""

    rows: RowMeaning
    columns: tuple[Column, ...]
    doubts: tuple[Doubt, ...]
    readings: dict[str, Reading]


def find_meaning(
    frame: nw.DataFrame[Any],
    readings: dict[str, Reading],
    described: Mapping[str, FieldNote],
    missing: Mapping[str, Iterable[float | str]],
) -> TableMeaning:
    """Decide what a row is, and, as if each were a customer, what each column is for."""
    readings = _without_sentinels(frame, readings, missing)
    facts = find_facts(frame, readings)
    rows = find_rows(facts)
    identifier = find_identifier(facts, rows.customer)
    births = {name: _counted_as_age(frame, column, facts) for name, column in facts.items() if is_birth_year(column)}
    readings = {name: births.get(name, reading) for name, reading in readings.items()}
    roles = find_roles(facts, identifier)
    features = [facts[name] for name, (role, _) in roles.items() if role == "feature" and name not in births]
    numbers = [column for name, column in facts.items() if column.numeric and name != identifier and name not in births]
    money = find_money(features, numbers, described)
    columns = []
    for name, (role, reason) in roles.items():
        note = described.get(name, FieldNote())
        counts, because = money.get(name, (False, ""))
        why = say("{reason}; {because}", reason=reason, because=because) if because and role == "feature" else reason
        unit = note.unit or readings[name].currency
        column = Column(name, role, why, readings[name].format, unit, counts, note.description)
        column = replace(column, order=readings[name].format.levels)
        columns.append(replace(column, label="age") if name in births else column)
    if not any(column.role == "feature" for column in columns):
        # Better a few codes to go by than nothing.
        columns = [_promoted(column) for column in columns]
    labelled = with_labels(columns, {name: note.label for name, note in described.items()})
    columns = [with_quantity(column, readings[column.name]) for column in labelled]
    spend = [column.name for column in columns if column.money]
    asked = [facts[column.name] for column in columns if column.role in ("feature", "ignored")]
    doubts = (
        *rows.doubts,
        *_repeated_identifier(facts, identifier),
        *ask_about_sentinels(asked, spend, missing),
        *(() if spend else ask_about_money(features)),
    )
    return TableMeaning(rows, tuple(columns), doubts, readings)


def _without_sentinels(
    frame: nw.DataFrame[Any], readings: dict[str, Reading], missing: Mapping[str, Iterable[float | str]]
) -> dict[str, Reading]:
    """Read columns again in which a person says that some numbers, or days, stand for no value."""
    again = {}
    for name, values in missing.items():
        if name not in readings:
            msg = say(
                "There is no column called {name}. Choose from {names}.", name=quote(name), names=listed(list(readings))
            )
            raise SettingError(msg)
        given = tuple(values)
        if given and (not readings[name].format.countable or readings[name].format.levels):
            msg = say(
                "{name} holds no numbers, so none in it stands for a missing value. Leave it out.", name=quote(name)
            )
            raise SettingError(msg)
        if given:
            again[name] = read_as(frame[name], replace(readings[name].format, gaps=given))
    return {name: again.get(name, reading) for name, reading in readings.items()}


def _counted_as_age(frame: nw.DataFrame[Any], column: ColumnFacts, facts: Facts) -> Reading:
    """Read years of birth as ages: at the latest day in the table, or today where it has no days."""
    days = [other.reading.format.latest for other in facts.values() if other.is_date]
    latest = max((day for day in days if day is not None), default=dt.datetime.now(tz=dt.UTC).date())
    return read_as(frame[column.name], ColumnFormat("birth year", latest=latest, gaps=column.reading.format.gaps))


def _promoted(column: Column) -> Column:
    if column.role != "category" or column.format.kind not in ("number", "number as text"):
        return column
    return replace(column, role="feature", reason=say("{reason}, but there are no other numbers", reason=column.reason))


def _repeated_identifier(facts: Facts, identifier: str | None) -> tuple[Doubt, ...]:
    if identifier is None or not facts[identifier].repeats:
        return ()
    column = facts[identifier]
    again = column.filled - column.distinct
    sentence = say_many(
        "{column} should be different in every row, but {quantity:,} row repeats one before.",
        "{column} should be different in every row, but {quantity:,} rows repeat one before.",
        again,
        column=quote(identifier),
    )
    choices = ((f"{{{identifier!r}: 'ignored'}}", say("another column tells customers apart")),)
    return (Doubt(sentence, "roles", choices),)
