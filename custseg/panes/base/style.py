"""The colours of segments, and the style sheets of the panes.

Panes take their colours from CSS variables (``--custseg-...``), which a page sets for its light and dark theme. Where
nothing sets them, as in a notebook, the fallbacks here work on both. Bokeh reads ``--bk-...`` variables before a plot's
own properties, so a plot follows the theme without being redrawn by the server.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Ten colours that are distinct to people with normal sight, protanopia, deuteranopia and tritanopia (CIE76 distance of
# about 17 or more, simulated after Machado et al., 2009), and against a white and a near-black page (contrast of 2.2 or
# more).
# The first ones are from Okabe and Ito's set; tests/panes/test_style.py recomputes all of this.
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
COLOUR_NAMES = (
    "Blue", "Orange", "Green", "Pink", "Red", "Violet", "Olive", "Light blue", "Sand", "Lavender",
)  # fmt: skip
UNASSIGNED_COLOUR = "#8A93A0"
# For selected customers: dark on white, which shows on any background and beside any colour.
INK, PAPER = "#10151c", "#ffffff"
# For exceptional customers: dark enough for a light page, and light enough for a dark one.
APART_COLOUR = "#7A5C48"

_SHEETS = Path(__file__).parent / "css"


def _sheet(*names: str) -> str:
    return "".join((_SHEETS / f"{name}.css").read_text(encoding="utf-8") for name in names)


PLOT_STYLE = _sheet("plot")
LEGEND_STYLE = _sheet("legend")
TEXT_STYLE = _sheet("text")
SECTION_STYLE = _sheet("unseen", "section")
CARD_STYLE = _sheet("card")
SEGMENT_CARDS_STYLE = _sheet("unseen", "segment_cards")
OVERVIEW_STYLE = _sheet("overview")
STATUS_STYLE = _sheet("status")
ALERT_STYLE = _sheet("alert")
CONTROL_STYLE = _sheet("control")
BUTTON_STYLE = _sheet("button")
TABLE_STYLE = _sheet("unseen", "table")
SUMMARY_STYLE = _sheet("summary")
CUSTOMERS_STYLE = _sheet("customers")
CUSTOMERS_VIEW_STYLE = _sheet("customers_view")
CUSTOMER_STYLE = _sheet("customer")
PREPARATION_STYLE = _sheet("preparation")
CERTAINTY_STYLE = _sheet("certainty")
WORDS_STYLE = _sheet("words")
ACTIONS_STYLE = _sheet("actions")
CHARTS_STYLE = _sheet("charts")
SEGMENT_STYLE = _sheet("segment")
PICKER_STYLE = _sheet("picker")
RUNS_STYLE = _sheet("runs")
FOLD_STYLE = _sheet("fold")
INFLUENCE_STYLE = _sheet("influence")
WORTH_STYLE = _sheet("worth")
PAGE_TOKENS = _sheet("tokens", "unseen")


def shown_features_style(fields: Iterable[str]) -> str:
    """Mark the columns of the two features on the axes, in a table with the classes ``x-FIELD y-FIELD``.

    Classes, so that another choice of axes changes neither the style sheet nor the table.
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
