"""The settings of the next run, and the button that runs it."""

from __future__ import annotations

import html
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import panel as pn

from custseg.errors import SettingError
from custseg.panes.base.choices import choices_of
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, CONTROL_STYLE, TEXT_STYLE
from custseg.panes.parts.evening_switch import EveningSwitch
from custseg.panes.parts.influence import InfluenceBars
from custseg.settings import K_RANGE, check_seed, parse_whole_number
from custseg.wording import join_words

if TYPE_CHECKING:
    import param

    from custseg.session.model import SegmentationModel


class _PromptSelect(pn.widgets.Select):
    """A select that is acted on at once. Panel else waits 50 ms for more changes of it to come, as of a text typed."""

    _priority_changes: ClassVar[list[str]] = ["value"]


_PICTURES = {
    "Two features": "features",
    "Customers spread most": "principal",
    "Segments furthest apart": "discriminant",
}


_AXES = {"x": "Across (x)", "y": "Up (y)"}
_CATEGORIES = "Also compare categories"


class Controls(Part):
    """Number of segments, seed, the run button, and what the picture shows, bound to a model."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": (0, 0, 14, 0), "stylesheets": [CONTROL_STYLE]}
        # Bound by hand: what Panel makes of a parameter is kept by the model for good.
        self._k = pn.widgets.IntSlider(
            label="Number of segments", start=K_RANGE[0], end=K_RANGE[1], value=model.k, **wide
        )
        self._seed = pn.widgets.TextInput(
            label="Seed", value=self._seed_text(), placeholder="empty: a random start", **wide
        )
        self._run = pn.widgets.Button(label="Run clustering", color="primary", **wide | {"stylesheets": [BUTTON_STYLE]})
        self._undo = pn.widgets.Button(label="Undo last run", visible=False, **wide | {"stylesheets": [BUTTON_STYLE]})
        self._waits = pn.pane.HTML("", visible=False, **wide | {"stylesheets": [TEXT_STYLE]})
        self._earlier = pn.pane.HTML("", visible=False, **wide | {"stylesheets": [TEXT_STYLE]})
        self._axes = {axis: self._axis_select(axis, label, wide) for axis, label in _AXES.items()}
        self._picture = _PromptSelect(label="Picture", options=list(_PICTURES), description=None, **wide)
        self._heading = pn.pane.HTML("<h3>Compare customers by</h3>", **wide | {"margin": (0, 0, 4, 0)})
        self._features = pn.widgets.CheckBoxGroup(
            label="Compare customers by",
            value=list(model.features),
            options=choices_of(model.table, model.table.features),
            **wide | {"css_classes": ["features"]},
        )
        # A group of one: a check box alone has no name that a screen reader could say.
        self._categories = pn.widgets.CheckBoxGroup(
            label=_CATEGORIES, options=[_CATEGORIES], **wide | {"margin": (0, 0, 4, 0)}
        )
        self._which = pn.pane.HTML("", **wide | {"stylesheets": [TEXT_STYLE]})
        self.influence = InfluenceBars(model, attention=self.attention)
        self.evening = EveningSwitch(model, attention=self.attention)
        self._layout = pn.Column(
            self._k,
            self._seed,
            self._run,
            self._waits,
            self._undo,
            self._earlier,
            self.evening,
            self._picture,
            *self._axes.values(),
            self._heading,
            self._features,
            self._categories,
            self._which,
            self.influence,
            sizing_mode="stretch_width",
            margin=0,
        )
        self._connect()

    def _axis_select(self, axis: str, label: str, wide: dict[str, Any]) -> _PromptSelect:
        model = self.model
        choices = choices_of(model.table, model.table.features)
        return _PromptSelect(label=label, options=choices, value=getattr(model, axis), description=None, **wide)

    def _connect(self) -> None:
        """Let the model follow the widgets, and the widgets the model."""
        self._k.param.watch(self._read_k, ["value"])
        self._seed.param.watch(self._read, ["value"])
        self._features.param.watch(self._read, ["value"])
        self._show_categories()
        self._categories.param.watch(self._read_categories, ["value"])
        self._picture.param.watch(self._read_picture, ["value"])
        for axis, select in self._axes.items():
            select.param.watch(partial(self._read_axis, axis), ["value"])
        self._show_picture()
        self.watch(self._show_k, "k")
        self.watch(self._show_seed, "seed")
        self.watch(self._show_axes, "x", "y", "table")
        self.watch(self._show_picture, "picture", "run")
        self.watch(self._show_features, "features", "table")
        self.watch(self._show_categories, "recipe", "table")
        self.watch(self._show_way_back, "run")
        self.watch(self._show_question, "question")
        self._run.on_click(self._request_run)
        self._undo.on_click(lambda _: self.model.undo())
        self._show_way_back()

    def _show_k(self, _: frozenset[str]) -> None:
        self._k.value = self.model.k

    def _read_k(self, event: param.parameterized.Event) -> None:
        self.model.k = event.new

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

    def _show_axes(self, *_: frozenset[str]) -> None:
        for axis, select in self._axes.items():
            # Options and value at once: a browser that gets new options alone chooses the first of them.
            select.param.update(
                options=choices_of(self.model.table, self.model.table.features), value=getattr(self.model, axis)
            )

    def _read_axis(self, axis: str, event: param.parameterized.Event) -> None:
        if event.new in self.model.table.features:
            self.model.param.update(**{axis: event.new})

    def _show_picture(self, *_: frozenset[str]) -> None:
        picture = self.model.picture
        self._picture.value = next(label for label, value in _PICTURES.items() if value == picture)
        for select in self._axes.values():
            select.disabled = self.model.plane is not None

    def _read_picture(self, event: param.parameterized.Event) -> None:
        self.model.picture = _PICTURES[event.new]

    def _show_features(self, *_: frozenset[str]) -> None:
        self._features.param.update(
            options=choices_of(self.model.table, self.model.table.features), value=list(self.model.features)
        )

    def _show_categories(self, *_: frozenset[str]) -> None:
        table, chosen = self.model.table, self.model.recipe.categories
        self._categories.param.update(value=[_CATEGORIES] if chosen else [], visible=bool(table.categories))
        # Some of them were chosen in Python, or in the address.
        names = chosen if isinstance(chosen, tuple) else table.categories
        shown = join_words([table.label(name) for name in names]) if table.categories else ""
        self._which.param.update(object=f'<p class="note">{html.escape(shown)}</p>', visible=bool(shown))

    def _read_categories(self, event: param.parameterized.Event) -> None:
        if bool(event.new) != bool(self.model.recipe.categories):
            self.model.recipe = replace(self.model.recipe, categories=bool(event.new))

    def _show_way_back(self, *_: frozenset[str]) -> None:
        model, shown = self.model, self.model.outcome
        newest = model.history[-1].number if model.history else None
        self._undo.visible = model.previous is not None
        # A copy of a model shows a result without having any runs.
        older = shown is not None and newest is not None and shown.number != newest
        text = (
            f'<p class="note">Run {shown.number} is shown; the newest is run {newest}.</p>' if older and shown else ""
        )
        self._earlier.param.update(object=text, visible=bool(text))

    def _show_question(self, *_: frozenset[str]) -> None:
        # A run would segment another table than the one that a person is asked about.
        question = self.model.question
        self._run.disabled = bool(question)
        self._waits.param.update(object=f'<p class="note">{html.escape(question)}</p>', visible=bool(question))

    def _request_run(self, *_: param.parameterized.Event) -> None:
        # What was refused must not run as what was there before it, which still stands in the model.
        if self._read():
            self.model.param.trigger("run")
