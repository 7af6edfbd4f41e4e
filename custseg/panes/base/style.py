"""The colours of segments, and the style sheets of the panes.

A pane takes its colours from CSS variables (``--custseg-...``). A page sets them, for light and for dark; where nobody
does, as in a notebook, the fallbacks here work on both. Bokeh reads ``--bk-...`` variables before a plot's own
properties, so a plot follows the page without being drawn anew by the server.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Ten colours that stay apart for people with normal sight, protanopia, deuteranopia and tritanopia (CIE76 distance of
# about 17 or more, simulated after Machado et al., 2009), and against a white and a near-black page (contrast of 2.2 or
# more).
# The first are of Okabe and Ito's set; tests/test_style.py recomputes all of it.
SEGMENT_COLOURS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#D20F4B",
    "#962DFF",
    "#786900",
    "#87A5F0",
    "#B4A55A",
    "#9678FF",
)
UNASSIGNED_COLOUR = "#8A93A0"
# Of whoever is selected: dark on white, so that it shows on any ground and beside any colour.
INK, PAPER = "#10151c", "#ffffff"
# Of the exceptional customers: as dark as a light page allows and as light as a dark one does.
APART_COLOUR = "#7A5C48"

_MATHEMATICS = re.compile(r"\$(?=\$)|\\(?=[\[\]()])")
_SHEETS = Path(__file__).parent / "css"


def _sheet(name: str) -> str:
    return (_SHEETS / f"{name}.css").read_text(encoding="utf-8")


PLOT_STYLE = _sheet("plot")
LEGEND_STYLE = _sheet("legend")
TEXT_STYLE = _sheet("text")
CARD_STYLE = _sheet("card")
STATUS_STYLE = _sheet("status")
ALERT_STYLE = _sheet("alert")
CONTROL_STYLE = _sheet("control")
BUTTON_STYLE = _sheet("button")
TABLE_STYLE = _sheet("table")
CUSTOMERS_STYLE = _sheet("customers")
PREPARING_STYLE = _sheet("preparing")
TRUST_STYLE = _sheet("trust")
WORDS_STYLE = _sheet("words")
ACTIONS_STYLE = _sheet("actions")
PICTURES_STYLE = _sheet("pictures")
RUNS_STYLE = _sheet("runs")
PAGE_TOKENS = _sheet("tokens")


def shown_features_style(fields: Iterable[str]) -> str:
    """Mark, in a table of class ``x-FIELD y-FIELD``, the columns of these two fields with their axis.

    By classes, so that another choice changes neither the sheet nor the table.
    """
    rules = []
    for field in fields:
        column = f'[tabulator-field="{field}"]'
        title = f".tabulator-col{column} .tabulator-col-title"
        rules.append(
            f":host(:is(.x-{field}, .y-{field})) :is(.tabulator-col, .tabulator-cell){column} "
            "{ background: var(--custseg-mark, rgba(0, 114, 178, 0.12)) !important; }"
        )
        rules += [
            f':host({classes}) {title}::after {{ content: " ({axes})"; font-weight: 400; }}'
            for classes, axes in ((f".x-{field}", "x"), (f".y-{field}", "y"), (f".x-{field}.y-{field}", "x, y"))
        ]
    return "\n".join(rules)


def plain_label(text: str) -> str:
    r"""Make an untrusted text safe where Bokeh would take it for mathematics (and ask a server elsewhere for that).

    It does so between ``$$`` and ``$$``, ``\[`` and ``\]``, ``\(`` and ``\)``. A space of no width takes these apart.
    """
    return _MATHEMATICS.sub("\\g<0>\u200b", " ".join(text.split()))
