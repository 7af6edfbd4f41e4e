"""A line that says which customers are selected and which is shown in detail, and a button to clear the selection."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn
import param

from custseg.language import mark, say
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, STATUS_STYLE
from custseg.session.selection_by_segment import describe_selection

if TYPE_CHECKING:
    from custseg.session.model import SegmentationModel

_HINT = mark("Draw around customers to select them; click one for details.")
_ALONE = mark("Draw around customers to select them.")


class Selected(Part):
    """The line (CSS class ``selected``), and “Clear selection” while there is one."""

    hint: bool = param.Boolean(default=True, constant=True, doc="Whether to say how customers are selected.")
    in_view: bool = param.Boolean(default=True, constant=True, doc="Whether the other views are there to look at.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._line = pn.pane.HTML(self._html(), stylesheets=[STATUS_STYLE], sizing_mode="stretch_width", margin=0)
        self._clear = pn.widgets.Button(
            label=say("Clear selection"),
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
        return self.hint or self.model.selected is not None

    def _follow(self, _: frozenset[str]) -> None:
        self._layout.visible = self._is_needed
        self._line.object = self._html()
        self._clear.visible = self.model.selected is not None

    def _html(self) -> str:
        text = html.escape(" ".join(self._sentences()) or self._how)
        return f'<div class="line small"><span class="selected" role="status">{text}</span></div>'

    @property
    def _how(self) -> str:
        """How customers are selected, and what else a press does."""
        return (say(_HINT) if self.in_view else say(_ALONE)) if self.hint else ""

    def _sentences(self) -> list[str]:
        model, sentences = self.model, []
        if model.selected is not None:
            sentences.append(describe_selection(model.selected, model.outcome))
        if model.focused_customer is not None and self.hint and self.in_view:
            sentences.append(
                say(
                    "Customer {focused_customer} is shown in the view “Customers”.",
                    focused_customer=model.focused_customer,
                )
            )
        return sentences
