"""The choice whether customers are also compared by their categories, and by which."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.language import mark, say
from custseg.panes.base.part import Part
from custseg.panes.base.style import CONTROL_STYLE, TEXT_STYLE
from custseg.wording import join_words

if TYPE_CHECKING:
    import param

    from custseg.session.model import SegmentationModel

_CATEGORIES = mark("Also compare categories")
# Of more, the first few are named.
_MOST_NAMED = 6
_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}


class CategoryChoice(Part):
    """A check box and the categories it is about; nothing where a table has none."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        # A group of one: a check box alone has no name that a screen reader could say.
        self._switch = pn.widgets.CheckBoxGroup(
            label=say(_CATEGORIES), options=[say(_CATEGORIES)], stylesheets=[CONTROL_STYLE], **_WIDE
        )
        self._which = pn.pane.HTML("", stylesheets=[TEXT_STYLE], **_WIDE)
        self._layout = pn.Column(self._switch, self._which, **_WIDE)
        self._show()
        self._switch.param.watch(self._read, ["value"])
        self.watch(self._show, "recipe", "table")

    def _show(self, *_: frozenset[str]) -> None:
        table, chosen = self.model.table, self.model.recipe.categories
        self._layout.visible = bool(table.categories)
        self._switch.value = [say(_CATEGORIES)] if chosen else []
        # Some of them were chosen in Python, or in the address.
        names = chosen if isinstance(chosen, tuple) else table.categories
        labels = [table.label(name) for name in names] if table.categories else []
        few = labels[: _MOST_NAMED - 1] if len(labels) > _MOST_NAMED else labels
        others = [say("{others} more", others=len(labels) - len(few))] if few != labels else []
        shown, title = html.escape(join_words([*few, *others])), html.escape(join_words(labels))
        self._which.object = f'<p class="note" title="{title}">{shown}</p>'

    def _read(self, event: param.parameterized.Event) -> None:
        if bool(event.new) != bool(self.model.recipe.categories):
            self.model.recipe = replace(self.model.recipe, categories=bool(event.new))
