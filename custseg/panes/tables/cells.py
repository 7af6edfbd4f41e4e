"""How tables look: a list to read, and the headers and numbers of features with the room that these need."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn

from custseg.language import ENGLISH, current, say
from custseg.panes.base.numbers import cell_numbers
from custseg.panes.base.style import TABLE_STYLE
from custseg.tables.written_values import NO_VALUE, average_decimals, list_decimals, numeral_format, written
from custseg.wording import capitalised

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from bokeh.models.widgets.tables import CellFormatter

    from custseg.tables.table import CustomerTable

_BREAK_AFTER = re.compile(r"(?<=[_\W])")
# So many tell how large the values of a feature are.
_ENOUGH_CUSTOMERS = 20_000


def tabulator(
    frame: pd.DataFrame,
    titles: dict[str, str],
    configuration: dict[str, Any],
    right: Iterable[str] = (),
    kind: type[pn.widgets.Tabulator] = pn.widgets.Tabulator,
    **options: Any,
) -> pn.widgets.Tabulator:
    """Return a table as wide as its place, whose headers wrap, with the columns ``right`` aligned to the right.

    ``configuration`` is Tabulator's own, ``options`` are Panel's. It is for reading, where these don't say otherwise.
    """
    aligned = dict.fromkeys(right, "right")
    columns = {"headerWordWrap": True, **configuration.get("columnDefaults", {})}
    # Panel follows a change of size already, and waits where a cell is being edited. Tabulator's own way doesn't: it
    # lays the rows out anew under an open editor, or under a mouse button that is down.
    # Nor does Tab leave a table by Tabulator's own way: it would stay in the last cell that can be edited.
    own_ways = {"autoResize": False, "keybindings": {"navNext": False, "navPrev": False}}
    configuration = {**configuration, "columnDefaults": columns, **own_ways, **_spoken()}
    return kind(
        frame,
        titles=titles,
        configuration=configuration,
        text_align=aligned,
        header_align=aligned,
        **{
            "show_index": False,
            "disabled": True,
            # Else every cell would take part in the way of the Tab key, and lose it.
            "editors": dict.fromkeys(frame.columns),
            "selectable": False,
            "layout": "fit_columns",
            "sizing_mode": "stretch_width",
            "stylesheets": [TABLE_STYLE],
            "margin": 0,
            **options,
        },
    )


def _spoken() -> dict[str, Any]:
    """Return Tabulator's own words, for its pages, in a language other than English."""
    if current() == ENGLISH:
        return {}
    steps = {"first": say("First"), "prev": say("Previous"), "next": say("Next"), "last": say("Last")}
    pages = steps | {f"{name}_title": text for name, text in steps.items()} | {"page_title": say("Show page")}
    waits = {"loading": say("Loading"), "error": say("Error")}
    return {"locale": current(), "langs": {current(): {"pagination": pages, "data": waits}}}


def listing(frame: pd.DataFrame, titles: dict[str, str], *, rows: int = 10, **options: Any) -> pn.widgets.Tabulator:
    """Return a table to read, some rows a page, whose texts wrap."""
    configuration = {"columnDefaults": {"minWidth": 96}}
    return tabulator(frame, titles, configuration, pagination="local", page_size=rows, **options)


def header(name: str) -> str:
    """Return a column's label as a header: Tabulator takes titles as HTML. A long one may break after an underscore."""
    return html.escape(" ".join(name.split())).replace("_", "_<wbr>")


def unseen(text: str) -> str:
    """Return a header for who hears a table; those who see it know the column by its cells."""
    return f'<span class="unseen">{html.escape(text)}</span>'


def word_width(title: str) -> int:
    """Room in pixels for the longest word of a title, which would else break within."""
    return max(8 * len(word) + 4 * _wide_letters(word) for word in title.split()) + 14


def compact_word_width(title: str) -> int:
    """Return the same for the table of segments, whose type is smaller."""
    return max(_small_width(word) - 3 * len(re.findall("[fijlrt]", word)) for word in title.split()) + 12


def feature_width(table: CustomerTable, feature: str) -> int:
    """Room in pixels for the largest number and for the longest word of the header; less would cut it."""
    reading = table.reading(feature)
    largest = written(table.column(feature), max(abs(reading.least), abs(reading.largest)), 0)
    words = [len(word) for word in _BREAK_AFTER.split(table.label(feature))]
    return max(70, 9 * len(largest) + 8, min(8 * max(words) + 16, 150))


def compact_width(table: CustomerTable, feature: str) -> int:
    """Room in the table of segments, whose type is smaller: for an average, a word, and a header of three lines."""
    reading = table.reading(feature)
    largest = written(table.column(feature), max(abs(reading.least), abs(reading.largest)), 0)
    label = capitalised(table.label(feature))
    widest = max(*map(_small_width, _BREAK_AFTER.split(label)), _small_width(label) // 3)
    return max(56, 8 * len(largest) + 12, min(widest + 14, 130))


def _small_width(text: str) -> int:
    """Return how wide a text in a header of that table is, in pixels."""
    return 7 * len(text) + 4 * _wide_letters(text)


def _wide_letters(text: str) -> int:
    return len(re.findall("[mwMW]", text))


def averages_decimals(table: CustomerTable, feature: str) -> int:
    """Return how many decimals the averages of a feature have."""
    return average_decimals(table.column(feature), _usual(table, feature))


def number_format(table: CustomerTable, feature: str) -> str:
    """Return how Bokeh writes a feature's values."""
    column = table.column(feature)
    return numeral_format(column, list_decimals(column, _usual(table, feature)))


def number_formatter(table: CustomerTable, feature: str) -> CellFormatter:
    """Return how Tabulator writes a feature; a dash where there is no value."""
    return cell_numbers(number_format(table, feature), NO_VALUE)


def feature_header(table: CustomerTable, feature: str) -> str:
    """Return the header of a feature or a category."""
    return header(capitalised(table.label(feature)))


def _usual(table: CustomerTable, feature: str) -> float:
    """Return how large the values of a feature are on average, of very many customers those of some in even steps."""
    values = table.part.matrix([feature])[:, 0]
    some = values[:: 1 + len(values) // _ENOUGH_CUSTOMERS]
    return float(np.nanmean(abs(values if np.isnan(some).all() else some)))
