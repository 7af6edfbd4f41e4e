"""A ledger as people see it: sizes over time, what happened in a period, what to look at, and the names."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn
import param

from custseg.errors import DataError, quote
from custseg.language import say
from custseg.panes.base.notebook import load_in_notebook
from custseg.panes.base.sending import send_what_waits, stay_on_the_event_loop
from custseg.panes.base.style import BUTTON_STYLE, CONTROL_STYLE, RUNS_STYLE, TEXT_STYLE
from custseg.panes.charts.flows import FlowNode, Flows, changes_file, draw_sankey, matrix_html
from custseg.panes.charts.sizes_over_time import colour_of, draw_sizes
from custseg.wording import capitalised, plain_label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from custseg.ledger.history import LedgerHistory, Period, Words
    from custseg.ledger.ledger import Ledger

_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
# More columns than anyone compares; the rest are in the picture.
_MOST_PERIODS = 12


class LedgerView(pn.viewable.Viewer):
    """All of a ledger but its customers, as it was read last.

    ``record`` is told of a file of customers that somebody takes, of how many these are, and of its bytes.
    """

    ledger: Any = param.Parameter(constant=True, doc="The ledger that is shown.")

    def __init__(
        self,
        ledger: Ledger,
        record: Callable[[str, int, int], None] = lambda *_: None,
        **params: Any,
    ) -> None:
        load_in_notebook()
        stay_on_the_event_loop()
        send_what_waits()
        super().__init__(ledger=ledger, **params)
        text: dict[str, Any] = {**_WIDE, "stylesheets": [TEXT_STYLE, RUNS_STYLE]}
        self._lead, self._told, self._matrix, self._names = (pn.pane.HTML("", **text) for _ in range(4))
        self._period = pn.widgets.Select(
            label=say("Period"), options=[], width=210, margin=(4, 0, 8, 0), stylesheets=[CONTROL_STYLE]
        )
        again = pn.widgets.Button(label=say("Read the ledger again"), stylesheets=[BUTTON_STYLE], margin=(4, 0, 8, 0))
        self._sizes, self._flows = pn.Column(**_WIDE), pn.Column(**_WIDE)
        save = changes_file(lambda: self.ledger.moves(self._period.value), "moved.csv", record)
        self._found = pn.Column(
            self._sizes, self._period, self._told, self._matrix, self._flows, save, self._names, **_WIDE
        )
        self._layout: Any = pn.Column(self._lead, again, self._found, **_WIDE)
        self._history: LedgerHistory | None = None
        again.on_click(lambda _: self.read())
        self._period.param.watch(self._show_period, ["value"])
        self.read()

    def __panel__(self) -> pn.viewable.Viewable:
        # Who has the layout has the view too.
        self._layout.view = self
        layout: pn.viewable.Viewable = self._layout
        return layout

    def read(self) -> None:
        """Read the ledger, and show it; where it can't be read, say why."""
        try:
            self._history = self.ledger.history()
        except DataError as problem:
            self._history = None
            self._lead.object = f'<p class="problem" role="alert">{html.escape(str(problem))}</p>'
            self._found.visible = False
            return
        last = self._history.last
        self._found.visible = last is not None
        self._lead.object = f'<p class="lead">{html.escape(self._history.sentences[0])}</p>'
        if last is None:
            return
        self._sizes.objects = [
            pn.pane.HTML(sizes_html(self._history), stylesheets=[TEXT_STYLE, RUNS_STYLE], **_WIDE),
            pn.pane.Bokeh(draw_sizes(self._history), **_WIDE),
        ]
        self._names.object = names_html(self._history)
        periods = {plain_label(period.name): period.name for period in reversed(self._history.periods)}
        shown = self._period.value if self._period.value in periods.values() else last.name
        self._period.param.update(options=periods, value=shown)
        self._show_period()

    def _show_period(self, *_: param.parameterized.Event) -> None:
        history = self._history
        if history is None:
            return
        period = next((one for one in history.periods if one.name == self._period.value), None)
        if period is None:
            return
        self._told.object = period_html(history, period)
        flows = flows_of(history, period) if period.number > 1 else None
        self._matrix.object = "" if flows is None else matrix_html(flows)
        drawn = None if flows is None else draw_sankey(flows)
        self._flows.objects = [] if drawn is None else [pn.pane.Bokeh(drawn, **_WIDE)]


