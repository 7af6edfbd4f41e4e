"""Which features are money: what a customer pays for what they take. Names decide, and values may object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.errors import listed, quote
from custseg.language import mark, say, say_many
from custseg.tables.understanding import Doubt
from custseg.tables.understanding import vocabulary as word
from custseg.tables.understanding.column_words import is_no_spend, names_a_count, names_goods, names_spend, words_of
from custseg.tables.understanding.facts import FEWEST_ROWS_TO_JUDGE
from custseg.tables.understanding.relations import accumulated, sums_among
from custseg.wording import percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from custseg.tables.data_package import FieldNote
    from custseg.tables.understanding.facts import ColumnFacts

# A few refunds are part of spend; where more is below 0, it is a balance or a change.
_MOST_BELOW_ZERO = 0.2
_MOST_COUNTED = 50
_FEWEST_GOODS = 2
_FEW_VALUES = 10
_MOST_STEPS = 12

Verdict = tuple[bool, str]


def find_money(
    features: Sequence[ColumnFacts], numbers: Sequence[ColumnFacts], described: Mapping[str, FieldNote]
) -> dict[str, Verdict]:
    """Say of each feature whether it is money, and why; the reason is empty where nothing speaks for it.

    ``numbers`` are all columns that a total may be the sum of.
    """
    goods = [column.name for column in features if names_goods(column.name) and not _objection(column)]
    found = {column.name: _verdict(column, described, several_goods=len(goods) >= _FEWEST_GOODS) for column in features}
    if any("limit" in column.words and column.words & {"credit", "bal", "balance"} for column in features):
        owed = [column.name for column in features if column.words & {"bill", "billed"} and found[column.name][0]]
        found |= dict.fromkeys(owed, (False, say("what is owed, since there is a credit limit")))
    stated = {name for name, note in described.items() if note.money is not None}
    spend = [column for column in features if found[column.name][0] and column.name not in stated]
    # A total may also contain what is no spend, such as what is only expected.
    measured = [column for column in numbers if column.distinct > _FEW_VALUES or column in features]
    for total, parts in sums_among(spend, measured).items():
        found |= _counted_once(total, parts, found)
    durations = [column for column in features if column.words & word.DURATION]
    for rate, (total, duration) in accumulated(spend, durations).items():
        if found[rate][0]:
            said = (
                mark("times {duration} it is about {total}, which is counted")
                if found[total][0]
                else mark("times {duration} it is about {total}, which is counted as a part of another")
            )
            found[rate] = (False, say(said, duration=quote(duration), total=quote(total)))
    return found


def _counted_once(total: str, parts: Sequence[str], found: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """Count a total or its parts, never both: the parts where they are all spend or something else than that."""
    counted = [part for part in parts if found.get(part, (False, ""))[0]]
    left_out = [part for part in parts if part not in counted]
    if not counted:
        return {}
    if any(words_of(part) & word.SPEND and not words_of(part) & word.NOT_YET for part in left_out):
        return {part: (False, say("a part of {total}, which is counted", total=quote(total))) for part in counted}
    why = say_many(
        "the sum of {parts}; {counted} is counted in its place",
        "the sum of {parts}; {counted} are counted in its place",
        len(counted),
        parts=listed(list(parts)),
        counted=listed(counted),
    )
    return {total: (False, why)}


def _verdict(column: ColumnFacts, described: Mapping[str, FieldNote], *, several_goods: bool) -> Verdict:
    note = described.get(column.name)
    if note is not None and note.money is not None:
        said = mark("an amount, as the description of the data says")
        return note.money, say(said if note.money else mark("no money, as the description of the data says"))
    if not column.numeric:
        return False, ""
    named = names_spend(column.name)
    if not named and not (several_goods and names_goods(column.name)) and not _in_currency(column):
        return False, ""
    objection = _objection(column)
    if objection:
        return False, say("no money: {objection}", objection=objection)
    by_name = named or not _in_currency(column)
    return True, say("an amount, judging by its name") if by_name else say("written with a currency")


def ask_about_money(features: Sequence[ColumnFacts]) -> tuple[Doubt, ...]:
    """Ask about columns that are spread as amounts are where nothing says that they are."""
    found = [column.name for column in features if column.numeric and _spread_as_amounts(column)]
    if not found:
        return ()
    sentence = say_many(
        "{columns} could be an amount of money, going by the values, but no name says so. Is that what customers "
        "spend?",
        "{columns} could be amounts of money, going by the values, but no name says so. Are they what customers spend?",
        len(found),
        columns=listed(found),
    )
    follows = say_many("this is what a customer spends", "their sum is what a customer spends", len(found))
    choices = ((repr(found), follows), ("[]", say("nothing in this table is spend")))
    return (Doubt(sentence, "money", choices),)


def _spread_as_amounts(column: ColumnFacts) -> bool:
    """Whether values are never negative, mostly different, in the hundreds or more, and have a long tail upwards."""
    values = column.finite
    if is_no_spend(column.name) or names_a_count(column.name) or not len(values) or values.min() < 0:
        return False
    median = float(np.median(values))
    return len(np.unique(values)) >= 0.5 * len(values) and median >= 100 and float(values.mean()) > 1.1 * median


def _in_currency(column: ColumnFacts) -> bool:
    return bool(column.reading.currency) and not is_no_spend(column.name)


def _objection(column: ColumnFacts) -> str:
    """Say what in the values speaks against money; empty where nothing does."""
    values = column.finite
    if not len(values):
        return say("no values")
    below = float((values < 0).mean())
    if below > _MOST_BELOW_ZERO:
        return say("{share} of the values are below 0", share=percent(below))
    if len(values) < FEWEST_ROWS_TO_JUDGE:
        return ""
    if values.max() <= 1:
        return say("no value is above 1")
    if column.words & {"purchases", "purchase", "sales", "total"} and column.whole and values.max() <= _MOST_COUNTED:
        return say("small whole numbers, so a count")
    return say("whole numbers without a gap from 0 or 1, so probably steps") if are_steps(column) else ""


def are_steps(column: ColumnFacts) -> bool:
    """Whether values are 0, 1, 2 and so on, or 1, 2, 3, up to a dozen: steps or codes, not amounts."""
    values = np.unique(column.finite)
    counted = bool(values[0] in (0, 1) and (np.diff(values) == 1).all()) if len(values) else True
    return counted and len(values) <= _MOST_STEPS
