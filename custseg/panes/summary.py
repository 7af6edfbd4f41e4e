"""The table of segments: one row a segment, with its colour, name, shares and averages."""

from __future__ import annotations

import html
import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import panel as pn
from bokeh.models.widgets.tables import NumberFormatter

from custseg.interpretation import EXCEPTIONAL
from custseg.panes.style import APART_COLOUR, SEGMENT_COLOURS, TABLE_STYLE, shown_features_style
from custseg.panes.view import View

if TYPE_CHECKING:
    import param

    from custseg.certainty import Certainty
    from custseg.model import SegmentationModel
    from custseg.outcome import Outcome
    from custseg.table import CustomerTable

_BREAK_AFTER = re.compile(r"(?<=[_\W])")
_COLOUR, _SEGMENT, _NAME, _CUSTOMERS, _SHARE, _SPEND = "colour", "segment", "name", "customers", "share", "spend_share"
_SURE = "sure"


def summary_frame(outcome: Outcome | None, features: tuple[str, ...], sure: Certainty | None = None) -> pd.DataFrame:
    """Return one row a segment, and one for the customers that were set apart.

    Names of columns are internal: features are f0, f1, ... and can't clash with the rest.
    """
    fields = _fields(features)
    names = [*_TITLES, *fields.values()]
    if outcome is None:
        return pd.DataFrame(columns=names, dtype=object)
    shape, words = outcome.profile, outcome.words
    colours = [SEGMENT_COLOURS[slot] for slot in outcome.slots]
    spend = [None] * len(colours) if shape.spend_share is None else shape.spend_share
    known = sure is not None and sure.segmentation is outcome.segmentation
    solidity = _solidity(sure) if sure is not None and known else [""] * len(colours)
    groups: list[tuple[Any, ...]] = [
        (number, *facts)
        for number, facts in enumerate(
            zip(colours, words.names, shape.sizes, shape.customer_share, spend, solidity, strict=True), start=1
        )
    ]
    apart = shape.exceptional
    if apart is not None:
        groups.append((None, APART_COLOUR, EXCEPTIONAL, apart.customers, apart.customer_share, apart.spend_share, ""))
    rows = [[*facts, *means] for facts, means in zip(groups, shape.averages(features).tolist(), strict=True)]
    # As objects, Bokeh sends all columns in one message; numbers would go as a buffer of two messages for each column.
    return pd.DataFrame(rows, columns=names).astype(object)


def _solidity(sure: Certainty) -> list[str]:
    """Return how sure each segment is, as a word and a number."""
    return [f"{word} {jaccard:.2f}" for word, jaccard in zip(sure.solidity, sure.jaccard.tolist(), strict=True)]


def _fields(features: tuple[str, ...]) -> dict[str, str]:
    return {name: f"f{position}" for position, name in enumerate(features)}