def flows_of(history: LedgerHistory, period: Period) -> Flows:
    """Return where customers went from the period before to a period."""
    befores, afters = (_in_order(ends[side] for ends in period.flows) for side in (0, 1))
    matrix = np.array([[period.flows.get((one, other), 0) for other in afters] for one in befores], dtype=np.intp)
    earlier = next((one.name for one in history.periods if one.number == period.number - 1), "before")
    rows, columns = (
        [FlowNode(capitalised(history.called(one)), colour_of(one)) for one in side] for side in (befores, afters)
    )
    return Flows(matrix, rows, columns, (earlier, period.name))


def _in_order(segments: Iterable[int]) -> list[int]:
    """Return segments by their number, then none, then not there."""
    return sorted(set(segments), key=lambda one: (one <= 0, -one if one <= 0 else one))


def sizes_html(history: LedgerHistory) -> str:
    """List the sizes of segments in the last periods."""
    periods = history.periods[-_MOST_PERIODS:]
    segments = sorted({segment for period in periods for segment in period.sizes})
    head = "".join(f'<th scope="col" class="number">{html.escape(period.name)}</th>' for period in periods)
    rows = "".join(
        f'<tr><th scope="row">{_dot(segment)} {html.escape(history.called(segment))}</th>'
        + "".join(f'<td class="number">{_size(period, segment)}</td>' for period in periods)
        + "</tr>"
        for segment in segments
    )
    return _table(say("Customers of each segment"), f"<tr><td></td>{head}</tr>", rows)


def _size(period: Period, segment: int) -> str:
    return f"{period.sizes[segment]:,}" if segment in period.sizes else "-"


def _alarm(new: bool, alarm: str) -> str:  # noqa: FBT001
    return say("New: {alarm}", alarm=alarm) if new else say("Still so: {alarm}", alarm=alarm)


def period_html(history: LedgerHistory, period: Period) -> str:
    """Say who moved in a period, what became of segments, and what to look at."""
    changes = "".join(f"<li>{html.escape(history.say(period, change))}</li>" for change in period.changes)
    alarms = "".join(
        f"<li>{html.escape(_alarm(raised.new, history.alarm(raised.alarm)))}</li>" for raised in period.alarms
    )
    tests = "".join(
        f"<li>{html.escape(test)}.</li>" for test in dict.fromkeys(raised.alarm.test for raised in period.alarms)
    )
    return (
        f'<p role="status">{html.escape(period.sentence)}</p>'
        + (f"<ul>{changes}</ul>" if changes else "")
        + (f'<ul class="warnings" aria-label="{say("Alarms")}">{alarms}</ul>' if alarms else "")
        + (f'<p class="note">{html.escape(history.note(period))}</p>' if history.note(period) else "")
        + (f'<details class="note"><summary>{say("The tests")}</summary><ul>{tests}</ul></details>' if tests else "")
    )


def names_html(history: LedgerHistory) -> str:
    """List what segments are called now and what was written about them, and below it what people said before."""
    described = history.last.described if history.last else {}
    now = "".join(
        f'<tr><th scope="row">{_dot(segment)} {html.escape(history.called(segment))}</th>'
        f"<td>{html.escape(history.notes.get(segment, ''))}</td><td>{html.escape(described[segment])}</td></tr>"
        for segment in sorted(described)
    )
    head = "".join(
        f'<th scope="col">{title}</th>' for title in (say("Segment"), say("Note"), say("What it is like now"))
    )
    table = _table(say("Names and notes"), f"<tr>{head}</tr>", now)
    said = "".join(f"<li>{html.escape(_said(words))}</li>" for words in reversed(history.words))
    past = f'<details class="note"><summary>{say("Names and notes over time")}</summary><ul>{said}</ul></details>'
    return f"{table}{past if said else ''}"


def _said(words: Words) -> str:
    called = say("called {name}", name=quote(words.name)) if words.name else say("no name")
    note = say(", noted {note}", note=quote(words.note)) if words.note else ""
    return say(
        "{written:%Y-%m-%d}, from {period} on: segment {segment} {called}{note}.",
        written=words.written,
        period=words.period,
        segment=words.segment,
        called=called,
        note=note,
    )


def _dot(segment: int) -> str:
    return f'<span class="dot" style="background:{colour_of(segment)}"></span>'


def _table(title: str, head: str, rows: str) -> str:
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{title}"><table class="drift"><caption>{title}'
        f"</caption><thead>{head}</thead><tbody>{rows}</tbody></table></div>"
    )
