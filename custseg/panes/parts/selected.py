"""A line that says which customers are selected and which is shown in detail, and a button to clear the selection."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn
import param

from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, STATUS_STYLE
from custseg.session.selection import describe_selection

if TYPE_CHECKING:
    from custseg.session.model import SegmentationModel

HINT = "Draw around customers to select them; click one for details."


class Selected(Part):
    """The line (CSS class ``selected``), and “Clear selection” while there is one."""

    hint: str = param.String(default=HINT, constant=True, doc="What is said where nobody is selected; it may be empty.")

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
        self._layout = pn.Row(self._line, self._clear, sizing_mode="stretch_width", margin=0)
        self._layout.visible = self._is_needed
        self.watch(self._follow, "selected", "focused_customer", "run", "table")

    @property
    def _is_needed(self) -> bool:
        return bool(self.hint) or self.model.selected is not None

    def _follow(self, _: frozenset[str]) -> None:
        self._layout.visible = self._is_needed
        self._line.object = self._html()
        self._clear.visible = self.model.selected is not None

    def _html(self) -> str:
        text = html.escape(" ".join(self._sentences()) or self.hint)
        return f'<div class="line small"><span class="selected" role="status">{text}</span></div>'

    def _sentences(self) -> list[str]:
        model, sentences = self.model, []
        if model.selected is not None:
            sentences.append(describe_selection(model.selected, model.outcome))
        if model.focused_customer is not None and self.hint:
            sentences.append(f"Customer {model.focused_customer} is shown in the view “Customers”.")
        return sentences
