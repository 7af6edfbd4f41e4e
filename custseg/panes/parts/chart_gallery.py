"""The four pictures of segments side by side, each with a heading and a sentence that says how to read it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.insight.groups import MOST_IN_DENSITY
from custseg.panes.base.style import CONTROL_STYLE, PICTURES_STYLE, TEXT_STYLE
from custseg.panes.charts.heatmap import Heatmap
from custseg.panes.charts.marks import marks_of
from custseg.panes.charts.parallel_coordinates import ParallelCoordinates
from custseg.panes.charts.ridges import Ridges
from custseg.panes.charts.shares import Shares, with_spend
from custseg.wording import count

if TYPE_CHECKING:
    import param

    from custseg.insight.groups import Group
    from custseg.panes.charts.marks import Mark
    from custseg.session.run_result import RunResult

# More features than this are more than anybody would compare.
MOST_FEATURES = 20
# So many features have a picture of their own in the saved file, where none can be chosen.
MOST_RIDGES = 6
# In pixels: an axis with its title, a row of a picture, and a select with its label.
_AXIS, _ROW, _SELECT = 60, 34, 68
_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
# Two columns at most, and one where two would be too narrow.
_COLUMNS = "repeat(auto-fit, minmax(min(100%, max(400px, 40%)), 1fr))"
_GRID = {"display": "grid", "grid-template-columns": _COLUMNS, "gap": "28px 36px", "align-items": "start"}
_AVERAGES = (
    "A number says how far a segment’s average is above (+, blue) or below (−, brown) that of all customers: 0 is the "
    "same, 1 a clear difference, 2 a large one. It counts standard deviations of all customers."
)
_STANDINGS = (
    "A line follows one segment: at 80 %, four in five of all customers have less than the segment’s middle customer. "
    "The dashed line is the middle of all customers."
)
_SPREAD = (
    "A hill shows where a segment’s customers are; all hills are equally high. The tick in it, and the number at its "
    "right, is the middle customer."
)
_LOGARITHMIC = " Each step on this axis multiplies (it is logarithmic), since a few customers are far above the rest."
_SHARES = (
    '<span class="swatch"></span> share of all customers, <span class="swatch spend"></span> share of all spend. A '
    "segment with the longer striped bar brings in more than its number of customers would suggest."
)
_CUSTOMERS_ALONE = "Each segment’s share of all customers."


class Gallery:
    """The pictures and their layout, made once; ``show`` puts another result, or other customers, into them."""

    def __init__(self, outcome: RunResult, selected: Group | None = None, *, static: bool = False) -> None:
        self._heatmap, self._standings, self._shares = Heatmap(), ParallelCoordinates(), Shares()
        # Those of the saved file are of the features that tell most.
        self._fixed = outcome.groups.telling(MOST_RIDGES) if static else []
        self._ridges = [Ridges() for _ in self._fixed or [0]]
        self._feature = pn.widgets.Select(
            label="Feature", width=240, description=None, stylesheets=[CONTROL_STYLE], margin=(0, 0, 6, 0)
        )
        self._groups, self._marks = outcome.groups, marks_of(outcome, selected)
        self._features: tuple[str, ...] = ()
        self._key = _text()
        self._captions = [_text() for _ in range(4)]
        figures = [one.figure for one in (self._heatmap, self._standings, self._shares)]
        figures += [one.figure for one in self._ridges]
        self.plots = [pn.pane.Bokeh(figure, **_WIDE) for figure in figures]
        self.show(outcome, selected)
        self._feature.param.watch(self._choose, ["value"])
        self.layout = self._lay_out()

    def _lay_out(self) -> pn.viewable.Viewable:
        averages, standings, shares, *ridges = self.plots
        spread = [pn.Column(*ridges, styles=_GRID, **_WIDE)] if self._fixed else [self._feature, *ridges]
        parts: tuple[tuple[str, list[Any]], ...] = (
            ("What is above and below average", [_sideways(averages)]),
            ("Where the middle customer of each segment stands", [_sideways(standings)]),
            ("How customers are spread", spread),
            ("Customers and what they bring in", [shares]),
        )
        columns = [
            pn.Column(_text(f"<h3>{title}</h3>"), *plots, caption, styles={"min-width": "0"}, **_WIDE)
            for (title, plots), caption in zip(parts, self._captions, strict=True)
        ]
        if self._fixed:
            # Below the others, one beside the other.
            for column in columns[2:]:
                column.styles = {"min-width": "0", "grid-column": "1 / -1"}
        return pn.Column(self._key, pn.Column(*columns, styles=_GRID, **_WIDE), **_WIDE)

    def show(self, outcome: RunResult, selected: Group | None) -> None:
        """Show the segments of a result and, if there are any, the customers who are selected."""
        groups, self._marks = outcome.groups, marks_of(outcome, selected)
        self._groups = groups
        positions = groups.telling(MOST_FEATURES)
        high = _AXIS + _ROW * (2 + max(4, len(positions)))
        self._heatmap.show(groups, self._marks, positions, high)
        self._standings.show(groups, self._marks, positions, high)
        # As high as its neighbour with the select.
        self._shares.show(self._marks, self._height + (0 if self._fixed else _SELECT))
        self._offer()
        self._show_ridges()
        self._key.object = key_html(self._marks)
        averages, standings, _, shares = self._captions
        left_out = len(groups.profile.features) - len(positions)
        _set(averages, _AVERAGES + _most(left_out, len(positions)))
        _set(standings, _STANDINGS)
        _set(shares, _SHARES if with_spend(self._marks) else _CUSTOMERS_ALONE)

    @property
    def _height(self) -> float:
        # Of a result, not of what is selected: a row more is no reason to lay out the page anew.
        rows = sum(not mark.selected for mark in self._marks)
        return _AXIS + _ROW * max(6, rows)

    def _offer(self) -> None:
        """Offer the compared features, at first the one that tells most; a choice stays for as long as it can."""
        features = self._groups.profile.features
        if features != self._features:
            chosen = self._features[self._feature.value] if self._features else None
            position = features.index(chosen) if chosen in features else self._groups.telling(1)[0]
            self._features = features
            self._feature.param.update(options={name: place for place, name in enumerate(features)}, value=position)

    def _choose(self, *_: param.parameterized.Event) -> None:
        self._show_ridges()
        pn.io.push_notebook(*self.plots)

    def _show_ridges(self) -> None:
        groups, positions = self._groups, self._fixed or [self._feature.value]
        for ridges, position in zip(self._ridges, positions, strict=True):
            ridges.show(groups, self._marks, position, self._height)
        caption = _SPREAD
        if any(groups.scales[position].logarithmic for position in positions):
            caption += _LOGARITHMIC
        if any(mark.group.customers > MOST_IN_DENSITY for mark in self._marks):
            caption += f" Of a large segment, a random {MOST_IN_DENSITY:,} customers are looked at."
        _set(self._captions[2], caption)


def _text(content: str = "") -> pn.pane.HTML:
    return pn.pane.HTML(content, stylesheets=[TEXT_STYLE, PICTURES_STYLE], **_WIDE)


def _sideways(plot: pn.viewable.Viewable) -> pn.viewable.Viewable:
    """Let a picture that is wider than a phone be moved, and not the page."""
    return pn.Column(plot, styles={"overflow-x": "auto", "min-width": "0"}, **_WIDE)


def _set(pane: pn.pane.HTML, caption: str) -> None:
    pane.object = f'<p class="note">{caption}</p>'


def _most(left_out: int, shown: int) -> str:
    if not left_out:
        return ""
    return f" Shown: the {shown} features in which segments differ most; {count(left_out, 'other')} not."


def key_html(marks: list[Mark]) -> str:
    """List the groups: what each is called, and what stands for it in the pictures."""
    entries = "".join(
        f"<li><b {'class=selected' if mark.selected else f'style=border-color:{mark.line}'}>{mark.key}</b>"
        f"{html.escape(mark.title.removeprefix(f'{mark.key} '))}</li>"
        for mark in marks
    )
    return f'<ul class="key">{entries}</ul>'
