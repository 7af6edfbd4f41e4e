"""How the segments look side by side: pictures of the last result, with the customers that are selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn
import param

from custseg.language import mark, say
from custseg.panes.base.part import Part
from custseg.panes.base.style import TEXT_STYLE
from custseg.panes.parts.chart_gallery import Gallery

if TYPE_CHECKING:
    from custseg.insight.groups import Group
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

_NOT_YET = mark("<p>Run the clustering first. Then pictures show what sets the segments apart.</p>")
_SOON = mark('<p role="status">The pictures are being drawn ...</p>')


class SegmentCharts(Part):
    """All of ``CHARTS`` over one model."""

    static: bool = param.Boolean(default=False, constant=True, doc="Whether to leave out what needs a running Python.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._gallery: Gallery | None = None
        self._hint = pn.pane.HTML(say(_NOT_YET), stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=0)
        self._layout = pn.Column(self._hint, sizing_mode="stretch_width", margin=0)
        self.watch(self._follow, "run", "names", "table", "assessment")
        self.watch(self._show, "selected")
        self._follow()

    def _follow(self, *_: frozenset[str]) -> None:
        model = self.model
        self._hint.object = say(_NOT_YET) if model.outcome is None else say(_SOON)
        self._hint.visible = model.outcome is None or self._gallery is None
        if self._gallery is not None:
            self._gallery.layout.visible = model.outcome is not None
            self._show()
        elif self.static:
            # A file that is being saved has no later.
            self._make()
        elif model.outcome is not None:
            self.after_what_is_seen_first(self._make)

    def _make(self) -> None:
        outcome = self.model.outcome
        if outcome is not None and self._gallery is None:
            tapped = None if self.static else self._tapped
            self._gallery = Gallery(outcome, self._selected_group(outcome), static=self.static, tapped=tapped)
            self._hint.visible = False
            self._layout.append(self._gallery.layout)

    def _show(self, *_: frozenset[str]) -> None:
        outcome = self.model.outcome
        if outcome is None or self._gallery is None:
            return
        with self.model.batch_updates():
            self._gallery.show(outcome, self._selected_group(outcome))
        pn.io.push_notebook(*self._gallery.plots)

    def _tapped(self, key: str) -> None:
        """Select the group of a key; nobody where it is selected already."""
        model = self.model
        if not key.isdecimal() and key != "E":
            return
        with model.batch_updates():
            how = "exceptional" if key == "E" else say("segment {key}", key=key)
            if model.selected is not None and model.selected.how == how:
                model.clear_selection()
            elif key == "E":
                model.select_exceptional()
            else:
                model.select_segment(int(key))

    def _selected_group(self, outcome: RunResult) -> Group | None:
        """Describe the customers that are selected. Those that a run left out as incomplete are not counted in it."""
        selected = self.model.selected
        if selected is None or not len(selected):
            return None
        return outcome.groups.describe(selected.where)
