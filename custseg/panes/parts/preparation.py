"""How features are made comparable: each step with its choice, what it touched, and what evening out would change."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.clustering.recipe import AUTO
from custseg.language import by_what_is_said, mark, say, say_many
from custseg.panes.base.part import Part
from custseg.panes.base.style import CONTROL_STYLE, PREPARATION_STYLE
from custseg.panes.charts.histogram import histogram_svg
from custseg.tables.quality import EveningOutAdvice, advise_evening_out
from custseg.wording import capitalised, join_words

if TYPE_CHECKING:
    import param

    from custseg.clustering.recipe import Recipe
    from custseg.session.model import SegmentationModel
    from custseg.tables.table import CustomerTable

_MISSING = {
    mark("Fill with the middle value (median)"): "median",
    mark("Fill from similar customers"): "nearest",
    mark("Leave the customer out"): "drop",
}
_LOG = {mark("As they are"): (), mark("Even out what is skewed"): AUTO}
_OUTLIERS = {
    mark("Keep as they are"): None,
    mark("Move to the 0.5% and 99.5% quantiles"): (0.005, 0.995),
    mark("Move to the 1% and 99% quantiles"): (0.01, 0.99),
    mark("Move to the 5% and 95% quantiles"): (0.05, 0.95),
}
_EXCEPTIONAL = {
    mark("Keep in the segments"): None,
    mark("Set apart beyond 3 times the typical distance"): 3.0,
    mark("Set apart beyond 4 times"): 4.0,
    mark("Set apart beyond 6 times"): 6.0,
    mark("Set apart beyond 10 times"): 10.0,
}
_TRIM = {
    mark("Keep in the segments"): 0.0,
    mark("Set the farthest 1% apart"): 0.01,
    mark("Set the farthest 2% apart"): 0.02,
    mark("Set the farthest 5% apart"): 0.05,
    mark("Set the farthest 10% apart"): 0.1,
}
_SCALING = {
    mark("Standard (mean 0, deviation 1)"): "standard",
    mark("Robust (median 0, quartile range 1)"): "robust",
    mark("Range (0 to 1)"): "minmax",
    mark("None"): "none",
}
_METHODS = {mark("Round (K-Means)"): "k-means", mark("Of any shape (mixture)"): "mixture"}
_STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("missing", mark("Missing values"), _MISSING),
    ("log", mark("Skewed features"), _LOG),
    ("winsorise", mark("Outliers"), _OUTLIERS),
    ("exceptional", mark("Exceptional customers"), _EXCEPTIONAL),
    ("trim", mark("Customers who fit no segment"), _TRIM),
    ("scaling", mark("Scale"), _SCALING),
    ("method", mark("Segments"), _METHODS),
)
_WHEN = (mark("spread now"), mark("spread evened out"))
_AS_SET = mark("As set in Python")


def _steps() -> list[tuple[str, str, dict[str, Any]]]:
    """Return the steps with their labels and choices as they are said."""
    return [(step, say(label), by_what_is_said(choices)) for step, label, choices in _STEPS]


class PreparationSteps(Part):
    """The steps of the model's recipe, and what evening out would change."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.Column(sizing_mode="stretch_width", margin=0)
        self._draw()

    def _draw(self) -> None:
        model = self.model
        self._selects = {step: self._select(step, label, choices) for step, label, choices in _steps()}
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0, "stylesheets": [PREPARATION_STYLE]}
        self._steps = pn.pane.HTML(self._done(), **wide)
        self._skewed = advise_evening_out(model.table)
        self._advice = pn.pane.HTML(_advice_html(self._skewed, model.recipe, model.table), **wide)
        self._layout.objects = [
            pn.FlexBox(*self._selects.values(), gap="0 16px", sizing_mode="stretch_width"),
            self._steps,
            self._advice,
        ]
        self.watch(self._follow, "recipe", "run", "table")

    def _select(self, step: str, label: str, choices: dict[str, Any]) -> pn.widgets.Select:
        select = pn.widgets.Select(
            label=label,
            options=list(choices),
            value=self._choice(step, choices),
            width=290,
            stylesheets=[CONTROL_STYLE],
            margin=(0, 0, 10, 0),
        )
        if select.value is None:
            select.param.update(options=[*choices, say(_AS_SET)], value=say(_AS_SET))

        def choose(event: param.parameterized.Event) -> None:
            recipe: Recipe = self.model.recipe
            if event.new in choices and getattr(recipe, step) != choices[event.new]:
                self.model.recipe = replace(recipe, **{step: choices[event.new]})

        select.param.watch(choose, ["value"])
        return select

    def _choice(self, step: str, choices: dict[str, Any]) -> str | None:
        """Return the label of what the recipe holds; None where it was set in Python to something else."""
        held = getattr(self.model.recipe, step)
        return next((label for label, value in choices.items() if value == held), None)

    def _follow(self, changed: frozenset[str]) -> None:
        if "recipe" in changed:
            for step, _, choices in _steps():
                label = self._choice(step, choices)
                options = list(choices) if label else [*choices, say(_AS_SET)]
                self._selects[step].param.update(options=options, value=label or say(_AS_SET))
        if "table" in changed:
            self._skewed = advise_evening_out(self.model.table)
        if changed & {"recipe", "table"}:
            self._advice.object = _advice_html(self._skewed, self.model.recipe, self.model.table)
        if changed & {"run", "table"}:
            self._steps.object = self._done()

    def _done(self) -> str:
        """Say what the last run did in each step."""
        outcome = self.model.outcome
        if outcome is None:
            return ""
        result = outcome.segmentation
        sentences = *result.preparation.steps, result.influence.say(result.schema)
        steps = "".join(f"<li>{html.escape(step)}</li>" for step in sentences)
        return f"<h3>{say('What run {number} did', number=outcome.number)}</h3><ul>{steps}</ul>"


def _advice_html(skewed: tuple[EveningOutAdvice, ...], recipe: Recipe, table: CustomerTable) -> str:
    """Say what evening out would do to the skewed features that the recipe takes as they are."""
    if not skewed:
        return f"<p>{say('No feature is skewed in a way that evening out would mend.')}</p>"
    advice = [one for one in skewed if recipe.log != AUTO and one.feature not in recipe.log]
    if not advice:
        names = join_words([table.label(one.feature) for one in skewed])
        return (
            "<p>"
            + say_many(
                "{names} is evened out.", "{names} are evened out.", len(skewed), names=html.escape(capitalised(names))
            )
            + "</p>"
        )
    names = join_words([table.label(one.feature) for one in advice])
    figures = "".join(_spread_html(one, capitalised(table.label(one.feature))) for one in advice)
    return (
        f"<h3>{say('Skewed: {names}', names=html.escape(names))}</h3><p>"
        + say(
            "A few customers are far above or below the rest, and have more to do with the segments than "
            "the others. Evened out, ratios count rather than differences. This is how each feature is "
            "spread now, and how it would be:"
        )
        + f'</p><div class="spreads">{figures}</div>'
    )


def _spread_html(advice: EveningOutAdvice, called: str) -> str:
    histograms = zip(advice.histograms, map(say, _WHEN), strict=True)
    before, after = (histogram_svg(counts, label=label) for counts, label in histograms)
    return (
        f"<figure><figcaption>{html.escape(called)}</figcaption>{before}<span>{say('to')}</span>{after}<small>"
        + say("skewness {skewness:.1f} to {skewness_2:.1f}", skewness=advice.skewness[0], skewness_2=advice.skewness[1])
        + "</small></figure>"
    )
