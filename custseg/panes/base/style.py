"""The colours of segments, and the style sheets of the panes.

Panes take their colours from CSS variables (``--custseg-...``), which a page sets for its light and dark theme. Where
nothing sets them, as in a notebook, the fallbacks here work on both. Bokeh reads ``--bk-...`` variables before a plot's
own properties, so a plot follows the theme without being redrawn by the server.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from custseg.export.palette import SLOT_COLOURS
from custseg.language import mark

if TYPE_CHECKING:
    from collections.abc import Iterable

# Ten colours that are distinct to people with normal sight, protanopia, deuteranopia and tritanopia (CIE76 distance of
# about 17 or more, simulated after Machado et al., 2009), and against a white and a near-black page (contrast of 2.2 or
# more).
# The first ones are from Okabe and Ito's set; tests/panes/test_style.py recomputes all of this.
SEGMENT_COLOURS = SLOT_COLOURS
COLOUR_NAMES = (
    mark("Blue"), mark("Orange"), mark("Green"), mark("Pink"), mark("Red"), mark("Violet"), mark("Olive"),
    mark("Light blue"), mark("Sand"), mark("Lavender"),
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
COLUMNS_STYLE = _sheet("columns")
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
    """Mark the columns of the two features on the axes, in a table with the styles that ``shown_features`` returns."""
    rules = []
    for field in fields:
        column = f'[tabulator-field="{field}"]'
        mark = f"background-image: linear-gradient(var({_mark(field)}, transparent) 0 0) !important;"
        said = f"content: var({_axes(field)}, none); font-weight: 400;"
        rules.append(f".tabulator-col{column}, .tabulator-cell{column} {{ {mark} }}")
        rules.append(f".tabulator-col{column} .tabulator-col-title::after {{ {said} }}")
    return "\n".join(rules)


def shown_features(fields: Iterable[str], x: str | None, y: str | None) -> dict[str, str]:
    """Return the styles of a table for the features on its axes, None for none.

    Variables, since classes would have BokehJS lay out all of the view; an empty one takes back what was there.
    """
    styles = {}
    for field in fields:
        axes = ", ".join(axis for axis, shown in (("x", x), ("y", y)) if shown == field)
        styles[_mark(field)] = "var(--custseg-mark, rgba(0, 114, 178, 0.12))" if axes else ""
        styles[_axes(field)] = f'" ({axes})"' if axes else ""
    return styles


def _mark(field: str) -> str:
    return f"--custseg-mark-{field}"


def _axes(field: str) -> str:
    return f"--custseg-axes-{field}"
