"""The words: one plain paragraph a segment, or what to do before there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.panes.style import TEXT_STYLE
from custseg.panes.view import View

if TYPE_CHECKING:
    import param

    from custseg.model import SegmentationModel

BEFORE_THE_FIRST_RUN = "Choose how many segments you want, then press **Run clustering** to see who buys alike."


class Words(View):
    """The interpretation of the last result in Markdown."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._markdown = pn.pane.Markdown(
            self._text(),
            renderer_options={"html": False},
            stylesheets=[TEXT_STYLE],
            sizing_mode="stretch_width",
            margin=0,
        )
        model.param.watch(self._tell, ["result"])

    def __panel__(self) -> pn.viewable.Viewable:
        return self._markdown

    def _tell(self, *_: param.parameterized.Event) -> None:
        self._markdown.object = self._text()

    def _text(self) -> str:
        words = self.model.words
        return BEFORE_THE_FIRST_RUN if words is None else str(words)
