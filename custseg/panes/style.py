"""The colours of segments, and the style sheets of the panes.

A pane takes its colours from CSS variables (``--custseg-...``). A page sets them, for light and for dark; where nobody
does, as in a notebook, the fallbacks here work on both. Bokeh reads ``--bk-...`` variables before a plot's own
properties, so a plot follows the page without being drawn anew by the server.
"""

from __future__ import annotations

from pathlib import Path

# Ten colours that stay apart for people with normal sight, protanopia, deuteranopia and tritanopia (CIE76 distance of about
# 17 or more, simulated after Machado et al., 2009), and against a white and a near-black page (contrast of 2.2 or more).
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
PAGE_TOKENS = _sheet("tokens")


def shown_features_style(shown: dict[str, str]) -> str:
    """Mark the columns of the features in the picture; ``shown`` maps a column's internal id to its axis, x or y."""
    rules = [
        f'.tabulator-col[tabulator-field="{field}"], .tabulator-cell[tabulator-field="{field}"] '
        "{ background: var(--custseg-mark, rgba(0, 114, 178, 0.12)) !important; } "
        f'.tabulator-col[tabulator-field="{field}"] .tabulator-col-title::after '
        f'{{ content: " ({axis})"; font-weight: 400; }}'
        for field, axis in shown.items()
    ]
    return "\n".join(rules)


def plain_label(text: str) -> str:
    """Make an untrusted text safe where Bokeh would take ``$$`` as mathematics (and ask a server elsewhere for it)."""
    return " ".join(text.split()).replace("$$", "$\u200b$")
