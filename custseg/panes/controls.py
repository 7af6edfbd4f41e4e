"""The settings of the next run, and the button that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import panel as pn

from custseg.errors import SettingError
from custseg.panes.style import BUTTON_STYLE, CONTROL_STYLE
from custseg.panes.view import View
from custseg.settings import check_seed, parse_whole_number

if TYPE_CHECKING:
    import param

    from custseg.model import SegmentationModel


class _PromptSelect(pn.widgets.Select):
    """A select that is acted on at once. Panel else waits 50 ms for more changes of it to come, as of a text typed."""

    _priority_changes: ClassVar[list[str]] = ["value"]


class Controls(View):
    """Axes, number of segments, seed and the run button, bound to a model."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        parameters = model.param
        wide = {"sizing_mode": "stretch_width", "margin": (0, 0, 14, 0), "stylesheets": [CONTROL_STYLE]}
        self._seed = pn.widgets.TextInput(
            name="Seed", value=self._seed_text(), placeholder="empty: a random start", **wide
        )
        self._run = pn.widgets.Button(
            name="Run clustering", button_type="primary", **wide | {"stylesheets": [BUTTON_STYLE]}
        )
        self._layout = pn.Column(
            pn.widgets.IntSlider.from_param(parameters.k, name="Number of segments", **wide),
            self._seed,
            self._run,
            _PromptSelect.from_param(parameters.x, name="Across (x)", description=None, **wide),
            _PromptSelect.from_param(parameters.y, name="Up (y)", description=None, **wide),
            sizing_mode="stretch_width",
            margin=0,
        )
        self._seed.param.watch(self._read_seed, ["value"])
        model.param.watch(self._show_seed, ["seed"])
        self._run.on_click(self._request_run)

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout

    def _seed_text(self) -> str:
        return "" if self.model.seed is None else str(self.model.seed)

    def _show_seed(self, *_: param.parameterized.Event) -> None:
        self._seed.value = self._seed_text()

    def _read_seed(self, *_: param.parameterized.Event) -> bool:
        """Take over what was typed; say what is wrong with it where it can't be a seed."""
        text = self._seed.value or ""
        try:
            seed = check_seed(parse_whole_number(text) if text.strip() else None)
        except SettingError as problem:
            self.model.error = str(problem)
            return False
        self.model.param.update(seed=seed, error=None)
        return True

    def _request_run(self, *_: param.parameterized.Event) -> None:
        # A seed that was refused must not run as the one before it, which still stands in the model.
        if self._read_seed():
            self.model.param.trigger("run")