class Summary(View):
    """A Tabulator of the segments; sortable, and with the two features in the picture marked."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._table = self._draw()
        self._layout = pn.Column(self._table, sizing_mode="stretch_width", margin=0)
        model.param.watch(self._follow, ["table", "result", "x", "y", "picture", "certainty"])

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout

    @property
    def _shown(self) -> CustomerTable:
        """The table of the result that is shown; that of the model may have other roles by now."""
        outcome = self.model.outcome
        return self.model.table if outcome is None else outcome.segmentation.table

    def _draw(self) -> pn.widgets.Tabulator:
        table = self._shown
        self._features, self._with_spend = table.features, bool(table.money(table.features))
        fields = _fields(self._features)
        return pn.widgets.Tabulator(
            self._frame(),
            show_index=False,
            disabled=True,
            selectable=False,
            layout="fit_columns",
            configuration={
                "columnDefaults": {"headerWordWrap": True, "resizable": "header"},
                "columns": [
                    # Its words are in no order.
                    {"field": _SURE, "headerSort": False},
                    *({"field": field, "sorter": "number"} for field in (_SEGMENT, _CUSTOMERS, _SHARE, _SPEND)),
                    *(
                        {"field": field, "sorter": "number", "minWidth": _feature_width(table, name)}
                        for name, field in fields.items()
                    ),
                ],
                # Eleven rows at most: a virtual table would only measure itself again and again.
                "renderVertical": "basic",
                "placeholder": "One row a segment appears here after a run",
            },
            hidden_columns=[] if self._with_spend else [_SPEND],
            frozen_columns=[_SEGMENT],
            titles=_TITLES | {field: _header(name) for name, field in fields.items()},
            formatters=_FORMATTERS | {field: _number_format(table, name) for name, field in fields.items()},
            text_align=_ALIGNMENT | dict.fromkeys(fields.values(), "right"),
            header_align=_ALIGNMENT | dict.fromkeys(fields.values(), "right"),
            widths=_WIDTHS,
            sizing_mode="stretch_width",
            stylesheets=[TABLE_STYLE, shown_features_style(fields.values())],
            css_classes=self._marks(),
            margin=0,
        )

    def _follow(self, *events: param.parameterized.Event) -> None:
        changed, table = {event.name for event in events}, self._shown
        if (table.features, bool(table.money(table.features))) != (self._features, self._with_spend):
            # Other columns: the only reason to make another table.
            self._table = self._draw()
            self._layout.objects = [self._table]
            return
        sure = self.model.certainty
        if changed & {"result", "table"}:
            self._table.value = self._frame()
        elif "certainty" in changed and sure is not None:
            # Cell by cell, so that the table stays as it was sorted and scrolled.
            self._table.patch({_SURE: list(enumerate(_solidity(sure)))})
        if changed & {"x", "y", "picture", "result"} and self._table.css_classes != self._marks():
            self._table.css_classes = self._marks()

    def _frame(self) -> pd.DataFrame:
        return summary_frame(self.model.outcome, self._features, self.model.certainty)

    def _marks(self) -> list[str]:
        if self.model.plane is not None:
            return []
        fields = _fields(self._features)
        axes = (("x", self.model.x), ("y", self.model.y))
        return [f"{axis}-{fields[feature]}" for axis, feature in axes if feature in fields]


def _header(name: str) -> str:
    # Tabulator takes titles as HTML. A long name may break after an underscore.
    return html.escape(" ".join(name.split())).replace("_", "_<wbr>")


def _feature_width(table: CustomerTable, feature: str) -> int:
    """Room in pixels for the largest number and for the longest word of the header; less would cut it."""
    largest = f"{float(np.nanmax(abs(table.matrix([feature])))):,.0f}"
    words = [len(word) for word in _BREAK_AFTER.split(feature)]
    return max(70, 9 * len(largest) + 8, min(8 * max(words) + 16, 150))


def _number_format(table: CustomerTable, feature: str) -> NumberFormatter:
    """Whole numbers where a feature runs into the hundreds, else three digits that say something."""
    usual = float(np.nanmean(abs(table.matrix([feature]))))
    if usual >= 100:
        return NumberFormatter(format="0,0", nan_format="-")
    decimals = min(12, max(2, 2 - math.floor(math.log10(usual)))) if usual > 0 else 2
    return NumberFormatter(format=f"0,0.{'0' * decimals}", nan_format="-")


# Pixels; what is left over goes to the features.
_WIDTHS = {_COLOUR: 32, _SEGMENT: 74, _NAME: 150, _CUSTOMERS: 90, _SHARE: 84, _SPEND: 66, _SURE: 92}
_TITLES = {
    _SEGMENT: "Segment",
    _COLOUR: "",
    _NAME: "Name",
    _CUSTOMERS: "Customers",
    _SHARE: "Share of customers",
    _SPEND: "Share of spend",
    _SURE: "How sure",
}
_FORMATTERS: dict[str, Any] = {
    _COLOUR: {"type": "color"},
    # Wraps a long name; Tabulator shows it as text, not as HTML.
    _NAME: {"type": "textarea"},
    _CUSTOMERS: NumberFormatter(format="0,0"),
    _SHARE: NumberFormatter(format="0.0 %"),
    _SPEND: NumberFormatter(format="0.0 %"),
}
_ALIGNMENT = {_SEGMENT: "left", _NAME: "left", _CUSTOMERS: "right", _SHARE: "right", _SPEND: "right"}
