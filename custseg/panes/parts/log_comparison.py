"""What standardising alone costs on skewed features, and the segments with and without the logarithm side by side."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.clustering.recipe import SKEWED
from custseg.panes.base.style import BUTTON_STYLE, PREPARATION_STYLE, SEGMENT_COLOURS
from custseg.panes.base.view import View
from custseg.tables.skewness import skewed_features
from custseg.wording import count, percent

if TYPE_CHECKING:
    import param

    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

# A segment below this share of the customers is small.
_SMALL = 0.05


class LogComparison(View):
    """A hint where few customers take up segments, and on demand the sizes of the segments both ways."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0, "stylesheets": [PREPARATION_STYLE]}
        button: dict[str, Any] = {"stylesheets": [BUTTON_STYLE], "margin": 0}
        self._hint, self._pair = pn.pane.HTML("", **wide), pn.pane.HTML("", visible=False, **wide)
        self._compare = pn.widgets.Button(label="Compare with the logarithm", **button)
        self._use = pn.widgets.Button(visible=False, **button)
        self._close = pn.widgets.Button(label="Close", visible=False, **button)
        self._compare.on_click(lambda _: model.param.trigger("compare_log_transform"))
        self._use.on_click(self._switch)
        self._close.on_click(lambda _: self._show(pair=False))
        buttons = pn.FlexBox(self._compare, self._use, self._close, gap="8px", sizing_mode="stretch_width", margin=0)
        self._layout = pn.Column(
            self._hint, self._pair, buttons, css_classes=["hint"], sizing_mode="stretch_width", margin=0
        )
        self._show(pair=False)
        self.watch(self._follow, "run", "log_comparison", "table")

    def _follow(self, changed: frozenset[str]) -> None:
        pair = "log_comparison" in changed and self.model.log_comparison is not None
        self._show(pair=pair)

    def _show(self, *, pair: bool) -> None:
        both, hint = self.model.log_comparison, self._advice()
        if pair and both is not None:
            self._pair.object = log_comparison_html(*both)
            self._use.label = "Use the logarithm" if self.model.recipe.log == () else "Continue without the logarithm"
        self._hint.param.update(object=f"<p>{html.escape(hint)}</p>", visible=bool(hint) and not pair)
        self._pair.visible = self._use.visible = self._close.visible = pair
        self._compare.visible = not pair
        self._layout.visible = bool(hint) or pair

    def _advice(self) -> str:
        """Say what it costs that the last run took skewed features as they are; nothing where it costs nothing."""
        outcome = self.model.outcome
        if outcome is None or outcome.segmentation.preparation.logged.any() or not small_segments(outcome):
            return ""
        result = outcome.segmentation
        if not skewed_features(result.table.matrix(result.features), result.features):
            return ""
        return f"{spread_sentence(outcome)} Taking the logarithm of skewed features would spread customers more evenly."

    def _switch(self, *_: param.parameterized.Event) -> None:
        model = self.model
        model.recipe = replace(model.recipe, log=SKEWED if model.recipe.log == () else ())
        self._show(pair=False)
        model.param.trigger("run")


def log_comparison_html(without: RunResult, logged: RunResult) -> str:
    """Show the sizes of the segments both ways."""
    return (
        f'<div class="pair">{_sizes_html("Without the logarithm", without)}'
        f"{_sizes_html('With the logarithm of skewed features', logged)}</div>"
    )


def _sizes_html(title: str, outcome: RunResult) -> str:
    sizes = outcome.segmentation.sizes
    rows = "".join(
        f'<tr><th scope="row">{number}</th><td>{html.escape(name)}</td><td class="number">{size:,}</td>'
        f'<td class="bar"><span style="width:{100 * size / sizes.sum():.1f}%;background:{SEGMENT_COLOURS[slot]}">'
        "</span></td></tr>"
        for number, (name, size, slot) in enumerate(
            zip(outcome.words.names, sizes.tolist(), outcome.slots, strict=True), start=1
        )
    )
    return f"<section><h3>{title}</h3><p>{html.escape(spread_sentence(outcome))}</p><table>{rows}</table></section>"


def small_segments(outcome: RunResult) -> list[int]:
    """Return the sizes of the segments that hold less than a twentieth of the customers."""
    sizes = outcome.segmentation.sizes
    return [int(size) for size in sizes if size < sizes.sum() * _SMALL]


def spread_sentence(outcome: RunResult) -> str:
    """Say how evenly the customers are spread over the segments."""
    sizes, small = outcome.segmentation.sizes, small_segments(outcome)
    total = int(sizes.sum())
    if not small:
        return f"The smallest segment has {count(int(sizes.min()), 'customer')}, {percent(sizes.min() / total)} of all."
    segments = f"{len(small)} of {len(sizes)} segments {'holds' if len(small) == 1 else 'hold'}"
    return (
        f"{segments} only {count(sum(small), 'customer')}, and {percent(sizes.max() / total)} of all "
        "customers are in one segment."
    )
