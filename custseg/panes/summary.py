"""The table of segments: one row a segment, with its colour, name, shares and averages."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import panel as pn
from bokeh.models.widgets.tables import NumberFormatter

from custseg.panes.style import SEGMENT_COLOURS, TABLE_STYLE, shown_features_style
from custseg.panes.view import View

if TYPE_CHECKING:
    import param

    from custseg.model import Outcome, SegmentationModel

_BREAK_AFTER = re.compile(r"(?<=[_\W])")
_COLOUR, _SEGMENT, _NAME, _CUSTOMERS, _SHARE, _SPEND = "colour", "segment", "name", "customers", "share", "spend_share"


def summary_frame(outcome: Outcome | None, features: tuple[str, ...]) -> pd.DataFrame:
    """Return one row a segment, with internal column names: features are f0, f1, ... and can't clash with the rest."""
    fields = _fields(features)
    if outcome is None:
        return pd.DataFrame(columns=[*_TITLES, *fields.values()], dtype=object)
    shape = outcome.profile
    columns: dict[str, Any] = {
        _SEGMENT: list(range(1, len(outcome.slots) + 1)),
        _COLOUR: [SEGMENT_COLOURS[slot] for slot in outcome.slots],
        _NAME: list(outcome.words.names),
        _CUSTOMERS: shape.sizes,
        _SHARE: shape.customer_share,
        _SPEND: shape.spend_share if shape.spend_share is not None else np.nan,
    }
    for name, field in fields.items():
        # A feature that was not compared in this run has no average here.
        columns[field] = shape.means[:, shape.features.index(name)] if name in shape.features else np.nan
    # As objects, Bokeh sends all columns in one message; numbers would go as a buffer of two messages for each column.
    return pd.DataFrame(columns).astype(object)


def _fields(features: tuple[str, ...]) -> dict[str, str]:
    return {name: f"f{position}" for position, name in enumerate(features)}


class Summary(View):
    """A Tabulator of the segments; sortable, and with the two features in the picture marked."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._features = model.table.features
        fields = _fields(self._features)
        self._table = pn.widgets.Tabulator(
            summary_frame(model.outcome, self._features),
            show_index=False,
            disabled=True,
            selectable=False,
            layout="fit_columns",
            configuration={
                "columnDefaults": {"headerWordWrap": True, "resizable": "header"},
                "columns": [
                    *({"field": field, "sorter": "number"} for field in (_SEGMENT, _CUSTOMERS, _SHARE, _SPEND)),
                    *(
                        {"field": field, "sorter": "number", "minWidth": _feature_width(model, name)}
                        for name, field in fields.items()
                    ),
                ],
                # Ten rows at most: a virtual table would only measure itself again and again.
                "renderVertical": "basic",
                "placeholder": "One row a segment appears here after a run",
            },
            hidden_columns=[] if model.table.money(self._features) else [_SPEND],
            frozen_columns=[_SEGMENT],
            titles=_TITLES | {field: _header(name) for name, field in fields.items()},
            formatters=_FORMATTERS | {field: _number_format(model, name) for name, field in fields.items()},
            text_align=_ALIGNMENT | dict.fromkeys(fields.values(), "right"),
            header_align=_ALIGNMENT | dict.fromkeys(fields.values(), "right"),
            widths=_WIDTHS,
            sizing_mode="stretch_width",
            stylesheets=[TABLE_STYLE, shown_features_style(fields.values())],
            css_classes=self._marks(),
            margin=0,
        )
        model.param.watch(self._fill, ["result"])
        model.param.watch(self._mark, ["x", "y"])

    def __panel__(self) -> pn.viewable.Viewable:
        return self._table

    def _fill(self, *_: param.parameterized.Event) -> None:
        self._table.value = summary_frame(self.model.outcome, self._features)

    def _mark(self, *_: param.parameterized.Event) -> None:
        self._table.css_classes = self._marks()

    def _marks(self) -> list[str]:
        fields = _fields(self._features)
        return [f"x-{fields[self.model.x]}", f"y-{fields[self.model.y]}"]


def _header(name: str) -> str:
    # Tabulator takes titles as HTML. A long name may break after an underscore.
    return html.escape(" ".join(name.split())).replace("_", "_<wbr>")


def _feature_width(model: SegmentationModel, feature: str) -> int:
    """Room in pixels for the largest number and for the longest word of the header; less would cut it."""
    largest = f"{float(abs(model.table.matrix([feature])).max()):,.0f}"
    words = [len(word) for word in _BREAK_AFTER.split(feature)]
    return max(70, 9 * len(largest) + 8, min(8 * max(words) + 16, 150))


def _number_format(model: SegmentationModel, feature: str) -> NumberFormatter:
    """Whole numbers where a feature runs into the hundreds, else two digits after the point."""
    large = abs(model.table.matrix([feature])).mean() >= 100
    return NumberFormatter(format="0,0" if large else "0,0.00")


# Pixels; what is left over goes to the features.
_WIDTHS = {_COLOUR: 40, _SEGMENT: 76, _NAME: 190, _CUSTOMERS: 92, _SHARE: 88, _SPEND: 76}
_TITLES = {
    _SEGMENT: "Segment",
    _COLOUR: "",
    _NAME: "Name",
    _CUSTOMERS: "Customers",
    _SHARE: "Share of customers",
    _SPEND: "Share of spend",
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
