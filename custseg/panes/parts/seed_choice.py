"""The choice of the seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.errors import SettingError
from custseg.language import say
from custseg.panes.base.part import Part
from custseg.panes.base.style import CONTROL_STYLE
from custseg.settings import check_seed, parse_whole_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.session.model import SegmentationModel


class SeedChoice(Part):
    """A whole number, or nothing for a random start. ``on_change`` is called when somebody has typed another one."""

    def __init__(self, model: SegmentationModel, on_change: Callable[[], object], **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.widgets.TextInput(
            label=say("Seed"),
            value=self._text(),
            placeholder=say("empty: a random start"),
            css_classes=["in-row"],
            stylesheets=[CONTROL_STYLE],
            sizing_mode="stretch_width",
            margin=(0, 0, 8, 0),
        )
        self._layout.param.watch(lambda _: on_change(), ["value"])
        self.watch(self._show, "seed")

    def take_over(self) -> str:
        """Have the model take what was typed; return what is wrong with it, empty where nothing is."""
        text = self._layout.value or ""
        try:
            self.model.seed = check_seed(parse_whole_number(text) if text.strip() else None)
        except SettingError as problem:
            return str(problem)
        return ""

    def _show(self, _: frozenset[str]) -> None:
        self._layout.value = self._text()

    def _text(self) -> str:
        return "" if self.model.seed is None else str(self.model.seed)
