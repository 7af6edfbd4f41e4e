"""The settings of the next run, and the button that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.errors import SettingError
from custseg.language import mark, say
from custseg.panes.base.choices import choices_of
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, CONTROL_STYLE, TEXT_STYLE
from custseg.panes.parts.category_choice import CategoryChoice
from custseg.panes.parts.evening_switch import EveningSwitch
from custseg.panes.parts.number_choice import NumberChoice
from custseg.panes.parts.picture_choice import PictureChoice
from custseg.panes.parts.run_buttons import RunButtons
from custseg.settings import check_seed, parse_whole_number

if TYPE_CHECKING:
    import param

    from custseg.session.model import SegmentationModel

_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": (0, 0, 8, 0)}
_HEADING = mark('<h3 class="of-controls">Compare customers by</h3>')
# More are folded up, so that all settings are in sight at once.
_MOST_IN_SIGHT = 8


class Controls(Part):
    """Number of segments, seed, the run button, what the picture shows, and by which columns customers are compared."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self.number = NumberChoice(model, attention=self.attention)
        self.evening = EveningSwitch(model, attention=self.attention)
        self._seed = pn.widgets.TextInput(
            label=say("Seed"),
            value=self._seed_text(),
            placeholder=say("empty: a random start"),
            css_classes=["in-row"],
            stylesheets=[CONTROL_STYLE],
            **_WIDE,
        )
        self.run = RunButtons(model, self._read, attention=self.attention)
        self.picture = PictureChoice(model, attention=self.attention)
        self._heading = pn.pane.HTML(say(_HEADING), stylesheets=[TEXT_STYLE], **_WIDE | {"margin": 0})
        self._fold = pn.widgets.Button(stylesheets=[BUTTON_STYLE], css_classes=["quiet"], margin=0)
        self._features = pn.widgets.CheckBoxGroup(
            label=say("Compare customers by"), css_classes=["features"], stylesheets=[CONTROL_STYLE], **_WIDE
        )
        self.categories = CategoryChoice(model, attention=self.attention)
        columns = self._heading, self._fold, self._features, self.categories
        self._layout = pn.Column(
            self.number, self.evening, self._seed, self.run, self.picture, *columns, **_WIDE | {"margin": 0}
        )
        self._unfolded = False
        self._show_features()
        self._connect()

    def _connect(self) -> None:
        """Let the model follow the widgets, and the widgets the model."""
        self._seed.param.watch(self._read, ["value"])
        self._features.param.watch(self._read, ["value"])
        self._fold.on_click(self._turn)
        self.watch(self._show_seed, "seed")
        self.watch(self._show_features, "features", "table")

    def _seed_text(self) -> str:
        return "" if self.model.seed is None else str(self.model.seed)

    def _show_seed(self, *_: frozenset[str]) -> None:
        self._seed.value = self._seed_text()

    def _read(self, *_: param.parameterized.Event) -> bool:
        """Take over what was typed and ticked; say what is wrong for as long as something is."""
        problems, text = [], self._seed.value or ""
        # In the table's order, whatever was ticked first.
        ticked = [name for name in self.model.table.features if name in self._features.value]
        try:
            self.model.seed = check_seed(parse_whole_number(text) if text.strip() else None)
        except SettingError as problem:
            problems.append(str(problem))
        try:
            if ticked != self.model.features:
                self.model.features = ticked
        except SettingError as problem:
            problems.append(str(problem))
        self.model.error = " ".join(problems) or None
        return not problems

    def _turn(self, _: object) -> None:
        """Fold the columns up, or unfold them."""
        self._unfolded = not self._unfolded
        self._show_features()

    def _show_features(self, *_: frozenset[str]) -> None:
        table, compared = self.model.table, list(self.model.features)
        many = len(table.features) > _MOST_IN_SIGHT
        self._features.param.update(
            options=choices_of(table, table.features), value=compared, visible=self._unfolded or not many
        )
        counted = say("{count} of {features} columns", count=len(compared), features=len(table.features))
        label = (
            say("Fold up {counted}", counted=counted) if self._unfolded else say("{counted}: choose", counted=counted)
        )
        self._fold.param.update(label=label, visible=many)
