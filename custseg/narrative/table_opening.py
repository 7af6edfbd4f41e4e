"""What a table holds before anything was run: who is in it, what they are compared by, and up to three facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from custseg.language import say, say_many
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
    """Say what there is to know of a table before its customers are segmented; found once for all sessions."""
    return table.kept.get("opening", lambda: _described(table))


def _described(table: CustomerTable) -> TableOpening:
    sample = table.customers.sample(_MOST_ROWS)
    facts = [*_concentration(table, sample), *_uneven(table, sample), *_missing(table), *_categories(table)]
    return TableOpening((_compared(table), *_spend(table), *_told(table)), tuple(facts[:MOST_FACTS]))


def _compared(table: CustomerTable) -> str:
    names = _listed(table, table.features)
    return say(
        "{customers}, who can be compared by {features}: {names}.",
        customers=count(len(table), "customer"), features=count(len(table.features), "feature"), names=names,
    )  # fmt: skip


def _listed(table: CustomerTable, names: Sequence[str], *, begins: bool = False) -> str:
    """Name columns, the first few where they are many; ``begins`` where a sentence begins with them."""
    labels = [table.label(name) for name in names]
    if begins:
        labels[0] = heading(table, names[0])
    if len(labels) > _MOST_NAMED:
        few = labels[: _MOST_NAMED - 1]
        labels = [*few, say("{others} more", others=len(names) - len(few))]
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
    yield say(
        "They spend {total} in all, and {mean} each on average.",
        total=with_unit(number(total), unit),
        mean=number(mean),
    )


def _told(table: CustomerTable) -> Iterator[str]:
    if table.outcomes:
        named = _listed(table, table.outcomes, begins=True)
        yield say_many(
            "{named} is an outcome, told of each segment and not compared.",
            "{named} are outcomes, told of each segment and not compared.",
            len(table.outcomes), named=named,
        )  # fmt: skip
    if table.categories:
        yield say_many(
            "{named} is a category, told of each segment and compared only if you say so.",
            "{named} are categories, told of each segment and compared only if you say so.",
            len(table.categories), named=_listed(table, table.categories, begins=True),
        )  # fmt: skip


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
        yield say(
            "The tenth who spend most, {customers}, bring {share} of the spend.",
            customers=count(tenth, "customer"), share=bring,
        )  # fmt: skip
    else:
        yield say("The tenth who spend most bring about {share} of the spend.", share=bring)


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
            yield _how_uneven(heading(table, name), written(column, mean), middle and written(column, middle), sample)
            return


def _how_uneven(column: str, mean: str, middle: float | str, sample: Sample) -> str:
    def about(number: str) -> str:
        return number if sample.whole else say("about {number}", number=number)

    half = say("{middle} or less", middle=middle) if middle else say("none")
    return say(
        "{column} is the most uneven: {mean} on average, while half of the customers have {half}.",
        column=column, mean=about(mean), half=about(half),
    )  # fmt: skip


def _missing(table: CustomerTable) -> Iterator[str]:
    """Say of how many customers something is not known."""
    everyone = int(table.customers.aggregate([Count()])[Count()])
    known = table.customers.aggregate([Known(name) for name in table.features])
    gaps = {name: everyone - int(known[Known(name)]) for name in table.features}
    most = max(gaps, key=lambda name: gaps[name])
    if not gaps[most]:
        yield say("No value is missing in what they are compared by.")
        return
    others = sum(1 for missing in gaps.values() if missing) - 1
    gap = {"column": heading(table, most), "missing": gaps[most], "customers": count(everyone, "customer")}
    if others:
        yield say(
            "{column} is missing for {missing:,} of {customers}, and other values in {others}.",
            **gap, others=count(others, "more column"),
        )  # fmt: skip
    else:
        yield say("{column} is missing for {missing:,} of {customers}.", **gap)


def _categories(table: CustomerTable) -> Iterator[str]:
    """Say which level of each category is the most frequent."""
    for name in table.categories:
        sizes = table.customers.aggregate([Count()], by=(name,))
        counts, levels = sizes[Count()], sizes.levels[name]
        level = levels[int(counts.argmax())]
        if level is not None:
            share = percent(float(counts.max() / counts.sum()))
            yield say(
                "{column} is most often {level}, with {share}.",
                column=heading(table, name), level=straight(level), share=share,
            )  # fmt: skip
