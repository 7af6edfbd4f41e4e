"""The picture as a table: where each segment lies in it, in numbers, for those who don't see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn

from custseg.language import say
from custseg.panes.base.part import UNTIL_PAINTED, Part
from custseg.panes.base.style import CHARTS_STYLE, TEXT_STYLE
from custseg.panes.charts.axes import FeatureAxes, axes_of
from custseg.panes.charts.chart_tables import ChartTable
from custseg.panes.parts.chart_captions import table_html
from custseg.wording import capitalised, fixed, number

if TYPE_CHECKING:
    from custseg.panes.charts.axes import Axes
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult
    from custseg.tables.column_roles import Quantity


class PictureTable(Part):
    """A table that unfolds, in one HTML pane; nothing before the first run."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.pane.HTML("", stylesheets=[TEXT_STYLE, CHARTS_STYLE], sizing_mode="stretch_width", margin=0)
        self._write()
        self.watch(self._follow, "table", "x", "y", "picture", "log_scale", "run", "names")

    def _follow(self, _: frozenset[str]) -> None:
        # It is folded away: the picture comes first.
        self.after_what_is_seen_first(self._write, UNTIL_PAINTED)

    def _write(self) -> None:
        outcome = self.model.outcome
        self._layout.object = "" if outcome is None else _table_html(outcome, axes_of(self.model))


def _table_html(outcome: RunResult, axes: Axes) -> str:
    columns = _feature_columns(outcome, axes) if isinstance(axes, FeatureAxes) else _plane_columns(outcome, axes)
    rows = tuple(
        (f"{number} {name}", f"{size:,}", *texts)
        for number, (name, size, *texts) in enumerate(
            zip(outcome.words.names, outcome.segmentation.sizes.tolist(), *columns.values(), strict=True), start=1
        )
    )
    table = ChartTable((say("Segment"), say("Customers"), *columns), rows)
    return f"<details><summary>{say('The picture as a table')}</summary>{table_html(table, _caption(axes))}</details>"


def _caption(axes: Axes) -> str:
    if not isinstance(axes, FeatureAxes):
        return say("Where the centroids lie in the picture.")
    knees = zip(axes.shown, axes.knees, strict=True)
    logged = {axes.table.label(name): knee for name, knee in knees if knee is not None}
    if not logged:
        return say("The average of each segment, and between what its middle half of customers lies.")
    limits = say(" and ").join(f"{number(knee)} ({label})" for label, knee in logged.items())
    return say(
        "The average of each segment, and between what its middle half of customers lies. On a log "
        "scale equal steps are equal ratios; below about {limits} they come to be equal amounts, so "
        "that 0 has its place.",
        limits=limits,
    )


def _feature_columns(outcome: RunResult, axes: FeatureAxes) -> dict[str, list[str]]:
    result, columns = outcome.segmentation, {}
    for name, quantity in dict(zip(axes.shown, axes.quantities, strict=True)).items():
        label = capitalised(axes.table.label(name))
        position = result.features.index(name) if name in result.features else None
        # What was compared is known; of another column everybody has to be looked at.
        means = outcome.profile.averages([name])[:, 0] if position is None else outcome.profile.means[:, position]
        columns[f"{label}, average"] = [_written(mean, quantity) for mean in means[: result.k]]
        if position is not None:
            quartiles = outcome.profile.quartiles[:, :, position]
            columns[f"{label}, middle half"] = [
                say("{low} to {high}", low=_written(low, quantity), high=_written(high, quantity))
                for low, _, high in quartiles
            ]
    return columns


def _plane_columns(outcome: RunResult, axes: Axes) -> dict[str, list[str]]:
    places = axes.centroids(outcome).T
    titles = zip(axes.titles, places, strict=True)
    return {title: [fixed(float(place), 2) for place in along] for title, along in titles}


def _written(value: float, quantity: Quantity) -> str:
    if not np.isfinite(value):
        return say("no value")
    if quantity == "year":
        return f"{value:.0f}"
    return f"{number(100 * value)}%" if quantity == "share" else number(value)
