"""The table of segments: one row per segment, with its colour, name, shares and averages."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pandas as pd
import panel as pn
import param

from custseg.errors import SettingError
from custseg.export.summary_columns import SUMMARY_COLUMNS, average_columns, outcome_columns
from custseg.language import mark, say, signs
from custseg.narrative.certainty_words import STABILITY
from custseg.panes.base.part import Part
from custseg.panes.base.style import (
    APART_COLOUR,
    SEGMENT_COLOURS,
    SUMMARY_STYLE,
    TABLE_STYLE,
    TEXT_STYLE,
    shown_features,
    shown_features_style,
)
from custseg.panes.tables.cells import averages_decimals, compact_width, compact_word_width, header, tabulator, unseen
from custseg.panes.tables.table_of_texts import TableOfTexts
from custseg.session.selection_by_segment import whole_segment

if TYPE_CHECKING:
    from custseg.export.summary_columns import SummaryColumn
    from custseg.insight.outcomes import Outcome
    from custseg.session.model import SegmentationModel
    from custseg.tables.table import CustomerTable

_COLOUR, _SEGMENT, _SIZE, _NOTE = "colour", "segment", "customers", "note"
_HEADS = {_SEGMENT: mark("Segment"), _COLOUR: mark("Colour")}
# A number is read farther off from its neighbours only with more effort.
_WIDEST = 120
# Tabulator takes the separators out of a text, and sorts it as the number that it is.
_AS_NUMBER: dict[str, Any] = {"sorter": "number"}


def _as_number() -> dict[str, Any]:
    decimal, thousands = signs()
    return {**_AS_NUMBER, "sorterParams": {"decimalSeparator": decimal, "thousandSeparator": thousands}}


def _heads() -> dict[str, str]:
    return {_SEGMENT: say(_HEADS[_SEGMENT]), _COLOUR: unseen(say(_HEADS[_COLOUR]))}


def columns_of(table: CustomerTable, outcomes: tuple[Outcome, ...] = ()) -> dict[str, SummaryColumn]:
    """Return the statistics that the page shows of a table's segments, by the internal names of their columns.

    Features are f0, f1, ... and outcomes o0, o1, ..., so that none can clash with a statistic.
    """
    money = bool(table.money(table.features))
    shown = [column for column in SUMMARY_COLUMNS if not column.files_only and (money or not column.needs_money)]
    decimals = {table.column(name): averages_decimals(table, name) for name in table.features}
    averages = dict(zip(_feature_fields(table), average_columns(decimals), strict=True))
    first, last = (
        {column.name.replace(" ", "_"): column for column in shown if column.after_averages is late}
        for late in (False, True)
    )
    told = [column for column in outcome_columns(outcomes) if not column.files_only]
    return first | {f"o{position}": column for position, column in enumerate(told)} | averages | last


def summary_frame(model: SegmentationModel, columns: dict[str, SummaryColumn]) -> pd.DataFrame:
    """Return one row per segment, and one for the customers set apart, in texts; none before the first run."""
    names = [*_HEADS, *columns]
    outcome = model.outcome
    if outcome is None:
        return pd.DataFrame(columns=names, dtype=object)
    bundle = model.bundle()
    heads = [(str(number), SEGMENT_COLOURS[slot]) for number, slot in enumerate(outcome.slots, start=1)]
    if bundle.profile.exceptional is not None:
        heads.append(("", APART_COLOUR))
    texts = [column.texts(bundle) for column in columns.values()]
    # As objects, Bokeh sends all columns in one message; numbers would go as a buffer of two messages for each column.
    return pd.DataFrame(dict(zip(names, [*zip(*heads, strict=True), *texts], strict=True)), dtype=object)


class Summary(Part):
    """A Tabulator of the segments; sortable, and with the two features in the picture marked.

    A click on a row selects the customers of that segment, and another one nobody. Names and notes can be written.
    """

    static: bool = param.Boolean(default=False, constant=True, doc="Whether to leave out what needs a running Python.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._complaint: str | None = None
        self._of = self._shown
        self._told = [outcome.words for outcome in self._outcomes]
        self._columns = columns_of(self._of, self._outcomes)
        self._table = self._draw()
        self._fit_warnings = pn.pane.HTML(
            self._fit_warnings_html(), stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=0
        )
        self._layout = pn.Column(self._table, self._fit_warnings, sizing_mode="stretch_width", margin=0)
        self.watch(self._follow, "table", "run", "names", "x", "y", "picture", "assessment")
        self.watch(self._show_selected, "selected")

    @property
    def _shown(self) -> CustomerTable:
        """The table of the result that is shown; that of the model may have other roles by now."""
        outcome = self.model.outcome
        return self.model.table if outcome is None else outcome.segmentation.table

    @property
    def _outcomes(self) -> tuple[Outcome, ...]:
        return () if self.model.profile is None else self.model.profile.outcomes

    def _draw(self) -> pn.widgets.Tabulator:
        features, frame = _feature_fields(self._of), self._frame()
        numbers = [field for field, column in self._columns.items() if column.unit != "text"]
        drawn = tabulator(
            frame,
            _heads()
            | {
                field: header(say(column.title) if column in SUMMARY_COLUMNS else column.title)
                for field, column in self._columns.items()
            },
            {
                "columnDefaults": {"resizable": "header"},
                "columns": self._options(numbers),
                # Eleven rows at most: a virtual table would only measure itself again and again.
                "renderVertical": "basic",
                "placeholder": say("One row per segment appears here after a run"),
            },
            right=numbers,
            kind=TableOfTexts,
            disabled=self.static,
            editors=dict.fromkeys(frame.columns) | {field: {"type": "input"} for field in self._editable},
            selectable=False if self.static else 1,
            selection=self._selection(),
            hidden_columns=self._hidden(frame),
            frozen_columns=[_SEGMENT],
            # A text area wraps a long name; Tabulator shows it as text, not as HTML.
            formatters={_COLOUR: {"type": "color"}} | {field: {"type": "textarea"} for field in self._wrapped},
            # What is left over goes to the features, as far as they need it, and to the notes.
            widths={_COLOUR: 22, _SEGMENT: 66}
            | {field: self._width(field) for field in self._columns if field not in {*features, _NOTE}},
            stylesheets=[TABLE_STYLE, SUMMARY_STYLE, shown_features_style(features)],
            styles=self._marks(),
        )
        if not self.static:
            drawn.on_click(self._pick)
            drawn.on_edit(self._write)
        return drawn

    def _width(self, field: str) -> int:
        """Return how wide a column is: numbers need room for as many digits as there are, words for the longest."""
        column = self._columns[field]
        width = column.width
        if column in SUMMARY_COLUMNS:
            width = max(width, compact_word_width(say(column.title)))
        if column.page_text is not None:
            width = max(width, 8 * max(len(say(word)) for word in STABILITY) + 6)
        return max(width, 8 * len(f"{len(self._of):,}") + 12) if field == _SIZE else width

    def _options(self, numbers: list[str]) -> list[dict[str, Any]]:
        """Say of each column how it sorts, and how narrow it may become."""
        features = _feature_fields(self._of)
        room = {field: _room(compact_width(self._of, name)) for field, name in features.items()}
        # Words with a number are in no order.
        unordered = [field for field, column in self._columns.items() if column.page_text is not None]
        return [
            {"field": _COLOUR, "minWidth": 22, "headerSort": False},
            {"field": _NOTE, "minWidth": self._columns[_NOTE].width},
            *({"field": field, **_as_number(), **room.get(field, {})} for field in (_SEGMENT, *numbers)),
            *({"field": field, "headerSort": False} for field in unordered),
        ]

    @property
    def _editable(self) -> list[str]:
        return [field for field, column in self._columns.items() if column.edit is not None]

    @property
    def _wrapped(self) -> list[str]:
        """Return the columns of words, which may take two lines."""
        return [field for field, column in self._columns.items() if column.edit or column.page_text]

    def _hidden(self, frame: pd.DataFrame) -> list[str]:
        """Leave out of a file what is not known; on the page it may still come."""
        return [field for field in self._columns if self.static and not any(frame[field])]

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
        if outcome is None or event.column in self._editable:
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
        model, edit = self.model, self._columns[event.column].edit
        if edit is None or event.value == self._frame()[event.column].iloc[event.row]:
            return
        try:
            # Rows stand in the order of the segments, however a browser sorts them.
            edit(model, event.row + 1, event.value or "")
            # What else was refused is still wrong.
            if model.error == self._complaint:
                model.error = None
        except SettingError as problem:
            model.error = self._complaint = str(problem)
            self._table.value = self._frame()

    def _fit_warnings_html(self) -> str:
        words = self.model.words
        fit_warnings = [fit_warning for fit_warning in words.fit_warnings if fit_warning] if words is not None else []
        said = "".join(f'<p class="note" role="status">{html.escape(fit_warning)}</p>' for fit_warning in fit_warnings)
        if self.static or words is None:
            return said
        return f'{said}<p class="note">{say("Click a name to change it. The last column holds your notes.")}</p>'

    def _follow(self, changed: frozenset[str]) -> None:
        table = self._shown
        told = self._outcomes
        if table is not self._of or [outcome.words for outcome in told] != self._told:
            before, columns = _look(self._of, self._columns), columns_of(table, told)
            self._columns, self._of, self._told = columns, table, [outcome.words for outcome in told]
            if _look(table, columns) != before:
                # Other columns: the only reason to make another table.
                self._table = self._draw()
                self._layout.objects = [self._table, self._fit_warnings]
                self._fit_warnings.object = self._fit_warnings_html()
                return
        if changed & {"run", "names", "table"}:
            self._table.value = self._frame()
            self._fit_warnings.object = self._fit_warnings_html()
            self._show_selected()
        elif "assessment" in changed:
            self._patch()
        if changed & {"x", "y", "picture", "run"} and self._table.styles != self._marks():
            self._table.styles = self._marks()

    def _patch(self) -> None:
        """Put in what has become known, cell by cell, so that the table stays as it was sorted and scrolled.

        What a person writes is in the table a moment before it is in the model, and stays.
        """
        shown, now = self._table.value, self._frame().drop(columns=self._editable)
        changed = [field for field in now if now[field].tolist() != shown[field].tolist()]
        if changed:
            self._table.patch({field: list(enumerate(now[field].tolist())) for field in changed})

    def _frame(self) -> pd.DataFrame:
        return summary_frame(self.model, self._columns)

    def _marks(self) -> dict[str, str]:
        fields = {name: field for field, name in _feature_fields(self._of).items()}
        shown = (None, None) if self.model.plane is not None else (self.model.x, self.model.y)
        x, y = (fields.get(name) if name else None for name in shown)
        return shown_features(fields.values(), x, y)


def _feature_fields(table: CustomerTable) -> dict[str, str]:
    return {f"f{position}": name for position, name in enumerate(table.features)}


def _room(least: int) -> dict[str, int]:
    return {"minWidth": least, "maxWidth": max(least, _WIDEST)}


def _look(table: CustomerTable, columns: dict[str, SummaryColumn]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return what a Tabulator is made for: where it changes, another one is needed."""
    return table.features, {field: column.title for field, column in columns.items()}
