"""The colours of segments, and the style sheets of the panes.

A pane takes its colours from CSS variables (``--custseg-...``). A page sets them, for light and for dark; where nobody
does, as in a notebook, the fallbacks here work on both. Bokeh reads ``--bk-...`` variables before a plot's own
properties, so a plot follows the page without being drawn anew by the server.
"""

from __future__ import annotations

# Ten colours that stay apart for people with normal sight, protanopia, deuteranopia and tritanopia (Delta E of 17 or
# more, simulated after Machado et al., 2009), and against a white and a near-black page (contrast of 2.3 or more).
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

PLOT_STYLE = """
:host {
  --bk-background-fill-color: transparent;
  --bk-border-fill-color: transparent;
  --bk-outline-line-color: transparent;
  --bk-axis-line-color: var(--custseg-line, #8a93a0);
  --bk-major-tick-line-color: var(--custseg-line, #8a93a0);
  --bk-minor-tick-line-color: transparent;
  --bk-grid-line-color: var(--custseg-grid, rgba(128, 138, 150, 0.25));
  --bk-axis-label-text-color: var(--custseg-ink, #7d8795);
  --bk-major-label-text-color: var(--custseg-muted, #7d8795);
  --bk-label-text-color: var(--custseg-ink, #7d8795);
}
"""

LEGEND_STYLE = """
.bk-grid { display: flex; flex-wrap: wrap; gap: 2px 16px; }
.bk-item { cursor: pointer; }
.bk-label { white-space: normal; }
"""

TEXT_STYLE = """
:host { color: var(--custseg-ink, inherit); font-family: inherit; }
.bk-clearfix { font-size: 15px; line-height: 1.55; }
p { margin: 0 0 0.9em; max-width: 72ch; }
.note { color: var(--custseg-muted, #7d8795); font-size: 13px; margin: 4px 0 0; }
"""

CARD_STYLE = """
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 12px; margin: 0; }
.card { background: var(--custseg-panel, rgba(128, 138, 150, 0.08)); border: 1px solid var(--custseg-edge, transparent);
  border-radius: 10px; padding: 12px 16px; color: var(--custseg-ink, inherit); }
.card dt { font-size: 13px; color: var(--custseg-muted, #7d8795); margin: 0; }
.card dd { font-size: 26px; font-weight: 600; margin: 2px 0 0; font-variant-numeric: tabular-nums; line-height: 1.2; }
.card small { display: block; font-size: 12px; font-weight: 400; color: var(--custseg-muted, #7d8795); }
"""

STATUS_STYLE = """
.line { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; font-size: 14px;
  color: var(--custseg-muted, #7d8795); min-height: 28px; }
.badge { border-radius: 999px; padding: 2px 10px; font-size: 13px; font-weight: 600;
  background: var(--custseg-warn-back, #fdf0d5); color: var(--custseg-warn, #7a4b00); }
"""

ALERT_STYLE = """
.alert { border-radius: 10px; padding: 12px 16px; font-size: 15px; line-height: 1.5; margin: 0;
  border: 1px solid var(--custseg-bad-edge, #e5a3a3); background: var(--custseg-bad-back, #fdeeee);
  color: var(--custseg-bad, #8c1d1d); }
"""

CONTROL_STYLE = """
:host { font-family: inherit; color: var(--custseg-ink, inherit); }
label, .bk-slider-title { font-size: 14px; color: var(--custseg-ink, inherit); margin-bottom: 4px; }
.bk-slider-value { font-weight: 600; }
.bk-input, select.bk-input { font: inherit; font-size: 14px; min-height: 38px; border-radius: 8px;
  background-color: var(--custseg-surface, transparent); color: var(--custseg-ink, inherit);
  border: 1px solid var(--custseg-line, #9aa4b2); }
.bk-input::placeholder { color: var(--custseg-muted, #7d8795); opacity: 1; }
.bk-input:focus-visible { outline: 2px solid var(--custseg-accent, #005a96); outline-offset: 1px; }
.noUi-target { background: var(--custseg-edge, #d5dae1); border: 0; box-shadow: none; height: 6px; }
.noUi-connect, .noUi-connects { background: var(--custseg-accent, #005a96); }
.noUi-target .noUi-handle { background: var(--custseg-accent, #005a96); border: 0; box-shadow: none; cursor: grab;
  width: 20px; height: 20px; right: -10px; top: -7px; border-radius: 50%; }
.noUi-target .noUi-handle::before, .noUi-target .noUi-handle::after { display: none; }
.noUi-target .noUi-handle:focus-visible { outline: 3px solid var(--custseg-accent-strong, #004678); outline-offset: 2px; }
"""

BUTTON_STYLE = """
:host { font-family: inherit; }
:host(.solid) .bk-btn { font: inherit; font-size: 14px; min-height: 40px; border-radius: 8px; border: 1px solid transparent; }
:host(.solid) .bk-btn.bk-btn-primary { background: var(--custseg-accent, #005a96); color: var(--custseg-on-accent, #fff);
  font-size: 15px; font-weight: 600; }
:host(.solid) .bk-btn.bk-btn-primary:hover { background: var(--custseg-accent-strong, #004678); }
:host(.solid) .bk-btn.bk-btn-default, a.bk-btn { background: var(--custseg-panel, transparent); color: var(--custseg-ink, inherit);
  border: 1px solid var(--custseg-edge, #d5dae1); }
.bk-btn:focus-visible { outline: 2px solid var(--custseg-accent-strong, #004678); outline-offset: 2px; }
:host(.solid) .bk-btn[disabled] { opacity: 0.55; }
"""

TABLE_STYLE = """
.tabulator { background: transparent; border: 0; font-size: 14px; color: var(--custseg-ink, inherit); }
.tabulator .tabulator-header, .tabulator .tabulator-header .tabulator-col,
.tabulator .tabulator-header .tabulator-col.tabulator-sortable:hover {
  background: var(--custseg-surface, transparent); color: var(--custseg-muted, inherit); border-color:
  var(--custseg-edge, rgba(128, 138, 150, 0.35)); }
.tabulator .tabulator-header .tabulator-frozen, .tabulator .tabulator-row .tabulator-frozen {
  background: var(--custseg-surface, inherit); border-color: var(--custseg-edge, rgba(128, 138, 150, 0.35)); }
.tabulator .tabulator-tableholder .tabulator-table { background: transparent; color: inherit; }
.tabulator .tabulator-row, .tabulator .tabulator-row.tabulator-row-even {
  background: transparent; color: inherit; border-bottom: 1px solid var(--custseg-edge, rgba(128, 138, 150, 0.25)); }
.tabulator .tabulator-row.tabulator-selectable:hover { background: var(--custseg-panel, rgba(128, 138, 150, 0.12)); }
.tabulator .tabulator-row .tabulator-cell { border-color: transparent; font-variant-numeric: tabular-nums; }
"""


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
