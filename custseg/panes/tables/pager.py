"""Which page of a long list is shown, and a step to the next or the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn
import param

from custseg.language import say
from custseg.panes.base.style import BUTTON_STYLE, TEXT_STYLE

if TYPE_CHECKING:
    from collections.abc import Callable


class Pager(pn.viewable.Viewer):
    """Two buttons, and a line that says which of how many are shown."""

    offset: int = param.Integer(default=0, doc="How many come before those that are shown.")
    of: int = param.Integer(default=0, doc="How many there are.")

    def __init__(self, page_size: int, turn: Callable[[], None], **params: Any) -> None:
        super().__init__(**params)
        self._size, self._turn = page_size, turn
        self._back, self._on = (
            pn.widgets.Button(label=label, stylesheets=[BUTTON_STYLE], margin=0)
            for label in (say("Previous"), say("Next"))
        )
        self._line = pn.pane.HTML("", stylesheets=[TEXT_STYLE], margin=0)
        self._back.on_click(lambda _: self._step(-page_size))
        self._on.on_click(lambda _: self._step(page_size))
        self._layout = pn.FlexBox(
            self._back, self._on, self._line, gap="0 12px", align_items="center", margin=(8, 0, 0, 0), visible=False
        )

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout

    def begin(self, of: int) -> None:
        """Begin anew with so many."""
        self.param.update(offset=0, of=of)
        self._show()

    def _step(self, by: int) -> None:
        wanted = self.offset + by
        if 0 <= wanted < self.of:
            self.offset = wanted
            self._show()
            self._turn()

    def _show(self) -> None:
        last = min(self.offset + self._size, self.of)
        self._layout.visible = self.of > self._size
        self._back.disabled, self._on.disabled = self.offset == 0, last == self.of
        text = say("{offset:,} to {last:,} of {of:,}", offset=self.offset + 1, last=last, of=self.of) if self.of else ""
        self._line.object = f'<p class="note" role="status">{text}</p>'
