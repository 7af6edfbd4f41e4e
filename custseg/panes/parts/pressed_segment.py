"""Which segment was pressed in HTML of our own: a card, a heading, a row of a table that is no widget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.errors import SettingError
from custseg.panes.base.part import Part

if TYPE_CHECKING:
    import param

    from custseg.session.model import SegmentationModel


class PressedSegment(Part):
    """A field that nobody sees. A script writes the number of what was pressed, with ``data-segment``, into it.

    It is that of the page, and in a notebook that of the explorer.

    HTML panes tell of no click. What comes is a browser's word, so anything but a segment of the result is passed over.
    """

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        # The script finds it by its CSS class, and empties it, so that the same segment can be pressed again.
        self._field = pn.widgets.TextInput(visible=False, css_classes=["pressed-segment"], max_length=3)
        self._field.param.watch(self._press, ["value"])
        self._layout = pn.Column(self._field, visible=False, margin=0)

    def _press(self, event: param.parameterized.Event) -> None:
        if not event.new.isdecimal():
            return
        # So that the same one can be pressed again: what a browser empties and fills at once comes as no change.
        self._field.value = ""
        selected = self.model.selected
        if selected is not None and selected.how == f"segment {event.new}":
            self.model.clear_selection()
            return
        try:
            self.model.select_segment(int(event.new))
        except SettingError:
            # Of a result that another one has replaced meanwhile.
            return
