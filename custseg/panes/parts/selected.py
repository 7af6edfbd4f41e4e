"""A line that says which customers are selected and which is shown in detail, and a button to clear the selection."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, STATUS_STYLE
from custseg.session.selection import describe_selection

if TYPE_CHECKING:
    from custseg.session.model import SegmentationModel

HINT = "To select customers, draw around them with the tools above. Click one for details."


class Selected(Part):
    """The line (CSS class ``selected``), and “Clear selection” while there is one."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._line = pn.pane.HTML(self._html(), stylesheets=[STATUS_STYLE], sizing_mode="stretch_width", margin=0)
        self._clear = pn.widgets.Button(
            label="Clear selection",
            visible=model.selected is not None,
            stylesheets=[BUTTON_STYLE],
            margin=(0, 0, 0, 12),
        )
        self._clear.on_click(lambda _: model.clear_selection())
        # As high with the button as without it, so that the picture above keeps its place.
        self._layout = pn.Row(self._line, self._clear, sizing_mode="stretch_width", min_height=44, margin=0)
        self.watch(self._follow, "selected", "focused_customer", "run", "table")

    def _follow(self, _: frozenset[str]) -> None:
        self._line.object = self._html()
        self._clear.visible = self.model.selected is not None

    def _html(self) -> str:
        text = html.escape(" ".join(self._sentences()) or HINT)
        return f'<div class="line small"><span class="selected" role="status">{text}</span></div>'

    def _sentences(self) -> list[str]:
        model, sentences = self.model, []
        if model.selected is not None:
            sentences.append(describe_selection(model.selected, model.outcome))
        if model.focused_customer is not None:
            sentences.append(f"Customer {model.focused_customer} is shown under “Customers”.")
        return sentences
