"""The choice of what the picture of customers shows: two features, or a plane through all of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import panel as pn

from custseg.language import by_what_is_said, mark, say
from custseg.panes.base.choices import choices_of
from custseg.panes.base.part import Part
from custseg.panes.base.style import CONTROL_STYLE

if TYPE_CHECKING:
    import param

    from custseg.session.model import SegmentationModel


class _PromptSelect(pn.widgets.Select):
    """A select that is acted on at once. Panel else waits 50 ms for more changes of it to come, as of a text typed.

    Nobody shows that the server is busy with it, which Panel takes longer to note than the change itself.
    """

    _priority_changes: ClassVar[list[str]] = ["value"]
    _busy__ignore: ClassVar[list[str]] = ["value"]


_PICTURES = {
    mark("Two features"): "features",
    mark("Customers spread most"): "principal",
    mark("Segments furthest apart"): "discriminant",
}
_AXES = {"x": mark("Across (x)"), "y": mark("Up (y)")}
_ROW: dict[str, Any] = {
    "description": None,
    "stylesheets": [CONTROL_STYLE],
    "sizing_mode": "stretch_width",
    "margin": (0, 0, 6, 0),
}


class PictureChoice(Part):
    """The kind of picture, and the feature on each axis; the axes rest where a plane is shown."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        choices = choices_of(model.table, model.table.features)
        self._picture = _PromptSelect(
            label=say("Picture"), options=list(by_what_is_said(_PICTURES)), css_classes=["in-row"], **_ROW
        )
        self._axes = {
            # By its class the page's script, which draws before the server does, knows it (dashboard/axes.js).
            axis: _PromptSelect(
                label=say(label), options=choices, value=getattr(model, axis),
                css_classes=["in-row", f"choice-of-{axis}"], **_ROW,
            )
            for axis, label in _AXES.items()
        }  # fmt: skip
        self._layout = pn.Column(self._picture, *self._axes.values(), sizing_mode="stretch_width", margin=(0, 0, 8, 0))
        self._picture.param.watch(self._read_picture, ["value"])
        for axis, select in self._axes.items():
            select.param.watch(partial(self._read_axis, axis), ["value"])
        self._show_picture()
        self.watch(self._show_axes, "x", "y", "table")
        self.watch(self._show_picture, "picture", "run")

    def _show_axes(self, *_: frozenset[str]) -> None:
        choices = choices_of(self.model.table, self.model.table.features)
        for axis, select in self._axes.items():
            # Options and value at once: a browser that gets new options alone chooses the first of them.
            select.param.update(options=choices, value=getattr(self.model, axis))

    def _read_axis(self, axis: str, event: param.parameterized.Event) -> None:
        if event.new in self.model.table.features:
            # One message, so that a browser lays out and paints once.
            with self.model.batch_updates():
                self.model.param.update(**{axis: event.new})

    def _show_picture(self, *_: frozenset[str]) -> None:
        picture = self.model.picture
        self._picture.value = next(label for label, value in by_what_is_said(_PICTURES).items() if value == picture)
        for select in self._axes.values():
            select.disabled = self.model.plane is not None

    def _read_picture(self, event: param.parameterized.Event) -> None:
        self.model.picture = by_what_is_said(_PICTURES)[event.new]
