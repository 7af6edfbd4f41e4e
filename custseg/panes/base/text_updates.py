"""See that another text of a pane is all that is sent of it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import panel as pn

if TYPE_CHECKING:
    from bokeh.models.widgets import Div


@cache
def change_texts_alone() -> None:
    """Have Panel (1.9.4 and 1.10.0) change the text of an HTML pane, where it sets all of the pane's properties anew.

    Among these are style sheets, and not those that the pane was made with: its first change took those of the theme
    off, for which a browser lays out a whole view, and the document looks through all of its models.
    """
    every_property = pn.pane.HTML._update  # noqa: SLF001 - tests/panes/test_private_ways.py guards it

    def update(pane: pn.pane.HTML, reference: str, model: Div) -> None:
        if pane.enable_streaming:
            every_property(pane, reference, model)
        else:
            model.text = pane._transform_object(pane.object)["object"]  # noqa: SLF001 - the same

    pn.pane.HTML._update = update  # noqa: SLF001 - the same
