"""The statement by which an engine found the segments, for those who want to read it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.language import say
from custseg.panes.base.part import Part
from custseg.panes.base.style import TEXT_STYLE

if TYPE_CHECKING:
    from custseg.session.model import SegmentationModel


class Statement(Part):
    """The SQL of the last step, folded away; nothing where the customers are in memory."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.pane.HTML("", stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=0)
        self.watch(self._show, "run", "table")
        self._show()

    def _show(self, *_: frozenset[str]) -> None:
        result = self.model.result
        statement = None if result is None else result.statement
        self._layout.object = "" if statement is None else statement_html(statement)
        self._layout.visible = statement is not None


def statement_html(statement: str) -> str:
    """Write a statement of SQL, folded away."""
    return (
        f'<details class="note"><summary>{say("View SQL")}</summary><p>'
        + say(
            "The last step by which the segments were found where the customers are: one row comes back "
            "for each segment."
        )
        + f"</p><pre>{html.escape(statement)}</pre></details>"
    )
