"""The button that runs the clustering, whether there is something to run, and the way back."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.language import mark, say
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, TEXT_STYLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.session.model import SegmentationModel

NOT_RUN = mark("These settings have not been run yet.")
_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
# The page's script finds the button by the first, and whether there is something to run by the second.
_CLASS, _DUE = "run-clustering", "due"
# A class would have BokehJS lay out all settings.
_MARK = "--custseg-due"


class RunButtons(Part):
    """“Run clustering”, a line on what a press would bring or what it waits for, and “Undo last run”.

    ``ready`` is asked before each run, and says whether all that was typed could be taken over.
    """

    def __init__(self, model: SegmentationModel, ready: Callable[[], bool], **params: Any) -> None:
        super().__init__(model, **params)
        self._ready = ready
        self._run = pn.widgets.Button(
            label=say("Run clustering"), color="primary", stylesheets=[BUTTON_STYLE], css_classes=[_CLASS], **_WIDE
        )
        # There is room for a line, so that what stands below keeps its place.
        self._line = pn.pane.HTML("", stylesheets=[TEXT_STYLE], min_height=26, **_WIDE)
        self._undo = pn.widgets.Button(
            label=say("Undo last run"),
            visible=False,
            stylesheets=[BUTTON_STYLE],
            css_classes=["quiet"],
            margin=(0, 0, 6, 0),
        )
        self._layout = pn.Column(self._run, self._line, self._undo, **_WIDE | {"margin": (0, 0, 8, 0)})
        self._run.on_click(self._request)
        self._undo.on_click(lambda _: model.undo())
        self.watch(self._show, "run", "question", "stale")
        self._show()

    def _show(self, *_: frozenset[str]) -> None:
        model = self.model
        # A run would segment another table than the one that a person is asked about.
        self._run.disabled = bool(model.question)
        self._run.param.update(tags=[_DUE] if model.stale else [], styles={_MARK: '""' if model.stale else ""})
        self._undo.visible = model.previous is not None
        self._line.object = "".join(f'<p class="note">{html.escape(sentence)}</p>' for sentence in self._sentences())

    def _sentences(self) -> list[str]:
        model, shown = self.model, self.model.outcome
        if model.question:
            return [model.question]
        newest = model.history[-1].number if model.history else None
        # A copy of a model shows a result without having any runs.
        older = shown is not None and newest is not None and shown.number != newest
        earlier = (
            [say("Run {number} is shown; the newest is run {newest}.", number=shown.number, newest=newest)]
            if older and shown
            else []
        )
        return [*([say(NOT_RUN)] if model.stale else []), *earlier]

    def _request(self, _: object) -> None:
        # What was refused must not run as what was there before it, which still stands in the model.
        if self._ready():
            self.model.param.trigger("run")
