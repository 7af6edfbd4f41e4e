"""The whole tool over one model in one layout, as a notebook shows it."""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.panes.base.part import Part
from custseg.panes.parts.controls import Controls
from custseg.panes.parts.pressed_segment import PressedSegment
from custseg.panes.parts.status import Problem, Status
from custseg.panes.parts.work import Work
from custseg.panes.views.catalogue import VIEWS, addresses
from custseg.panes.views.view import WIDE
from custseg.panes.views.view_switch import ViewSwitch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import param

    from custseg.session.model import SegmentationModel


class Explorer(Part):
    """The settings and all views of one model. Its parts are attributes, for a page that lays them out itself."""

    def __init__(
        self, model: SegmentationModel, additions: Mapping[str, Callable[[], Any]] | None = None, **params: Any
    ) -> None:
        super().__init__(model, **params)
        self.problem = Problem(model)
        self.controls = Controls(model)
        self.views = ViewSwitch(model, additions or {})
        self.work = Work(model)
        # Last, so that its line is sent when the picture, the table and the words are on their way.
        self.status = Status(model)

    @cached_property
    def _layout(self) -> pn.viewable.Viewable:
        # Made when it is first asked for: a page lays the parts out itself.
        self._tabs = pn.Tabs(
            *((kind.said, self.views.places[kind.address]) for kind in VIEWS),
            active=addresses().index(self.views.shown),
            dynamic=True,
            **WIDE,
        )
        self._tabs.param.watch(self._turn, ["active"])
        self._wanted = pn.widgets.TextInput(visible=False, css_classes=["wanted-view"], max_length=40)
        self._wanted.param.watch(self._follow_link, ["value"])
        return pn.Column(
            self.problem,
            pn.Row(
                pn.Column(self.controls, width=240, margin=(0, 24, 0, 0)),
                pn.Column(self.status, self.work, self._tabs, **WIDE),
                sizing_mode="stretch_width",
            ),
            PressedSegment(self.model),
            self._wanted,
            pn.pane.HTML(f"<script>{_script()}</script>", visible=False, margin=0),
            css_classes=["custseg-explorer"],
            sizing_mode="stretch_width",
        )

    def _turn(self, event: param.parameterized.Event) -> None:
        self.views.shown = addresses()[event.new]

    def _follow_link(self, event: param.parameterized.Event) -> None:
        """Turn to the view that a browser asks for, where there is one."""
        if event.new:
            self._wanted.value = ""
        if event.new in addresses():
            self._tabs.active = addresses().index(event.new)


@cache
def _script() -> str:
    return Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
