"""All charts of segments side by side, each with a heading, what there is to see, and the same as a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import panel as pn
from bokeh.events import Tap

from custseg.language import say
from custseg.panes.base.choices import choices_of
from custseg.panes.base.style import CHARTS_STYLE, CONTROL_STYLE, TEXT_STYLE
from custseg.panes.charts.catalogue import CHARTS, MOST_FEATURES, Chart, Drawing, Scene
from custseg.panes.charts.marks import marks_of
from custseg.panes.parts.chart_captions import caption_html, key_html

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import param

    from custseg.insight.groups import Group
    from custseg.session.run_result import RunResult

# So many features have a picture of their own in the saved file, where none can be chosen.
MOST_IN_FILE = 6
_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
# Two columns at most, and one where two would be too narrow.
_COLUMNS = "repeat(auto-fit, minmax(min(100%, max(400px, 40%)), 1fr))"
_GRID = {"display": "grid", "grid-template-columns": _COLUMNS, "gap": "28px 36px", "align-items": "start"}


@dataclass(frozen=True, slots=True, eq=False)
class _Exhibit:
    """A chart, what it has built, and the panes of these."""

    chart: Chart
    drawings: list[Drawing]
    plots: list[pn.pane.Bokeh]
    caption: pn.pane.HTML

    @classmethod
    def of(cls, chart: Chart, number: int) -> _Exhibit:
        drawings = [chart.build() for _ in range(number)]
        for drawing in drawings:
            drawing.figure.html_attributes = {
                "role": "group",
                "aria-label": say("Picture: {title}", title=say(chart.title)),
            }
        return cls(chart, drawings, [pn.pane.Bokeh(drawing.figure, **_WIDE) for drawing in drawings], _text())

    def show(self, scene: Scene) -> None:
        shown = scene.chosen if self.chart.by_feature else [scene.feature]
        for drawing, feature in zip(self.drawings, shown, strict=True):
            self.chart.update(drawing, replace(scene, feature=feature))
        self.caption.object = caption_html(self.chart, scene)

    def tell_taps(self, tapped: Callable[[str], None]) -> None:
        """Call ``tapped`` with the key of the group that was tapped in a picture, where the drawing knows it."""
        for drawing in self.drawings:
            if (group_at := getattr(drawing, "group_at", None)) is not None:
                drawing.figure.on_event(Tap, partial(_tap, group_at, tapped))

    def layout(self, choice: Sequence[pn.viewable.Viewable], styles: dict[str, str]) -> pn.viewable.Viewable:
        plots: list[pn.viewable.Viewable] = [*self.plots]
        if self.chart.sideways:
            # What is wider than a phone is moved, and not the page.
            plots = [pn.Column(*plots, styles={"overflow-x": "auto", "min-width": "0"}, **_WIDE)]
        elif len(plots) > 1:
            plots = [pn.Column(*plots, styles=_GRID, **_WIDE)]
        return pn.Column(
            _text(f"<h3>{say(self.chart.title)}</h3>"), *choice, *plots, self.caption, styles=styles, **_WIDE
        )


class Gallery:
    """The charts and their layout, made once; ``show`` puts another result, or other customers, into them."""

    def __init__(
        self,
        outcome: RunResult,
        selected: Group | None = None,
        *,
        static: bool = False,
        tapped: Callable[[str], None] | None = None,
    ) -> None:
        self._static = static
        # Those of the saved file are of the features that tell most.
        self._fixed = outcome.groups.telling(MOST_IN_FILE) if static else []
        self._exhibits = [
            _Exhibit.of(chart, len(self._fixed) if chart.by_feature and static else 1) for chart in CHARTS
        ]
        if tapped is not None:
            for exhibit in self._exhibits:
                exhibit.tell_taps(tapped)
        self.feature = pn.widgets.Select(
            label=say("Feature"), width=240, description=None, stylesheets=[CONTROL_STYLE], margin=(0, 0, 6, 0)
        )
        self._features: tuple[str, ...] = ()
        self._labels: list[str] = []
        self._groups, self._marks = outcome.groups, marks_of(outcome, selected)
        self._key = _text()
        self.plots = [plot for exhibit in self._exhibits for plot in exhibit.plots]
        self.show(outcome, selected)
        self.feature.param.watch(self._choose, ["value"])
        self.layout = self._lay_out()

    def _lay_out(self) -> pn.viewable.Viewable:
        columns = []
        for position, exhibit in enumerate(self._exhibits):
            before = any(earlier.chart.by_feature for earlier in self._exhibits[:position])
            by_feature, styles = exhibit.chart.by_feature, {"min-width": "0"}
            if self._static and (by_feature or before):
                # One drawing beside the other needs all of the width.
                styles["grid-column"] = "1 / -1"
            choice = [self.feature] if by_feature and not before and not self._static else []
            columns.append(exhibit.layout(choice, styles))
        return pn.Column(self._key, pn.Column(*columns, styles=_GRID, **_WIDE), **_WIDE)

    def show(self, outcome: RunResult, selected: Group | None) -> None:
        """Show the segments of a result and, if there are any, the customers who are selected."""
        self._groups, self._marks = outcome.groups, marks_of(outcome, selected)
        self._offer()
        scene = self._scene()
        for exhibit in self._exhibits:
            exhibit.show(scene)
        self._key.object = key_html(self._marks, pressable=not self._static)

    def _scene(self) -> Scene:
        chosen = self._fixed or [self.feature.value]
        positions = self._groups.telling(MOST_FEATURES)
        return Scene(self._groups, self._marks, positions, chosen[0], chosen, self._static)

    def _offer(self) -> None:
        """Offer the compared features, at first the one that tells most; a choice stays for as long as it can."""
        result = self._groups.profile.segmentation
        features, labels = result.features, list(choices_of(result.schema, result.features))
        if (features, labels) != (self._features, self._labels):
            chosen = self._features[self.feature.value] if self._features else None
            position = features.index(chosen) if chosen in features else self._groups.telling(1)[0]
            self._features, self._labels = features, labels
            self.feature.param.update(options={label: at for at, label in enumerate(labels)}, value=position)

    def _choose(self, *_: param.parameterized.Event) -> None:
        scene = self._scene()
        for exhibit in self._exhibits:
            if exhibit.chart.by_feature:
                exhibit.show(scene)
        pn.io.push_notebook(*self.plots)


def _text(content: str = "") -> pn.pane.HTML:
    return pn.pane.HTML(content, stylesheets=[TEXT_STYLE, CHARTS_STYLE], **_WIDE)


def _tap(group_at: Callable[[float, float], str | None], tapped: Callable[[str], None], event: Any) -> None:
    # Beside the frame there is no place.
    key = group_at(event.x, event.y) if event.x is not None and event.y is not None else None
    if key is not None:
        tapped(key)
