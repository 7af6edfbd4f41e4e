"""The choice of the columns by which customers are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.errors import SettingError
from custseg.language import mark, say
from custseg.panes.base.choices import choices_of
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, CONTROL_STYLE, TEXT_STYLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.session.model import SegmentationModel

_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
_HEADING = mark('<h3 class="of-controls">Compare customers by</h3>')
# More are folded up, so that all settings are in sight at once.
_MOST_IN_SIGHT = 8


class FeatureChoice(Part):
    """A check box a column, folded up where they are many. ``on_change`` is called when somebody has ticked others."""

    def __init__(self, model: SegmentationModel, on_change: Callable[[], object], **params: Any) -> None:
        super().__init__(model, **params)
        heading = pn.pane.HTML(say(_HEADING), stylesheets=[TEXT_STYLE], **_WIDE)
        self._fold = pn.widgets.Button(stylesheets=[BUTTON_STYLE], css_classes=["quiet"], margin=0)
        self._boxes = pn.widgets.CheckBoxGroup(
            label=say("Compare customers by"),
            css_classes=["features"],
            stylesheets=[CONTROL_STYLE],
            **_WIDE | {"margin": (0, 0, 8, 0)},
        )
        self._layout = pn.Column(heading, self._fold, self._boxes, **_WIDE)
        self._unfolded = False
        self._show()
        self._boxes.param.watch(lambda _: on_change(), ["value"])
        self._fold.on_click(self._turn)
        self.watch(self._show, "features", "table")

    def take_over(self) -> str:
        """Have the model compare by what is ticked; return what is wrong with it, empty where nothing is."""
        # In the table's order, whatever was ticked first.
        ticked = [name for name in self.model.table.features if name in self._boxes.value]
        try:
            if ticked != self.model.features:
                self.model.features = ticked
        except SettingError as problem:
            return str(problem)
        return ""

    def _turn(self, _: object) -> None:
        """Fold the columns up, or unfold them."""
        self._unfolded = not self._unfolded
        self._show()

    def _show(self, *_: frozenset[str]) -> None:
        table, compared = self.model.table, list(self.model.features)
        many = len(table.features) > _MOST_IN_SIGHT
        self._boxes.param.update(
            options=choices_of(table, table.features), value=compared, visible=self._unfolded or not many
        )
        counted = say("{count} of {features} columns", count=len(compared), features=len(table.features))
        label = (
            say("Fold up {counted}", counted=counted) if self._unfolded else say("{counted}: choose", counted=counted)
        )
        self._fold.param.update(label=label, visible=many)
