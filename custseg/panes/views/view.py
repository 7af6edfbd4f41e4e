"""What is looked at at one time: parts of one model, laid out in sections."""

from __future__ import annotations

import html
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

import panel as pn

from custseg.panes.base.part import UNTIL_PAINTED, Part
from custseg.panes.base.style import SECTION_STYLE
from custseg.panes.headings import HEADINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custseg.session.model import SegmentationModel

WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}


class View(Part):
    """Parts of one model that are looked at together; while nobody looks, they put off what they hear.

    A browser is sent the first of them before the others are made, which lie below. ``addition`` is what only a page
    has a use for, such as a place to drop a file.
    """

    # Whether all parts are made before any is sent, as where the whole is in sight.
    at_once: ClassVar[bool] = False

    def __init__(self, model: SegmentationModel, addition: pn.viewable.Viewer | None = None, **params: Any) -> None:
        super().__init__(model, **params)
        self.addition = addition
        self._coming = self.lay_out()
        first = self._coming if self.at_once else islice(self._coming, 1)
        classes = ["view"] if self.at_once else ["view", "coming"]
        self._layout = pn.Column(*first, css_classes=classes, stylesheets=[SECTION_STYLE], **WIDE)
        if not self.at_once:
            self.after_what_is_seen_first(self._lay_out_rest, UNTIL_PAINTED)

    def lay_out(self) -> Iterator[Any]:
        """Make the parts, with ``self.attention``, and yield them from top to bottom."""
        raise NotImplementedError

    def _lay_out_rest(self) -> None:
        with self.model.batch_updates():
            self._layout.extend(self._coming)
            # All of it is there.
            self._layout.css_classes = ["view"]

    def make(self, kind: type[Part], **params: Any) -> Any:
        """Make a part that is looked at when this view is."""
        return kind(self.model, attention=self.attention, **params)

    def rest(self) -> None:
        """Have the parts put off what they hear."""
        self.attention.rest()

    def wake(self) -> None:
        """Have the parts show what they missed."""
        with self.model.batch_updates():
            self.attention.wake()


def section(name: str, *parts: Any, classes: tuple[str, ...] = (), seen: bool = True) -> pn.Column:
    """Return parts below their heading (``HEADINGS``), which is not ``seen`` where they speak for themselves."""
    hidden = "" if seen else ' class="unseen"'
    heading = pn.pane.HTML(f"<h2{hidden}>{html.escape(HEADINGS[name])}</h2>", stylesheets=[SECTION_STYLE], **WIDE)
    return pn.Column(heading, *parts, css_classes=["section", *classes], stylesheets=[SECTION_STYLE], **WIDE)


def stack(*parts: Any) -> pn.Column:
    """Return parts below each other, as one of a pair."""
    return pn.Column(*parts, css_classes=["stack"], stylesheets=[SECTION_STYLE], **WIDE)


def pair(*parts: Any) -> pn.Column:
    """Return parts side by side where there is room for two columns, and below each other elsewhere."""
    return pn.Column(*parts, css_classes=["pair"], stylesheets=[SECTION_STYLE], **WIDE)
