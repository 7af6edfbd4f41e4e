"""The customers themselves: a screen of them at a time, of all or of those whom filters or a selection leave."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import panel as pn
from bokeh.models.widgets.tables import HTMLTemplateFormatter

from custseg.errors import SettingError
from custseg.export.csv import write_some_customers
from custseg.insight.customer_listing import BY_MARGIN, BY_SEGMENT, Narrowing, Order, list_customers
from custseg.language import mark, say, say_each
from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.panes.base.made_files import downloaded
from custseg.panes.base.numbers import cell_numbers
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, CUSTOMERS_STYLE, SEGMENT_COLOURS, TABLE_STYLE, TEXT_STYLE
from custseg.panes.parts.customer_filters import CustomerFilters
from custseg.panes.parts.selected import Selected
from custseg.panes.tables.cells import feature_header, feature_width, number_formatter, tabulator
from custseg.panes.tables.pager import Pager
from custseg.tables.expressions import Both
from custseg.wording import count

if TYPE_CHECKING:
    from io import BytesIO

    from custseg.insight.customer_listing import Screen
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult
    from custseg.tables.expressions import Condition
    from custseg.tables.table import CustomerTable

PAGE_SIZE = 20
_WHO, _SEGMENT, _NAME, _MARGIN, _FILLED, _COLOUR = "who", "in_segment", "of_name", "nearer", "filled", "slot_colour"
_TITLES = {
    _WHO: mark("Customer"),
    _SEGMENT: mark("Segment"),
    _NAME: mark("Name"),
    _MARGIN: mark("How sure"),
    _FILLED: mark("Filled in"),
}
_LEFT_OUT = mark("none, since a value is missing")
_BY_RESULT = {_SEGMENT: BY_SEGMENT, _MARGIN: BY_MARGIN}
# A button, so that keys reach it too: Tab the first one, and arrows the others. The template escapes.
_WHO_CELL = '<button type="button" class="who" tabindex="<%= _index ? -1 : 0 %>"><%- value %></button>'
_SEGMENT_CELL = (
    '<% if (value > 0) { %><span class="dot" style="background:<%- slot_colour %>"></span> <%- value %>'
    "<% } else { %>-<% } %>"
)


def table_columns(table: CustomerTable) -> tuple[dict[str, str], dict[str, str]]:
    """Return the internal ids of features and of categories (outcomes too), by name: c0, c1, ... and t0, t1, ..."""
    categories = [column.name for column in table.columns if column.role in ("category", "outcome")]
    return (
        {name: f"c{position}" for position, name in enumerate(table.features)},
        {name: f"t{position}" for position, name in enumerate(categories)},
    )


def screen_frame(table: CustomerTable, screen: Screen, outcome: RunResult | None) -> pd.DataFrame:
    """Return one row per customer of a screen, with internal names; columns of a result are empty before a run."""
    features, categories = table_columns(table)
    columns: dict[str, Any] = {_WHO: screen.identifiers, _SEGMENT: np.nan, _MARGIN: np.nan, _COLOUR: ""}
    columns |= {field: screen.numbers[:, position] for position, field in enumerate(features.values())}
    columns |= {field: screen.categories[name] for name, field in categories.items()}
    columns[_NAME] = ""
    if outcome is not None and screen.segments is not None:
        names = np.array([say(_LEFT_OUT), *outcome.words.names], dtype=object)
        colours = np.array(["", *(SEGMENT_COLOURS[slot] for slot in outcome.slots)], dtype=object)
        columns[_SEGMENT] = np.where(screen.segments > 0, screen.segments, np.nan)
        columns[_NAME] = np.where(screen.set_apart, EXCEPTIONAL, names[screen.segments])
        columns[_COLOUR] = colours[screen.segments]
        columns[_MARGIN] = screen.margins
    if _has_gaps(table):
        columns[_FILLED] = "" if screen.filled is None else screen.filled
    return pd.DataFrame(columns)


def _has_gaps(table: CustomerTable) -> bool:
    return any(table.reading(name).missing for name in table.features)


class Customers(Part):
    """A table of one screen of customers, with filters above it and steps to the next screen below."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._filters = CustomerFilters(model, attention=self.attention)
        self._order: Order | None = None
        self._pager = Pager(PAGE_SIZE, self._turn)
        self._said = pn.pane.HTML("", stylesheets=[TEXT_STYLE], styles={"flex": "1 1 240px"}, margin=0)
        self._select = pn.widgets.Button(label=say("Select these"), stylesheets=[BUTTON_STYLE], margin=0)
        self._select.on_click(self._select_listed)
        self._save = pn.widgets.FileDownload(
            callback=self._file, filename="customers_listed.csv", label=say("Download the list (CSV)"), color="default",
            stylesheets=[BUTTON_STYLE], margin=0,
        )  # fmt: skip
        self._acting = pn.FlexBox(
            self._said, self._select, self._save, gap="4px 12px", align_items="center", margin=(0, 0, 8, 0),
            sizing_mode="stretch_width",
        )  # fmt: skip
        self._list()
        self._table = self._new_table()
        self._layout = pn.Column(
            self._filters, Selected(model, hint=False, attention=self.attention),
            self._acting, self._table, self._pager,
            sizing_mode="stretch_width", margin=0,
        )  # fmt: skip
        self._filters.param.watch(lambda _: self._refresh(), ["narrowing"])
        self._filters.param.watch(lambda event: self._look_for(event.new), ["sought"])
        self.watch(self._follow, "table", "run", "names", "selected")
        self.watch(self._mark, "focused_customer")

    def _select_listed(self, _: Any) -> None:
        self.model.select(self._where(), "filters")

    def _where(self) -> Condition:
        """Return what holds of those who are listed."""
        result, selected = self.model.result, self.model.selected
        where = self._filters.narrowing.where(result)
        # Nobody is selected where a box was drawn around nobody: then all are listed, not none.
        return Both(where, selected.where) if selected is not None and len(selected) else where

    def _list(self) -> None:
        """Find out who is listed, and begin with the first of them."""
        self._listed = list_customers(self.model.table, self.model.result, self._where(), self._order)
        self._customers = len(self._listed)
        self._pager.begin(self._customers)
        self._say()

    def _frame(self) -> pd.DataFrame:
        _, categories = table_columns(self.model.table)
        screen = self._listed.screen(self._pager.offset, PAGE_SIZE, tuple(categories))
        return screen_frame(self.model.table, screen, self.model.outcome)

    def _new_table(self) -> pn.widgets.Tabulator:
        table = self._of = self.model.table
        features, categories = table_columns(table)
        frame = self._frame()
        made = tabulator(
            frame,
            say_each(_TITLES)
            | {field: feature_header(table, name) for name, field in {**features, **categories}.items()},
            {
                "columnDefaults": {"minWidth": 72, "headerSortTristate": True},
                "columns": [
                    {"field": _WHO, "headerSort": False},
                    {"field": _NAME, "headerSort": False, "minWidth": 150, "widthGrow": 2},
                    {"field": _FILLED, "headerSort": False},
                    *({"field": field, "minWidth": feature_width(table, name)} for name, field in features.items()),
                ],
                "renderVertical": "basic",
                "placeholder": say("No customers"),
            },
            right=(_MARGIN, *features.values()),
            selectable=1,
            selection=self._marked(frame),
            hidden_columns=[_COLOUR],
            frozen_columns=[_WHO],
            formatters={
                _WHO: HTMLTemplateFormatter(template=_WHO_CELL),
                _SEGMENT: HTMLTemplateFormatter(template=_SEGMENT_CELL),
                _MARGIN: cell_numbers("0%", "-"),
                **{field: number_formatter(table, name) for name, field in features.items()},
            },
            widths={_WHO: 100, _SEGMENT: 84, _MARGIN: 84},
            stylesheets=[TABLE_STYLE, CUSTOMERS_STYLE],
        )
        made.on_click(self._look_at)
        made.param.watch(self._sort, ["sorters"])
        return made

    def _turn(self) -> None:
        """Show the screen that the pager is at."""
        frame = self._frame()
        with self.model.batch_updates():
            # Panel would look for the rows that are marked now among those that come.
            self._table.selection = []
            self._table.value = frame
            self._table.selection = self._marked(frame)

    def _refresh(self) -> None:
        with self.model.batch_updates():
            self._list()
            self._turn()

    def _follow(self, changed: frozenset[str]) -> None:
        if "table" not in changed or self.model.table is self._of:
            self._refresh()
            return
        # Other columns, or other customers.
        self._order = None
        with self.model.batch_updates():
            self._list()
            self._table = self._new_table()
            self._layout[3] = self._table

    def _sort(self, event: Any) -> None:
        features, categories = table_columns(self.model.table)
        named = {field: name for name, field in {**features, **categories}.items()}
        order = None
        for sorter in event.new[:1]:
            field, descending = sorter["field"], sorter["dir"] == "desc"
            if field in _BY_RESULT:
                order = Order(_BY_RESULT[field], descending, by_result=True)
            elif field in named:
                order = Order(named[field], descending)
        if order != self._order:
            self._order = order
            self._refresh()

    def _say(self) -> None:
        """Say how many are listed, or why nobody is."""
        model, shown = self.model, self._customers
        text = say("{shown:,} of {count} are listed.", shown=shown, count=count(len(model.table), "customer"))
        if not shown:
            text = self._why_nobody()
        elif shown == len(model.table):
            text = say("All {shown} are listed.", shown=count(shown, "customer"))
        self._said.object = f'<p class="note" role="status">{html.escape(text)}</p>'
        narrowed = self._filters.narrowing != Narrowing()
        self._select.param.update(visible=narrowed and shown > 0)
        self._save.param.update(visible=shown > 0 and model.outcome is not None)

    def _why_nobody(self) -> str:
        sought = self._filters.narrowing.text
        if sought and not len(list_customers(self.model.table, None, Narrowing(sought).where(None))):
            try:
                self.model.find(sought)
            except SettingError as problem:
                return str(problem)
        return say("No customer is all that: take a filter or the selection back.")

    def _look_for(self, sought: str) -> None:
        """Look at the customer that was searched for, where only one is meant."""
        try:
            self.model.focused_customer = self.model.find(sought) if sought.strip() else self.model.focused_customer
        except SettingError:
            # Several are, and are listed; or nobody is, which is said already.
            return

    def _look_at(self, event: Any) -> None:
        """Look at the customer of a row; another click on it looks away."""
        who = str(self._table.value[_WHO].iloc[event.row])
        self.model.focused_customer = None if who == self.model.focused_customer else who

    def _mark(self, _: frozenset[str]) -> None:
        self._table.selection = self._marked(self._table.value)

    def _marked(self, frame: pd.DataFrame) -> list[int]:
        """Return the row of the customer that is looked at, if it is on this screen."""
        return np.flatnonzero(frame[_WHO].to_numpy() == self.model.focused_customer).tolist()

    async def _file(self) -> BytesIO:
        return await downloaded(
            self.model, "customers listed", write_some_customers, self._where(), customers=self._customers
        )
