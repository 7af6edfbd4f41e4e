"""What the page says of the table as a whole: its title, and what was understood of it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.panes.style import TEXT_STYLE
from custseg.panes.view import View

if TYPE_CHECKING:
    import param

    from custseg import SegmentationModel


_ONE_LINE = ".title { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }"


class Heading(View):
    """The title of the table."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._text = pn.pane.HTML(
            self._html(), stylesheets=[TEXT_STYLE, _ONE_LINE], sizing_mode="stretch_width", margin=0
        )
        model.param.watch(self._refresh, ["table"])

    def __panel__(self) -> pn.viewable.Viewable:
        return self._text

    def _refresh(self, *_: param.parameterized.Event) -> None:
        self._text.object = self._html()

    def _html(self) -> str:
        return f'<span class="title">{html.escape(self.model.table.title)}</span>'


class About(View):
    """What was understood of the table and what was set aside, in sentences."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._text = pn.pane.HTML(self._html(), stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=0)
        model.param.watch(self._refresh, ["table"])

    def __panel__(self) -> pn.viewable.Viewable:
        return self._text

    def _refresh(self, *_: param.parameterized.Event) -> None:
        self._text.object = self._html()

    def _html(self) -> str:
        table = self.model.table
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in table.notes)
        source = f"<p>Source: {html.escape(table.source)}</p>" if table.source else ""
        return f"<ul>{notes}</ul>{source}"
