"""Which features are money: what a customer pays for what they take. Names decide, and values may object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.errors import listed, quote
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
        found |= dict.fromkeys(owed, (False, "what is owed, since there is a credit limit"))
    stated = {name for name, note in described.items() if note.money is not None}
    spend = [column for column in features if found[column.name][0] and column.name not in stated]
    # A total may also contain what is no spend, such as what is only expected.
    measured = [column for column in numbers if column.distinct > _FEW_VALUES or column in features]
    for total, parts in sums_among(spend, measured).items():
        found |= _counted_once(total, parts, found)
    durations = [column for column in features if column.words & word.DURATION]
    for rate, (total, duration) in accumulated(spend, durations).items():
        if found[rate][0]:
            counted = "" if found[total][0] else "as a part of another "
            found[rate] = (
                False,
                f"times {quote(duration)} it is about {quote(total)}, which is counted {counted}".rstrip(),
            )
    return found


def _counted_once(total: str, parts: Sequence[str], found: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """Count a total or its parts, never both: the parts where they are all spend or something else than that."""
    counted = [part for part in parts if found.get(part, (False, ""))[0]]
    left_out = [part for part in parts if part not in counted]
    if not counted:
        return {}
    if any(words_of(part) & word.SPEND and not words_of(part) & word.NOT_YET for part in left_out):
        return {part: (False, f"a part of {quote(total)}, which is counted") for part in counted}
    are = "is" if len(counted) == 1 else "are"
    return {total: (False, f"the sum of {listed(list(parts))}; {listed(counted)} {are} counted in its place")}


def _verdict(column: ColumnFacts, described: Mapping[str, FieldNote], *, several_goods: bool) -> Verdict:
    note = described.get(column.name)
    if note is not None and note.money is not None:
        return note.money, f"{'an amount' if note.money else 'no money'}, as the description of the data says"
    if not column.numeric:
        return False, ""
    named = names_spend(column.name)
    if not named and not (several_goods and names_goods(column.name)) and not _in_currency(column):
        return False, ""
    objection = _objection(column)
    if objection:
        return False, f"no money: {objection}"
    return True, "an amount, judging by its name" if named or not _in_currency(column) else "written with a currency"


def ask_about_money(features: Sequence[ColumnFacts]) -> tuple[Doubt, ...]:
    """Ask about columns that are spread as amounts are where nothing says that they are."""
    found = [column.name for column in features if column.numeric and _spread_as_amounts(column)]
    if not found:
        return ()
    one = len(found) == 1
    sentence = (
        f"{listed(found)} could be {'an amount' if one else 'amounts'} of money, going by the values, but no name says "
        f"so. {'Is that' if one else 'Are they'} what customers spend?"
    )
    follows = f"{'this' if one else 'their sum'} is what a customer spends"
    choices = ((repr(found), follows), ("[]", "nothing in this table is spend"))
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
        return "no values"
    below = float((values < 0).mean())
    if below > _MOST_BELOW_ZERO:
        return f"{percent(below)} of the values are below 0"
    if len(values) < FEWEST_ROWS_TO_JUDGE:
        return ""
    if values.max() <= 1:
        return "no value is above 1"
    if column.words & {"purchases", "purchase", "sales", "total"} and column.whole and values.max() <= _MOST_COUNTED:
        return "small whole numbers, so a count"
    return "whole numbers without a gap from 0 or 1, so probably steps" if are_steps(column) else ""


def are_steps(column: ColumnFacts) -> bool:
    """Whether values are 0, 1, 2 and so on, or 1, 2, 3, up to a dozen: steps or codes, not amounts."""
    values = np.unique(column.finite)
    counted = bool(values[0] in (0, 1) and (np.diff(values) == 1).all()) if len(values) else True
    return counted and len(values) <= _MOST_STEPS
