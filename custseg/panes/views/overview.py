"""The first view: who the segments are, at a glance."""

from __future__ import annotations

from typing import Any

import panel as pn

from custseg.panes.parts.category_hint import CategoryHint
from custseg.panes.parts.interpretation import Words
from custseg.panes.parts.key_figures import KeyFigures
from custseg.panes.parts.scatter import Scatter
from custseg.panes.tables.summary import Summary
from custseg.panes.views.view import WIDE, View, pair, section

PLOT_HEIGHT = 640


class Overview(View):
    """Key figures, the picture with the words beside it, and the segments in numbers."""

    def lay_out(self) -> list[Any]:
        """Make the parts."""
        self.key_figures = self.make(KeyFigures)
        self.category_hint = self.make(CategoryHint)
        self.scatter = self.make(Scatter)
        self.words = self.make(Words)
        self.summary = self.make(Summary)
        return [
            self.key_figures,
            self.category_hint,
            # A plot that keeps its size is painted once a run; one that follows what is beside it, each time.
            pair(
                section("scatter", pn.Column(self.scatter, height=PLOT_HEIGHT, **WIDE)),
                section("words", self.words, classes=("words",)),
            ),
            section("summary", self.summary),
        ]
