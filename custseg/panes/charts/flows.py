"""Where customers moved from one set of segments to another: as a table, as a Sankey diagram, and as a list."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

import holoviews as hv
import holoviews.plotting.bokeh
import numpy as np
import panel as pn
from bokeh.core.properties import value
from bokeh.models import HoverTool

from custseg.change.crosstab import IN_NONE
from custseg.export.csv import write_frame
from custseg.language import say, written
from custseg.panes.base.numbers import pointed_numbers
from custseg.panes.base.style import BUTTON_STYLE, PLOT_STYLE, SEGMENT_COLOURS, UNASSIGNED_COLOUR
from custseg.panes.charts.figures import render_figure
from custseg.panes.tables.cells import tabulator
from custseg.wording import capitalised, number, plain_label

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from custseg.session.run_result import RunResult

# More rows than anyone reads; the rest are in the file.
MOST_LISTED = 500
# Labels lie over the flows; the full names are in the table and under the pointer.
_LONGEST_LABEL = 19
# Height in pixels for each group and for a label, and the height in the diagram's own units.
_PIXELS_EACH, _ROOM_FOR_LABEL, _HEIGHT_IN_UNITS = 60, 25, 550
# A darker shade would make its number hard to read.
_DARKEST = 0.45
# Dark on white, which shows on any background and any colour.
_LABEL: dict[str, Any] = {
    "padding": (1, 4),
    "border_radius": 3,
    "background_fill_color": "#ffffff",
    "background_fill_alpha": 0.88,
    "text_color": "#10151c",
    "text_font": value("sans-serif"),
    "text_font_size": "12px",
}


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A group of customers in a flow: those in a segment, in none, or those who joined or left."""

    name: str
    colour: str
    number: int | None = None

    @property
    def label(self) -> str:
        """The number and the name."""
        return self.name if self.number is None else f"{self.number} {self.name}"

    @property
    def html(self) -> str:
        """The same as HTML, with the segment's dot."""
        return f'<span class="dot" style="background:{self.colour}"></span> {html.escape(self.label)}'


@dataclass(frozen=True, eq=False)
class Flows:
    """How many customers, or how much of their spend, went from each group (rows) to each group (columns)."""

    matrix: NDArray[Any]
    rows: list[FlowNode]
    columns: list[FlowNode]
    times: tuple[str, str]
    what: str = field(default_factory=lambda: say("Customers"))


def groups_of(outcome: RunResult, *other_groups: str) -> list[FlowNode]:
    """Return the segments of a run with their names and colours, then customers in none, then other groups."""
    segments = zip(outcome.words.names, outcome.slots, strict=True)
    named = [FlowNode(name, SEGMENT_COLOURS[slot], position) for position, (name, slot) in enumerate(segments, start=1)]
    return [*named, *(FlowNode(capitalised(say(other)), UNASSIGNED_COLOUR) for other in (IN_NONE, *other_groups))]


def without_empty(flows: Flows) -> Flows:
    """Leave out empty groups other than segments."""
    rows = [row for row, group in enumerate(flows.rows) if group.number or flows.matrix[row].any()]
    columns = [column for column, group in enumerate(flows.columns) if group.number or flows.matrix[:, column].any()]
    return Flows(
        flows.matrix[np.ix_(rows, columns)],
        [flows.rows[row] for row in rows],
        [flows.columns[column] for column in columns],
        flows.times,
        flows.what,
    )


