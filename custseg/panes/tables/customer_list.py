"""The customers themselves: a page of them at a time, those that are selected or all, and one to be found by name."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import panel as pn
from bokeh.models.widgets.tables import NumberFormatter

from custseg.errors import SettingError
from custseg.insight.filled_in import say_filled_in
from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.panes.base.part import Part
from custseg.panes.base.style import CONTROL_STYLE, CUSTOMERS_STYLE, TABLE_STYLE, TEXT_STYLE
from custseg.panes.tables.cells import feature_header, feature_width, number_formatter, tabulator
from custseg.wording import count

if TYPE_CHECKING:
    import param

    from custseg.insight.certainty import Certainty
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult
    from custseg.tables.table import CustomerTable

PAGE_SIZE = 20
_MILLISECONDS_AFTER_A_RUN = 250
_WHO, _SEGMENT, _NAME, _MARGIN, _FILLED = "who", "in_segment", "of_name", "nearer", "filled"
_TITLES = {_WHO: "Customer", _SEGMENT: "Segment", _NAME: "Name", _MARGIN: "How sure", _FILLED: "Filled in"}
_LEFT_OUT = "none, since a value is missing"


def table_columns(table: CustomerTable) -> tuple[dict[str, str], dict[str, str]]:
    """Return the internal ids of features and of categories (outcomes too), by name: c0, c1, ... and t0, t1, ..."""
    categories = [column.name for column in table.columns if column.role in ("category", "outcome")]
    return (
        {name: f"c{position}" for position, name in enumerate(table.features)},
        {name: f"t{position}" for position, name in enumerate(categories)},
    )


def fixed_frame(table: CustomerTable) -> pd.DataFrame:
    """Return what doesn't depend on a result, one row per customer: identifier, features and categories."""
    features, categories = table_columns(table)
    values = table.matrix(table.features)
    columns: dict[str, Any] = {field: values[:, position] for position, field in enumerate(features.values())}
    for name, field in categories.items():
        levels = table.levels(name)
        columns[field] = np.array([text or "" for text in levels.texts], dtype=object)[levels.codes]
    if np.isnan(values).any():
        # What was filled in, which a result says.
        columns[_FILLED] = ""
    return pd.DataFrame({_WHO: table.identifiers, **columns})


def customers_frame(fixed: pd.DataFrame, outcome: RunResult | None, certainty: Certainty | None) -> pd.DataFrame:
    """Return the fixed columns with what a result says of each customer; empty columns before the first run."""
    number: Any = np.nan
    name: Any = ""
    if outcome is not None:
        result = outcome.segmentation
        names = np.array([_LEFT_OUT, *outcome.words.names], dtype=object)
        number = np.where(result.labels > 0, result.labels, np.nan)
        name = np.where(result.exceptional, EXCEPTIONAL, names[result.labels])
    margin = certainty.margin if certainty is not None and outcome is not None else np.nan
    frame = fixed.copy(deep=False)
    for position, (field, column) in enumerate({_SEGMENT: number, _NAME: name, _MARGIN: margin}.items(), start=1):
        frame.insert(position, field, column)
    filled = None if outcome is None or _FILLED not in fixed else say_filled_in(outcome.segmentation)
    return frame if filled is None else frame.assign(**{_FILLED: filled})


class Customers(Part):
    """A Tabulator of customers of which a browser has one page, and a box to find one of them."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.Column(sizing_mode="stretch_width", margin=0)
        self._waiting = False
        self.once_loaded(self._draw)

    def _draw(self) -> None:
        self._find = pn.widgets.TextInput(
            label="Find a customer", placeholder="Identifier, or its beginning", width=260,
            stylesheets=[CONTROL_STYLE], margin=(0, 16, 8, 0),
        )  # fmt: skip
        self._find.param.watch(self._look_for, ["value"])
        self._said = pn.pane.HTML("", stylesheets=[TEXT_STYLE], styles={"flex": "1 1 240px"}, margin=(0, 0, 8, 0))
        self._table = self._new_table()
        finding = pn.FlexBox(self._find, self._said, align_items="end", sizing_mode="stretch_width")
        self._layout.objects = [finding, self._table]
        self._say()
        self.watch(self._follow, "table", "run", "names", "assessment", "selected")

    def _new_table(self) -> pn.widgets.Tabulator:
        table = self._of = self.model.table
        self._fixed = fixed_frame(table)
        features, categories = table_columns(table)
        made = tabulator(
            self._frame(),
            _TITLES | {field: feature_header(table, name) for name, field in {**features, **categories}.items()},
            {
                "columnDefaults": {"minWidth": 72},
                "columns": [
                    {"field": _NAME, "minWidth": 150, "widthGrow": 2},
                    *({"field": field, "minWidth": feature_width(table, name)} for name, field in features.items()),
                ],
                "placeholder": "No customers",
            },
            right=(_SEGMENT, _MARGIN, *features.values()),
            pagination="remote",
            page_size=PAGE_SIZE,
            frozen_columns=[_WHO],
            formatters={
                _SEGMENT: NumberFormatter(format="0", nan_format="-"),
                _MARGIN: NumberFormatter(format="0%", nan_format="-"),
                **{field: number_formatter(table, name) for name, field in features.items()},
            },
            widths={_WHO: 100, _SEGMENT: 78, _MARGIN: 84},
            stylesheets=[TABLE_STYLE, CUSTOMERS_STYLE],
        )
        made.on_click(self._look_at)
        return made

    def _frame(self) -> pd.DataFrame:
        model = self.model
        self._all = customers_frame(self._fixed, model.outcome, model.certainty)
        return self._of_selected()

    def _of_selected(self) -> pd.DataFrame:
        selected = self.model.selected
        # Nobody is selected where a box was drawn around nobody: then all are shown, not none.
        return (
            self._all
            if selected is None or not len(selected)
            else self._all[self.model.table.customers.where(selected.where)]
        )

    def _follow(self, changed: frozenset[str]) -> None:
        if changed == {"selected"}:
            self._table.param.update(value=self._of_selected(), page=1)
            self._say()
            return
        if not self._waiting:
            # After the picture and the words, which lie above, were painted: those are waited for.
            self._waiting = True
            self.after_what_is_seen_first(self._refresh, _MILLISECONDS_AFTER_A_RUN)

    def _refresh(self) -> None:
        self._waiting = False
        if self.model.table is not self._of:
            # Other columns, or other customers.
            self._table = self._new_table()
            self._layout[1] = self._table
        else:
            self._table.param.update(value=self._frame(), page=1)
        if not (self._find.value or "").strip():
            # Else what was said of the one that was looked for stays.
            self._say()

    def _say(self, problem: str = "", found: str = "") -> None:
        """Say how many are listed, or who was found, or why nobody was."""
        model, shown = self.model, len(self._table.value)
        everybody = count(len(model.table), "customer")
        listed = (
            f"All {everybody} are listed." if shown == len(model.table) else f"{shown:,} of {everybody} are listed."
        )
        text = html.escape(problem or found or f"{listed} Click one for details.")
        self._said.object = f'<p class="{"problem" if problem else "note"}" role="status">{text}</p>'

    def _look_for(self, event: param.parameterized.Event) -> None:
        if not event.new.strip():
            self._say()
            return
        model = self.model
        try:
            model.focused_customer = model.find(event.new)
        except SettingError as problem:
            self._say(str(problem))
        else:
            self._say(found=f"Customer {model.focused_customer} is shown below the table.")

    def _look_at(self, event: Any) -> None:
        self.model.focused_customer = str(self._table.value[_WHO].iloc[event.row])
