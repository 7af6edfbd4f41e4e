"""The settings of the next run, and the button that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.panes.base.part import Part
from custseg.panes.parts.category_choice import CategoryChoice
from custseg.panes.parts.evening_switch import EveningSwitch
from custseg.panes.parts.feature_choice import FeatureChoice
from custseg.panes.parts.number_choice import NumberChoice
from custseg.panes.parts.picture_choice import PictureChoice
from custseg.panes.parts.run_buttons import RunButtons
from custseg.panes.parts.seed_choice import SeedChoice

if TYPE_CHECKING:
    from custseg.session.model import SegmentationModel


class Controls(Part):
    """Number of segments, seed, the run button, what the picture shows, and by which columns customers are compared."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self.number = NumberChoice(model, attention=self.attention)
        self.evening = EveningSwitch(model, attention=self.attention)
        self.seed = SeedChoice(model, self._take_over, attention=self.attention)
        self.run = RunButtons(model, self._take_over, attention=self.attention)
        self.picture = PictureChoice(model, attention=self.attention)
        self.features = FeatureChoice(model, self._take_over, attention=self.attention)
        self.categories = CategoryChoice(model, attention=self.attention)
        parts = self.number, self.evening, self.seed, self.run, self.picture, self.features, self.categories
        self._layout = pn.Column(*parts, sizing_mode="stretch_width", margin=0)

    def _take_over(self) -> bool:
        """Take over what was typed and ticked; say what is wrong for as long as something is."""
        problems = [problem for choice in (self.seed, self.features) if (problem := choice.take_over())]
        self.model.error = " ".join(problems) or None
        return not problems
