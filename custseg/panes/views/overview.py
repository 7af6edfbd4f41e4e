"""The first view: who the segments are, at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import panel as pn

from custseg.panes.base.style import OVERVIEW_STYLE
from custseg.panes.parts.category_hint import CategoryHint
from custseg.panes.parts.key_figures import KeyFigures
from custseg.panes.parts.scatter import Scatter
from custseg.panes.parts.segment_cards import SegmentCards
from custseg.panes.parts.verdict import Verdict
from custseg.panes.tables.summary import Summary
from custseg.panes.views.view import WIDE, View, section

if TYPE_CHECKING:
    from collections.abc import Iterator

# With four segments all of the view is in sight in a window of 1440 x 1000.
PLOT_HEIGHT = 252


class Overview(View):
    """A line on the whole, key figures, the picture with a card a segment beside it, and the segments in numbers."""

    at_once: ClassVar[bool] = True

    def lay_out(self) -> Iterator[Any]:
        """Make the parts."""
        self.verdict = self.make(Verdict)
        self.key_figures = self.make(KeyFigures)
        self.category_hint = self.make(CategoryHint)
        self.scatter = self.make(Scatter, plot_height=PLOT_HEIGHT, in_view=True)
        self.cards = self.make(SegmentCards, in_view=True)
        self.summary = self.make(Summary)
        picture = section("scatter", self.scatter, classes=("compact",), seen=False)
        cards = pn.Column(self.cards, css_classes=["section"], **WIDE)
        glance = self.verdict, self.key_figures, self.category_hint
        yield pn.Column(*glance, css_classes=["glance"], stylesheets=[OVERVIEW_STYLE], **WIDE)
        yield pn.Column(picture, cards, css_classes=["beside"], stylesheets=[OVERVIEW_STYLE], **WIDE)
        yield section("summary", self.summary, classes=("compact",), seen=False)