def matrix_html(flows: Flows) -> str:
    """Write the flows as a table, rows before and columns after; larger numbers have a stronger shade."""
    before, after = (html.escape(time) for time in flows.times)
    head = "".join(f'<th scope="col">{group.html}</th>' for group in flows.columns)
    most = max(float(flows.matrix.max(initial=0)), 1e-300)
    lines = "".join(
        f'<tr><th scope="row">{group.html}</th>{"".join(_cell(amount, most) for amount in line)}</tr>'
        for group, line in zip(flows.rows, flows.matrix.tolist(), strict=True)
    )
    return (
        (
            f'<div class="wide" tabindex="0" role="region" aria-label="{html.escape(flows.what)}: {before}, {after}">'
            '<table class="flows"><caption>'
        )
        + say("{what}. Rows: {before}. Columns: {after}.", what=html.escape(flows.what), before=before, after=after)
        + f"</caption><thead><tr><td></td>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _cell(amount: float, most: float) -> str:
    shade = _DARKEST * max(0.0, amount) / most
    text = f"{amount:,}" if isinstance(amount, int) else number(amount)
    empty = "" if amount else " none"
    return f'<td class="number{empty}" style="background:rgba(0,114,178,{shade:.3f})">{text}</td>'


def draw_sankey(flows: Flows) -> Any | None:
    """Draw the flows from left to right as a Bokeh figure; None where nothing flows."""
    starts, ends = np.nonzero(flows.matrix > 0)
    if not len(starts):
        return None
    groups, rows = [*flows.rows, *flows.columns], len(flows.rows)
    height = max(300, _PIXELS_EACH * max(rows, len(flows.columns)))
    edges = {
        "source": starts,
        "target": ends + rows,
        "amount": flows.matrix[starts, ends].astype(np.float64),
        "colour": [flows.rows[start].colour for start in starts],
        "start_name": [plain_label(flows.rows[start].label) for start in starts],
        "end_name": [plain_label(flows.columns[end].label) for end in ends],
    }
    # Only groups with a flow are nodes.
    used = np.unique(np.concatenate([edges["source"], edges["target"]]))
    nodes = hv.Dataset(
        {
            "index": used,
            "label": [_short(groups[index].label) for index in used],
            "colour": [groups[index].colour for index in used],
        },
        ["index"],
        ["label", "colour"],
    )
    sankey = hv.Sankey((edges, nodes), ["source", "target"], ["amount", "colour", "start_name", "end_name"]).opts(
        labels="label",
        label_position="inner",
        show_values=False,
        node_color="colour",
        node_line_color=None,
        edge_color="colour",
        edge_alpha=0.45,
        edge_line_color=None,
        node_padding=round(_ROOM_FOR_LABEL * _HEIGHT_IN_UNITS / height),
        height=height,
        toolbar=None,
        default_tools=[],
    )
    return _dressed(render_figure(sankey), flows.what)


def _dressed(figure: Any, what: str) -> Any:
    # Not ``responsive``: a Sankey has a default width, and HoloViews warns when both are set.
    figure.update(sizing_mode="stretch_width", width=None, stylesheets=[PLOT_STYLE])
    # Else what is painted while the page is being laid out stays in a border.
    figure.update(min_border_left=0, min_border_right=0, min_border_top=0, min_border_bottom=0)
    figure.output_backend = "canvas"
    for renderer in figure.renderers:
        if type(getattr(renderer, "glyph", None)).__name__ == "Text":
            renderer.glyph.update(**_LABEL)
            # Half of the labels are empty, those of the other side; their background would show.
            columns = renderer.data_source.data
            filled = [row for row, text in enumerate(columns["text"]) if text]
            renderer.data_source.data = {name: [cells[row] for row in filled] for name, cells in columns.items()}
    figure.axis.visible = figure.grid.visible = False
    # From top to bottom, as in the table.
    figure.y_range.start, figure.y_range.end = figure.y_range.end, figure.y_range.start
    graph = next(renderer for renderer in figure.renderers if hasattr(renderer, "edge_renderer"))
    # Else dots would cover small nodes.
    graph.node_renderer.glyph.size = 0
    tooltips = [(say("From"), "@start_name"), (say("To"), "@end_name"), (what, "@amount{custom}")]
    figure.add_tools(
        HoverTool(renderers=[graph], tooltips=tooltips, formatters={"@amount": pointed_numbers()}, limit=1)
    )
    return figure


def _short(label: str) -> str:
    plain = plain_label(label)
    return plain if len(plain) <= _LONGEST_LABEL else f"{plain[: _LONGEST_LABEL - 1].rstrip()}…"


def moved_frame(changes: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Return the first MOST_LISTED of those whose segment changed; why only where it differs from one to another."""
    shown = changes.head(MOST_LISTED)
    shown = shown if len(set(shown["why"])) > 1 else shown.drop(columns="why")
    frame = shown.assign(**{side: shown[side].map(capitalised) for side in ("from", "to")})
    return frame.add_prefix(f"{prefix}_").astype(object)


def moved_html(title: str, changed: int, nobody: str) -> str:
    """Say how many customers changed, and how many of them are listed."""
    if not changed:
        return f"<h3>{nobody}</h3>"
    most = (
        (
            "<p>"
            + say("The first {MOST_LISTED:,} of {changed:,} are listed.", MOST_LISTED=MOST_LISTED, changed=changed)
            + "</p>"
        )
        if changed > MOST_LISTED
        else ""
    )
    return f"<h3>{title}: {written(changed, ',')}</h3>{most}"


def moved_table(frame: pd.DataFrame) -> pn.widgets.Tabulator:
    """Return a table widget of what ``moved_frame`` gives."""
    titles = dict(zip(frame.columns, (say("Customer"), say("From"), say("To"), say("Why")), strict=False))
    who, *others = frame.columns
    return tabulator(
        frame,
        titles,
        {"columns": [{"field": field, "minWidth": 150, "widthGrow": 2} for field in others]},
        pagination="local",
        page_size=10,
        frozen_columns=[who],
        formatters={field: {"type": "textarea"} for field in frame.columns},
        editors=dict.fromkeys(frame.columns),
    )


def changes_file(
    changes: Callable[[], pd.DataFrame], filename: str, record: Callable[[str, int, int], None]
) -> pn.widgets.FileDownload:
    """Return a button that saves whose segment changed as CSV, which is found out when it is pressed.

    ``record`` is told which file leaves the page, of how many customers and bytes; it may refuse that.
    """

    def contents() -> BytesIO:
        stream, found = BytesIO(), changes()
        write_frame(found, stream)
        record("changes", len(found), stream.tell())
        stream.seek(0)
        return stream

    return pn.widgets.FileDownload(
        callback=contents,
        filename=filename,
        label=say("Download who changed (CSV)"),
        color="default",
        stylesheets=[BUTTON_STYLE],
        margin=(0, 0, 8, 0),
    )
