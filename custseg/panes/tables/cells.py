"""How tables look: a list to read, and the headers and numbers of features with the room that these need."""

from __future__ import annotations

import html
import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn
from bokeh.models.widgets.tables import NumberFormatter

from custseg.panes.base.style import TABLE_STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from custseg.tables.table import CustomerTable

_BREAK_AFTER = re.compile(r"(?<=[_\W])")


def tabulator(
    frame: pd.DataFrame,
    titles: dict[str, str],
    configuration: dict[str, Any],
    right: Iterable[str] = (),
    **options: Any,
) -> pn.widgets.Tabulator:
    """Return a table as wide as its place, whose headers wrap, with the columns ``right`` aligned to the right.

    ``configuration`` is Tabulator's own, ``options`` are Panel's. It is for reading, where these don't say otherwise.
    """
    aligned = dict.fromkeys(right, "right")
    columns = {"headerWordWrap": True, **configuration.get("columnDefaults", {})}
    # Panel follows a change of size already, and waits where a cell is being edited. Tabulator's own way doesn't: it
    # lays the rows out anew under an open editor, or under a mouse button that is down.
    configuration = {**configuration, "columnDefaults": columns, "autoResize": False}
    return pn.widgets.Tabulator(
        frame,
        titles=titles,
        configuration=configuration,
        text_align=aligned,
        header_align=aligned,
        **{
            "show_index": False,
            "disabled": True,
            "selectable": False,
            "layout": "fit_columns",
            "sizing_mode": "stretch_width",
            "stylesheets": [TABLE_STYLE],
            "margin": 0,
            **options,
        },
    )


def listing(frame: pd.DataFrame, titles: dict[str, str], **options: Any) -> pn.widgets.Tabulator:
    """Return a table to read, ten rows a page, whose texts wrap."""
    configuration = {"columnDefaults": {"minWidth": 96}}
    return tabulator(frame, titles, configuration, pagination="local", page_size=10, **options)


def header(name: str) -> str:
    """Return a column's name as a header: Tabulator takes titles as HTML. A long one may break after an underscore."""
    return html.escape(" ".join(name.split())).replace("_", "_<wbr>")


def feature_width(table: CustomerTable, feature: str) -> int:
    """Room in pixels for the largest number and for the longest word of the header; less would cut it."""
    reading = table.reading(feature)
    largest = f"{max(abs(reading.least), abs(reading.largest)):,.0f}"
    words = [len(word) for word in _BREAK_AFTER.split(feature)]
    return max(70, 9 * len(largest) + 8, min(8 * max(words) + 16, 150))


def usual_decimals(table: CustomerTable, feature: str) -> int:
    """No decimals where a feature runs into the hundreds, else as many as show three digits that say something."""
    usual = float(np.nanmean(abs(table.matrix([feature]))))
    if usual >= 100:
        return 0
    return min(12, max(2, 2 - math.floor(math.log10(usual)))) if usual > 0 else 2


def number_format(table: CustomerTable, feature: str) -> str:
    """Return how Bokeh writes a feature's values."""
    decimals = usual_decimals(table, feature)
    return f"0,0.{'0' * decimals}" if decimals else "0,0"


def number_formatter(table: CustomerTable, feature: str) -> NumberFormatter:
    """Return how Tabulator writes a feature; a dash where there is no value."""
    return NumberFormatter(format=number_format(table, feature), nan_format="-")
