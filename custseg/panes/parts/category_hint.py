"""A hint where most columns are categories and none of them takes part; one click changes that."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.language import say
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, TEXT_STYLE

if TYPE_CHECKING:
    import param

    from custseg.session.model import SegmentationModel
    from custseg.tables.schema import ColumnsByRole


class CategoryHint(Part):
    """The hint and its button; nothing where categories take part, or are the fewer."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
        self._text = pn.pane.HTML("", stylesheets=[TEXT_STYLE], margin=0)
        self._compare = pn.widgets.Button(
            label=say("Compare them too"), css_classes=["quiet"], stylesheets=[BUTTON_STYLE], margin=(2, 0, 0, 12)
        )
        self._compare.on_click(self._compare_them)
        self._layout = pn.Row(self._text, self._compare, css_classes=["hint"], **wide)
        self._show()
        self.watch(self._show, "recipe", "table")

    def _show(self, *_: frozenset[str]) -> None:
        sentence = "" if self.model.recipe.categories else say_categories(self.model.table)
        self._text.object = f'<p class="note">{html.escape(sentence)}</p>'
        self._layout.visible = bool(sentence)

    def _compare_them(self, *_: param.parameterized.Event) -> None:
        model = self.model
        model.recipe = replace(model.recipe, categories=True)
        if model.outcome is not None:
            model.param.trigger("run")


def say_categories(schema: ColumnsByRole) -> str:
    """Say so where more of the usable columns are categories than features; else return an empty text."""
    categories, features = len(schema.categories), len(schema.features)
    if categories <= features:
        return ""
    return say(
        "{categories} of {usable} usable columns are categories and take no part in the comparison.",
        categories=categories,
        usable=categories + features,
    )
