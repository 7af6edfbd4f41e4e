"""A person's own words for the segment that is looked at: its name, its colour and a note on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.errors import SettingError
from custseg.language import say
from custseg.panes.base.part import Part
from custseg.panes.base.style import COLOUR_NAMES, CONTROL_STYLE
from custseg.session.annotations import LONGEST_NAME, LONGEST_NOTE
from custseg.wording import plain_label

if TYPE_CHECKING:
    from collections.abc import Callable

    import param

    from custseg.session.model import SegmentationModel

_COLUMNS = "repeat(auto-fit, minmax(min(100%, 220px), 1fr))"
_GRID = {"display": "grid", "grid-template-columns": _COLUMNS, "gap": "8px 16px", "align-items": "start"}


class SegmentWords(Part):
    """Three fields that write what they hold to the model, and hold what it has."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        look: dict[str, Any] = {
            "stylesheets": [CONTROL_STYLE], "sizing_mode": "stretch_width", "margin": 0, "description": None
        }  # fmt: skip
        self._name = pn.widgets.TextInput(
            label=say("Name of this segment"), max_length=LONGEST_NAME, styles={"grid-column": "1 / -1"}, **look
        )
        self._colour = pn.widgets.Select(label=say("Colour of this segment"), **look)
        self._note = pn.widgets.TextAreaInput(
            label=say("Note on this segment"), max_length=LONGEST_NOTE, rows=2, auto_grow=True, **look
        )
        self._setting, self._complaint = False, ""
        fields = self._name, self._colour, self._note
        self._layout = pn.Column(*fields, styles=_GRID, sizing_mode="stretch_width", margin=0)
        self._follow()
        self.watch(self._follow, "run", "names", "focused_slot")
        self._name.param.watch(self._writer(self.model.rename), ["value"])
        self._note.param.watch(self._writer(self.model.annotate), ["value"])
        self._colour.param.watch(self._writer(self.model.recolour), ["value"])

    def _follow(self, *_: frozenset[str]) -> None:
        outcome, segment = self.model.outcome, self.model.focused_segment
        if outcome is None or segment is None:
            return
        slot = outcome.slots[segment - 1]
        own = outcome.annotations.get(slot)
        self._setting = True
        try:
            suggested = plain_label(outcome.words.suggested[segment - 1])
            self._name.param.update(value=own.name if own else "", placeholder=suggested)
            self._note.value = own.note if own else ""
            taken = {other: number for number, other in enumerate(outcome.slots, start=1) if other != slot}
            options = {
                say("{name}, in exchange with segment {taken}", name=name, taken=taken[at]) if at in taken else name: at
                for at, name in enumerate(map(say, COLOUR_NAMES))
            }
            self._colour.param.update(options=options, value=slot)
        finally:
            self._setting = False

    def _writer(self, write: Callable[[int, Any], None]) -> Callable[[param.parameterized.Event], None]:
        """Return what takes over a field; what can't be is said, and what there was comes back."""

        def take_over(event: param.parameterized.Event) -> None:
            model, segment = self.model, self.model.focused_segment
            if self._setting or segment is None:
                return
            with model.batch_updates():
                try:
                    write(segment, event.new)
                    # What else was refused is still wrong.
                    if model.error == self._complaint:
                        model.error = None
                except SettingError as problem:
                    model.error = self._complaint = str(problem)
                    self._follow()

        return take_over
