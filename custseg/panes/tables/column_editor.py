"""The columns of the table: what each is for, why, and how sound it is; words, role, money and weight can be edited."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import panel as pn
from bokeh.models.widgets.tables import HTMLTemplateFormatter

from custseg.errors import DataError, SettingError
from custseg.language import mark, mark_in, say, say_each, say_in
from custseg.panes.base.numbers import cell_numbers
from custseg.panes.base.part import Part
from custseg.panes.base.style import COLUMNS_STYLE, TABLE_STYLE, TEXT_STYLE
from custseg.panes.charts.histogram import histogram_svg
from custseg.panes.tables.cells import tabulator, word_width
from custseg.tables.quality import ColumnHealth, TableHealth, check_health
from custseg.wording import capitalised, count

if TYPE_CHECKING:
    from custseg.session.model import SegmentationModel

_COLUMN, _LABEL, _MONEY, _ROLE, _WEIGHT = "column", "label", "money", "role", "weight"
_TITLES = {
    _COLUMN: mark("Column"),
    _LABEL: mark("In words"),
    _ROLE: mark("Used as"),
    _MONEY: mark("Money"),
    _WEIGHT: mark("Weight"),
    "kind": mark("Holds"),
    "missing": mark("Missing"),
    "least": mark("Smallest"),
    "middle": mark("Median"),
    "largest": mark("Largest"),
    "histogram": mark("Spread"),
    "remarks": mark("Why, and what to watch for"),
}
# What is too long for its column, such as a date, has two lines.
_WRAPPED = (_COLUMN, _LABEL, "kind", "least", "middle", "largest", "remarks")
# Rows of wider tables are drawn when they are scrolled to.
_MOST_DRAWN = 100
# All of a dozen columns is in sight, and no more than fits on a large screen.
_MOST_PIXELS = 760
# A button, so that keys reach it too.
_MONEY_CELL = (
    '<button type="button" class="tick" aria-label="{label}" aria-pressed="<%= Boolean(value) %>">'
    '<%= value ? "\u2713" : "\u2013" %></button>'
)
# What a column is used for.
_USE = "what a column is used for"
_ROLES = {
    "identifier": mark_in("what a column is used for", "identifier"),
    "feature": mark_in("what a column is used for", "feature"),
    "category": mark_in("what a column is used for", "category"),
    "outcome": mark_in("what a column is used for", "outcome"),
    "ignored": mark_in("what a column is used for", "ignored"),
}
_HELP = mark(
    "Click “In words”, “Used as”, “Money” or “Weight” to change it. Customers are compared by "
    "the features; what they spend is the total of the money columns. An outcome, such as who "
    "left, is not compared but told of each segment."
)


def columns_frame(model: SegmentationModel, health: TableHealth) -> pd.DataFrame:
    """Return one row per column of the table."""
    weights = model.recipe.weights
    return pd.DataFrame(
        [
            [
                checked.column.name,
                checked.column.label or checked.column.name,
                say_in(_USE, _ROLES[checked.column.role]),
                checked.column.money,
                weights.get(checked.column.name, 1.0) if checked.column.role == "feature" else None,
                say(checked.kind),
                checked.missing,
                checked.least,
                checked.middle,
                checked.largest,
                histogram_svg(checked.histogram),
                _remarks(checked),
            ]
            for checked in health.columns
        ],
        columns=list(_TITLES),
    ).astype(object)


def _remarks(checked: ColumnHealth) -> str:
    """Return why a column is what it is, and what to watch for; what it holds stands in a column of its own."""
    kind = say(checked.kind)
    reason = checked.column.reason.removeprefix(f"{kind}; ")
    return capitalised("; ".join(text for text in (reason, *checked.warnings) if text != kind))


class Columns(Part):
    """A Tabulator of the table's columns, bound to the model's table and recipe."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.Column(sizing_mode="stretch_width", margin=0)
        self._draw()

    def _draw(self) -> None:
        model = self.model
        self._health = check_health(model.table)
        self._table = tabulator(
            columns_frame(model, self._health),
            say_each(_TITLES),
            {
                "columnDefaults": {"headerSort": False},
                "columns": [{"field": "remarks", "minWidth": 164}],
                # Rows that are drawn anew where one scrolls take the focus with them.
                "renderVertical": "basic" if len(self._health.columns) <= _MOST_DRAWN else "virtual",
            },
            right=("missing", "least", "middle", "largest", _WEIGHT),
            disabled=False,
            editors=dict.fromkeys(_TITLES)
            | {
                _LABEL: {"type": "input"},
                _ROLE: {"type": "list", "values": [say_in(_USE, word) for word in _ROLES.values()]},
                _WEIGHT: {"type": "number", "min": 0, "step": 0.5},
            },
            formatters={
                **{field: {"type": "textarea"} for field in _WRAPPED},
                "histogram": {"type": "html"},
                _MONEY: HTMLTemplateFormatter(template=_MONEY_CELL.replace("{label}", say("Money"))),
                "missing": cell_numbers("0,0"),
                _WEIGHT: cell_numbers("0.[00]", ""),
            },
            widths=_widths(),
            frozen_columns=[_COLUMN],
            max_height=_MOST_PIXELS,
            stylesheets=[TABLE_STYLE, COLUMNS_STYLE],
        )
        self._table.on_edit(self._take_over)
        # A press of the button is a click on its cell.
        self._table.on_click(self._toggle, column=_MONEY)
        self._summary = pn.pane.HTML(
            self._facts(), stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=(0, 0, 8, 0)
        )
        self._layout.objects = [self._summary, self._table]
        self.watch(self._refresh, "table", "recipe")

    def _facts(self) -> str:
        """Say how many rows were read and, after a run, used."""
        model = self.model
        everybody, read = len(model.table), len(model.table.part)
        facts = (
            say("{rows} read", rows=count(read, "row"))
            if read == everybody
            else say("{read:,} of {everybody:,}, drawn at random, were read", read=read, everybody=everybody)
        )
        if model.outcome is not None:
            facts += say(
                ", {customers:,} in a segment after the last run", customers=int(model.outcome.segmentation.sizes.sum())
            )
        return f'<p class="note">{facts}. {say(_HELP)}</p>'

    def _refresh(self, changed: frozenset[str]) -> None:
        if "table" in changed:
            self._health = check_health(self.model.table)
        self._table.value = columns_frame(self.model, self._health)
        self._summary.object = self._facts()

    def _toggle(self, event: Any) -> None:
        self._change(event.row, _MONEY, not self._health.columns[event.row].column.money)

    def _take_over(self, event: Any) -> None:
        # What is left as it was is no edit: a table that is drawn anew takes the focus from who walks on by keys.
        if not _same(event.value, event.old):
            self._change(event.row, event.column, event.value)

    def _change(self, row: int, field: str, value: Any) -> None:
        """Apply what was edited; what is refused is said, and shown as it was."""
        name = self._health.columns[row].column.name
        model = self.model
        try:
            if field == _LABEL:
                model.load(model.table.change(labels={name: value or ""}))
            elif field == _ROLE:
                model.load(model.table.change(roles={name: _role(value)}))
            elif field == _MONEY:
                model.load(model.table.change(money={name: value}))
            elif field == _WEIGHT:
                model.param.update(
                    recipe=replace(model.recipe, weights={**model.recipe.weights, name: value}), error=None
                )
        except (DataError, SettingError) as problem:
            model.error = str(problem)
        self._table.value = columns_frame(model, self._health)


def _role(word: Any) -> Any:
    """Return the role that a word stands for; what is none is refused by who takes it."""
    return next((role for role, said in _ROLES.items() if say_in(_USE, said) == word), word)


def _same(value: Any, old: Any) -> bool:
    """Whether a cell holds what it held; an empty text stands for no value."""
    nothing = [cell in ("", None) or cell != cell for cell in (value, old)]  # noqa: PLR0124 - NaN is not itself
    return all(nothing) or (not any(nothing) and value == old)


def _widths() -> dict[str, int]:
    """Return how wide the columns are, by the words that stand in them and above them."""
    widths = {field: max(width, word_width(say(_TITLES[field]))) for field, width in _WIDTHS.items()}
    return widths | {_ROLE: max(widths[_ROLE], *(word_width(say_in(_USE, word)) for word in _ROLES.values()))}


_WIDTHS = {
    _COLUMN: 102,
    _LABEL: 102,
    _ROLE: 76,
    _MONEY: 56,
    _WEIGHT: 56,
    "kind": 72,
    "missing": 64,
    "least": 68,
    "middle": 68,
    "largest": 74,
    "histogram": 96,
}
