"""What to call the columns that custseg makes of purchases, in the language that is spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.language import ENGLISH, current, mark, say
from custseg.tables.labels import LONGEST_LABEL, words_for
from custseg.tables.purchases.aggregation import (
    BASKET,
    DIFFERENT,
    FREQUENCY,
    LINES_OF_ORDER,
    MONETARY,
    RECENCY,
    SHARE_OF,
    TENURE,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

LABELS = {
    RECENCY: mark("days since the last purchase"),
    FREQUENCY: mark("frequency"),
    MONETARY: mark("total spend"),
    BASKET: mark("average basket"),
    TENURE: mark("days since the first purchase"),
    LINES_OF_ORDER: mark("lines per order"),
    DIFFERENT: mark("products"),
}


def labels_of(names: Sequence[str]) -> dict[str, str]:
    """Return labels for those of a table's columns that were made of purchases; none in English, as names tell them."""
    if current() == ENGLISH:
        return {}
    found = {name: say(LABELS[name]) for name in names if name in LABELS}
    found |= {
        name: say("share of {category}", category=name.removeprefix(SHARE_OF))
        for name in names
        if name.startswith(SHARE_OF)
    }
    # A column that came along may be called so already, and a long one keeps its own words.
    taken = {called.casefold() for name in names if name not in found for called in (name, words_for(name))}
    return {
        name: label for name, label in found.items() if len(label) <= LONGEST_LABEL and label.casefold() not in taken
    }
