"""The table of segments: one row a segment, with its colour, name, shares and averages."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pandas as pd
import panel as pn
import param
from bokeh.models.widgets.tables import NumberFormatter

from custseg.errors import SettingError
from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.panes.base.style import APART_COLOUR, SEGMENT_COLOURS, TABLE_STYLE, TEXT_STYLE, shown_features_style
from custseg.panes.base.view import View
from custseg.panes.tables.cells import feature_width, header, number_formatter
from custseg.session.selection import whole_segment

if TYPE_CHECKING:
    from custseg.insight.certainty import Certainty
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult
    from custseg.tables.table import CustomerTable

_COLOUR, _SEGMENT, _NAME, _CUSTOMERS, _SHARE, _SPEND = "colour", "segment", "name", "customers", "share", "spend_share"
_SURE, _NOTE = "sure", "note"
# What a person writes in the table.
_WRITTEN = (_NAME, _NOTE)


def summary_frame(
    outcome: RunResult | None, features: tuple[str, ...], certainty: Certainty | None = None
) -> pd.DataFrame:
    """Return one row a segment, and one for the customers that were set apart.

    Names of columns are internal: features are f0, f1, ... and can't clash with the rest.
    """
    fields = _fields(features)
    names = [*_TITLES, *fields.values(), _NOTE]
    if outcome is None:
        return pd.DataFrame(columns=names, dtype=object)
    profile, words = outcome.profile, outcome.words
    colours = [SEGMENT_COLOURS[slot] for slot in outcome.slots]
    spend = [None] * len(colours) if profile.spend_share is None else profile.spend_share
    known = certainty is not None and certainty.segmentation is outcome.segmentation
    stability = _stability_words(certainty) if certainty is not None and known else [""] * len(colours)
    groups: list[tuple[Any, ...]] = [
        (number, *facts)
        for number, facts in enumerate(
            zip(colours, words.names, profile.sizes, profile.customer_share, spend, stability, strict=True),
            start=1,
        )
    ]
    apart = profile.exceptional
    if apart is not None:
        groups.append((None, APART_COLOUR, EXCEPTIONAL, apart.customers, apart.customer_share, apart.spend_share, ""))
    averages, notes = profile.averages(features).tolist(), [*words.notes, *([""] if apart is not None else [])]
    rows = [[*facts, *means, note] for facts, means, note in zip(groups, averages, notes, strict=True)]
    # As objects, Bokeh sends all columns in one message; numbers would go as a buffer of two messages for each column.
    return pd.DataFrame(rows, columns=names).astype(object)


def _stability_words(certainty: Certainty) -> list[str]:
    """Return how sure each segment is, as a word and a number."""
    return [
        f"{word} {jaccard:.2f}" for word, jaccard in zip(certainty.stability, certainty.jaccard.tolist(), strict=True)
    ]


def _fields(features: tuple[str, ...]) -> dict[str, str]:
    return {name: f"f{position}" for position, name in enumerate(features)}


class Summary(View):
    """A Tabulator of the segments; sortable, and with the two features in the picture marked.

    A click on a row selects the customers of that segment, and another one nobody. Names and notes can be written.
    """

    static: bool = param.Boolean(default=False, constant=True, doc="Whether to leave out what needs a running Python.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._complaint: str | None = None
        self._table = self._draw()
        self._doubts = pn.pane.HTML(self._doubted(), stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=0)
        self._layout = pn.Column(self._table, self._doubts, sizing_mode="stretch_width", margin=0)
        self.watch(self._follow, "table", "run", "names", "x", "y", "picture", "assessment")
        self.watch(self._show_selected, "selected")

    @property
    def _shown(self) -> CustomerTable:
        """The table of the result that is shown; that of the model may have other roles by now."""
        outcome = self.model.outcome
        return self.model.table if outcome is None else outcome.segmentation.table

    def _draw(self) -> pn.widgets.Tabulator:
        table = self._shown
        self._features, self._with_spend = table.features, bool(table.money(table.features))
        fields = _fields(self._features)
        drawn = pn.widgets.Tabulator(
            self._frame(),
            show_index=False,
            disabled=self.static,
            editors=dict.fromkeys((*_TITLES, *fields.values(), _NOTE)) | {name: {"type": "input"} for name in _WRITTEN},
            selectable=False if self.static else 1,
            selection=self._selection(),
            layout="fit_columns",
            configuration={
                "columnDefaults": {"headerWordWrap": True, "resizable": "header"},
                "columns": [
                    # Its words are in no order.
                    {"field": _SURE, "headerSort": False},
                    *({"field": field, "sorter": "number"} for field in (_SEGMENT, _CUSTOMERS, _SHARE, _SPEND)),
                    *(
                        {"field": field, "sorter": "number", "minWidth": feature_width(table, name)}
                        for name, field in fields.items()
                    ),
                ],
                # Eleven rows at most: a virtual table would only measure itself again and again.
                "renderVertical": "basic",
                "placeholder": "One row a segment appears here after a run",
            },
            hidden_columns=self._hidden(),
            frozen_columns=[_SEGMENT],
            titles=_TITLES | {_NOTE: "Your note"} | {field: header(name) for name, field in fields.items()},
            formatters=_formatters() | {field: number_formatter(table, name) for name, field in fields.items()},
            text_align=_ALIGNMENT | dict.fromkeys(fields.values(), "right"),
            header_align=_ALIGNMENT | dict.fromkeys(fields.values(), "right"),
            widths=_WIDTHS,
            sizing_mode="stretch_width",
            stylesheets=[TABLE_STYLE, shown_features_style(fields.values())],
            css_classes=self._marks(),
            margin=0,
        )
        if not self.static:
            drawn.on_click(self._pick)
            drawn.on_edit(self._write)
        return drawn

    def _hidden(self) -> list[str]:
        notes = self.model.words.notes if self.model.words is not None else ()
        return [*([] if self._with_spend else [_SPEND]), *([_NOTE] if self.static and not any(notes) else [])]

    def _selection(self) -> list[int]:
        """Return the row of the segment that is selected as a whole, if one is."""
        selected, outcome = self.model.selected, self.model.outcome
        if self.static or selected is None or outcome is None:
            return []
        number = whole_segment(selected, outcome.segmentation)
        return [] if number is None else [number - 1 if number else outcome.segmentation.k]

    def _show_selected(self, *_: frozenset[str]) -> None:
        self._table.selection = self._selection()

    def _pick(self, event: Any) -> None:
        model, outcome = self.model, self.model.outcome
        if outcome is None or event.column in _WRITTEN:
            return
        with model.batch_updates():
            if self._selection() == [event.row]:
                model.clear_selection()
            elif event.row < outcome.segmentation.k:
                model.select_segment(event.row + 1)
            else:
                model.select_exceptional()
            # A browser marks the row that was clicked, also where that cleared what it stands for.
            self._show_selected()

    def _write(self, event: Any) -> None:
        """Take over a name or a note; what can't be is said, and the one before comes back."""
        model = self.model
        write = {_NAME: model.rename, _NOTE: model.annotate}[event.column]
        try:
            # Rows stand in the order of the segments, however a browser sorts them.
            write(event.row + 1, event.value or "")
            # What else was refused is still wrong.
            if model.error == self._complaint:
                model.error = None
        except SettingError as problem:
            model.error = self._complaint = str(problem)
            self._table.value = self._frame()

    def _doubted(self) -> str:
        words = self.model.words
        fit_warnings = [fit_warning for fit_warning in words.fit_warnings if fit_warning] if words is not None else []
        said = "".join(f'<p class="note" role="status">{html.escape(fit_warning)}</p>' for fit_warning in fit_warnings)
        if self.static or words is None:
            return said
        return f'{said}<p class="note">Click a name to change it. The last column holds your notes.</p>'

    def _follow(self, changed: frozenset[str]) -> None:
        table = self._shown
        if (table.features, bool(table.money(table.features))) != (self._features, self._with_spend):
            # Other columns: the only reason to make another table.
            self._table = self._draw()
            self._layout.objects = [self._table, self._doubts]
            return
        certainty = self.model.certainty
        if changed & {"run", "names", "table"}:
            self._table.value = self._frame()
            self._doubts.object = self._doubted()
            self._show_selected()
        elif "assessment" in changed and certainty is not None:
            # Cell by cell, so that the table stays as it was sorted and scrolled.
            self._table.patch({_SURE: list(enumerate(_stability_words(certainty)))})
        if changed & {"x", "y", "picture", "run"} and self._table.css_classes != self._marks():
            self._table.css_classes = self._marks()

    def _frame(self) -> pd.DataFrame:
        return summary_frame(self.model.outcome, self._features, self.model.certainty)

    def _marks(self) -> list[str]:
        if self.model.plane is not None:
            return []
        fields = _fields(self._features)
        axes = (("x", self.model.x), ("y", self.model.y))
        return [f"{axis}-{fields[feature]}" for axis, feature in axes if feature in fields]


# Pixels; what is left over goes to the features.
_WIDTHS = {_COLOUR: 32, _SEGMENT: 74, _NAME: 150, _CUSTOMERS: 90, _SHARE: 84, _SPEND: 66, _SURE: 92, _NOTE: 150}
_TITLES = {
    _SEGMENT: "Segment",
    _COLOUR: "",
    _NAME: "Name",
    _CUSTOMERS: "Customers",
    _SHARE: "Share of customers",
    _SPEND: "Share of spend",
    _SURE: "How sure",
}
_ALIGNMENT = {_SEGMENT: "left", _NAME: "left", _NOTE: "left", _CUSTOMERS: "right", _SHARE: "right", _SPEND: "right"}


def _formatters() -> dict[str, Any]:
    return {
        _COLOUR: {"type": "color"},
        # Wraps a long name; Tabulator shows it as text, not as HTML.
        **{name: {"type": "textarea"} for name in _WRITTEN},
        _CUSTOMERS: NumberFormatter(format="0,0"),
        _SHARE: NumberFormatter(format="0.0 %"),
        _SPEND: NumberFormatter(format="0.0 %"),
    }
