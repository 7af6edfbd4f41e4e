"""What a table holds before anything was run: who is in it, what they are compared by, and up to three facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from custseg.narrative.amounts import heading
from custseg.tables.expressions import Count, Known, Total
from custseg.tables.skewness import SKEWED, robust_skewness
from custseg.tables.spend import spend_of_each
from custseg.tables.written_values import with_unit, written
from custseg.wording import count, join_words, number, percent, straight

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custseg.tables.customers import Sample
    from custseg.tables.table import CustomerTable

MOST_FACTS = 3
# Of more customers than this, as many at random show how uneven amounts are.
_MOST_ROWS = 20_000
_MOST_NAMED = 6
# Fewer have no tenth, and so much above the middle one is an average that a few customers set.
_LEAST_CUSTOMERS, _CLEARLY_ABOVE = 20, 1.2


@dataclass(frozen=True, slots=True)
class TableOpening:
    """What a table holds in sentences, and facts about it; all of it plain text."""

    holds: tuple[str, ...]
    facts: tuple[str, ...]


def describe_table(table: CustomerTable) -> TableOpening:
    """Say what there is to know of a table before its customers are segmented."""
    sample = table.customers.sample(_MOST_ROWS)
    facts = [*_concentration(table, sample), *_uneven(table, sample), *_missing(table), *_categories(table)]
    return TableOpening((_compared(table), *_spend(table), *_told(table)), tuple(facts[:MOST_FACTS]))


def _compared(table: CustomerTable) -> str:
    names = _listed(table, table.features)
    return f"{count(len(table), 'customer')}, who can be compared by {count(len(table.features), 'feature')}: {names}."


def _listed(table: CustomerTable, names: Sequence[str], *, begins: bool = False) -> str:
    """Name columns, the first few where they are many; ``begins`` where a sentence begins with them."""
    labels = [table.label(name) for name in names]
    if begins:
        labels[0] = heading(table, names[0])
    if len(labels) > _MOST_NAMED:
        few = labels[: _MOST_NAMED - 1]
        labels = [*few, f"{len(names) - len(few)} more"]
    return join_words(labels)


def _spend(table: CustomerTable) -> Iterator[str]:
    money = table.money(table.features)
    if not money:
        return
    wanted = [kind(name) for name in money for kind in (Total, Known)]
    sums = table.customers.aggregate(wanted)
    total = sum(float(sums[Total(name)]) for name in money)
    # As everywhere: the averages of the columns, each over those of whom it is known.
    mean = sum(float(sums[Total(name)]) / max(1, int(sums[Known(name)])) for name in money)
    columns = [table.column(name) for name in money]
    unit = replace(columns[0], name="", label="", quantity="")
    if len({column.unit for column in columns}) > 1:
        unit = replace(unit, unit="")
    yield f"Together they spend {with_unit(number(total), unit)}, {number(mean)} each on average."


def _told(table: CustomerTable) -> Iterator[str]:
    if table.outcomes:
        named = _listed(table, table.outcomes, begins=True)
        verb = "is an outcome" if len(table.outcomes) == 1 else "are outcomes"
        yield f"{named} {verb}, told of each segment and not compared."
    if table.categories:
        verb = "is a category" if len(table.categories) == 1 else "are categories"
        named = _listed(table, table.categories, begins=True)
        yield f"{named} {verb}, told of each segment and compared only if you say so."


def _concentration(table: CustomerTable, sample: Sample) -> Iterator[str]:
    """Say how much of the spend comes from the tenth who spend most."""
    money = table.money(table.features)
    if not money or len(sample) < _LEAST_CUSTOMERS:
        return
    spend = spend_of_each(sample.matrix(money))
    known = np.sort(spend[~np.isnan(spend)])
    if len(known) < _LEAST_CUSTOMERS or known[0] < 0 or known.sum() <= 0:
        return
    tenth = round(len(known) / 10)
    bring = percent(float(known[-tenth:].sum() / known.sum()))
    if sample.whole:
        yield f"The tenth who spend most, {count(tenth, 'customer')}, bring {bring} of the spend."
    else:
        yield f"The tenth who spend most bring about {bring} of the spend."


def _uneven(table: CustomerTable, sample: Sample) -> Iterator[str]:
    """Say which feature a few large values set the average of."""
    skew = robust_skewness(sample.values)
    for which in np.argsort(-skew):
        name, values = table.features[which], sample.values[:, which]
        known = values[~np.isnan(values)]
        if skew[which] < SKEWED:
            return
        mean, middle = float(known.mean()), float(np.median(known))
        if known[0] >= 0 and middle >= 0 and mean >= _CLEARLY_ABOVE * middle and mean > 0:
            column = table.column(name)
            here = f"{written(column, middle)} or less" if middle else "none"
            about = "" if sample.whole else "about "
            yield (
                f"{heading(table, name)} is the most uneven: {about}{written(column, mean)} on average, while half of "
                f"the customers have {about}{here}."
            )
            return


def _missing(table: CustomerTable) -> Iterator[str]:
    """Say of how many customers something is not known."""
    everyone = int(table.customers.aggregate([Count()])[Count()])
    known = table.customers.aggregate([Known(name) for name in table.features])
    gaps = {name: everyone - int(known[Known(name)]) for name in table.features}
    most = max(gaps, key=lambda name: gaps[name])
    if not gaps[most]:
        yield "No value is missing in what they are compared by."
        return
    others = sum(1 for missing in gaps.values() if missing) - 1
    more = f", and other values in {count(others, 'more column')}" if others else ""
    yield f"{heading(table, most)} is missing for {gaps[most]:,} of {count(everyone, 'customer')}{more}."


def _categories(table: CustomerTable) -> Iterator[str]:
    """Say which level of each category is the most frequent."""
    for name in table.categories:
        sizes = table.customers.aggregate([Count()], by=(name,))
        counts, levels = sizes[Count()], sizes.levels[name]
        level = levels[int(counts.argmax())]
        if level is not None:
            said = percent(float(counts.max() / counts.sum()))
            yield f"{heading(table, name)} is most often {straight(level)}, with {said}."
