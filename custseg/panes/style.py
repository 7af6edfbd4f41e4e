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
:host { max-width: 100%; }
.bk-grid { display: flex !important; flex-wrap: wrap; gap: 2px 16px !important; width: auto !important; }
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
.card { container-type: inline-size; }
.card dt { font-size: 13px; color: var(--custseg-muted, #7d8795); margin: 0; }
.card dd { font-size: clamp(16px, 17cqi, 26px); font-weight: 600; margin: 2px 0 0; font-variant-numeric: tabular-nums; line-height: 1.2; }
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
label, span, .bk-slider-title { font-size: 14px; color: var(--custseg-ink, inherit); margin-bottom: 4px; }
.bk-slider-value { font-weight: 600; }
.bk-input, select.bk-input { font: inherit; font-size: 14px; min-height: 38px; border-radius: 8px;
  background-color: var(--custseg-surface, transparent); color: var(--custseg-ink, inherit);
  border: 1px solid var(--custseg-line, #9aa4b2); }
select.bk-input { background-image: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 12 8'%3E%3Cpath d='M1 1l5 5 5-5' fill='none' stroke='%238a93a0' stroke-width='2'/%3E%3C/svg%3E"); background-size: 12px 8px; }
.bk-input::placeholder { color: var(--custseg-muted, #7d8795); opacity: 1; }
.bk-input:focus-visible { outline: 2px solid var(--custseg-accent, #005a96); outline-offset: 1px; }
.noUi-target { background: var(--custseg-edge, #d5dae1); border: 0; box-shadow: none; height: 6px; }
.noUi-connect { background: var(--custseg-accent, #005a96); }
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

# Tabulator's own sheet comes after this one, so what it sets too must be marked important here.
TABLE_STYLE = """
.tabulator, .tabulator .tabulator-header, .tabulator .tabulator-header .tabulator-col,
.tabulator .tabulator-header .tabulator-frozen, .tabulator .tabulator-tableholder .tabulator-table,
.tabulator .tabulator-row, .tabulator .tabulator-row .tabulator-frozen {
  background-color: var(--custseg-surface, transparent) !important; color: var(--custseg-ink, inherit) !important;
  border-color: var(--custseg-edge, rgba(128, 138, 150, 0.3)) !important; }
.tabulator { border: 0 !important; font-size: 14px; }
.tabulator .tabulator-row { border-bottom-style: solid; border-bottom-width: 1px; }
.tabulator .tabulator-row .tabulator-cell { border-color: transparent !important; font-variant-numeric: tabular-nums;
  padding: 8px 6px; }
.tabulator .tabulator-header .tabulator-col .tabulator-col-content { padding: 8px 6px; }
.tabulator .tabulator-header .tabulator-col .tabulator-col-content .tabulator-col-title {
  font-size: 12.5px; overflow-wrap: anywhere; white-space: normal; padding-right: 0 !important;
  color: var(--custseg-muted, inherit); }
.tabulator .tabulator-header .tabulator-col .tabulator-col-content .tabulator-col-sorter {
  right: 0; top: auto; bottom: 0; opacity: 0; }
.tabulator .tabulator-header .tabulator-col:is(:hover, :focus-visible, [aria-sort="ascending"], [aria-sort="descending"])
  .tabulator-col-sorter { opacity: 1; }
.tabulator .tabulator-row .tabulator-cell[tabulator-field="colour"] {
  border: 8px solid var(--custseg-surface, transparent) !important; border-radius: 14px; }
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
